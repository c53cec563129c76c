# SPDX-License-Identifier: Apache-2.0
"""One session of a camera from which everything about its path is measured, shared by the tests."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yanshou.drivers.capabilities import Camera
from yanshou.model import RigFault
from yanshou.model.csv_text import csv_bytes
from yanshou.model.stream import StreamCapture
from yanshou.rig.item_journal import ItemJournal

_COUNTERS: Final = Path("/proc/net/snmp")
_UNSUPPORTED: Final = 461


@dataclass(frozen=True, slots=True, eq=False)
class PathCapture:
    """The packets, the wrong UDP checksums this computer counted meanwhile (None: unknown), and evidence."""

    capture: StreamCapture
    checksum_errors: int | None
    evidence: str
    remark: str = ""


class PathCapturer:
    """Captures each camera once per run process, because a camera has few sessions."""

    def __init__(self, item_journal: ItemJournal) -> None:
        self._item_journal = item_journal
        self._kept: dict[tuple[str, float], PathCapture] = {}

    def survey(self, camera: Camera, seconds: float) -> PathCapture:
        """Survey ``camera`` for ``seconds``: by UDP, or TCP where UDP is refused or does not arrive."""
        key = (camera.device.id, seconds)
        if key not in self._kept:
            self._kept[key] = self._take(camera, seconds)
        return self._kept[key]

    def _take(self, camera: Camera, seconds: float) -> PathCapture:
        before = udp_checksum_errors()
        capture, remark = _captured(camera, seconds)
        after = udp_checksum_errors()
        errors = after - before if before is not None and after is not None else None
        name = f"{camera.device.id}-frames.csv"
        evidence = self._item_journal.evidence(frame_table(capture), name, "text/csv", "逐帧到达记录")
        self._item_journal.observation(
            "stream survey",
            camera.device.id,
            capture.ended,
            {"packets": capture.packets, "frames": len(capture.frames), "remark": remark},
        )
        return PathCapture(capture, errors, evidence, remark)


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
