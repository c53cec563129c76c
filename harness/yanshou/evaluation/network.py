# SPDX-License-Identifier: Apache-2.0
"""Loss, jitter, delay bounds and bandwidth of the path of one camera, from the packets of one session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from yanshou.evaluation.damaged import left_out
from yanshou.metrology import evaluate_counts, evaluate_values, evaluated, rectangular
from yanshou.metrology.own_loss import own_loss
from yanshou.metrology.packets import (
    delay_variation,
    interarrival_jitter,
    loss,
    regularity,
    transit,
)
from yanshou.metrology.statistics import trials_for_zero
from yanshou.model import (
    Component,
    FigureKind,
    Instant,
    Measurement,
    Quantity,
    Reservation,
    Reserve,
    RigFault,
    Statistic,
)
from yanshou.model.stream import Reception, StreamCapture

_CLOCKS_PPM = 100e-6
_STAMP_S = 1e-3  # of one arrival: the scheduling of the reception process
_FEW_BACK = 0.02  # share of all steps; more out-of-order stamps are not wild but a coding order
_WILD_S = 2.0
_FEW = 100  # frames: fewer do not determine a 99.9 % quantile
_TCP = "经 TCP 交织传输：丢失的报文已被重传，{what}"
_FIGURE_POINTS = 3000
_TOOL, _COUNTERS = 0.01, 0.02  # half-width of a reading: a throughput by a tool, the traffic of a port


def packet_loss(device: str, capture: StreamCapture) -> Measurement:
    """Lost over sent packets by the RTP sequence numbers, with exact binomial bounds; UDP only.

    Where the numbering began anew, nobody knows what was lost in between: it is proved conditionally at best.

    RigFault over TCP, where retransmission hides every loss.
    """
    reception = _of(device, capture)
    if reception.transport != "udp":
        raise RigFault(_TCP.format(what="测不出丢包率") + "。", device=device, final=True)
    came = reception.packets
    found = loss(
        came["sequence"],
        came["timestamp"],
        came["arrival"],
        capture.clock_rate,
        reception.beside,
        came["ssrc"],
    )
    began_anew = f"报文编号中途重新开始 {found.restarts} 次，其间是否丢失报文不明"
    measured = evaluate_counts("packet_loss_ratio", device, found.lost, found.expected, proportion=True)
    return replace(
        measured,
        invalid=reception.stopped or own_reception(capture),
        reservations=(Reservation(Reserve.UNPROVEN, began_anew),) if found.restarts else (),
        details={
            **measured.details,
            **beside_the_stream(capture),
            "restarts": found.restarts,
            "reordered": found.reordered,
            "duplicates": found.duplicates,
            "bursts": list(found.bursts[:64]),
            "needed_for_1e-3": trials_for_zero(1e-3),
        },
    )


def own_reception(capture: StreamCapture) -> str:
    """Why what is missing cannot be held against the camera: this computer threw packets away itself."""
    reception = capture.reception
    if reception is None:
        return ""
    return own_loss(reception.transport, capture.lost, reception.dropped_here, reception.missed_here)


def beside_the_stream(capture: StreamCapture) -> dict[str, object]:
    """What else came or went beside the stream, for the journal: of nobody announced, unreadable, our own."""
    reception = capture.reception
    if reception is None:
        return {}
    parts = [
        f"另有 {reception.foreign} 个报文的载荷类型或来源未经声明，未计入" if reception.foreign else "",
        f"{reception.garbage} 个 NAL 单元或分片无法识别" if reception.garbage else "",
        left_out(capture.damaged),
    ]
    because = "；".join(part for part in parts if part)
    return {
        **({"because": because} if because else {}),
        "foreign": reception.foreign,
        "garbage": reception.garbage,
        "damaged_pictures": capture.damaged,
        "dropped_here": reception.dropped_here,
        "missed_here": reception.missed_here,
        "buffer_bytes": reception.buffer_bytes,
    }


def packet_errors(device: str, capture: StreamCapture, checksum_errors: int | None) -> Measurement:
    """Packets with an error over packets received: wrong UDP checksums this computer counted, damaged RTP.

    Raises RigFault if the system has no such counter: a checksum error would look like a loss.
    """
    reception = _of(device, capture)
    if reception.transport != "udp":
        raise RigFault(_TCP.format(what="测不出包误差率") + "。", device=device, final=True)
    if checksum_errors is None:
        raise RigFault("本机操作系统不提供 UDP 校验和错误计数，测不出包误差率。", device=device, final=True)
    errors = checksum_errors + reception.damaged
    trials = len(reception.packets) + errors
    measured = evaluate_counts("packet_error_ratio", device, errors, trials, proportion=True)
    return replace(
        measured,
        invalid=reception.stopped or own_reception(capture),
        deviations=("交换机丢弃的坏帧不会到达本机，只计本机收到的报文",),
        details={
            **measured.details,
            **beside_the_stream(capture),
            "checksum_errors": checksum_errors,
            "damaged_rtp": reception.damaged,
            "needed_for_1e-4": trials_for_zero(1e-4),
        },
    )


def _sent_out_of_order(timestamp: npt.NDArray[Any]) -> bool:
    """Whether pictures were sent in another order than shown, so that some stamps step back."""
    steps = np.asarray(timestamp[1:], np.int64) - np.asarray(timestamp[:-1], np.int64)
    back = (steps + (1 << 31)) % (1 << 32) - (1 << 31) < 0
    return bool(np.count_nonzero(back) > _FEW_BACK * len(back) + 1)


def _without_jumps(transits: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """False for a frame with a wild stamp: its RTP time is far from that of both neighbours."""
    apart = np.abs(np.diff(transits)) > _WILD_S
    keep = np.ones(len(transits), bool)
    keep[1:-1] = ~(apart[:-1] & apart[1:])
    return keep


def delay_jitter(device: str, capture: StreamCapture) -> Measurement:
    """Delay variation in ms (ITU-T Y.1541) of the first packet of each frame; RFC 3550 J beside it."""
    reception = _of(device, capture)
    first = _first_of_frames(reception)
    if np.count_nonzero(first) < _FEW:
        raise RigFault(f"only {np.count_nonzero(first)} frames came; {_FEW} are needed.", device=device)
    packets = reception.packets[first]
    transits = transit(packets["timestamp"], packets["arrival"], capture.clock_rate)
    if _sent_out_of_order(packets["timestamp"]):
        what = "码流含 B 帧：时间戳为显示时刻而发送按解码顺序，得不出路径的时延抖动。"
        raise RigFault(what, device=device, remedy="关闭 B 帧后再测。", final=True)
    usable = _without_jumps(transits)
    packets, transits = packets[usable], transits[usable]
    mean, most = interarrival_jitter(transits)
    every = transit(reception.packets["timestamp"], reception.packets["arrival"], capture.clock_rate)
    seconds = float(packets["arrival"][-1] - packets["arrival"][0])
    budget = [
        rectangular("two clocks", 1e3 * _CLOCKS_PPM * min(seconds, 60.0), "100 ppm over the window"),
        rectangular(
            "stamp of arrival",
            1e3 * max(_STAMP_S, reception.late_s),
            "how late it may be at the most",
        ),
    ]
    deviations = ["条文未给算式：按 ITU-T Y.1541 取时延 99.9 % 分位减最小值，取每帧首包"]
    if seconds < 59.0:  # noqa: PLR2004 - a window of a minute, but for the last frame
        deviations.append(f"观察 {seconds:.0f} s，短于一个 1 min 窗口")
    if reception.transport != "udp":
        deviations.append(_TCP.format(what="抖动含重传"))
    return evaluated(
        "delay_jitter",
        device,
        1e3 * delay_variation(transits, packets["arrival"]),
        "ms",
        len(packets),
        budget,
        invalid=reception.stopped or _restarted(reception) or own_reception(capture),
        deviations=tuple(deviations),
        details={
            "rfc3550_mean_ms": 1e3 * mean,
            "rfc3550_max_ms": 1e3 * most,
            "ipdv_all_packets_ms": 1e3 * delay_variation(every, reception.packets["arrival"]),
            "transport": reception.transport,
            **beside_the_stream(capture),
            "figure": interval_figure(capture),
        },
    )


def one_way_delay(device: str, exchanges: Sequence[Instant], statistic: Statistic) -> Measurement:
    """Half the round trip of requests to the camera, in ms.

    An estimate, because the clocks are not synchronised.
    """
    trips = [1e3 * (one.latest - one.earliest) for one in exchanges]
    half = rectangular("share of the way out", max(trips) / 2, "0…1 of the round trip")
    made = evaluate_values(
        "one_way_delay", device, [trip / 2 for trip in trips], "ms", statistic, components=[half]
    )
    method = "两端时钟未同步，以应用层往返时间（RTSP OPTIONS，含摄像机处理时间）的一半作估算"
    return replace(
        made,
        estimate=True,
        deviations=(f"估算：{method}",),
        details={"method": method, "round_trip_max_ms": max(trips), "round_trip_min_ms": min(trips)},
    )


def stream_bandwidth(device: str, capture: StreamCapture, pulled: tuple[float, int] | None) -> Measurement:
    """Sustained throughput of the path in Mbit/s: of downloads, else at least that of the stream."""
    rate = bitrate(capture)
    if pulled is None:
        return Measurement(
            "stream_bandwidth",
            device,
            Quantity.CONTINUOUS,
            None,
            "Mbit/s",
            1,
            at_least=rate,
            invalid=_of(device, capture).stopped,
            deviations=("摄像机不提供可下载的图片：只证明通路不低于码流本身的速率",),
            details={"stream_mbit_s": rate},
        )
    value = max(rate, pulled[0])
    made = evaluate_values(
        "stream_bandwidth",
        device,
        [value],
        "Mbit/s",
        Statistic.VALUE,
        components=[rectangular("headers not counted", 0.03 * value, "0 to 3 %")],
    )
    return replace(
        made,
        deviations=("以抓拍图片连续下载的净速率计，含摄像机出图时间，偏小",),
        details={"stream_mbit_s": rate, "download_mbit_s": pulled[0], "bytes": pulled[1]},
    )


def bandwidth_ratio(designed: float, rates: Sequence[float]) -> Measurement:
    """Designed Mbit/s over channels times the largest of their bitrates, in Mbit/s."""
    most = max(rates)
    value = designed / (len(rates) * most) if most > 0 else None
    swing = rectangular("bitrate depends on the scene", 0.1 * (value or 0.0), "assumed ±10 %")
    budget = [swing]
    return evaluated(
        "access_bandwidth_ratio",
        "SITE",
        value,
        "1",
        len(rates),
        budget,
        details={"designed_mbit_s": designed, "measured_mbit_s": list(rates)},
    )


def of_a_tool(value: float) -> list[Component]:
    """The budget of a throughput that a tool at the far end of a path reported, in its unit."""
    return [rectangular("reading of the tool", _TOOL * value, "assumed ±1 %; headers not counted")]


def headroom(device: str, capacity: float, busiest: float) -> Measurement:
    """The unused share of a path in its busiest minute, in % of its capacity.

    Both in Mbit/s, read by a person.
    """
    used = 100.0 * busiest / capacity
    budget = [
        rectangular("counters of the port", _COUNTERS * used, "assumed ±2 % of the traffic"),
        rectangular("capacity of the path", _TOOL * used, "assumed ±1 %"),
    ]
    return evaluated(
        "bandwidth_headroom",
        device,
        100.0 - used,
        "%",
        1,
        budget,
        details={"capacity_mbit_s": capacity, "busiest_mbit_s": busiest},
    )


def timestamp_step(device: str, capture: StreamCapture) -> int:
    """The most frequent step of the RTP time from frame to frame, in ticks."""
    if len(capture.frames) < _FEW:
        raise RigFault(f"only {len(capture.frames)} frames came; {_FEW} are needed.", device=device)
    found = regularity([one.rtp_ticks for one in capture.frames], [one.arrival for one in capture.frames])
    return next(iter(found.steps))


def bitrate(capture: StreamCapture) -> float:
    """Mean rate of the coded video in Mbit/s, over whole frame periods."""
    frames = capture.frames
    span = frames[-1].arrival - frames[0].arrival if len(frames) > 1 else 0.0
    return 8e-6 * sum(frame.size for frame in frames[:-1]) / span if span > 0 else 0.0


def interval_figure(capture: StreamCapture) -> dict[str, object]:
    """The numbers of the frame-interval plot.

    Time and gap of each frame by arrival and by time stamp, in ms.
    """
    frames = capture.frames[:_FIGURE_POINTS]
    begun = frames[0].arrival
    return {
        "kind": FigureKind.FRAME_INTERVALS,
        "at_s": [round(frame.arrival - begun, 4) for frame in frames[1:]],
        "gap_ms": [round(1e3 * (b.arrival - a.arrival), 2) for a, b in pairwise(frames)],
        "step_ms": [
            round(1e3 * (b.rtp_ticks - a.rtp_ticks) / capture.clock_rate, 2) for a, b in pairwise(frames)
        ],
        "lost": [round(frame.arrival - begun, 4) for frame in frames[1:] if not frame.complete],
    }


def _first_of_frames(reception: Reception) -> np.ndarray:
    """Which packets are the first with their time stamp."""
    _, first = np.unique(reception.packets["timestamp"], return_index=True)
    chosen = np.zeros(len(reception.packets), bool)
    chosen[first] = True
    return chosen


def _restarted(reception: Reception) -> str:
    return "报文编号中途重新开始" if reception.restarts else ""


def _of(device: str, capture: StreamCapture) -> Reception:
    if capture.reception is None or len(capture.reception.packets) == 0:
        raise RigFault("no RTP packet was seen.", device=device)
    return capture.reception
