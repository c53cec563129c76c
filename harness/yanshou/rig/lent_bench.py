# SPDX-License-Identifier: Apache-2.0
"""The bench of a session, of which another process of the run may have a part for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import replace

from yanshou.drivers.field.bench import Bench
from yanshou.model import Site
from yanshou.model.trouble import NotBesideError


class LentBench:
    """Opens the bench when it is asked for, with the devices that this process has at that time.

    ``beside``: the only ones it has in a process beside that of the run; None in the run itself.
    """

    def __init__(
        self,
        site: Site,
        beside: Collection[str] | None,
        opening: Callable[[Site], contextlib.AbstractContextManager[Bench]],
    ) -> None:
        self._site = site
        self._own = frozenset(site.devices if beside is None else beside)
        self._opening = opening
        self._lent: frozenset[str] = frozenset()
        self._bench: Bench | None = None
        self._open = contextlib.ExitStack()

    def opened(self) -> Bench:
        """The bench; NotBesideError where this process has nothing of it gives the item back to the run."""
        if not self._own and self._site.devices:
            raise NotBesideError("the item needs the bench.")
        if self._bench is None:
            own = self._own - self._lent
            devices = {name: one for name, one in self._site.devices.items() if name in own}
            self._bench = self._open.enter_context(self._opening(replace(self._site, devices=devices)))
        return self._bench

    def lend(self, devices: Collection[str]) -> None:
        """Let another process have these devices, until none are lent any more.

        The bench comes to rest, and is opened anew, without them, when it is asked for.
        """
        if self._lent != (lent := frozenset(devices)):
            self.close()
            self._lent = lent

    def rest(self) -> None:
        """Put the relays to rest, if the bench was opened."""
        if self._bench is not None:
            self._bench.rest()

    def close(self) -> None:
        """Put the relays to rest and close the bench, if it was opened."""
        self._bench = None
        self._open.close()
