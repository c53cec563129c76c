# SPDX-License-Identifier: Apache-2.0
"""The ONVIF client against a device that answers canned, broken and hostile SOAP."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.canned_soap import MEDIA, canned, clock, envelope, fault, services
from tests.support.patience import HUNG_S
from yanshou.model import Connection, RigFault, now
from yanshou.protocols.onvif import AnswerUnclear, OnvifDevice, SoapFault, documents
from yanshou.protocols.onvif.clock import read_date_time
from yanshou.protocols.onvif.documents import document

SEARCH = "http://www.onvif.org/ver10/search/wsdl"
RECORDING = "http://www.onvif.org/ver10/recording/wsdl"
INFORMATION = (
    "<tds:GetDeviceInformationResponse><tds:Manufacturer>M</tds:Manufacturer><tds:Model>X</tds:Model>"
    "<tds:FirmwareVersion>1</tds:FirmwareVersion><tds:SerialNumber>2</tds:SerialNumber>"
    "<tds:HardwareId>3</tds:HardwareId></tds:GetDeviceInformationResponse>"
)


def open_device(device, *, user="admin", password="pw-never-shown", **options):
    connection = Connection(
        "onvif", "127.0.0.1", device.port, options={"timeout_s": 1.0} | options, user=user
    )
    return OnvifDevice(connection, password, "CAM-7")


def test_services_come_from_get_services_and_no_pull_point_is_made():
    with canned() as device:
        device.answers["GetServices"] = services(device.port, search=SEARCH, recording=RECORDING, media=MEDIA)
        with open_device(device) as camera:
            assert camera.has("search")
            assert camera.has("recording")
            assert not camera.has("replay")
            with pytest.raises(RigFault, match="offers no replay service"):
                camera.service("replay")
        assert device.operations() == ["GetSystemDateAndTime", "GetServices"]


def test_get_capabilities_is_the_way_back():
    with canned() as device:
        address = f"http://127.0.0.1:{device.port}/onvif/"
        device.answers["GetServices"] = fault("ActionNotSupported")
        device.answers["GetCapabilities"] = (
            f"<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>{address}media</tt:XAddr>"
            "<tt:StreamingCapabilities/></tt:Media><tt:Extension><tt:Search>"
            f"<tt:XAddr>{address}search</tt:XAddr><tt:MetadataSearch>false</tt:MetadataSearch></tt:Search>"
            "</tt:Extension></tds:Capabilities></tds:GetCapabilitiesResponse>"
        )
        with open_device(device) as camera:
            assert camera.has("media")
            assert camera.has("search")
            assert any("GetServices" in finding for finding in camera.findings)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.64", "camera.invalid"])
def test_addresses_that_cannot_be_reached_are_rewritten(host):
    with canned() as device:
        device.answers["GetServices"] = services(80, host=host, media=MEDIA)
        with open_device(device) as camera:
            assert camera.service("media").xaddr == f"http://127.0.0.1:{device.port}/onvif/media"
            assert camera.service("media").GetProfiles() in (None, [])
            assert (
                str(camera.reachable(f"rtsp://{host}:8554/a?b=c", keep_port=True))
                == "rtsp://127.0.0.1:8554/a?b=c"
            )
            assert str(camera.reachable("http://127.0.0.1:81/x")) == "http://127.0.0.1:81/x"


def test_token_is_signed_with_the_time_of_the_device():
    """Created ends in Z, is the device's time, and the digest is that of the profile."""
    with canned(GetDeviceInformation=INFORMATION) as device:
        with open_device(device) as camera:
            camera.service("devicemgmt").GetDeviceInformation()
        text = next(request for operation, request, _ in device.asked if operation == "GetDeviceInformation")
    created = re.search(r"Created>([^<]+)<", text)[1]
    nonce = re.search(r"Nonce [^>]*>([^<]+)<", text)[1]
    digest = re.search(r"Password [^>]*>([^<]+)<", text)[1]
    assert created.endswith("Z")
    assert abs(datetime.fromisoformat(created) - datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)) < timedelta(
        seconds=3
    )
    expected = hashlib.sha1(base64.b64decode(nonce) + created.encode() + b"pw-never-shown").digest()
    assert base64.b64decode(digest) == expected
    assert not any("pw-never-shown" in request for _, request, _ in device.asked)


