# SPDX-License-Identifier: Apache-2.0
"""How a device behaves on its line: normal, silent, late or garbled, by the fault script."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from yanshou.emulation.faults import FaultBook
from yanshou.emulation.site.truth import Truth

_WRITES = frozenset({5, 6, 15, 16, 22, 23})


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one request is treated: carried out or not, the answer ``delay`` seconds late, or garbled."""

    obey: bool = True
    delay: float = 0.0
    garble: bool = False


class LinkBehaviour:
    """Counts the requests of one device and decides how each is treated."""

    def __init__(self, device: str, faults: FaultBook, truth: Truth) -> None:
        self._device = device
        self._faults = faults
        self._truth = truth
        self._lock = Lock()
        self._powered: Callable[[], bool] = lambda: True
        self._requests = 0
        self._writes = 0

    @property
    def refuses(self) -> bool:
        """Whether the port stays closed."""
        return self._faults.has("panel_refuses", self._device)

    def live_while(self, powered: Callable[[], bool]) -> None:
        """Answer only while ``powered`` returns True."""
        self._powered = powered

    @property
    def speaks(self) -> bool:
        """Whether it still sends anything by itself."""
        with self._lock:
            return not self._is_dead()

    def treat(self, function: int) -> Treatment:
        """How the request with this function code is treated."""
        with self._lock:
            self._requests += 1
            dead = self._is_dead()
            self._writes += function in _WRITES
        if dead:
            return Treatment(obey=False)
        late = self._due("panel_late")
        return Treatment(delay=late or 0.0, garble=self._due("panel_garbage") is not None)

    def _is_dead(self) -> bool:
        if not self._powered():
            return True
        silent = self._faults.find("panel_silent", self._device)
        dies = self._faults.find("relay_dies", self._device)
        return bool(
            (silent and self._requests > silent.number(0)) or (dies and self._writes >= dies.number()),
        )

    def _due(self, kind: str) -> float | None:
        fault = self._faults.find(kind, self._device)
        return fault.number() if fault and self._requests % fault.every == 0 else None


def rubbish(length: int) -> bytes:
    """``length`` random bytes; each equals the right answer only with a probability of 2**-8."""
    return secrets.token_bytes(max(length, 5))
