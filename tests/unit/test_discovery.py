# SPDX-License-Identifier: Apache-2.0
"""Discovery: the prober and its answers, the sweep, and what differs from the inventory."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import fleet_site
from tests.support.canned_fleet import CannedFleet, FleetThread, Manner
from tests.support.ports import free_port
from yanshou.fleet.discovery import Difference, Found, compare, discover
from yanshou.fleet.inventory_file import write_inventory
from yanshou.fleet.scope import Scope
from yanshou.model import RigFault, UsageError
from yanshou.protocols.discovery import answering, ask_modbus, hosts_of, probe
from yanshou.protocols.discovery.modbus import read_identity
from yanshou.protocols.discovery.wsd import read_matches
from yanshou.site import load_site, read_inventory

OURS = "urn:uuid:11111111-1111-1111-1111-111111111111"
MATCH = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/'
    'discovery" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"><e:Header><w:RelatesTo>{to}</w:RelatesTo>'
    "</e:Header><e:Body><d:ProbeMatches><d:ProbeMatch><w:EndpointReference><w:Address>urn:uuid:cam</w:Address>"
    "</w:EndpointReference><d:Scopes>onvif://www.onvif.org/name/Hikvision%20X onvif://www.onvif.org/MAC/aa:bb</d:Scopes>"
    "<d:XAddrs>http://192.0.2.9/onvif/device_service http://[fe80::1]/x</d:XAddrs></d:ProbeMatch></d:ProbeMatches>"
    "</e:Body></e:Envelope>"
)


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv(fleet_site.SECRET_VARIABLE, fleet_site.SECRET)


def test_a_match_is_read_with_its_scopes():
    (match,) = read_matches(MATCH.format(to=OURS).encode(), {OURS}, "192.0.2.9")
    assert (match.epr, match.host) == ("urn:uuid:cam", "192.0.2.9")
    assert match.xaddrs[0] == "http://192.0.2.9/onvif/device_service"
    assert match.scopes == {"name": "Hikvision X", "mac": "aa:bb"}


@pytest.mark.parametrize(
    "data",
    [
        MATCH.format(to="urn:uuid:of-somebody-else").encode(),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + MATCH.format(to=OURS).encode(),
        b"\x00\xff garbage",
        b"",
    ],
)
def test_what_answers_nobody_or_is_hostile_is_no_match(data):
    assert list(read_matches(data, {OURS}, "192.0.2.9")) == []


@given(st.binary(max_size=300))
def test_no_datagram_breaks_the_reader(data):
    list(read_matches(data, {OURS}, "192.0.2.9"))


@given(st.binary(max_size=80))
def test_no_answer_breaks_the_reader_of_modbus_identities(data):
    read_identity(data)
    read_identity(b"\x2b\x0e" + data)


def test_many_answers_of_one_device_are_one():
    """A device that answers each of the three probes, on loopback, is found once."""
    answered = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind(("", 0))
        group = socket.inet_aton("239.255.255.250") + socket.inet_aton("127.0.0.1")
        wire.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        wire.settimeout(5)

        def answer():
            for _ in range(3):
                data, sender = wire.recvfrom(65507)
                asked = data.decode().partition("MessageID>")[2].partition("<")[0]
                answered.append(data)
                wire.sendto(MATCH.format(to=asked).encode(), sender)

        thread = threading.Thread(target=answer)
        thread.start()
        found = probe("127.0.0.1", port=wire.getsockname()[1], seconds=0.8)
        thread.join(5)
    assert len(answered) == 3
    assert [one.epr for one in found] == ["urn:uuid:cam"]


def test_an_interface_that_is_not_ours_is_told():
    with pytest.raises(RigFault, match=r"nothing can be sent from 192\.0\.2\.1"):
        probe("192.0.2.1", seconds=0.1)


def test_the_sweep_finds_what_accepts_and_keeps_its_pace():
    with socket.create_server(("127.66.0.3", 0)) as server:
        port = server.getsockname()[1]
        began = time.monotonic()
        found = answering(hosts_of(["127.66.0.0/29"]), [port], per_s=20.0)
        assert time.monotonic() - began >= 5 / 20
    assert found == [("127.66.0.3", port)]


@pytest.mark.parametrize("network", ["192.168.1.0/33", "10.0.0.0/8", "cameras"])
def test_a_wrong_or_huge_network_is_refused(network):
    with pytest.raises(UsageError):
        hosts_of([network])


class _Modbus:
    """Answers one request with these bytes of a PDU."""

    def __init__(self, pdu: bytes) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.asked = b""
        self.thread = threading.Thread(target=self._serve, args=(pdu,))

    def _serve(self, pdu):
        wire, _ = self.server.accept()
        with wire:
            self.asked = wire.recv(260)
            wire.sendall(self.asked[:4] + struct.pack(">HB", len(pdu) + 1, self.asked[6]) + pdu)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exc):
        self.thread.join(5)
        self.server.close()


def test_a_modbus_device_tells_who_it_is_by_one_reading_question():
    reported = b"".join(
        bytes((number, len(text))) + text for number, text in enumerate((b"Acme", b"P-16", b"1.10"))
    )
    with _Modbus(b"\x2b\x0e\x01\x01\x00\x00\x03" + reported) as device:
        identity = ask_modbus("127.0.0.1", device.port)
    assert (identity.vendor, identity.product, identity.revision) == ("Acme", "P-16", "1.10")
    assert device.asked[7:] == b"\x2b\x0e\x01\x00"


def test_an_exception_is_modbus_all_the_same_and_http_is_not():
    with _Modbus(b"\xab\x01") as device:
        assert ask_modbus("127.0.0.1", device.port).vendor == ""
    with _Modbus(b"HTTP") as device:
        assert ask_modbus("127.0.0.1", device.port) is None
    assert ask_modbus("127.0.0.1", free_port()) is None


def site_of(folder: Path, listed, discover_keys: str = "", **more):
    keys = f"seconds = 0.2\nport = {free_port()}\ninterfaces = ['127.0.0.1']"
    extra = f"[discover]\n{keys}\n{discover_keys}"
    return load_site(fleet_site.site_folder(folder / "site", listed, extra=extra, **more))


def kinds(outcome) -> set[tuple[str, str]]:
    return {(one.kind, one.device) for one in outcome.differences}


def test_missing_extra_moved_and_other_firmware_are_told_apart(tmp_path):
    listed = fleet_site.cameras(5)
    stranger = fleet_site.cameras(1)[0]
    stranger.id, stranger.port, stranger.host = (
        "C9999",
        listed[0].port,
        listed[0].host.rpartition(".")[0] + ".77",
    )
    network = listed[0].host.rpartition(".")[0]
    attributes = {
        "C0001": "firmware=1.10",
        "C0002": "firmware=1.4.2; serial=SN-C0002",
        "C0003": "serial=SN-OLD",
    }
    site = site_of(
        tmp_path,
        listed,
        f"subnets = ['{network}.64/28']\nports = [{listed[0].port}]\nper_s = 500",
        attributes=attributes,
    )
    listed[4].manner = Manner.DEAD
    with FleetThread(fleet_site.fleet([*listed, stranger])):
        outcome = discover(site, Scope.of(site))
    assert kinds(outcome) == {
        ("firmware", "C0001"),
        ("other_device", "C0003"),
        ("missing", "C0003"),
        ("missing", "C0004"),
        ("extra", ""),
    }
    firmware = next(one for one in outcome.differences if one.kind == "firmware")
    assert (firmware.reported, firmware.expected) == ("1.4.2", "1.10")
    for name in ("found.csv", "found.xlsx"):
        write_inventory(tmp_path / name, site, outcome)
        mistakes = []
        rows = {row["id"]: row for row in read_inventory(tmp_path / name, mistakes)}
        assert mistakes == []
        assert set(rows) == {
            "C0000",
            "C0001",
            "C0002",
            "FOUND-1",
            "FOUND-2",
        }  # the missing ones are set aside
        assert rows["C0001"]["attributes"] == "serial=SN-C0001; firmware=1.4.2"
    assert "#C0004," in (tmp_path / "found.csv").read_text(encoding="utf-8-sig")


def test_a_moved_device_is_known_by_what_only_it_has(tmp_path):
    site = site_of(
        tmp_path, fleet_site.cameras(2), attributes={"C0000": "serial=S1", "C0001": "epr=urn:uuid:b"}
    )
    at = [one.connection for one in site.devices.values()]
    found = [
        Found("onvif", "192.0.2.1", 80, epr="urn:uuid:B"),
        Found("onvif", "192.0.2.2", 80, serial="S1"),
        Found("onvif", "192.0.2.3", 80, model="EMU-IPC"),
    ]
    outcome = compare(site, found)
    moved = {one.device: (one.address, one.expected) for one in outcome.differences if one.kind == "moved"}
    assert moved == {
        "C0000": ("192.0.2.2:80", f"{at[0].host}:{at[0].port}"),
        "C0001": ("192.0.2.1:80", f"{at[1].host}:{at[1].port}"),
    }
    assert Difference("extra", "", "192.0.2.3:80", "EMU-IPC") in outcome.differences


@pytest.mark.parametrize(("allowed", "tries"), [(False, 0), (True, 1)])
def test_a_default_is_tried_once_and_only_where_it_is_allowed(tmp_path, allowed, tries):
    listed = fleet_site.cameras(2)
    site = site_of(tmp_path, listed, "default_passwords = true" if allowed else "")
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        outcome = discover(site, Scope.of(site))
    assert outcome.differences == []
    assert [count.get("refused", 0) for count in fleet.counts().values()] == [1 + tries] * 2  # 1: unsigned


def test_a_refused_password_is_not_followed_by_a_default(tmp_path):
    listed = fleet_site.cameras(1, {0: Manner.WRONG_PASSWORD})
    site = site_of(tmp_path, listed, "default_passwords = true")
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        outcome = discover(site, Scope.of(site))
    assert kinds(outcome) == {("refused", "C0000")}
    assert fleet.counts()["C0000"]["refused"] == 2  # unsigned, and our own password


def test_a_default_that_is_taken_is_told(tmp_path):
    listed = fleet_site.cameras(1)
    site = site_of(tmp_path, listed, "default_passwords = true")
    known = CannedFleet(listed, think_s=0, password="admin")
    with FleetThread(known), pytest.MonkeyPatch.context() as patch:
        patch.setenv(fleet_site.SECRET_VARIABLE, "admin")
        outcome = discover(site, Scope.of(site))
    assert kinds(outcome) == {("default_password", "C0000")}


def test_wrong_keys_of_discover_are_told(tmp_path):
    site = site_of(tmp_path, fleet_site.cameras(1), "ports = ['x']\nrate = 3")
    with pytest.raises(UsageError, match="ports must be a list") as caught:
        Scope.of(site)
    assert "'rate' is not a key" in str(caught.value)
