# SPDX-License-Identifier: Apache-2.0
"""ISAPI: documents as records, events in a stream however it is cut, digest, and an independent client."""

from __future__ import annotations

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.line_site import emulated_site
from tests.support.patience import HUNG_S
from tests.support.ports import free_port
from yanshou.acquisition import Acquisition, Bus
from yanshou.cli.main import main
from yanshou.drivers.profile import load_profile
from yanshou.model import RigFault, UsageError
from yanshou.protocols.records import PartReader, lines
from yanshou.protocols.speech import Report, Secrets

PROFILE = load_profile("hikvision-ax-isapi", Path(__file__).parent)
SPEECH = PROFILE.speech
ZONES = {
    "ZoneList": [
        {"Zone": {"id": 0, "name": "Front Door", "status": "online", "alarm": False, "tamperEvident": True,
                  "bypassed": False, "armed": True, "magnetOpenStatus": True, "charge": "normal"}},
        {"Zone": {"id": 11, "name": "Hall", "status": "online", "alarm": True, "tamperEvident": False,
                  "bypassed": True, "armed": True}},
    ]
}  # fmt: skip
EVENT = {
    "ipAddress": "192.168.1.25", "portNo": 80, "channelID": 1, "dateTime": "2012-01-13T03:58:19+01:00",
    "eventType": "cidEvent", "eventState": "active", "eventDescription": "CID event",
    "CIDEvent": {"code": 1103, "standardCIDcode": 1130, "type": "zoneAlarm", "trigger": "2012-01-13T03:58:19",
                 "upload": "2012-01-13T03:58:19+01:00", "CameraList": [], "NVRList": [{"id": 1}], "zone": 6},
}  # fmt: skip
XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<eventType>cidEvent</eventType><eventState>active</eventState>
<CIDEvent><code>1103</code><standardCIDcode>1130</standardCIDcode><type>zoneAlarm</type><zone>6</zone></CIDEvent>
</EventNotificationAlert>"""


def reported(document: bytes) -> list[Report]:
    assert SPEECH is not None
    return SPEECH.reports(lines(document))


def test_every_zone_of_the_status_is_told_with_its_number_on_the_display() -> None:
    assert set(reported(json.dumps(ZONES).encode())) == {
        Report("zone_alarm", 1, 0), Report("zone_tamper", 1, 1), Report("zone_bypass", 1, 0),
        Report("zone_alarm", 12, 1), Report("zone_tamper", 12, 0), Report("zone_bypass", 12, 1),
    }  # fmt: skip


@pytest.mark.parametrize("document", [json.dumps(EVENT).encode(), XML])
def test_an_event_is_the_same_in_both_notations(document: bytes) -> None:
    assert reported(document) == [Report("zone_alarm", 7, 1)]


FIRMWARE = {"abnormalOrNot": False, "accessModuleType": "localTransmitter", "zz": "last", "alarmType": "x"}


@pytest.mark.parametrize(
    "shape",
    [
        lambda zones: {"ZoneList": [{"Zone": one} for one in zones]},
        lambda zones: {"size": 2, "ZoneList": [{"Zone": one, "id": 77} for one in zones]},
        lambda zones: {"Status": {"Host": {"ZoneList": [{"Zone": one} for one in zones], "ok": True}}},
        lambda zones: {"ZoneList": {"size": 2, "Zone": zones}},
        lambda zones: {
            "ZoneList": [{"Zone": {**one, "SensorList": [{"Sensor": {"id": 5}}]}} for one in zones]
        },
        lambda zones: {"ZoneList": [{"Zone": {**one, "related": [1, 2]}} for one in zones]},
    ],
)
def test_fields_and_lists_beside_others_lose_nothing(shape) -> None:
    zones = [{**FIRMWARE, **zone["Zone"]} for zone in ZONES["ZoneList"]]
    assert set(reported(json.dumps(shape(zones)).encode())) == set(reported(json.dumps(ZONES).encode()))


def test_xml_that_repeats_a_name_beside_others_loses_none() -> None:
    zone = "<Zone><id>%d</id><alarm>%s</alarm><tamperEvident>false</tamperEvident></Zone>"
    zones = zone % (0, "true") + zone % (1, "false")
    for document in (f"<ZoneList><size>2</size>{zones}</ZoneList>", f"<A><ZoneList>{zones}</ZoneList></A>"):
        alarms = {one.number: one.value for one in reported(document.encode()) if one.role == "zone_alarm"}
        assert alarms == {1: 1, 2: 0}
    assert reported(f"<ZoneList>{zone % (0, 'true')}</ZoneList>".encode())[0] == Report("zone_alarm", 1, 1)


def test_a_thousand_zones_are_a_thousand() -> None:
    zones = {"ZoneList": [{"Zone": {"id": n, "alarm": n == 999}} for n in range(1000)]}
    alarms = [one for one in reported(json.dumps(zones).encode()) if one.role == "zone_alarm"]
    assert len(alarms) == 1000
    assert alarms[-1] == Report("zone_alarm", 1000, 1)


def test_what_is_nested_too_deep_is_told_and_not_left_out() -> None:
    deep: object = {"alarm": True}
    for _ in range(40):
        deep = {"more": deep}
    for document in (json.dumps(deep), "<a>" * 40 + "x" + "</a>" * 40):
        with pytest.raises(ValueError, match="nested"):
            lines(document.encode())


@pytest.mark.parametrize("value", ["null", '"unknown"', "2", '""'])
def test_a_value_that_is_there_and_cannot_be_read_is_not_absent(value: str) -> None:
    document = f'{{"ZoneList":[{{"Zone":{{"id":0,"alarm":{value}}}}},{{"Zone":{{"id":1,"alarm":false}}}}]}}'
    assert SPEECH is not None
    assert SPEECH.unread("zone_alarm", lines(document.encode())).startswith("ZoneList/Zone alarm=")
    assert SPEECH.unread("zone_tamper", lines(document.encode())) == ""
    area = b'{"SubSysList":[{"SubSys":{"id":1,"alarm":false,"arming":"vacation"}}]}'
    assert SPEECH.unread("partition_armed", lines(area))
    assert not SPEECH.unread("partition_alarm", lines(area))


def test_the_keep_alive_of_the_stream_tells_nothing() -> None:
    assert reported(b'{"eventType": "cidEvent", "eventState": "inactive"}') == []


@pytest.mark.parametrize(
    "document",
    [b"", b"<", b"{", b"[" * 100_000, b"\xff\xfe", b"<a>&b;</a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a"],
)
def test_what_is_no_document_is_a_value_error_or_nothing(document: bytes) -> None:
    try:
        assert "c" not in lines(document)
    except ValueError:
        return


@given(st.lists(st.binary(min_size=1, max_size=40).filter(bytes.strip), min_size=1, max_size=5), st.data())
def test_parts_come_out_however_the_stream_is_cut(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(
        b"--part\r\nContent-Type: x\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(body), body)
        for body in bodies
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = PartReader.of('multipart/mixed; boundary="part"')
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [body for piece in pieces for body in reader.feed(piece)] == [body.strip() for body in bodies]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("lead", [b"\r\n", b"\n", b""], ids=["CR LF", "LF", "none"])
@pytest.mark.parametrize("eol", [b"\r\n", b"\n"], ids=["CR LF", "LF"])
@pytest.mark.parametrize(
    "header",
    [
        "multipart/mixed; boundary=MIME_boundary",
        'multipart/x-mixed-replace; boundary="--MIME_boundary"; charset="UTF-8"',
        "multipart/mixed; BOUNDARY = MIME_boundary",
    ],
)
def test_events_between_pictures_are_found_however_lines_end(
    header: str, eol: bytes, lead: bytes, size: int
) -> None:
    picture = b"\xff\xd8" + bytes(range(256)) * 9 + b"\n\n--MIME\r\n\r\n" + b"\xff\xd9"
    bodies = [b'{"eventType":"zoneAlarm"}', picture, b"<EventNotificationAlert/>", b"[]"]
    stream = b""
    for one, body in enumerate(bodies):
        length = b"content-length : %d" % len(body) + eol if not lead or one % 2 else b""
        stream += lead + b"--MIME_boundary" + eol + length + b"X: y" + eol + eol + body
    stream += (lead or eol) + b"--MIME_boundary--" + eol
    reader = PartReader.of(header)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [found for piece in pieces for found in reader.feed(piece)] == bodies


@given(st.binary(max_size=400))
def test_noise_in_the_stream_is_survived(noise: bytes) -> None:
    reader = PartReader.of("multipart/mixed; boundary=b")
    reader.feed(noise + b"\r\n")
    good = b"--b\r\nContent-Type: x\r\n\r\n{}\r\n--b\r\nContent-Type: x\r\n\r\n{}\r\n--b\r\n"
    assert b"{}" in reader.feed(good)[-1:]


def test_a_client_of_the_standard_library_reads_and_sets_the_emulated_host(tmp_path: Path) -> None:
    """Its digest is not ours: RFC 7616 as ``urllib`` has it."""
    with emulated_site(tmp_path, "hikvision-ax-isapi") as emulation:
        base = f"http://127.0.0.1:{emulation.site.devices['PANEL-1'].connection.port}/ISAPI/SecurityCP"
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, base, "admin", "demo-only")
        opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))
        arm = urllib.request.Request(f"{base}/control/arm/1?ways=away&format=json", data=b"", method="PUT")
        with opener.open(arm, timeout=HUNG_S) as answer:
            assert answer.status == 200
        with opener.open(f"{base}/status/subSystems?format=json", timeout=HUNG_S) as answer:
            areas = json.load(answer)["SubSysList"]
    assert areas[0]["SubSys"] == {"id": 1, "arming": "away", "alarm": False}


@pytest.mark.parametrize(
    ("password", "there", "what"),
    [("wrong", True, "refused the password"), ("demo-only", False, "no connection")],
)
def test_a_wrong_password_or_address_is_told_and_the_password_is_not(
    password: str, there: bool, what: str, tmp_path: Path
) -> None:
    with (
        emulated_site(tmp_path, "hikvision-ax-isapi") as emulation,
        Acquisition(ordinary=True) as acquisition,
    ):
        port = emulation.site.devices["PANEL-1"].connection.port if there else free_port()
        bus = Bus("isapi", host="127.0.0.1", port=port or 0, devices={"0": "PANEL-1"})
        assert SPEECH is not None
        conversation = acquisition.converse(bus, SPEECH, Secrets(password, user="admin"))
        with pytest.raises(RigFault, match=what) as caught:
            conversation.follow([("zone_alarm", 1)])
    assert password not in str(caught.value)


def test_a_profile_that_leans_on_the_order_of_fields_is_a_mistake(tmp_path: Path) -> None:
    shipped = Path("harness/yanshou/drivers/profiles/hikvision-ax-isapi.toml").read_text(encoding="utf-8")
    old = r"'^ZoneList/Zone(?=.* alarm=(?P<alarm>true|false)\b)(?=.* id=(?P<number>\d+)\b)'"
    assert old in shipped
    leaning = shipped.replace(old, r"'^ZoneList/Zone alarm=(?P<alarm>true|false) .*\bid=(?P<number>\d+)'")
    (tmp_path / "leaning.toml").write_text(leaning, encoding="utf-8")
    with pytest.raises(UsageError, match="order of the fields"):
        load_profile("leaning.toml", tmp_path)


def test_what_is_only_reported_over_the_event_stream_is_a_mistake(tmp_path: Path) -> None:
    shipped = Path("harness/yanshou/drivers/profiles/hikvision-ax-isapi.toml").read_text(encoding="utf-8")
    asked = 'role = "zone_alarm"\ncount = 128\nrequest = "/ISAPI/SecurityCP/status/zones?format=json"'
    assert asked in shipped
    reported = shipped.replace(asked, 'role = "zone_alarm"\ncount = 128\ndefault = 0')
    (tmp_path / "reported.toml").write_text(reported, encoding="utf-8")
    with pytest.raises(UsageError, match="zone_alarm is only reported: events come over another connection"):
        load_profile("reported.toml", tmp_path)


class Host(BaseHTTPRequestHandler):
    """Answers every question by ``body``."""

    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"ZoneList":[{"Zone":{"id":0,"alarm":"maybe"}},{"Zone":{"id":1,"alarm":true}}]}',
            "does not state zone_alarm",
        ),
        (b'{"ZoneList":[]}', "does not state zone_alarm"),
        (b"<html><p>Busy", "cannot be read"),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_fault_and_not_an_empty_row(
    body: bytes, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = type("Made", (Host,), {"body": body})
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = main(
            [
                "--lang",
                "en",
                "profile",
                "try",
                "hikvision-ax-isapi",
                "--at",
                f"127.0.0.1:{server.server_port}",
            ]
        )
        server.shutdown()
    assert code == 3
    assert expected in capsys.readouterr().out


ZONE_1 = '{"Zone": {"id": 0, "alarm": true, "tamperEvident": false}}'


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (f'{{"ZoneList": [{ZONE_1}, {ZONE_1.replace("true", "false")}]}}', None),  # each subsystem from 0
        (f'{{"ZoneList": [{ZONE_1}, {ZONE_1}]}}', 1),
        (f'\ufeff{{"ZoneList": [{ZONE_1}]}}', 1),
    ],
)
def test_a_zone_in_two_records_that_contradict_each_other_is_unknown(
    document: str, value: int | None
) -> None:
    text = lines(document.encode())
    assert SPEECH.stated(text).get(("zone_alarm", 1)) == value
    assert SPEECH.stated(text)["zone_tamper", 1] == 0
    assert bool(SPEECH.unread("zone_alarm", text)) is (value is None)
    assert SPEECH.unread("zone_tamper", text) == ""


def test_a_field_that_stands_twice_with_two_values_is_no_answer() -> None:
    with pytest.raises(ValueError, match="alarm stands twice"):
        lines(ZONE_1.replace('"id"', '"alarm": false, "id"').encode())
