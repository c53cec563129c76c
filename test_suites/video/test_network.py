# SPDX-License-Identifier: Apache-2.0
"""视频网络 — loss, errors, jitter, delay and bandwidth of the path from a camera; mostly of one session."""

from __future__ import annotations

from functools import partial

from yanshou.fixtures.api import Ask, Camera, PathSurvey, Record, Together, evaluate, measures

_DOWNLOAD_S = 3.0
_BITRATE_S = 4.0
_path = partial(measures, waits={"network_window_s": 120.0}, together=Together.PATHS)
_EXCHANGES = 20


@_path("packet_loss_ratio", seconds=1)
def test_packet_loss_ratio(camera: Camera, survey: PathSurvey) -> None:
    """Holes in the RTP sequence numbers over UDP, with exact binomial bounds."""
    survey.measured(lambda taken: evaluate.network.packet_loss(camera.device.id, taken.capture))


@_path("packet_error_ratio", seconds=1)
def test_packet_error_ratio(camera: Camera, survey: PathSurvey) -> None:
    """Wrong UDP checksums that this computer counted, and RTP packets that are none."""
    survey.measured(
        lambda taken: evaluate.network.packet_errors(camera.device.id, taken.capture, taken.checksum_errors)
    )


@_path("delay_jitter", seconds=1)
def test_delay_jitter(camera: Camera, survey: PathSurvey) -> None:
    """Delay variation of the first packet of each frame (ITU-T Y.1541); RFC 3550 jitter beside it."""
    survey.measured(lambda taken: evaluate.network.delay_jitter(camera.device.id, taken.capture))


@_path("rtp_timestamp_step", seconds=1)
def test_rtp_timestamp_step(camera: Camera, survey: PathSurvey, record: Record) -> None:
    """The most frequent step of the RTP time stamp from frame to frame."""
    record.number(evaluate.network.timestamp_step(camera.device.id, survey.taken().capture))


@measures("one_way_delay", operator=True, seconds=2)
def test_one_way_delay(camera: Camera, record: Record, ask: Ask) -> None:
    """Half the round trip of requests, an estimate; a synchronised far end has tools of its own."""
    if ask.yes("synchronised"):
        record.cannot("对端已同步：用对端的单向时延测试工具（TWAMP 等）测量并另附记录，本用例只会估算。")
    exchanges = camera.exchange_times(_EXCHANGES)
    record.by_statistic(
        lambda statistic: evaluate.network.one_way_delay(camera.device.id, exchanges, statistic)
    )


@_path("stream_bandwidth", seconds=4)
def test_stream_bandwidth(camera: Camera, survey: PathSurvey) -> None:
    """Throughput of downloads from the camera; without any, at least the rate of its stream."""
    pulled = camera.throughput(_DOWNLOAD_S)
    survey.measured(lambda taken: evaluate.network.stream_bandwidth(camera.device.id, taken.capture, pulled))


@measures("centre_bandwidth", operator=True, seconds=120)
def test_centre_bandwidth(record: Record, ask: Ask) -> None:
    """Between two centres one TCP stream is sent for a minute; the tool runs at both ends, not here."""
    ask.text("centre_test")
    if not ask.yes("centre_steady"):
        record.cannot("测试不是持续 60 s 以上的单条流，不能代表一路视频可用的带宽。")
    read = ask.number(
        "centre_bandwidth",
        unit="Mbit/s",
        low=0.001,
        high=1e6,
    )
    ask.photo("centre_photo")
    record.values([read], "Mbit/s", evaluate.network.of_a_tool(read))


@measures("bandwidth_headroom", operator=True, seconds=120)
def test_bandwidth_headroom(record: Record, ask: Ask) -> None:
    """What the busiest minute leaves of the path into the platform; a person reads the switch's counters."""
    ask.text("headroom_path")
    capacity = ask.number("capacity", unit="Mbit/s", low=0.001, high=1e6)
    busiest = ask.number("busiest", unit="Mbit/s", low=0.0, high=1e6)
    if not ask.yes("minute"):
        record.invalid("流量取自长于 1 min 的平均，最忙一分钟只会更大，余量偏大")
    ask.photo("headroom_photo")
    record.measurement(evaluate.network.headroom(record.device, capacity, busiest))


@measures("access_bandwidth_ratio", operator=True, seconds=20)
def test_access_bandwidth_ratio(cameras: list[Camera], record: Record, ask: Ask) -> None:
    """The designed access bandwidth over the number of channels times the largest bitrate measured."""
    if not cameras:
        record.cannot("现场没有可接入的摄像机。")
    designed = ask.number("access_bandwidth", unit="Mbit/s", low=0.1, high=1e6)
    rates = [evaluate.network.bitrate(camera.capture(_BITRATE_S)) for camera in cameras]
    record.measurement(evaluate.network.bandwidth_ratio(designed, rates))
