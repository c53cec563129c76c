# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181: what they do under a platform, and each defect that can be planted."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from tests.support.gb_devices import (
    ALONE,
    GATE,
    HALL,
    HOST,
    PLATFORM,
    RECORDER,
    ZONE,
    Bench,
    call,
    gb_bench,
    gb_platform,
    invite,
    offer,
    take,
)
from yanshou.acquisition.sip_platform import PlatformConduct, SipEvent, SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.emulation.gb28181.authorisation import authorisation
from yanshou.emulation.gb28181.kinds import HABITS
from yanshou.emulation.gb28181.side import GbSide
from yanshou.emulation.gb28181.sip_text import StreamCutter, heard
from yanshou.protocols.gb28181 import GatheringState, PsOddity, SipOddity, XmlOddity
from yanshou.protocols.gb28181.requests import write_manscdp
from yanshou.site import load_site

DAY_S = 86_400


@pytest.fixture(scope="module")
def platform() -> Iterator[SipPlatform]:
    with gb_platform() as made:
        yield made


@pytest.fixture(autouse=True)
def _serves(platform: SipPlatform) -> Iterator[None]:
    yield
    for device in ("NVR-1", "CAM-3", "HOST-1"):
        platform.conduct(device, PlatformConduct.SERVE)


@pytest.fixture
def bench(platform: SipPlatform, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The devices with the faults of the test's parameter, registered."""
    faults = getattr(request, "param", ())
    with gb_bench(platform, tmp_path, *faults) as made:
        if not any(one.kind in ("gb_own_nonce", "gb_takes_401") for one in faults):
            made.registered("NVR-1")
        yield made


def planted(kind: str, value: object = None, device: str = "NVR-1") -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bench", [(Fault(device, kind, value),)], indirect=True, ids=[kind])


def habit(*arguments: str) -> pytest.MarkDecorator:
    return planted("gb_habit", ", ".join(arguments))


def ask(bench: Bench, command: str, target: str = RECORDER, **more: Any):
    more = {"total_s": 3.0, "idle_s": 0.5, "settle_s": 0.2} | more
    return bench.platform.ask("NVR-1", command, target, **more)


def recordings(bench: Bench, **fields: str):
    now = time.time() + 28_800
    start, end = (time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - ago)) for ago in (3 * 3600, 60))
    return ask(bench, "RecordInfo", HALL, fields={"StartTime": start, "EndTime": end} | fields)


def control(bench: Bench, name: str, text: str, target: str = RECORDER):
    return ask(bench, "DeviceControl", target, root="Control", fields={name: text}, total_s=1.0)


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


def decoded(data: bytes) -> int:
    with av.open(io.BytesIO(data), format="mpeg") as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize("active", [True, False], ids=["the platform connects", "the device connects"])
def test_media_over_tcp_in_both_directions(bench: Bench, active: bool):
    setup = f"a=setup:{'active' if active else 'passive'}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
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


