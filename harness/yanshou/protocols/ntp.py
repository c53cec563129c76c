# SPDX-License-Identifier: Apache-2.0
"""UTC from a time server (NTP, RFC 5905), with the bound that the delay of the best sample gives.

A server that answers with a good leap indicator and stratum is not yet a reference. That depends on the
source its clock follows, and on when the source last set it.
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass, replace
from typing import Any, Final

import ntplib

from yanshou.model import RigFault, now

_PORT: Final = 123
_UNSYNCHRONISED: Final = 3
_SERVER: Final = 4  # mode of an answer
_WORST_STRATUM: Final = 15
_MOST_DISTANCE_S: Final = 1.0  # MAXDIST of RFC 5905 A.5.5.4: a server further from its source is unfit
_OLDEST_S: Final = 7200.0  # seven polls of 1024 s missed: its clock is no longer set
_FUTURE_S: Final = 1.0
_COARSEST_S: Final = 0.1  # a clock read in larger ticks looks like one that is set between two answers
_FREE: Final = frozenset({"LOCL", "LOCAL", "LCL", "LOC", "FREE", "NONE", "INIT", "STEP", "XFAC", ""})
_LOCAL_CLOCK: Final = b"\x7f\x7f\x01"  # 127.127.1.x, the undisciplined local clock of ntpd and chronyd


class _Unfit(ValueError):
    """The server answers but is no reference: asking again does not help."""


@dataclass(frozen=True, slots=True)
class NtpOffset:
    """The server's time against this machine's wall clock, by the sample with the least delay.

    ``offset_s`` is server minus wall clock; it is within ± ``delay_s`` / 2 of the server's time, however
    asymmetric the path. ``U_s`` adds the server's own distance to its source (root delay / 2 + root
    dispersion). ``utc`` is the server's UTC (Unix seconds) at ``at`` (``model.now``). ``follows`` is the
    source of its clock, ``age_s`` the time since the source last set it, None if unknown. ``tick_s`` is the
    resolution of its stamps as it states it; it is in ``U_s`` where the answers show that it is that coarse.
    """

    offset_s: float
    delay_s: float
    U_s: float
    utc: float
    at: float
    stratum: int
    samples: int
    follows: str = ""
    age_s: float | None = None
    tick_s: float = 0.0

    @property
    def state(self) -> str:
        """Stratum, source and age, for the record."""
        age = "never set" if self.age_s is None else f"set {self.age_s:.0f} s before"
        return f"stratum {self.stratum}, reference {self.follows or 'none'}, {age}"


def query(
    host: str,
    port: int = _PORT,
    samples: int = 8,
    *,
    timeout_s: float = 2.0,
    gap_s: float = 0.05,
    device: str = "",
    under_test: bool = False,
) -> NtpOffset:
    """Ask ``host`` ``samples`` times and keep the answer with the least delay.

    Raises RigFault when no sample is answered, when the server sends a kiss code (RFC 5905 7.4; it is not
    asked again), or jumps between two answers; and, unless its clock is the one ``under_test``, when it says
    only once that it is not synchronised, or its clock runs free, was never set or not for two hours.
    """
    client = ntplib.NTPClient()
    answers: list[NtpOffset] = []
    why = ""
    for number in range(samples):
        time.sleep(gap_s if number else 0.0)
        try:
            answers.append(_ask(client, host, port, timeout_s, under_test=under_test))
        except _Unfit as error:
            raise RigFault(
                f"the time server {host}:{port} gave no usable time: {error}.",
                device=device,
                remedy="Have its source mended, or take another time server.",
            ) from error
        except (ntplib.NTPException, OSError, ValueError) as error:
            why = str(error).rstrip(".") or type(error).__name__
    if not answers:
        raise RigFault(
            f"the time server {host}:{port} gave no usable time: {why}.",
            device=device,
            remedy="Check that it runs and is synchronised, and that UDP is not blocked.",
        )
    best = min(answers, key=lambda one: one.delay_s)
    return replace(_held_by_all(best, answers, f"{host}:{port}", device), samples=len(answers))


def _held_by_all(best: NtpOffset, answers: list[NtpOffset], name: str, device: str) -> NtpOffset:
    """The best answer, wider by a tick of the server's stamps if only such a tick explains the others.

    Each holds the offset within half its delay. Raises if two answers exclude each other: a clock was set.
    """
    apart = [abs(one.offset_s - best.offset_s) for one in answers]
    held = [(one.delay_s + best.delay_s) / 2 + 1e-3 for one in answers]
    beyond = max(one - most for one, most in zip(apart, held, strict=True))
    if beyond <= 0:
        return best
    if beyond <= best.tick_s <= _COARSEST_S:
        return replace(best, U_s=best.U_s + best.tick_s)
    raise RigFault(
        f"the time of {name} jumped by {max(apart):.3f} s between two answers.",
        device=device,
        remedy="See which clock was set, the server's or this computer's, and ask again.",
    )


def _ask(client: Any, host: str, port: int, timeout_s: float, *, under_test: bool) -> NtpOffset:
    before = now()
    wall = time.time()
    answer = client.request(host, version=4, port=port, timeout=timeout_s)
    after = now()
    if answer.mode != _SERVER:
        raise _Unfit(f"it answers in mode {answer.mode}, not as a server")
    if not wall - 1e-3 <= answer.orig_time <= wall + (after - before) + 1e-3:
        raise ValueError("the answer belongs to another question")
    if answer.stratum == 0 and (kiss := _letters(answer)):
        raise _Unfit(f"it sent the kiss code {kiss} and is not asked again")
    if answer.leap == _UNSYNCHRONISED or not 1 <= answer.stratum <= _WORST_STRATUM:
        what = "the server says that it is not synchronised"
        raise ValueError(what) if under_test else _Unfit(what)
    if answer.delay < 0 or answer.delay > after - before + 1e-3:
        raise ValueError("the server's time stamps contradict each other")
    own = answer.root_delay / 2 + answer.root_dispersion
    utc = answer.dest_time + answer.offset
    age = answer.tx_time - answer.ref_time if answer.ref_timestamp else None
    found = NtpOffset(
        answer.offset,
        answer.delay,
        answer.delay / 2 + own,
        utc,
        _arrival(answer, before, wall),
        answer.stratum,
        1,
        _follows(answer),
        age,
        2.0 ** min(0, answer.precision),
    )
    if not under_test:
        _refuse_unfit(answer, found, own)
    return found


def _refuse_unfit(answer: Any, found: NtpOffset, distance_s: float) -> None:
    """Raise unless something sets the server's clock."""
    if found.follows in _FREE or _packed(answer)[:3] == _LOCAL_CLOCK:
        raise _Unfit(f"its clock runs free ({found.state})")
    if found.age_s is None:
        raise _Unfit(f"its clock was never set ({found.state})")
    if not -_FUTURE_S <= found.age_s <= _OLDEST_S:
        raise _Unfit(f"its clock was not set lately ({found.state})")
    if distance_s > _MOST_DISTANCE_S:
        raise _Unfit(f"it is {distance_s:.1f} s from its source by its own account ({found.state})")


def _packed(answer: Any) -> bytes:
    return struct.pack(">I", answer.ref_id)


def _letters(answer: Any) -> str:
    """The reference id as letters, empty if it is none."""
    text = _packed(answer).rstrip(b"\0 ")
    return text.decode("ascii") if text.isascii() and text.decode("ascii").isprintable() else ""


def _follows(answer: Any) -> str:
    """The name of the source, or the address of the server above (a digest of it for IPv6)."""
    letters = _letters(answer)
    if answer.stratum == 1 or letters in _FREE - {""}:
        return letters
    packed = _packed(answer)
    return ".".join(map(str, packed)) if any(packed) else ""


def _arrival(answer: Any, before: float, wall: float) -> float:
    """``model.now`` at the receipt that ntplib stamped by the wall clock."""
    return before + float(answer.dest_time - wall)
