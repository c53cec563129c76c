# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181: habits of devices in the field."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from tests.support import gb_emulated
from tests.support.gb_devices import (
    GATE,
    HALL,
    Bench,
    call,
    gb_bench,
    invite,
    offer,
    take,
    take_all,
)
from tests.support.gb_emulated import DAY_S, ask, habit, planted, recordings
from tests.support.patience import HUNG_S
from yanshou.acquisition.sip_platform import SipEvent, SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.emulation.gb28181.kinds import HABITS
from yanshou.protocols.gb28181 import GatheringState, PsOddity, XmlOddity

platform, _serves, bench = gb_emulated.platform, gb_emulated._serves, gb_emulated.bench


# -- habits of devices in the field


@habit("foreign_contact", "address_in_uri", "silent_status")
def test_addresses_nobody_can_reach_and_other_uris_change_nothing(bench: Bench):
    assert bench.of(SipEvent.REGISTERED, "NVR-1")
    assert ask(bench, "Catalog").state is GatheringState.COMPLETE
    status = ask(bench, "DeviceStatus", total_s=0.8)
    assert (status.status, status.parts) == (200, 0)
    with call(bench) as (answer, taken):
        assert "192.168.3.99" in answer.contact
        assert take(taken, 2.0, most=1).packets


@habit("no_answer")
def test_a_device_that_answers_nothing(bench: Bench):
    found = ask(bench, "Catalog", total_s=1.0)
    assert (found.status, found.parts, found.state) == (0, 0, GatheringState.INCOMPLETE)
    assert bench.until(lambda: bench.of(SipEvent.KEEPALIVE, "NVR-1"))


@habit("other_card")
def test_media_that_comes_from_another_card(bench: Bench):
    with call(bench) as (answer, taken):
        assert answer.status == 200
        assert taken.recvfrom(2048)[1][0] == "127.0.0.2"


@planted("clock_offset", DAY_S)
def test_a_clock_that_is_a_day_off_is_set_by_date(bench: Bench):
    assert abs(bench.until(lambda: bench.truth("clock_set"))[0]) < 1
    reported = ask(bench, "DeviceStatus").values["DeviceTime"]
    assert reported[:10] in {
        time.strftime("%Y-%m-%d", time.gmtime(time.time() + 28_800 - late)) for late in (0, 5)
    }


@habit("gb2312_in_utf8", "times_with_blank", "wants_record_type")
def test_other_encodings_and_times_are_told(bench: Bench):
    found = ask(bench, "Catalog")
    assert found.items[0]["Name"] == "大厅"
    assert XmlOddity.WRONG_ENCODING.value in found.odd
    assert recordings(bench).parts == 0
    listed = recordings(bench, Type="all")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", listed.items[0]["StartTime"])


@habit("bare_ampersand")
def test_a_catalogue_that_is_no_xml_is_never_complete(bench: Bench):
    found = ask(bench, "Catalog", total_s=1.5)
    assert found.recovered
    assert found.state is not GatheringState.COMPLETE


@habit("no_description", "payload_type_100")
def test_a_200_without_sdp_and_another_payload_type(bench: Bench):
    with call(bench) as (answer, taken):
        assert (answer.status, answer.body) == (200, b"")
        assert take(taken, 0.5).kinds == {100}


@habit("no_ssrc", "map_crc", "other_sender")
def test_an_answer_without_y_and_a_map_with_a_wrong_sum(bench: Bench):
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 1)) as (answer, taken):
        assert b"y=" not in answer.body
        assert (
            PsOddity.MAP_CRC in take_all(taken, lambda: bench.truth("media_status")).walked().oddities.found
        )
        assert bench.until(lambda: bench.truth("media_status"))


@habit("ssrc_in_front", "no_map")
def test_y_before_the_media_and_a_stream_without_a_map(bench: Bench):
    with call(bench) as (answer, taken):
        assert answer.body.index(b"y=") < answer.body.index(b"m=")
        walker = take(taken, 0.6).walked()
    assert walker.maps == 0
    assert PsOddity.BEFORE_MAP in walker.oddities.found


@habit("wants_ssrc_last")
def test_an_offer_that_does_not_end_with_y_and_f_is_refused(bench: Bench):
    assert invite(bench, HALL, offer(9, "Play", (0, 0), last="a=x")).status == 415
    with call(bench) as (answer, _):
        assert answer.status == 200


def test_a_digest_over_another_realm_registers_nothing(platform: SipPlatform, tmp_path: Path):
    with gb_bench(platform, tmp_path, Fault("NVR-1", "gb_habit", "wrong_realm")) as bench:
        found = bench.until(lambda: bench.of(SipEvent.CHALLENGED, "NVR-1")[1:])
        assert found[0].said["digest"] == "wrong_realm"
        assert bench.of(SipEvent.REGISTERED, "NVR-1") == []


@pytest.mark.parametrize(("habits", "status"), [("", 200), ("program_streams_only", 488)])
def test_h265_without_a_container(platform: SipPlatform, tmp_path: Path, habits: str, status: int):
    faults = [Fault("CAM-2", "gb_habit", habits)] if habits else []
    with (
        gb_bench(platform, tmp_path, *faults, only="NVR-1") as bench,
        socket.socket(type=socket.SOCK_DGRAM) as taken,
    ):
        bench.registered("NVR-1")
        taken.bind(("127.0.0.1", 0))
        taken.settimeout(HUNG_S)
        body = offer(taken.getsockname()[1], "Play", (0, 0)).replace(b"AVP 96", b"AVP 100")
        body = body.replace(b"96 PS/", b"100 H265/")
        assert invite(bench, HALL, body).status == 488  # that camera has H.264
        answer = invite(bench, GATE, body)
        assert answer.status == status
        if status == 200:
            packet = taken.recv(2048)
            assert (b"a=rtpmap:100 H265/90000" in answer.body, packet[1] & 0x7F) == (True, 100)
            assert packet[12] >> 1 & 0x3F in (32, 48, 49)  # VPS, aggregate or fragment (RFC 7798 4.4)
            platform.request("NVR-1", "BYE", GATE, dialog=answer, patience_s=1.0)


def test_every_habit_is_tried_here():
    here = Path(__file__).parent
    tests = (*here.glob("test_emulation_gb28181*.py"), here / "test_class_a_suite.py")
    text = "".join(one.read_text("utf-8") for one in tests)
    assert [word for word in HABITS if f'"{word}"' not in text] == []
