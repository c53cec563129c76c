# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 媒体 — live video over UDP and TCP, H.265 in a program stream, recordings and their playback."""

from __future__ import annotations

from yanshou.fixtures.api import GbArchive, LiveCalls, Record, evaluate, measures

_NO_MAP = "无有效的节目流映射表"


@measures("sip_live_udp", seconds=12.0)
def test_sip_live_udp(live_calls: LiveCalls, record: Record) -> None:
    """Live video over UDP: pictures of the agreed payload, source and container decode, and BYE ends it."""
    record.measurement(evaluate.gb_media.live_call("sip_live_udp", live_calls.device, live_calls.udp()))


@measures("sip_live_tcp", seconds=12.0)
def test_sip_live_tcp(live_calls: LiveCalls, record: Record) -> None:
    """The same over TCP, whichever side connects."""
    record.measurement(evaluate.gb_media.live_call("sip_live_tcp", live_calls.device, live_calls.tcp()))


@measures("h265_stream_type", seconds=2.0)
def test_h265_stream_type(live_calls: LiveCalls, record: Record) -> None:
    """The stream type that a program stream map with a right checksum gives the H.265 video."""
    container = evaluate.gb_media.h265(live_calls.any_that_plays())
    if isinstance(container, str):
        record.cannot(container)
    record.text(evaluate.gb_media.stream_type(container) or _NO_MAP)


@measures("h265_stream_id", seconds=2.0)
def test_h265_stream_id(live_calls: LiveCalls, record: Record) -> None:
    """The stream id of the packets that carry the H.265 video."""
    container = evaluate.gb_media.h265(live_calls.any_that_plays())
    if isinstance(container, str):
        record.cannot(container)
    record.text(f"0x{container.video or 0:02X}")


@measures("h265_payload_type", seconds=8.0)
def test_h265_payload_type(live_calls: LiveCalls, record: Record) -> None:
    """H.265 is offered with payload type 100 alone; the type in the RTP headers of what decodes."""
    found = evaluate.gb_media.payload_type(live_calls.without_container(), live_calls.any_that_plays())
    if isinstance(found, str):
        record.cannot(found)
    record.deviation("建议值 100 按 H.265 裸码流的负载类型提供；条文未对照纸质标准")
    record.because(found.because)
    record.number(found.number)


@measures("h265_main_profile", seconds=2.0)
def test_h265_main_profile(live_calls: LiveCalls, record: Record) -> None:
    """The profile in the parameter set of the stream itself."""
    call = live_calls.any_that_plays()
    container = evaluate.gb_media.h265(call)
    if isinstance(container, str):
        record.cannot(container)
    if not call.profile:
        record.cannot("码流的参数集没有可读的档次")
    record.logical(conforms=call.profile == "Main", because=f"档次 {call.profile}")


@measures("record_query_consistent", seconds=20.0)
def test_record_query_consistent(gb_archive: GbArchive, record: Record) -> None:
    """Of each camera a day, its halves, and a day to come: the answers add up to SumNum and agree."""
    wrong = []
    for camera in gb_archive.cameras:
        found = evaluate.gb_media.records_wrong(gb_archive.asked(camera))
        wrong += [f"{camera.id}：{one}" for one in found]
    record.logical(conforms=not wrong, n=4 * len(gb_archive.cameras), because="；".join(wrong[:8]))


@measures("playback_control_sequence", seconds=60.0)
def test_playback_control_sequence(gb_archive: GbArchive, record: Record) -> None:
    """A minute of a recording: pause, play, seek and speed are carried out, its end is told, BYE ends it."""
    found = gb_archive.controlled()
    if found is None:
        record.cannot("近两天没有列出一分钟以上的录像，或录像列表不可读")
    record.measurement(evaluate.gb_media.playback_control(gb_archive.recorder.device.id, found))


@measures("playback_seek_error", seconds=15.0)
def test_playback_seek_error(gb_archive: GbArchive, record: Record) -> None:
    """A seek into the middle of a recording; the clock in the first picture there is read."""
    found = gb_archive.sought()
    if isinstance(found, str) or found.error_s is None:
        record.cannot(found if isinstance(found, str) else found.why)
    for doubt in evaluate.gb_media.seek_doubts(found):
        record.deviation(doubt)
    record.values([found.error_s], "s", evaluate.gb_media.seek_budget())


_RESET = "连接建立后立即复位，代替拒绝连接"


@measures("media_tcp_reconnect_interval", seconds=5.0, waits={"reconnect_watch_s": 30.0})
def test_media_tcp_reconnect_interval(live_calls: LiveCalls, record: Record) -> None:
    """The media connection of a live call is reset each time; the shortest time to the next attempt."""
    found = live_calls.connections()
    if not found.attempts:
        record.cannot(f"媒体连接被复位后没有重连（共连接 {len(found.connections)} 次），没有间隔可测")
    record.deviation(_RESET)
    record.values(found.gaps, "s", evaluate.gb_media.reconnect_budget())


@measures("media_tcp_reconnect_attempts", seconds=2.0)
def test_media_tcp_reconnect_attempts(live_calls: LiveCalls, record: Record) -> None:
    """How often it tries again to open the connection that is reset each time; at least, if it goes on."""
    found = live_calls.connections()
    if not found.connections:
        record.cannot("设备没有打开媒体连接，无从检测重连")
    record.deviation(_RESET)
    going_on = None if live_calls.given_up(found) else found.attempts
    record.number(found.attempts, at_least=going_on)
