# SPDX-License-Identifier: Apache-2.0
"""What calls of GB/T 28181 show: live video, the packing of H.265, and the control of a playback.

Pure. A 200 to INVITE proves nothing here: only decoded pictures of the agreed payload, source and container.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from yanshou.evaluation.gb_records import records_wrong
from yanshou.metrology import logical, rectangular
from yanshou.model import Component, Measurement
from yanshou.model.call import CallFacts, Container

_OK = range(200, 300)
__all__ = [
    "NOTICE_EARLY_S",
    "LiveCall",
    "PayloadType",
    "PlaybackControl",
    "Reconnects",
    "Sought",
    "h265",
    "live_call",
    "notice_wrong",
    "payload_type",
    "playback_control",
    "reconnect_budget",
    "records_wrong",
    "seek_budget",
    "seek_doubts",
    "stream_type",
]

NOTICE_EARLY_S = 1.0
"""Media that come so much later than the notice of their end may have been under way; in-house."""
_LIVE_ENDS_S = 1
_HALF_SECOND_S = 0.5
_POLL_S = 0.004
_SILENT_INTERVALS = 2.0  # without a further attempt, before a device has given up
_BEGINS_OFF_S = 2.0  # a recording begins at a key frame, and a clock shows whole seconds
_ENDS_OFF_S = 3.0  # from the time that is left, before a seek or a speed counts as not carried out


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One live call: what it showed, decoded pictures, what this computer lost itself.

    ``profile`` is that of the stream's own parameter set, ``codec`` (FFmpeg's name) what was decoded.
    """

    facts: CallFacts
    decoded: int = 0
    own_loss: str = ""
    profile: str = ""
    codec: str = ""


def live_call(measurand: str, device: str, call: LiveCall) -> Measurement:
    """Whether a live call was set up, gave decodable pictures as agreed, and ended by BYE."""
    wrong = [*_set_up(call), *_as_agreed(call.facts), *_ended(call.facts)]
    return logical(
        measurand,
        device,
        conforms=not wrong,
        n=1,
        invalid=call.own_loss if wrong and not call.decoded else "",
        deviations=_notes(call.facts),
        details={"because": "；".join(wrong) or f"解码出 {call.decoded} 幅画面，BYE 后停止发送"},
    )


def h265(call: LiveCall) -> Container | str:
    """The container of a call whose stream is H.265 by its own parameter sets; else why there is none."""
    container = call.facts.container
    if not call.decoded or container is None:
        return f"点播{_no_picture(call.facts)}"
    return container if container.shown == "hevc" else f"码流为 {container.shown or '未知编码'}，不是 H.265"


@dataclass(frozen=True, slots=True)
class PayloadType:
    """The payload type in the RTP headers of an H.265 stream, and how it was come by, in words."""

    number: int
    because: str


def payload_type(offered: LiveCall, usual: LiveCall) -> PayloadType | str:
    """The payload type of H.265 where 100 alone was ``offered``, else in a ``usual`` call; or why none.

    What counts stands in the RTP header of packets that decode as H.265, not in a description.
    """
    if offered.decoded and offered.codec == "hevc":
        packed = offered.facts.container is not None and offered.facts.container.packs > 0
        how = "以 PS 封装" if packed else "以裸码流"
        number = _commonest(offered.facts)
        return PayloadType(number, f"只提供负载类型 100（H265）时，{how}、以负载类型 {number} 传送")
    container = h265(usual)
    if isinstance(container, str):
        return container
    answer = offered.facts.status
    refused = f"应答 {answer or '无'}" if answer not in _OK else "没有解码出 H.265 画面"
    number = _commonest(usual.facts)
    return PayloadType(number, f"只提供负载类型 100（H265）的点播{refused}；以 PS 点播时为 {number}")


def _commonest(facts: CallFacts) -> int:
    return max(facts.types, key=lambda one: facts.types[one])


def stream_type(container: Container) -> str:
    """The type of the video by a valid map, as ``0x24``; empty if no valid map names it."""
    stream = container.streams.get(container.video) if container.video is not None else None
    return "" if stream is None or stream.type is None else f"0x{stream.type:02X}"


def _set_up(call: LiveCall) -> list[str]:
    facts = call.facts
    if facts.status not in _OK:
        said = f"{facts.status} {facts.reason}".strip() if facts.status else "无应答"
        return [f"INVITE 未被接受（{said}）"]
    return [] if call.decoded else [f"应答 {facts.status}，但{_no_picture(facts)}"]


def _no_picture(facts: CallFacts) -> str:
    return f"没有解码出画面（收到 {sum(facts.types.values())} 个报文）"


