# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181: what they do under a platform without a defect."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import gb_emulated
from tests.support.gb_devices import (
    GATE,
    HALL,
    HOST,
    RECORDER,
    ZONE,
    Bench,
    call,
    gb_bench,
    invite,
    offer,
    take,
    take_all,
)
from tests.support.gb_emulated import (
    DAY_S,
    FAST,
    PAUSE,
    PTZ,
    SEEK,
    alarmed,
    alarms,
    ask,
    commanded,
    control,
    decoded,
    media_status,
    planted,
    reconnected,
    recordings,
)
from tests.support.patience import HUNG_S
from yanshou.acquisition.sip_platform import SipEvent, SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.emulation.gb28181.authorisation import authorisation
from yanshou.emulation.gb28181.sip_text import StreamCutter, heard
from yanshou.protocols.gb28181 import GatheringState
from yanshou.protocols.gb28181.requests import write_manscdp

platform, _serves, bench = gb_emulated.platform, gb_emulated._serves, gb_emulated.bench


# -- without a defect


def test_devices_register_over_udp_and_tcp_keep_alive_and_log_out(platform: SipPlatform, tmp_path: Path):
    with gb_bench(platform, tmp_path) as bench:
        bench.registered("NVR-1", "CAM-3", "HOST-1")
        for device, transport in (("NVR-1", "udp"), ("CAM-3", "tcp")):
            assert bench.until(lambda device=device: len(bench.of(SipEvent.KEEPALIVE, device)) > 1)
            kinds = [one.kind for one in bench.entries(device)]
            assert kinds[:3] == [SipEvent.CHALLENGED, SipEvent.REGISTERED, SipEvent.KEEPALIVE]
            assert {one.transport for one in bench.entries(device)} == {transport}
            assert not any(one.said.get("odd") or one.said.get("xml_odd") for one in bench.entries(device))
        versions = [bench.of(SipEvent.REGISTERED, one)[0].said["version"] for one in ("NVR-1", "CAM-3")]
        assert versions == ["3.0", ""]
        assert bench.of(SipEvent.REGISTERED, "NVR-1")[0].said["expires"] == DAY_S
    assert bench.until(lambda: bench.of(SipEvent.UNREGISTERED, "NVR-1"))


def test_queries_are_answered_in_parts_with_the_state_of_the_channels(bench: Bench):
    catalogue = ask(bench, "Catalog")
    assert catalogue.state is GatheringState.COMPLETE
    assert [(one["DeviceID"], one["Name"], one["Status"]) for one in catalogue.items] == [
        (HALL, "大厅", "ON"),
        (GATE, "门口", "ON"),
    ]
    assert ask(bench, "DeviceInfo").values["DeviceName"] == "录像机"
    reported = ask(bench, "DeviceStatus").values["DeviceTime"]
    right = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 28_800 - 1))[:-1]
    assert reported.startswith(right[:-1])
    assert abs(bench.truth("clock_set")[0]) < 1
    found = recordings(bench, Type="all")
    assert found.state is GatheringState.COMPLETE
    assert found.parts == 1
    assert len(found.items) in (3, 4, 5)
    ends = [(one["StartTime"], one["EndTime"]) for one in found.items]
    assert all(a[1] == b[0] for a, b in pairwise(ends))


@pytest.mark.parametrize(("channel", "kind"), [(HALL, 0x1B), (GATE, 0x24)])
def test_live_pictures_are_a_program_stream_that_a_decoder_and_the_walker_accept(
    bench: Bench, channel: str, kind: int
):
    with call(bench, channel) as (answer, taken):
        assert answer.status == 200
        codec = {0x1B: b"2", 0x24: b"5"}[kind]
        assert b"y=0100000001\r\nf=v/" + codec + b"/2/25/2/a///\r\n" in answer.body
        came = take(taken, 1.2)
    walker = came.walked()
    assert (came.kinds, came.sources) == ({96}, {100000001})
    assert walker.oddities.found == {}
    assert {code: one.type for code, one in walker.streams.items()} == {0xE0: kind}
    assert walker.maps == walker.system_headers > 0
    assert decoded(came.data) in range(20, 35)


