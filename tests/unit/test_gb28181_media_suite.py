# SPDX-License-Identifier: Apache-2.0
"""What a call of GB/T 28181 is held to, on facts as they were seen; and the suites that make such calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yanshou.evaluation import gb_media
from yanshou.evaluation.gb_media import LiveCall, PlaybackControl, Reconnects, Sought
from yanshou.evaluation.gb_records import RecordQueries, read_records
from yanshou.model import Instant
from yanshou.model.call import CallFacts, Container, ContainerOddity, ContainerStream

OURS = 100005678
AT = Instant(10.0, 10.1)


def container(**other: Any) -> Container:
    right = Container(50, 5, 5, {0xE0: ContainerStream(50, 9000, 0x24, None)}, 0xE0, "hevc", "hevc", 49)
    return replace(right, **other)


def odd(name: str) -> Container:
    return container(oddities=(ContainerOddity(name, 3, "x"),))


def facts(**other: Any) -> CallFacts:
    right = CallFacts(
        200, "OK", AT, AT, "udp", OURS, OURS, (96,), (), {OURS: 900}, {96: 900}, {}, 0, container(), 200, AT
    )
    return replace(right, **other)


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (facts(status=486, reason="Busy Here"), "486 Busy Here"),
        (facts(status=0, reason=""), "无应答"),
        (facts(sources={4711: 900}), "SSRC 4711"),
        (facts(answered_ssrc=None, sources={4711: 900}), "SSRC 4711"),
        (facts(types={33: 900}), "RTP 负载类型 33"),
        (facts(types={96: 900, 98: 2}), "RTP 负载类型 98"),
        (facts(container=odd("TRANSPORT_STREAM")), "TS"),
        (facts(container=container(mapped="h264")), "流类型为 h264"),
        (facts(container=container(maps=0, mapped="")), "PSM"),
        (facts(container=odd("TIMESTAMP_SHARED")), "同一 RTP 时间戳"),
        (facts(container=odd("TIMESTAMP_SPLIT")), "不同的 RTP 时间戳"),
        (facts(bye=0), "BYE 的应答为 无"),
        (facts(bye=481), "BYE 的应答为 481"),
        (facts(bye=None), "BYE"),
        (facts(after_bye=7), "仍收到 7 个报文"),
        (facts(ended_by_device=True), "设备自行结束"),
    ],
)
def test_each_departure_makes_a_live_call_fail(seen: CallFacts, why: str) -> None:
    found = gb_media.live_call("sip_live_udp", "CAM-1", LiveCall(seen, decoded=3))
    assert found.value is False
    assert not found.invalid
    assert why in found.details["because"]


def test_a_call_as_agreed_conforms_and_what_is_beside_it_is_noted() -> None:
    found = gb_media.live_call("sip_live_udp", "CAM-1", LiveCall(facts(), decoded=3))
    assert (found.value, found.deviations) == (True, ())
    beside = facts(
        sources={OURS: 900, 815: 4}, strangers={"10.0.0.9": 2}, container=odd("MAP_CRC"), flaws=("no y=",)
    )
    found = gb_media.live_call("sip_live_udp", "CAM-1", LiveCall(beside, decoded=3))
    assert found.value is True
    assert [any(part in one for one in found.deviations) for part in ("815", "10.0.0.9", "x", "no y=")] == [
        True
    ] * 4


def test_the_source_a_device_names_in_its_answer_is_the_agreed_one() -> None:
    own = facts(answered_ssrc=4711, sources={4711: 900})
    assert gb_media.live_call("sip_live_udp", "CAM-1", LiveCall(own, decoded=3)).value is True
    other = facts(answered_ssrc=4711)
    assert gb_media.live_call("sip_live_udp", "CAM-1", LiveCall(other, decoded=3)).value is False


def test_200_without_a_picture_fails_unless_this_computer_lost_it() -> None:
    nothing = LiveCall(facts(sources={}, types={}, container=container(packs=0, maps=0)))
    found = gb_media.live_call("sip_live_udp", "CAM-1", nothing)
    assert (found.value, found.invalid) == (False, "")
    assert "没有解码出画面" in found.details["because"]
    assert (
        gb_media.live_call("sip_live_udp", "CAM-1", replace(nothing, own_loss="dropped")).invalid == "dropped"
    )


def test_the_type_of_h265_comes_from_a_valid_map_only() -> None:
    claimed = container(streams={0xE0: ContainerStream(50, 9000, None, 0x24)})
    assert (gb_media.stream_type(container()), gb_media.stream_type(claimed)) == ("0x24", "")
    assert gb_media.h265(LiveCall(facts(), decoded=1)) == container()
    assert "h264" in str(gb_media.h265(LiveCall(facts(container=container(shown="h264")), decoded=1)))
    assert "没有解码出画面" in str(gb_media.h265(LiveCall(facts())))


STATUSES = {"INVITE": 200, "PAUSE": 200, "PLAY": 200, "Scale/Range": 200, "BYE": 200}
CONTROL = PlaybackControl(STATUSES, 75, 0, 70, 12.0, 2.0, 6.2, 6.3, 140)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"paused": 40}, "暂停后"),
        ({"resumed": 0}, "继续播放"),
        ({"ended_s": 11.8}, "倍速未执行"),
        ({"ended_s": None, "notice_s": None}, "未执行"),
        ({"ended_s": 40.0}, "定位到结束前 12 s 未执行"),
        ({"ended_s": 1.1, "notice_s": 1.2}, "1.1 s 后即结束"),
        ({"ended_s": 0.1, "notice_s": 6.0, "sought": 0}, "定位后没有画面"),
        ({"notice_s": None}, "MediaStatus"),
        ({"before": 0}, "没有画面"),
        ({"statuses": STATUSES | {"PAUSE": 501}}, "PAUSE 的应答为 501"),
        ({"statuses": {"INVITE": 488}, "before": 0}, "INVITE 的应答为 488"),
    ],
)
def test_each_command_of_a_playback_has_to_take_effect(other: dict[str, Any], why: str) -> None:
    assert gb_media.playback_control("NVR-1", CONTROL).value is True
    found = gb_media.playback_control("NVR-1", replace(CONTROL, **other))
    assert found.value is False
    assert why in found.details["because"]


def test_a_playback_of_key_frames_alone_ends_when_its_end_is_told() -> None:
    found = replace(CONTROL, ended_s=2.0, notice_s=6.1, sought=2)
    assert gb_media.playback_control("NVR-1", found).value is True


def test_a_seek_is_measured_to_the_middle_of_the_second_shown() -> None:
    asked = datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert Sought(asked, asked - timedelta(seconds=2)).error_s == 1.5
    assert Sought(asked, asked + timedelta(seconds=2)).error_s == 2.5
    assert Sought(asked, None, "x").error_s is None


class Answer:
    """An answer to RecordInfo as the platform gathered it."""

    status = 200

    def __init__(
        self, *items: tuple[str, str], totals: tuple[int, ...] | None = None, parts: int = 1
    ) -> None:
        self.items = [{"DeviceID": "1", "StartTime": one, "EndTime": two} for one, two in items]
        self.totals = (len(items),) if totals is None else totals
        self.parts = parts

    @property
    def whole(self) -> bool:
        return self.totals == (len(self.items),) and bool(self.parts)


NOON = "2026-11-20T12:00:00"
ONE, TWO = ("2026-11-20T01:00:00", "2026-11-20T02:00:00"), ("2026-11-20T14:00:00", "2026-11-20T15:00:00")


DAY = datetime(2026, 11, 20, tzinfo=UTC)
LATER = ("2026-11-20T13:00:00", "2026-11-20T14:00:00")


@pytest.mark.parametrize(
    ("seen", "over"),
    [
        (Reconnects((0.0, 2.0, 4.0, 6.0), 7.0), False),  # the next attempt would come at 8 s
        (Reconnects((0.0, 2.0, 4.0, 6.0), 11.0), True),
        (Reconnects((0.0, 2.0), 3.0, ended=True), True),
        (Reconnects((0.0,), 8.0), False),  # its first attempt may come after such a short watch
        (Reconnects((0.0,), 31.0), True),
        (Reconnects((0.0,), 1.0, ended=True), True),
        (Reconnects((), 8.0), True),
    ],
)
def test_a_device_that_may_still_try_again_is_not_held_to_what_was_seen(seen: Reconnects, over: bool) -> None:
    assert seen.over(30.0) is over
    assert seen.attempts == max(0, len(seen.connections) - 1)
    assert len(seen.gaps) == seen.attempts


@pytest.mark.parametrize(
    ("whole", "first", "second", "ahead", "why"),
    [
        (Answer(ONE, TWO), Answer(ONE), Answer(TWO), Answer(), ""),
        (Answer((ONE[0], TWO[1])), Answer((ONE[0], NOON)), Answer((NOON, TWO[1])), Answer(), ""),
        (Answer(ONE, TWO), Answer(ONE), Answer(), Answer(), "3600 s 不在"),
        (Answer(ONE, TWO), Answer(ONE), Answer(LATER), Answer(), "3600 s 不在"),
        (Answer(ONE, TWO, totals=(5,)), Answer(ONE), Answer(TWO), Answer(), "SumNum 5"),
        (Answer(ONE, ("x", "y")), Answer(ONE), Answer(), Answer(), "不可读"),
        (Answer(ONE, TWO), Answer(ONE), Answer(TWO), Answer(ONE), "无录像的时段"),
        (Answer(ONE, TWO), Answer(ONE), Answer(TWO), Answer(totals=()), "无录像的时段"),
        (Answer(ONE, TWO), Answer(ONE), Answer(TWO), Answer(parts=0), "无录像的时段"),
    ],
)
def test_the_answers_of_a_record_query_have_to_agree(
    whole: Answer, first: Answer, second: Answer, ahead: Answer, why: str
) -> None:
    asked = RecordQueries("1", UTC, DAY, DAY + timedelta(days=1), whole, (first, second), ahead)
    wrong = gb_media.records_wrong(asked)
    assert (why in "；".join(wrong)) if why else (wrong == [])


def test_an_answer_that_did_not_come_leaves_recordings_unknown() -> None:
    assert "无应答" in read_records(Answer(parts=0), "1", UTC).unclear
    assert read_records(Answer(), "1", UTC).unclear == ""


ELEMENTARY = replace(facts(types={100: 900}, container=container(packs=0, maps=0, shown="", streams={})))


@pytest.mark.parametrize(
    ("offered", "usual", "number", "expected"),
    [
        (LiveCall(ELEMENTARY, 3, codec="hevc"), LiveCall(facts(), 3), 100, "裸码流"),
        (
            LiveCall(replace(ELEMENTARY, types={108: 900, 96: 2}), 3, codec="hevc"),
            LiveCall(facts(), 3),
            108,
            "108",
        ),
        (LiveCall(facts(), 3, codec="hevc"), LiveCall(facts(), 3), 96, "以 PS 封装"),
        (LiveCall(facts(status=488)), LiveCall(facts(), 3), 96, "应答 488"),
        (LiveCall(facts(status=0)), LiveCall(facts(), 3), 96, "应答 无"),
        (LiveCall(ELEMENTARY, 0), LiveCall(facts(), 3), 96, "没有解码出"),
        (LiveCall(ELEMENTARY, 3, codec="h264"), LiveCall(facts(), 3), 96, "没有解码出"),
    ],
)
def test_the_payload_type_is_that_of_what_decodes_as_h265(
    offered: LiveCall, usual: LiveCall, number: int, expected: str
) -> None:
    found = gb_media.payload_type(offered, usual)
    assert isinstance(found, gb_media.PayloadType)
    assert found.number == number
    assert expected in found.because


def test_no_h265_gives_no_payload_type() -> None:
    assert "不是 H.265" in str(
        gb_media.payload_type(
            LiveCall(facts(status=488)), LiveCall(facts(container=container(shown="h264")), 3)
        )
    )