def reconnected(bench: Bench) -> float:
    """Seconds until the device connected again after its media connection was closed; inf if it did not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)
        answer = invite(bench, HALL, offer(server.getsockname()[1], "Play", (0, 0), tcp=True))
        server.accept()[0].close()
        began = time.monotonic()
        try:
            server.accept()[0].close()
        except TimeoutError:
            return float("inf")
        finally:
            bench.platform.request("NVR-1", "BYE", HALL, dialog=answer, patience_s=1.0)
        return time.monotonic() - began


def test_a_playback_is_sent_to_its_end_which_is_told(bench: Bench):
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 1)) as (answer, taken):
        came = take(taken, 1.6)
        assert answer.status == 200
        assert bench.until(lambda: media_status(bench))
    assert came.walked().oddities.found == {}
    assert decoded(came.data) == 25


def media_status(bench: Bench) -> list[Any]:
    found = [one for one in bench.entries() if one.said.get("command") == "MediaStatus"]
    return found or [one for one in bench.entries() if one.kind is SipEvent.REFUSED]


def test_what_is_not_recorded_is_refused(bench: Bench):
    start = int(time.time()) - 3 * DAY_S
    with call(bench, HALL, "Playback", (start, start + 1)) as (answer, _):
        assert answer.status == 404


PTZ = "A50F01081F001FFB"


def commanded(bench: Bench, *lines: str) -> list[Any]:
    """Where a playback of a minute goes on after the command, relative to its start; and how it ended."""
    start = int(time.time()) - 3600
    with call(bench, HALL, "Playback", (start, start + 60)) as (answer, taken):
        take(taken, 0.3)
        body = "\r\n".join([*lines, "", ""]).encode()
        reported = bench.platform.request(
            "NVR-1", "INFO", HALL, dialog=answer, body=body, content_type="Application/MANSRTSP"
        )
        assert reported.status == 200
        take(taken, 0.3)  # what was on its way
        came = take(taken, 0.6)
    [ended] = bench.until(lambda: bench.truth("playback_ended"))
    begun = [one - start for one in bench.truth("playback_from")]
    return [begun[0] if begun else None, ended["at"] - start, len(came.packets)]


SEEK = ("PLAY MANSRTSP/1.0", "CSeq: 2", "Scale: 1.0", "Range: npt=30-")
FAST = ("PLAY MANSRTSP/1.0", "CSeq: 2", "Scale: 8.0")
PAUSE = ("PAUSE MANSRTSP/1.0", "CSeq: 2", "PauseTime: now")


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
    bench.platform.ask("NVR-1", "DeviceControl", RECORDER, {"TeleBoot": "Boot"}, root="Control", total_s=0.5)
    assert bench.until(lambda: bench.of(SipEvent.UNREGISTERED, "NVR-1"))
    assert bench.until(lambda: len(bench.of(SipEvent.REGISTERED, "NVR-1")) > 1)


def alarms(bench: Bench, count: int = 1) -> list[Any]:
    bench.registered("HOST-1")
    bench.world.alarm("Z07", active=True)
    bench.until(lambda: len(alarmed(bench)) >= count, 1.5)
    return alarmed(bench)


def alarmed(bench: Bench) -> list[Any]:
    return [one for one in bench.entries("HOST-1") if one.said.get("command") == "Alarm"]


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


# -- defects of registration


@planted("gb_own_nonce")
def test_a_nonce_of_its_own_registers_nothing(bench: Bench):
    [first, *_] = bench.until(lambda: bench.of(SipEvent.CHALLENGED, "NVR-1"))
    assert first.said["digest"] == "foreign_nonce"
    assert first.said["fits"]
    assert bench.of(SipEvent.REGISTERED, "NVR-1") == []


@planted("gb_takes_401")
def test_a_401_taken_for_success_is_followed_by_keepalives(bench: Bench):
    assert bench.until(lambda: bench.of(SipEvent.REFUSED, "NVR-1"))[0].said["method"] == "MESSAGE"
    assert bench.of(SipEvent.REGISTERED, "NVR-1") == []
    assert not any(one.said["signed"] for one in bench.of(SipEvent.CHALLENGED, "NVR-1"))


@planted("gb_version_missing")
def test_no_version_is_named(bench: Bench):
    assert bench.of(SipEvent.REGISTERED, "NVR-1")[0].said["version"] == ""


@planted("gb_expires", 600)
def test_another_expiry_is_asked_for(bench: Bench):
    assert bench.of(SipEvent.REGISTERED, "NVR-1")[0].said["expires"] == 600


def test_a_device_that_never_logs_out(platform: SipPlatform, tmp_path: Path):
    with gb_bench(platform, tmp_path, Fault("NVR-1", "gb_never_logs_out")) as bench:
        bench.registered("NVR-1", "CAM-3")
    assert bench.until(lambda: bench.of(SipEvent.UNREGISTERED, "CAM-3"))
    assert bench.of(SipEvent.UNREGISTERED, "NVR-1") == []


def gaps(bench: Bench, kind: SipEvent, count: int = 3) -> list[float]:
    bench.until(lambda: len(bench.of(kind, "NVR-1")) > count)
    at = [one.first.earliest for one in bench.of(kind, "NVR-1")]
    return [b - a for a, b in pairwise(at)]


@pytest.mark.parametrize(
    ("bench", "longest"), [((), False), ((Fault("NVR-1", "gb_keepalive", 1.5),), True)], indirect=["bench"]
)
def test_keepalives_come_as_set_or_as_planted(bench: Bench, longest: bool):
    found = gaps(bench, SipEvent.KEEPALIVE, 2)
    assert (min(found) > 1.0) is longest


@pytest.mark.parametrize(
    ("bench", "soon"), [((), False), ((Fault("NVR-1", "gb_retry", 0.1),), True)], indirect=["bench"]
)
def test_a_refused_registration_is_tried_again_as_set_or_as_planted(bench: Bench, soon: bool):
    bench.platform.conduct("NVR-1", PlatformConduct.REFUSE)

    def refused() -> list[Any]:
        return [one for one in bench.of(SipEvent.REFUSED, "NVR-1") if one.said["method"] == "REGISTER"]

    assert len(bench.until(lambda: refused() if len(refused()) > 2 else None)) > 2
    at = [one.first.earliest for one in refused()]
    assert (at[2] - at[1] < 0.9) is soon


@pytest.mark.parametrize(
    ("bench", "stays"), [((), False), ((Fault("NVR-1", "gb_stays_away"),), True)], indirect=["bench"]
)
def test_after_three_keepalives_without_an_answer_it_registers_again(bench: Bench, stays: bool):
    bench.platform.conduct("NVR-1", PlatformConduct.SILENT)
    assert bench.until(lambda: bench.truth("platform_lost"))
    before = len(bench.of(SipEvent.UNANSWERED, "NVR-1"))
    bench.until(lambda: len(bench.of(SipEvent.UNANSWERED, "NVR-1")) > before + 1)
    methods = {one.said["method"] for one in bench.of(SipEvent.UNANSWERED, "NVR-1")}
    assert ("REGISTER" not in methods) is stays


@planted("gb_date_ignored", 600)
def test_a_date_that_is_ignored_leaves_the_clock(bench: Bench):
    reported = ask(bench, "DeviceStatus").values["DeviceTime"]
    right = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 28_800 + 600))
    late = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 28_800 + 598))
    assert reported[:16] in (right, late)


@pytest.mark.parametrize("follows", [True, False])
def test_a_302_is_followed_unless_that_is_planted(platform: SipPlatform, tmp_path: Path, follows: bool):
    """A platform of a few lines sends each device on to the real one."""
    faults = () if follows else (Fault("NVR-1", "gb_redirect_ignored"),)
    with (
        socket.socket(type=socket.SOCK_DGRAM) as first,
        gb_bench(platform, tmp_path, *faults, side=False) as bench,
    ):
        first.bind(("127.0.0.1", 0))
        first.settimeout(3)
        text = (tmp_path / "site.toml").read_text("utf-8")
        moved = text.replace(f"port = {platform.port}", f"port = {first.getsockname()[1]}")
        (tmp_path / "site.toml").write_text(moved, encoding="utf-8")
        contact = f"<sip:{PLATFORM}@127.0.0.1:{platform.port}>"
        threading.Thread(target=redirect, args=(first, contact), daemon=True).start()
        devices = GbSide(load_site(tmp_path), bench.world)
        devices.start()
        try:
            found = bench.until(lambda: bench.of(SipEvent.REGISTERED, "NVR-1"), 8 if follows else 1.0)
        finally:
            devices.stop()
    assert bool(found) is follows


def redirect(first: socket.socket, contact: str) -> None:
    """Answer requests of devices with 302."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        try:
            data, peer = first.recvfrom(4096)
        except OSError:
            return
        asked = heard(data)
        if asked is not None:
            kept = ("via", "from", "to", "call-id", "cseq")
            head = [f"{key}: {value}" for key, value in asked.headers if key in kept]
            lines = [
                "SIP/2.0 302 Moved Temporarily",
                *head,
                f"Contact: {contact}",
                "Content-Length: 0",
                "",
                "",
            ]
            first.sendto("\r\n".join(lines).encode(), peer)