@pytest.mark.parametrize("active", [True, False], ids=["the platform connects", "the device connects"])
def test_media_over_tcp_in_both_directions(bench: Bench, active: bool):
    setup = f"a=setup:{'active' if active else 'passive'}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(HUNG_S)
        body = offer(server.getsockname()[1], "Play", (0, 0), setup, tcp=True)
        answer = invite(bench, HALL, body)
        port = int(re.search(rb"m=video (\d+) TCP/RTP/AVP 96", answer.body)[1])
        taken = socket.create_connection(("127.0.0.1", port)) if active else server.accept()[0]
        with taken:
            report, packet = framed(taken), framed(taken)
            assert report[:2] == b"\x80\xc8"  # a sender report stands before the first picture
            assert packet[12:16] == b"\0\0\1\xba"
            bench.platform.request("NVR-1", "BYE", HALL, dialog=answer)


REPORTS = [(), (Fault("CAM-1", "no_sender_reports", True),)]


@pytest.mark.parametrize("bench", REPORTS, indirect=True, ids=["reports", "none"])
def test_sender_reports_come_to_the_next_port_unless_a_device_sends_none(
    bench: Bench, request: pytest.FixtureRequest
):
    with pair() as (media, control):
        answer = invite(bench, HALL, offer(media.getsockname()[1], "Play", (0, 0)))
        assert media.recv(2048)[1] & 0x7F == 96
        try:
            report = control.recv(2048)
        except TimeoutError:
            report = b""
        bench.platform.request("NVR-1", "BYE", HALL, dialog=answer)
    assert report[:2] == (b"" if "none" in request.node.name.partition("[")[2] else b"\x80\xc8")