def _as_agreed(facts: CallFacts) -> list[str]:
    """Whether what came has the payload type, the source and the container that were agreed."""
    if facts.status not in _OK:
        return []
    wrong = []
    agreed = set(facts.agreed_types) or {96}
    if foreign := sorted(set(facts.types) - agreed):
        wrong.append(f"RTP 负载类型 {_listed(foreign)}，约定为 {_listed(sorted(agreed))}")
    ssrc = facts.offered_ssrc if facts.answered_ssrc is None else facts.answered_ssrc
    if facts.sources and ssrc not in facts.sources:
        wrong.append(f"SSRC {_listed(sorted(facts.sources))}，约定为 {ssrc:010d}")
    return wrong + (_packing(facts.container) if facts.container else [])


def _packing(container: Container) -> list[str]:
    """What makes it no program stream as agreed."""
    names = {one.name for one in container.oddities}
    if "TRANSPORT_STREAM" in names:
        return ["码流为 TS，约定为 PS"]
    wrong = []
    if container.packs and not container.maps:
        wrong.append("没有校验正确的节目流映射表（PSM）")
    if container.mapped and container.shown and container.mapped != container.shown:
        wrong.append(f"PSM 的流类型为 {container.mapped}，码流实为 {container.shown}")
    if "TIMESTAMP_SHARED" in names:
        wrong.append("不同帧使用同一 RTP 时间戳")
    if "TIMESTAMP_SPLIT" in names:
        wrong.append("同一帧使用不同的 RTP 时间戳")
    return wrong


def _ended(facts: CallFacts) -> list[str]:
    if facts.status not in _OK:
        return []
    if facts.ended_by_device:
        return ["设备自行结束了点播（BYE）"]
    wrong = [] if facts.bye in _OK else [f"BYE 的应答为 {facts.bye or '无'}"]
    if facts.after_bye:
        wrong.append(f"BYE 之后 {_LIVE_ENDS_S} s 以上仍收到 {facts.after_bye} 个报文")
    return wrong


def _notes(facts: CallFacts) -> tuple[str, ...]:
    """What was odd beside, without deciding the clause."""
    ssrc = facts.offered_ssrc if facts.answered_ssrc is None else facts.answered_ssrc
    beside = {one: count for one, count in facts.sources.items() if one != ssrc}
    notes = [f"INVITE 应答：{one}" for one in facts.flaws]
    if ssrc in facts.sources and beside:
        notes.append(f"另有来源 {_listed(sorted(beside))} 的 {sum(beside.values())} 个报文，未计入")
    if facts.strangers:
        hosts = "、".join(sorted(facts.strangers))
        notes.append(f"来自 {hosts} 的 {sum(facts.strangers.values())} 个报文不属于本次点播，未计入")
    decided = {"TRANSPORT_STREAM", "TIMESTAMP_SHARED", "TIMESTAMP_SPLIT"}
    oddities = facts.container.oddities if facts.container else ()
    notes += [f"PS 封装：{one.text}（{one.count} 次）" for one in oddities if one.name not in decided]
    return tuple(notes)


def _listed(values: list[int]) -> str:
    return "、".join(map(str, values[:5]))


@dataclass(frozen=True, slots=True)
class PlaybackControl:
    """One controlled playback: the answers to its requests by name, and what followed.

    ``before``: frames before the pause; ``paused``: packets that came from 1 s after its answer to its end;
    ``resumed``: frames after it. From the seek on ``left_s`` of recording were left at ``speed`` times the
    speed; ``ended_s`` after its answer the stream ended (None: it did not while watched), ``notice_s`` after
    it MediaStatus 121 came; ``sought``: frames after that answer.
    """

    statuses: Mapping[str, int] = field(default_factory=dict)
    before: int = 0
    paused: int = 0
    resumed: int = 0
    left_s: float = 0.0
    speed: float = 1.0
    ended_s: float | None = None
    notice_s: float | None = None
    sought: int = 0
    own_loss: str = ""


def playback_control(device: str, found: PlaybackControl) -> Measurement:
    """Whether a playback is set up, paused, resumed, sped up, moved, told to be over, and ended."""
    wrong = [
        f"{name} 的应答为 {status or '无'}" for name, status in found.statuses.items() if status not in _OK
    ]
    if "INVITE" not in found.statuses or found.statuses["INVITE"] in _OK:
        wrong += _carried_out(found)
    return logical(
        "playback_control_sequence",
        device,
        conforms=not wrong,
        n=len(found.statuses),
        invalid=found.own_loss if wrong else "",
        deviations=("未发送 TEARDOWN，以 BYE 结束",),
        details={"because": "；".join(wrong) or "、".join(found.statuses)},
    )


