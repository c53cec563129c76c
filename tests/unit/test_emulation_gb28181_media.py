# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181: each planted defect of media, playback and alarms."""

from __future__ import annotations

import time
from pathlib import Path

from tests.support import gb_emulated
from tests.support.gb_devices import (
    ALONE,
    GATE,
    HALL,
    Bench,
    call,
    gb_bench,
    take,
    take_all,
)
from tests.support.gb_emulated import FAST, PAUSE, SEEK, alarms, commanded, media_status, planted, reconnected
from yanshou.acquisition.sip_platform import SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.protocols.gb28181 import PsOddity

platform, _serves, bench = gb_emulated.platform, gb_emulated._serves, gb_emulated.bench


# -- defects of media


def media(bench: Bench, channel: str = HALL, seconds: float = 0.8):
    with call(bench, channel) as (answer, taken):
        assert answer.status == 200
        return take(taken, seconds)


@planted("gb_transport_stream")
def test_a_transport_stream_is_no_program_stream(bench: Bench):
    came = media(bench)
    assert came.kinds == {33}
    assert PsOddity.TRANSPORT_STREAM in came.walked().oddities.found


@planted("gb_foreign_ssrc")
def test_a_source_of_its_own_is_seen(bench: Bench):
    came = media(bench)
    assert len(came.sources) == 1
    assert came.sources != {100000001}


@planted("gb_stream_type")
def test_another_stream_type_is_seen_although_the_stream_decodes(bench: Bench):
    came = media(bench, GATE)
    assert came.walked().streams[0xE0].type == 0x1B


@planted("gb_stream_id", 0xE2)
def test_another_stream_id_is_seen(bench: Bench):
    walker = media(bench).walked()
    assert {code: one.type for code, one in walker.streams.items()} == {0xE2: 0x1B}
    assert walker.oddities.found == {}


@planted("gb_stamp_shared")
def test_one_time_stamp_for_two_frames_is_seen(bench: Bench):
    assert PsOddity.TIMESTAMP_SHARED in media(bench).walked().oddities.found


@planted("gb_bye_ignored")
def test_a_bye_that_is_ignored(bench: Bench):
    with call(bench) as (answer, taken):
        bye = bench.platform.request("NVR-1", "BYE", HALL, dialog=answer, patience_s=0.7)
        assert bye.status == 0
        take(taken, 0.2)
        assert take(taken, 0.5).packets


@planted("gb_no_reconnect")
def test_a_broken_media_connection_that_stays_broken(bench: Bench):
    assert reconnected(bench) == float("inf")


@planted("gb_reconnect", 0.05)
def test_a_broken_media_connection_that_is_opened_at_once(bench: Bench):
    assert reconnected(bench) < 1.0


# -- defects of playback


@planted("gb_range_ignored")
def test_a_range_that_is_ignored(bench: Bench):
    begun, at, _ = commanded(bench, *SEEK)
    assert begun < 5
    assert at < 5


@planted("gb_seek_off", 7)
def test_a_range_that_goes_too_far(bench: Bench):
    assert commanded(bench, *SEEK)[0] == 37


@planted("gb_scale_ignored")
def test_a_scale_that_is_ignored(bench: Bench):
    assert commanded(bench, *FAST)[1] < 3


@planted("gb_pause_ignored")
def test_a_pause_that_is_ignored(bench: Bench):
    assert commanded(bench, *PAUSE)[2] > 0


@planted("gb_no_media_status")
def test_an_end_that_is_not_told(bench: Bench):
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 1)) as (_, taken):
        take(taken, 1.0)
        assert bench.until(lambda: bench.truth("playback_ended"))
        time.sleep(0.2)
    assert media_status(bench) == []


def played(platform: SipPlatform, folder: Path, start: int, *faults: Fault) -> bytes:
    folder.mkdir()
    with gb_bench(platform, folder, *faults) as bench:
        bench.registered("NVR-1")
        with call(bench, HALL, "Playback", (start, start + 1)) as (_, taken):
            return take_all(taken, lambda: bench.truth("playback_ended")).data


def test_an_hour_that_is_listed_and_plays_another(platform: SipPlatform, tmp_path: Path):
    start = int(time.time()) - 3600
    right = played(platform, tmp_path / "a", start)
    wrong = played(platform, tmp_path / "b", start, Fault("CAM-1", "gb_other_hour", 1800))
    there = played(platform, tmp_path / "c", start - 1800)
    assert wrong == there
    assert wrong != right


# -- defects of alarms


@planted("gb_alarm_twice", device="HOST-1")
def test_a_doubled_alarm_has_two_numbers(bench: Bench):
    found = alarms(bench, 2)
    assert len({one.said["sn"] for one in found}) == 2


@planted("gb_alarm_late", 0.8, device="HOST-1")
def test_a_late_alarm(bench: Bench):
    bench.registered("HOST-1")
    began = time.monotonic()
    assert alarms(bench)
    assert time.monotonic() - began >= 0.8


@planted("gb_alarm_lost", 1, device="HOST-1")
def test_a_lost_alarm(bench: Bench):
    assert alarms(bench) == []


@planted("gb_alarm_of", "CAM-3", device="HOST-1")
def test_an_alarm_in_the_name_of_another(bench: Bench):
    assert [one.said["target"] for one in alarms(bench)] == [ALONE]