@contextlib.contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two sockets at neighbouring ports, the first of them even."""
    with contextlib.ExitStack() as held:
        while True:
            first, second = (held.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(2))
            first.bind(("127.0.0.1", 0))
            number = first.getsockname()[1]
            if number % 2 == 0:
                with contextlib.suppress(OSError):
                    second.bind(("127.0.0.1", number + 1))
                    break
        for one in (first, second):
            one.settimeout(3.0)
        yield first, second


def framed(taken: socket.socket) -> bytes:
    """The next packet of a connection, two bytes of length before it."""
    return taken.recv(int.from_bytes(taken.recv(2, socket.MSG_WAITALL)), socket.MSG_WAITALL)


def test_a_media_connection_that_breaks_is_opened_again(bench: Bench):
    assert 1.0 <= reconnected(bench) < 6.0


@planted("gb_reconnect", 0.05)
def test_a_media_connection_that_is_refused_is_tried_three_times_more_and_the_call_ended(bench: Bench):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    invite(bench, HALL, offer(port, "Play", (0, 0), tcp=True))
    assert bench.until(lambda: any(one.kind is SipEvent.ENDED for one in bench.entries()))
    assert len(bench.truth("media_refused")) == 1 + 3


def test_a_playback_is_sent_to_its_end_which_is_told(bench: Bench):
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 1)) as (answer, taken):
        came = take_all(taken, lambda: media_status(bench))
        assert answer.status == 200
        assert bench.until(lambda: media_status(bench))
    assert came.walked().oddities.found == {}
    assert decoded(came.data) == 25


def test_what_is_not_recorded_is_refused(bench: Bench):
    start = int(time.time()) - 3 * DAY_S
    with call(bench, HALL, "Playback", (start, start + 1)) as (answer, _):
        assert answer.status == 404


def test_a_playback_is_moved_paused_and_made_faster(bench: Bench):
    begun, at, packets = commanded(bench, *SEEK)
    assert begun == 30
    assert at > 30
    assert packets


def test_a_paused_playback_sends_nothing(bench: Bench):
    assert commanded(bench, *PAUSE)[2] == 0


def test_a_faster_playback_goes_further(bench: Bench):
    assert commanded(bench, *FAST)[1] > 3


def test_controls_are_carried_out_and_answered_as_the_standard_lists_them(bench: Bench):
    assert control(bench, "GuardCmd", "SetGuard").values["Result"] == "OK"
    assert ask(bench, "DeviceStatus").items[0]["DutyStatus"] == "ONDUTY"
    assert (
        control(bench, "PTZCmd", "A50F0181000100" + f"{0xA5 + 0xF + 1 + 0x81 + 1 & 0xFF:02X}", HALL).parts
        == 0
    )
    assert bench.truth("preset_set") == [1]
    assert ask(bench, "PresetQuery", HALL).items[0]["PresetID"] == "1"
    assert control(bench, "PTZCmd", PTZ[:-2] + "00", HALL).status == 200
    assert bench.truth("ptz_refused") == [PTZ[:-2] + "00"]


def test_a_restart_logs_out_and_comes_back(bench: Bench):
    # long enough for a request that is lost to be sent again (RFC 3261 17.1.2.2: after 0.5 s and 1 s)
    bench.platform.ask("NVR-1", "DeviceControl", RECORDER, {"TeleBoot": "Boot"}, root="Control", total_s=3.0)
    assert bench.until(lambda: bench.of(SipEvent.UNREGISTERED, "NVR-1"))
    assert bench.until(lambda: len(bench.of(SipEvent.REGISTERED, "NVR-1")) > 1)


def test_an_alarm_of_a_zone_is_reported_in_its_name(bench: Bench):
    [one] = alarms(bench)
    assert (one.kind, one.said["target"]) == (SipEvent.MESSAGE, ZONE)
    assert one.said["values"]["AlarmMethod"] == "2"
    assert "AlarmType" not in str(one.said)
    subscription = (
        b"<Query><CmdType>Alarm</CmdType><SN>9</SN><DeviceID>" + HOST.encode() + b"</DeviceID></Query>"
    )
    headers = [("Event", "presence"), ("Expires", "60")]
    answer = bench.platform.request("HOST-1", "SUBSCRIBE", HOST, body=subscription, headers=headers)
    assert answer.status == 200
    bench.world.alarm("Z07", active=True)
    assert bench.until(lambda: len(alarmed(bench)) == 2)
    assert alarmed(bench)[1].kind is SipEvent.NOTIFIED


def test_a_subscribed_alarm_may_come_by_message(platform: SipPlatform, tmp_path: Path):
    with gb_bench(platform, tmp_path, Fault("HOST-1", "gb_habit", "notify_as_message")) as bench:
        bench.registered("HOST-1")
        body = write_manscdp("Query", "Alarm", 9, HOST)
        headers = [("Event", "presence"), ("Expires", "60")]
        granted = bench.platform.request("HOST-1", "SUBSCRIBE", HOST, body=body, headers=headers)
        assert (granted.status, granted.expires) == (200, 60.0)
        bench.world.alarm("Z07", active=True)
        assert bench.until(lambda: alarmed(bench))[0].kind is SipEvent.MESSAGE


def test_a_tampered_zone_is_reported_as_such(bench: Bench):
    bench.registered("HOST-1")
    bench.world.truth.write("Z07", "tamper_shown")
    [one] = bench.until(lambda: alarmed(bench))
    assert (one.said["target"], one.said["values"]["Info/AlarmType"]) == (ZONE, "2")


# -- the parts


def test_the_digest_is_that_of_the_example_in_the_standard():
    """RFC 2617 3.5."""
    said = {"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "algorithm": "MD5"}
    made = authorisation(said, "Mufasa", "Circle Of Life", "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in made


def test_a_stream_is_cut_where_messages_end():
    one = b"MESSAGE sip:a@b SIP/2.0\r\nl: 3\r\nCall-ID: x\r\n\r\nabc"
    two = b"SIP/2.0 200 OK\r\nCSeq: 7 MESSAGE\r\n\r\n"
    cutter = StreamCutter()
    found = [part for octet in one + b"\r\n" + two for part in cutter.feed(bytes((octet,)))]
    assert found == [one, two]
    read = heard(found[0])
    assert read is not None
    assert (read.method, read.header("call-id"), read.body, read.target) == ("MESSAGE", "x", b"abc", "a")
    assert heard(b"noise") is None