def test_a_wrong_password_is_one_try():
    with canned(GetDeviceInformation=fault("NotAuthorized"), GetProfiles=fault("NotAuthorized")) as device:
        with open_device(device) as camera:
            for ask in (
                camera.service("devicemgmt").GetDeviceInformation,
                camera.service("media").GetProfiles,
            ):
                with pytest.raises(SoapFault, match="user name or password refused") as caught:
                    ask()
                assert caught.value.refused
                assert "pw-never-shown" not in str(caught.value)
        assert (
            device.operations().count("GetDeviceInformation") + device.operations().count("GetProfiles") == 1
        )


def test_a_right_password_without_the_right_is_asked_again():
    with canned(GetDeviceInformation=INFORMATION, GetProfiles=fault("NotAuthorized")) as device:
        with open_device(device) as camera:
            camera.service("devicemgmt").GetDeviceInformation()
            for _ in range(2):
                with pytest.raises(SoapFault):
                    camera.service("media").GetProfiles()
        assert device.operations().count("GetProfiles") == 2


def test_http_digest_when_the_device_asks_for_it():
    with canned(GetDeviceInformation=INFORMATION) as device:
        device.digest = "abc123"
        with open_device(device) as camera:
            assert camera.service("devicemgmt").GetDeviceInformation().Model == "X"
        last = device.asked[-1][2]["Authorization"]
        assert last.startswith("Digest ")
        assert 'username="admin"' in last


def test_a_nonce_that_expired_is_no_wrong_password():
    with canned(GetDeviceInformation=INFORMATION) as device:
        device.digest = "first"
        with open_device(device) as camera:
            for device.digest in ("first", "second", "third"):
                assert camera.service("devicemgmt").GetDeviceInformation().Model == "X"


def test_http_digest_with_a_wrong_password_is_refused_after_one_try():
    with canned(GetServices=b"") as device:
        device.status, device.digest = 401, "abc123"
        with pytest.raises(SoapFault, match="user name or password refused"):
            open_device(device)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("InvalidArgVal", "NoRecording"), "no such recording"),
        (("ActionNotSupported",), "does not support this operation"),
        (("Weird",), "Weird"),
    ],
)
def test_faults_are_told_in_words(codes, expected):
    with canned(GetProfiles=fault(*codes, reason="device says so")) as device, open_device(device) as camera:
        with pytest.raises(SoapFault, match=expected) as caught:
            camera.service("media").GetProfiles()
        assert caught.value.subcodes == codes
        assert caught.value.device == "CAM-7"
        assert "device says so" in str(caught.value)


BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><s>&b;</s>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><s/>'


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff no xml at all",
        b"<html>login</html>",
        b"",
        BOMB,
        EXTERNAL,
        BOMB.decode().replace('"1.0"', '"1.0" encoding="utf-16"', 1).encode("utf-16"),
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a:GetProf',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><Other/></s:Body></s:Envelope>',
    ],
)
def test_garbage_is_never_read_as_nothing(garbage):
    with canned(GetProfiles=garbage) as device, open_device(device) as camera:
        with pytest.raises(AnswerUnclear) as caught:
            camera.service("media").GetProfiles()
        assert caught.value.device == "CAM-7"


def test_an_answer_that_cannot_be_placed_is_a_finding_and_no_empty_list():
    """Profiles under another name: the library alone would answer an empty list."""
    misplaced = '<trt:GetProfilesResponse><trt:Profile token="P1"/></trt:GetProfilesResponse>'
    with canned(GetProfiles=misplaced) as device, open_device(device) as camera:
        with pytest.raises(AnswerUnclear, match="not what ONVIF describes"):
            camera.service("media").GetProfiles()
        assert camera.findings == ["GetProfiles: Profile is not where ONVIF places it"]


def test_a_stray_element_deeper_down_is_a_finding_only():
    profile = (
        '<trt:Profiles token="P1" fixed="true"><tt:Name>a</tt:Name><tt:Vendor>x</tt:Vendor></trt:Profiles>'
    )
    answer = f"<trt:GetProfilesResponse>{profile}</trt:GetProfilesResponse>"
    with canned(GetProfiles=answer) as device, open_device(device) as camera:
        assert camera.service("media").GetProfiles()[0].token == "P1"
        assert "Vendor" in camera.findings[0]


def test_too_long_an_answer_is_cut_off():
    endless = b"<" + b" " * (33 * 1024 * 1024)
    with (
        canned(GetProfiles=endless) as device,
        open_device(device) as camera,
        pytest.raises(RigFault, match="longer than"),
    ):
        camera.service("media").GetProfiles()


def test_a_device_that_hangs_is_left():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection = Connection(
            "onvif", "127.0.0.1", silent.getsockname()[1], options={"timeout_s": 0.4}, user="a"
        )
        began = now()
        with pytest.raises(RigFault, match="no answer"):
            OnvifDevice(connection, "p", "CAM-7")
        assert now() - began < HUNG_S


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(RigFault, match="no connection"):
        OnvifDevice(Connection("onvif", "127.0.0.1", port, options={"timeout_s": 0.4}), "", "CAM-7")


