# SPDX-License-Identifier: Apache-2.0
"""What a download of GB/T 28181 brings (9.9): whether all of it came, at which speed, and how it ended.

Pure. A 200 to INVITE, the size it names and the time stamps are the device's own end: pictures are counted
against those of a playback of the same time, and the clock in the first and last picture is read where the
camera writes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from yanshou.evaluation.damaged import left_out
from yanshou.evaluation.gb_media import notice_wrong
from yanshou.metrology import logical
from yanshou.model import Measurement, Reservation, Reserve

_OK = range(200, 300)
_EDGE_S = 2.0  # times are asked for in whole seconds, and a recording begins at a key frame
_STEP_S = 2.0
_FEWER = 0.9  # of the pictures of a playback
_LATE_S = 3.0  # beyond the time that is due, before a speed counts as not kept
_SIZE = 0.05


@dataclass(frozen=True, slots=True)
class Download:
    """One download of [start, end) that was asked for at ``speed``.

    ``status`` is that of the answer to INVITE, ``granted`` the speed and ``size`` the bytes it names (None:
    not named); ``frames`` are (time of the recording in s from the first frame, arrival in s) in the order of
    arrival; ``bytes`` came; ``playback_fps`` is the rate of a playback of the same time (None: it gave none);
    ``shown`` the clock in the first and the last picture that could be decoded (None: no clock can be read);
    ``inner`` are the times of some pictures between (s from the first frame) with the clock in them;
    ``damaged`` of the pictures that were looked at were damaged, ``decoded`` whole (None: none looked at).
    ``whose``: the other camera whose live view it shows; ``own_view``: it was recognised as its own camera's
    (None: that has no live picture). ``notice``: MediaStatus 121 came, ``notice_early_s`` before the
    last packet; ``bye``: status of the answer to BYE, None where the device ended it.
    """

    start: datetime
    end: datetime
    speed: int
    status: int
    granted: int | None = None
    size: int | None = None
    frames: Sequence[tuple[float, float]] = ()
    bytes: int = 0
    playback_fps: float | None = None
    shown: tuple[datetime | None, datetime | None] = (None, None)
    notice: bool = False
    bye: int | None = None
    own_loss: str = ""
    damaged: int = 0
    decoded: int | None = None
    remarks: tuple[str, ...] = field(default=())
    inner: Sequence[tuple[float, datetime]] = ()
    whose: str = ""
    own_view: bool | None = None
    notice_early_s: float = 0.0

    @property
    def asked_s(self) -> float:
        """Length of what was asked for, in seconds."""
        return (self.end - self.start).total_seconds()

    @property
    def span_s(self) -> float:
        """Recorded time from the first frame to the last, in seconds."""
        times = [at for at, _ in self.frames]
        return max(times) - min(times) if times else 0.0

    @property
    def took_s(self) -> float:
        """From the arrival of the first frame to that of the last, in seconds."""
        arrivals = [at for _, at in self.frames]
        return max(arrivals) - min(arrivals) if arrivals else 0.0

    @property
    def agreed(self) -> int:
        """The speed that the answer names, else the one asked for."""
        return self.granted or self.speed


def download_complete(device: str, found: Download) -> Measurement:
    """Whether all of the time asked for came, its end was told, and the call was ended."""
    wrong = _refused(found) or [*_missing(found), *_viewed(found), *_clocked(found), *_ending(found)]
    broken = left_out(found.damaged)
    unseen = bool(found.frames) and found.own_view is None
    return logical(
        "download_complete",
        device,
        conforms=not wrong,
        n=1,
        invalid=found.own_loss if wrong else "",
        deviations=(*found.remarks, *_sized(found), *(["画面未能证实通道对应"] if unseen else [])),
        reservations=(Reservation(Reserve.UNPROVEN, broken),) if broken else (),
        details={"because": "；".join(filter(None, (*wrong, broken))) or _seen(found)},
    )


def unproven(found: Download) -> list[str]:
    """What the download leaves open, in end."""
    said = []
    if found.status in _OK and found.shown == (None, None):
        said.append("画面中没有可读的时钟，起止时刻只按设备的时间戳")
    if found.status in _OK and found.playback_fps is None:
        said.append("同一时段的回放没有画面，未比较画面数")
    if found.status in _OK and found.own_view is False and not found.whose:
        said.append("下载的画面看不出与该摄像机的实时画面同一视场，不能排除是其他通道的录像")
    return said


def download_speed(device: str, found: Download) -> Measurement | str:
    """Whether it was sent at the agreed speed; in end why that cannot be told."""
    if found.status not in _OK:
        return f"下载未被接受（应答 {found.status or '无'}）"
    if found.span_s < _EDGE_S + _LATE_S:
        return f"只收到 {found.span_s:.1f} s 的录像，无从计算倍速"
    due = found.span_s / found.agreed
    measured = found.span_s / found.took_s if found.took_s > 0 else float("inf")
    keeps = found.took_s <= due + _LATE_S
    said = f"{found.span_s:.0f} s 的录像用时 {found.took_s:.1f} s（{measured:.1f} 倍），"
    said += f"请求 {found.speed} 倍，" + (
        "应答未写倍速" if found.granted is None else f"应答 {found.granted} 倍"
    )
    lower = found.granted is not None and found.granted < found.speed
    return logical(
        "download_speed_as_agreed",
        device,
        conforms=keeps,
        n=1,
        invalid="" if keeps else found.own_loss,
        deviations=(f"应答的倍速 {found.granted} 低于请求的 {found.speed}，按应答判定",) if lower else (),
        details={"because": said},
    )


def _refused(found: Download) -> list[str]:
    if found.status not in _OK:
        return [f"INVITE Download 的应答为 {found.status or '无'}"]
    return [] if found.frames else ["下载没有画面"]


def _missing(found: Download) -> list[str]:
    wrong = ["画面均已损坏"] if found.damaged and not found.decoded else []
    if found.span_s < found.asked_s - _EDGE_S:
        wrong.append(f"只收到 {found.span_s:.1f} s 的录像，请求 {found.asked_s:.0f} s")
    steps = [later - earlier for (earlier, _), (later, _) in pairwise(sorted(found.frames))]
    if steps and max(steps) > _STEP_S:
        wrong.append(f"中间缺 {max(steps):.1f} s")
    if found.playback_fps is not None and found.span_s > 0:
        due = found.playback_fps * found.span_s
        if len(found.frames) < _FEWER * due:
            wrong.append(f"只有 {len(found.frames)} 幅画面，按回放的帧率应约 {due:.0f} 幅")
    return wrong


def _clocked(found: Download) -> list[str]:
    """What the clock in the pictures says against the time asked for."""
    wrong = []
    for end, asked, shown in zip(("首", "末"), (found.start, found.end), found.shown, strict=True):
        off = (shown - asked).total_seconds() if shown is not None else 0.0
        if abs(off) > _EDGE_S:
            wrong.append(f"{end}幅画面的时钟为 {shown:%Y-%m-%d %H:%M:%S}，与请求相差 {off:+.0f} s")
    for at, inner in found.inner:
        off = (inner - found.start).total_seconds() - at
        if abs(off) > _EDGE_S:
            wrong.append(f"第 {at:.0f} s 画面的时钟为 {inner:%Y-%m-%d %H:%M:%S}，相差 {off:+.0f} s")
    return wrong


def _viewed(found: Download) -> list[str]:
    return [f"画面与 {found.whose} 的实时画面同一视场，不是请求的通道"] if found.whose else []


def _ending(found: Download) -> list[str]:
    wrong = notice_wrong(found.notice_early_s if found.notice else None)
    if found.bye is not None and found.bye not in _OK:
        wrong.append(f"BYE 的应答为 {found.bye or '无'}")
    return wrong


def _sized(found: Download) -> tuple[str, ...]:
    if found.size is None or abs(found.bytes - found.size) <= _SIZE * found.size:
        return ()
    return (f"应答的文件大小 {found.size} 字节，收到 {found.bytes} 字节",)


def _seen(found: Download) -> str:
    clocks = [f"{one:%H:%M:%S}" for one in found.shown if one is not None]
    said = f"{found.span_s:.1f} s、{len(found.frames)} 幅画面，结束通知已收到"
    return said + (f"，画面时钟 {' 至 '.join(clocks)}" if clocks else "")
