# SPDX-License-Identifier: Apache-2.0
"""One session of a camera from which everything about its path is measured, shared by the tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yanshou.drivers.capabilities import Camera, DeviceClock
from yanshou.drivers.clock.offset import wall_clock_reference
from yanshou.equipment.clocks import Clock
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import RigFault
from yanshou.model.csv_text import csv_bytes
from yanshou.model.stream import StreamCapture
from yanshou.planning import Together
from yanshou.rig.item_journal import ItemJournal

_COUNTERS: Final = Path("/proc/net/snmp")
_UNSUPPORTED: Final = 461
AT_ONCE: Final = Together.PATHS.at_once


@dataclass(frozen=True, slots=True, eq=False)
class PathCapture:
    """The packets, the wrong UDP checksums this computer counted meanwhile (None: unknown), and evidence.

    ``beside``: the other cameras whose sessions ran at the same time. ``ahead``: by how much the camera's
    clock was ahead of ``here``, this computer's clock, right after the session; None if it was not read.
    """

    capture: StreamCapture
    checksum_errors: int | None
    evidence: str
    remark: str = ""
    beside: tuple[str, ...] = ()
    ahead: OffsetBracket | None = None
    here: UtcReference | None = None


class PathCapturer:
    """Captures each camera once per run process, because a camera has few sessions."""

    def __init__(self, item_journal: ItemJournal) -> None:
        self._item_journal = item_journal
        self._kept: dict[tuple[str, float], PathCapture] = {}

    def survey(
        self,
        camera: Camera,
        seconds: float,
        *,
        beside: Callable[[], Sequence[Camera]] = tuple,
        clocks: Container[str] = (),
    ) -> PathCapture:
        """Survey ``camera`` for ``seconds``: by UDP, or TCP where UDP is refused or does not arrive.

        ``beside`` gives further cameras, which are surveyed at the same time if they were not before; of
        those in ``clocks`` the clock is read, too.
        """
        key = (camera.device.id, seconds)
        if key not in self._kept:
            others = [one for one in beside() if (one.device.id, seconds) not in self._kept]
            self._take([camera, *others[: AT_ONCE - 1]], seconds, clocks)
        return self._kept[key]

    def alone(self, camera: Camera, seconds: float, clocks: Container[str] = ()) -> PathCapture:
        """Survey ``camera`` once more without others; that result stands from now on."""
        self._take([camera], seconds, clocks)
        return self._kept[camera.device.id, seconds]

    def _take(self, cameras: Sequence[Camera], seconds: float, clocks: Container[str]) -> None:
        """A fault of the first camera is raised; another that fails is surveyed again when its turn comes."""
        before = udp_checksum_errors()
        with ThreadPoolExecutor(len(cameras)) as pool:
            made = [pool.submit(_surveyed, one, seconds, read=one.device.id in clocks) for one in cameras]
        after = udp_checksum_errors()
        errors = after - before if before is not None and after is not None else None
        names = tuple(one.device.id for one in cameras)
        for camera, job in zip(cameras, made, strict=True):
            if (fault := job.exception()) is None:
                others = tuple(name for name in names if name != camera.device.id)
                self._keep(camera.device.id, seconds, job.result(), errors, others)
            elif camera is cameras[0] or not isinstance(fault, RigFault):
                raise fault

    def _keep(
        self, name: str, seconds: float, found: _Surveyed, errors: int | None, beside: tuple[str, ...]
    ) -> None:
        capture = found.capture
        table = frame_table(capture)
        evidence = self._item_journal.evidence(table, f"{name}-frames.csv", "text/csv", "逐帧到达记录")
        facts = {"packets": capture.packets, "frames": len(capture.frames), "remark": found.remark}
        value = {**facts, "beside": list(beside)} if beside else facts
        self._item_journal.observation("stream survey", name, capture.ended, value)
        self._kept[name, seconds] = PathCapture(
            capture, errors, evidence, found.remark, beside, found.ahead, found.here
        )


@dataclass(frozen=True, slots=True)
class _Surveyed:
    """What one camera's session gave."""

    capture: StreamCapture
    remark: str
    ahead: OffsetBracket | None = None
    here: UtcReference | None = None


def _surveyed(camera: Camera, seconds: float, *, read: bool) -> _Surveyed:
    capture, remark = _captured(camera, seconds)
    if not read or not isinstance(camera, DeviceClock):
        return _Surveyed(capture, remark)
    here = wall_clock_reference()
    try:
        ahead = Clock(camera.device.id, camera).bracket(here)
    except RigFault:  # asked again by who needs it
        return _Surveyed(capture, remark)
    return _Surveyed(capture, remark, ahead, here)


def _captured(camera: Camera, seconds: float) -> tuple[StreamCapture, str]:
    try:
        return camera.capture(seconds, transport="udp"), ""
    except RigFault as fault:
        if fault.final:
            raise
        refused = getattr(fault, "status", None) == _UNSUPPORTED
        remark = "摄像机不提供 UDP 传输" if refused else f"UDP 报文未到达（{fault.what}）"
    return camera.capture(seconds, transport="tcp"), remark


def frame_table(capture: StreamCapture) -> bytes:
    """Every frame of a capture as CSV: RTP time, arrival, size, whether it is a key frame and complete."""
    head = ("rtp_ticks", "arrival_s", "bytes", "key", "complete")
    rows = [
        (one.rtp_ticks, f"{one.arrival:.6f}", one.size, int(one.key), int(one.complete))
        for one in capture.frames
    ]
    return csv_bytes([head, *rows])


def udp_checksum_errors() -> int | None:
    """Datagrams with a wrong checksum dropped by this computer since its start; None if not counted here."""
    if sys.platform == "win32" or not _COUNTERS.is_file():
        return None
    lines = [line.split() for line in _COUNTERS.read_text(encoding="ascii").splitlines()]
    counters = [line for line in lines if line and line[0] == "Udp:"]
    if len(counters) != 2 or "InCsumErrors" not in counters[0]:  # noqa: PLR2004 - names and values
        return None
    return int(counters[1][counters[0].index("InCsumErrors")])