def _carried_out(found: PlaybackControl) -> list[str]:
    if not found.before:
        return ["回放没有画面"]
    wrong = [f"暂停后 1 s 以上仍收到 {found.paused} 个报文"] if found.paused else []
    wrong += [] if found.resumed else ["继续播放后没有画面"]
    wrong += [] if found.sought else ["定位后没有画面"]
    due = found.left_s / found.speed
    if found.ended_s is None or found.ended_s > found.left_s + _ENDS_OFF_S:
        wrong.append(
            f"定位到结束前 {found.left_s:g} s 未执行：以 {found.speed:g} 倍速应在约 {due:g} s 后结束"
        )
    elif found.ended_s > due + _ENDS_OFF_S:
        wrong.append(f"{found.speed:g} 倍速未执行：{found.ended_s:.1f} s 后结束，应约 {due:g} s")
    elif found.sought and max(found.ended_s, found.notice_s or 0.0) < due - _ENDS_OFF_S:
        # of key frames alone the last one may lie well before the end, which is told when it is due
        wrong.append(f"定位或倍速不符：{found.ended_s:.1f} s 后即结束，应约 {due:g} s")
    if found.notice_s is None or found.ended_s is None:
        return wrong + notice_wrong(None if found.notice_s is None else 0.0)
    return wrong + notice_wrong(found.ended_s - found.notice_s)


def notice_wrong(early_s: float | None) -> list[str]:
    """What is wrong with the notice of the end (MediaStatus 121), in words.

    ``early_s``: so much before the last packet it came, in seconds (None: it did not come). GB/T 28181 9.8
    and 9.9 have it sent after the media.
    """
    if early_s is None:
        return ["未收到媒体结束通知（MediaStatus 121）"]
    return [f"媒体结束通知之后 {early_s:.1f} s 仍收到媒体"] if early_s > NOTICE_EARLY_S else []


@dataclass(frozen=True, slots=True)
class Sought:
    """A seek: the time asked for, the time in the first picture after it, and why there is none.

    ``begun_off_s``: the clock in the first picture of the playback minus the time it was asked to begin at,
    in seconds; None if it cannot be read.
    """

    asked: datetime
    shown: datetime | None
    why: str = ""
    begun_off_s: float | None = None

    @property
    def error_s(self) -> float | None:
        """Magnitude of the difference to the middle of the second shown; None if no time was shown."""
        if self.shown is None:
            return None
        return abs((self.shown - self.asked).total_seconds() + _HALF_SECOND_S)


def seek_doubts(found: Sought) -> list[str]:
    """In words, what the error of a seek may contain beside it: a clock of the camera that is off."""
    if found.begun_off_s is None:
        return ["回放首幅画面的时钟无法读出，定位误差可能含摄像机与录像设备的时钟差"]
    if abs(found.begun_off_s) <= _BEGINS_OFF_S:
        return []
    return [f"定位前首幅画面的时钟已与请求的起点相差 {found.begun_off_s:+.0f} s，定位误差含此差值"]


def seek_budget() -> list[Component]:
    """The clock in a picture shows whole seconds, and a frame may be anywhere in its second."""
    return [rectangular("画面时钟分辨力", _HALF_SECOND_S, "画面时钟显示整秒")]


@dataclass(frozen=True, slots=True)
class Reconnects:
    """The media connections of one call that were each reset at once, and the end of the watch.

    ``connections`` and ``until`` in seconds of ``model.now``; ``ended``: the device ended the call (BYE).
    """

    connections: tuple[float, ...]
    until: float
    ended: bool = False

    @property
    def attempts(self) -> int:
        """How often it tried again."""
        return max(0, len(self.connections) - 1)

    @property
    def gaps(self) -> list[float]:
        """The times from each connection to the next, in seconds."""
        return [after - before for before, after in pairwise(self.connections)]

    def over(self, usual_s: float) -> bool:
        """Whether no further attempt was to come when the watch ended.

        It ended the call, or was quiet for twice its longest interval. Of one that never tried again this is
        known only if it was watched for ``usual_s``.
        """
        if self.ended or not self.connections:
            return True
        quiet = self.until - self.connections[-1]
        return quiet >= (_SILENT_INTERVALS * max(self.gaps) if self.gaps else usual_s)


def reconnect_budget() -> list[Component]:
    """A connection is seen by looking every few milliseconds, at both ends of an interval."""
    return [rectangular("连接时刻", _POLL_S, "轮询接受连接")] * 2