# -- defects of messages


@planted("gb_length_short")
def test_a_length_that_counts_line_ends_once_is_seen(bench: Bench):
    [one, *_] = bench.until(lambda: bench.of(SipEvent.KEEPALIVE, "NVR-1"))
    assert SipOddity.LENGTH_SHORT.value in one.said["odd"]


@planted("gb_mislabelled")
def test_utf_8_under_another_name_is_read_and_told(bench: Bench):
    found = ask(bench, "Catalog")
    assert found.items[0]["Name"] == "大厅"
    assert XmlOddity.WRONG_ENCODING.value in found.odd


@planted("gb_sum_too_large", 3)
def test_a_sum_that_is_too_large_leaves_the_list_incomplete(bench: Bench):
    found = ask(bench, "Catalog")
    assert (found.state, found.totals, len(found.items)) == (GatheringState.INCOMPLETE, (5,), 2)


@planted("gb_part_lost")
def test_a_lost_part_leaves_the_list_incomplete(bench: Bench):
    assert ask(bench, "Catalog", total_s=1.0).state is GatheringState.INCOMPLETE


@planted("gb_part_twice")
def test_a_doubled_part_counts_once(bench: Bench):
    found = ask(bench, "Catalog")
    assert (found.state, len(found.items), found.doubled) == (GatheringState.COMPLETE, 2, 2)