def test_proxies_of_the_environment_are_left_alone(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with canned() as device, open_device(device):
        assert os.environ["http_proxy"] == "http://127.0.0.1:1"


def test_importing_leaves_the_logging_alone():
    code = (
        "import logging; before = (logging.getLogger().level, list(logging.getLogger().handlers));"
        "import yanshou.protocols.onvif;"
        "assert before == (logging.getLogger().level, list(logging.getLogger().handlers));"
        "assert logging.getLogger('zeep.client').level == logging.NOTSET"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert logging.getLogger("zeep.client").level == logging.NOTSET


def test_the_topic_of_an_event_is_kept():
    message = (
        '<tt:Message UtcTime="2026-11-23T00:00:00Z"><tt:Source>'
        '<tt:SimpleItem Name="RecordingToken" Value="R"/>'
        '</tt:Source><tt:Data><tt:SimpleItem Name="IsRecording" Value="true"/></tt:Data></tt:Message>'
    )
    answer = (
        "<tse:GetEventSearchResultsResponse><tse:ResultList><tt:SearchState>Completed</tt:SearchState><tt:Result>"
        "<tt:RecordingToken>R</tt:RecordingToken><tt:TrackToken>V</tt:TrackToken>"
        "<tt:Time>2026-11-23T00:00:00Z</tt:Time><tt:Event><wsnt:Topic "
        'Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:RecordingHistory/Recording/State'
        f"</wsnt:Topic><wsnt:Message>{message}</wsnt:Message></tt:Event><tt:StartStateEvent>true"
        "</tt:StartStateEvent></tt:Result></tse:ResultList></tse:GetEventSearchResultsResponse>"
    )
    with canned(GetEventSearchResults=answer) as device:
        device.answers["GetServices"] = services(device.port, search=SEARCH)
        with open_device(device) as camera:
            (result,) = camera.service("search").GetEventSearchResults(SearchToken="S").Result
    assert result.Event.Topic._value_1 == "tns1:RecordingHistory/Recording/State"


def read(kind, zone="", hour=12):
    with canned(GetSystemDateAndTime=clock(kind, zone, hour)) as device, open_device(device) as camera:
        return read_date_time(camera.service("devicemgmt").GetSystemDateAndTime())


def test_clock_without_utc_is_read_by_its_zone():
    assert read("UTCDateTime") == datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
    assert read("LocalDateTime", "CST-8", 20) == datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
    assert read("LocalDateTime", "&lt;+0530&gt;-5:30", 12) == datetime(2026, 11, 23, 6, 30, 5, tzinfo=UTC)
    for zone in ("", "CET-1CEST,M3.5.0,M10.5.0/3", "Beijing"):
        with pytest.raises(AnswerUnclear):
            read("LocalDateTime", zone)
    with pytest.raises(AnswerUnclear, match="impossible"):
        read("UTCDateTime", hour=25)


def test_parsed_wsdl_is_shared_by_all_threads_and_devices():
    found = []
    threads = [threading.Thread(target=lambda: found.append(document("media.wsdl"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(item) for item in found}) == 1


def test_another_camera_costs_little(monkeypatch: pytest.MonkeyPatch):
    """The first one parses the WSDL, which takes longest; a second one parses nothing."""
    with canned() as device:
        with open_device(device) as camera:
            camera.service("media")
        monkeypatch.setattr(documents, "_Document", None)
        with open_device(device) as camera:
            camera.service("media")


def test_a_snapshot_is_fetched_with_the_rewritten_host():
    with canned(GET=b"\xff\xd8jpeg") as device, open_device(device) as camera:
        assert camera.download("http://10.9.8.7/snap.jpg").content == b"\xff\xd8jpeg"


def test_an_unknown_parameter_is_a_mistake_of_the_caller():
    with canned() as device, open_device(device) as camera:
        with pytest.raises(ValueError, match="GetProfiles"):
            camera.service("media").GetProfiles(Nonsense=1)
        with pytest.raises(ValueError, match="no service"):
            camera.service("nonsense")


# --- answers that are not quite what they should be


def profiles(name: bytes = b"main", width: bytes = b"640", fps: bytes = b"25") -> bytes:
    inner = (
        b'<trt:GetProfilesResponse><trt:Profiles token="P1" fixed="true"><tt:Name>%b</tt:Name>'
        b'<tt:VideoEncoderConfiguration token="E"><tt:Name>e</tt:Name><tt:UseCount>1</tt:UseCount>'
        b"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>%b</tt:Width><tt:Height>360</tt:Height>"
        b"</tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>%b</tt:FrameRateLimit>"
        b"<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>"
        b"</tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>"
    ) % (name, width, fps)
    return envelope("@").replace(b"@", inner)


WHOLE = profiles()


@pytest.mark.parametrize(
    ("answer", "odd"),
    [
        (b"\r\n" + WHOLE, "around the document"),
        (WHOLE + b"\0\0", "around the document"),
        (b"\xef\xbb\xbf" + WHOLE, ""),
        (b"\xef\xbb\xbf\r\n" + WHOLE, "around the document"),
        (profiles("前门_A".encode("gbk")), "GB 18030"),
        (profiles(b"\xff\xff\x81"), "replaced"),
        (profiles(b"a\x01b & c"), "signs that XML does not allow"),
    ],
)
def test_what_other_clients_read_is_read_and_told(answer, odd):
    with canned(GetProfiles=answer) as device, open_device(device) as camera:
        assert camera.service("media").GetProfiles()[0].token == "P1"
        assert any(odd in one for one in camera.findings) if odd else camera.findings == []


@pytest.mark.parametrize(
    "answer", [WHOLE[:-30], WHOLE.replace(b"</trt:Profiles>", b""), WHOLE[:300] + WHOLE[-20:]]
)
def test_what_ends_too_early_is_never_completed(answer):
    with (
        canned(GetProfiles=answer) as device,
        open_device(device) as camera,
        pytest.raises(AnswerUnclear),
    ):
        camera.service("media").GetProfiles()


def test_a_value_that_cannot_be_read_is_told_with_what_it_belongs_to(capfd):
    with canned(GetProfiles=profiles(width=b"6O4")) as device, open_device(device) as camera:
        assert camera.service("media").GetProfiles()[0].VideoEncoderConfiguration.Resolution.Width is None
        (unread,) = camera.unreadable
        assert (unread.name, unread.text) == ("Width", "6O4")
        assert "P1" in unread.tokens
        assert "cannot be read" in camera.findings[0]
    assert "Traceback" not in capfd.readouterr().err


def test_numbers_are_read_as_devices_write_them():
    with canned(GetProfiles=profiles(width=b" 640.0 ", fps=b"12.5")) as device, open_device(device) as camera:
        encoder = camera.service("media").GetProfiles()[0].VideoEncoderConfiguration
        assert (encoder.Resolution.Width, encoder.RateControl.FrameRateLimit) == (640, 12.5)
        assert camera.unreadable == []


@pytest.mark.parametrize(
    ("port", "expected"), [("{0}:{0}", "twice"), ("{0}:1", "not read"), ("99999", "not read")]
)
def test_addresses_of_services_are_mended_or_told(port, expected):
    with canned() as device:
        device.answers["GetServices"] = services(port.format(device.port), media=MEDIA)
        with open_device(device) as camera:
            assert any(expected in one for one in camera.findings)
            if expected == "twice":
                assert camera.service("media").GetProfiles() in (None, [])
            else:
                with pytest.raises(RigFault, match="not read"):
                    camera.service("media")


def test_a_clock_that_contradicts_itself_is_no_wrong_password():
    """Its UTC field is eight hours ahead, and stamps are checked by its true time."""
    ahead = datetime.now(UTC) + timedelta(hours=8)
    reported = clock("UTCDateTime", "CST-8").replace("2026-11-23", f"{ahead:%Y-%m-%d}")
    for name, value in (("Hour", ahead.hour), ("Minute", ahead.minute), ("Second", ahead.second)):
        reported = re.sub(rf"<tt:{name}>\d+<", f"<tt:{name}>{value}<", reported)
    for name, value in (("Year", ahead.year), ("Month", ahead.month), ("Day", ahead.day)):
        reported = re.sub(rf"<tt:{name}>\d+<", f"<tt:{name}>{value}<", reported)

    def strict(_device: object, text: str) -> object:
        created = datetime.fromisoformat(re.search(r"Created>([^<]+)<", text)[1])
        return (
            INFORMATION if abs(created - datetime.now(UTC)) < timedelta(minutes=5) else fault("NotAuthorized")
        )

    with canned(GetSystemDateAndTime=reported, GetDeviceInformation=strict) as device:
        with open_device(device) as camera:
            assert camera.service("devicemgmt").GetDeviceInformation().Model == "X"
            assert any("contradicts itself" in one for one in camera.findings)
        assert device.operations().count("GetDeviceInformation") == 2
