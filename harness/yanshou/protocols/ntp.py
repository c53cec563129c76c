# SPDX-License-Identifier: Apache-2.0
"""UTC from a time server (NTP, RFC 5905), with the bound that the delay of the best sample gives."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import ntplib

from yanshou.model import RigFault, now

_PORT: Final = 123
_UNSYNCHRONISED: Final = 3
_WORST_STRATUM: Final = 15


@dataclass(frozen=True, slots=True)
class NtpOffset:
    """The server's time against this machine's wall clock, by the sample with the least delay.

    ``offset_s`` is server minus wall clock; it lies within ± ``delay_s`` / 2 of the truth of the server,
    whatever the asymmetry of the path.  ``U_s`` adds the server's own distance to its source (root delay /
    2 + root dispersion).  ``utc`` is the server's UTC (Unix seconds) at ``at`` (``model.now``).
    """

    offset_s: float
    delay_s: float
    U_s: float
    utc: float
    at: float
    stratum: int
    samples: int


def query(
    host: str,
    port: int = _PORT,
    samples: int = 8,
    *,
    timeout_s: float = 2.0,
    gap_s: float = 0.05,
    device: str = "",
) -> NtpOffset:
    """Ask ``host`` ``samples`` times and keep the answer with the least delay.

    Raises RigFault when no sample is answered, or when the server says that it is not synchronised.
    """
    client = ntplib.NTPClient()
    best: NtpOffset | None = None
    answered, why = 0, ""
    for number in range(samples):
        time.sleep(gap_s if number else 0.0)
        try:
            sample = _ask(client, host, port, timeout_s)
        except (ntplib.NTPException, OSError, ValueError) as error:
            why = str(error) or type(error).__name__
            continue
        answered += 1
        best = sample if best is None or sample.delay_s < best.delay_s else best
    if best is None:
        raise RigFault(
            f"the time server {host}:{port} gave no usable time: {why}.",
            device=device,
            remedy="Check that it runs and is synchronised, and that UDP is not blocked.",
        )
    return NtpOffset(best.offset_s, best.delay_s, best.U_s, best.utc, best.at, best.stratum, answered)


def _ask(client: Any, host: str, port: int, timeout_s: float) -> NtpOffset:
    before = now()
    wall = time.time()
    told = client.request(host, version=4, port=port, timeout=timeout_s)
    after = now()
    if told.leap == _UNSYNCHRONISED or not 1 <= told.stratum <= _WORST_STRATUM:
        raise ValueError("the server says that it is not synchronised")
    if not wall - 1e-3 <= told.orig_time <= wall + (after - before) + 1e-3:
        raise ValueError("the answer belongs to another question")
    if told.delay < 0 or told.delay > after - before + 1e-3:
        raise ValueError("the server's time stamps contradict each other")
    own = told.root_delay / 2 + told.root_dispersion
    utc = told.dest_time + told.offset
    return NtpOffset(
        told.offset, told.delay, told.delay / 2 + own, utc, _arrival(told, before, wall), told.stratum, 1
    )


def _arrival(told: Any, before: float, wall: float) -> float:
    """``model.now`` at the receipt that ntplib stamped by the wall clock."""
    return before + float(told.dest_time - wall)