@planted("gb_wrong_sn")
def test_an_answer_with_another_sn_counts_for_nothing(bench: Bench):
    found = ask(bench, "Catalog", total_s=1.0)
    assert (found.items, found.foreign > 0) == ((), True)


@planted("gb_says_offline", device="CAM-1")
def test_a_channel_that_is_said_to_be_off_plays(bench: Bench):
    states = {one["DeviceID"]: one["Status"] for one in ask(bench, "Catalog").items}
    assert states == {HALL: "OFF", GATE: "ON"}
    with call(bench) as (answer, taken):
        assert answer.status == 200
        assert take(taken, 2.0, most=1).packets


@planted("gb_says_online")
def test_a_channel_that_is_said_to_be_on_does_not_play(bench: Bench):
    with call(bench) as (answer, _):
        assert answer.status == 480


@planted("gb_control_unanswered")
def test_a_control_without_its_response(bench: Bench):
    assert control(bench, "GuardCmd", "SetGuard").parts == 0


@planted("gb_ptz_ignored")
def test_a_ptz_command_that_is_not_carried_out(bench: Bench):
    assert control(bench, "PTZCmd", PTZ, HALL).status == 200
    assert bench.truth("ptz_moved") == []


@pytest.mark.parametrize(
    ("bench", "moves"),
    [
        ((Fault("NVR-1", "gb_ptz_others_too"),), [HALL, GATE]),
        ((Fault("NVR-1", "gb_ptz_other"),), [GATE]),
        ((), [HALL]),
    ],
    indirect=["bench"],
    ids=["gb_ptz_others_too", "gb_ptz_other", "healthy"],
)
def test_a_preset_command_that_reaches_other_cameras(bench: Bench, moves: list[str]):
    preset_1 = "A50F0181000100" + f"{0xA5 + 0xF + 1 + 0x81 + 1 & 0xFF:02X}"
    assert control(bench, "PTZCmd", preset_1, HALL).status == 200
    assert [one for one in (HALL, GATE) if ask(bench, "PresetQuery", one).items] == moves


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
            return take(taken, 1.4).data


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
        assert PsOddity.MAP_CRC in take(taken, 1.0).walked().oddities.found
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
        taken.settimeout(2.0)
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
    text = Path(__file__).read_text("utf-8")
    assert [word for word in HABITS if f'"{word}"' not in text] == []


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
