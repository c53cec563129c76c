# SPDX-License-Identifier: Apache-2.0
"""From a site file to the lock over OSDP: the bench as reader, the listener, the controller's faults."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.small_site import door_site
from yanshou.acquisition import Acquisition
from yanshou.drivers.capabilities import ContactInput, CredentialStimulus, ReaderLineWitness
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.osdp import keys_of
from yanshou.drivers.field.wiring import site_mistakes
from yanshou.drivers.profile import load_profile
from yanshou.emulation.faults import Fault
from yanshou.emulation.site.assembly import SiteEmulation
from yanshou.emulation.site.truth import Truth
from yanshou.model import Device, DeviceKind, RigFault, System, UsageError
from yanshou.model.signal import Card
from yanshou.site import load_site

pytest.importorskip("osdp_sys", reason="the extra osdp is not installed: pip install 'yanshou[osdp]'")

DEVICES = """
[device.OSDP-1]
profile = "osdp-reader"
connection = {{ protocol = "osdp-tcp", host = "127.0.0.1", port = {line}, timeout_s = {within}{key} }}
attributes = {{ authorised = "26:123459+pin:1234#", unauthorised = "26:000001" }}

[device.TAP-1]
profile = "osdp-tap"
connection = {{ protocol = "osdp-tcp", host = "127.0.0.1", port = {tap} }}
"""
ROWS = "OSDP-1,reader,site,card source,,,,\nTAP-1,reader,site,listener,,,,\n"
READER = "reader=OSDP-1/3; reader_line=TAP-1/3"
KEYED = ', key = { env = "YANSHOU_TEST_SCBK" }'


def write_site(folder: Path, key: str = KEYED, within: float = 20.0) -> Path:
    devices = DEVICES.format(key=key, within=within, line=free_port(), tap=free_port())
    return door_site(folder, "osdp", READER, devices=devices, rows=ROWS)


@contextmanager
def osdp_bench(folder: Path, *faults: str, key: str = KEYED, within: float = 20.0) -> Iterator[Bench]:
    site = load_site(write_site(folder, key, within))
    planted = tuple(Fault("ACS-1", kind) for kind in faults)
    emulation = SiteEmulation(site, planted, Truth(folder / "truth.jsonl"), video=False)
    emulation.start()
    try:
        with Acquisition(ordinary=True) as acquisition:
            yield Bench(site, acquisition)
    finally:
        emulation.stop()


def truth(folder: Path) -> list[dict[str, object]]:
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_card_opens_the_lock_and_the_listener_saw_it_between(tmp_path: Path):
    with osdp_bench(tmp_path) as bench:
        source, line, lock = bench.credential("D01"), bench.reader_line("D01"), bench.input("RELAY-1/di0")
        assert isinstance(source, CredentialStimulus)
        assert isinstance(source, ReaderLineWitness)
        assert isinstance(line, ContactInput)
        assert isinstance(line, ReaderLineWitness)
        presented = source.present(Card.AUTHORISED)
        opened = lock.wait_active(since=presented, within=3.0)
        assert opened is not None
        assert lock.wait_inactive(since=opened, within=3.0) is not None
        refused = source.present(Card.UNAUTHORISED)
        assert lock.wait_active(since=refused, within=0.5) is None
        reported = line.wait_active(since=refused, within=1.0)
        assert reported is not None
        assert reported.earliest <= refused.latest
        assert reported.latest >= refused.earliest
        facts = source.facts()
        assert 1 <= facts.sessions <= 1 + facts.resent  # a late answer on a busy machine begins another
        assert line.facts().is_protected
        happened = [one for one in truth(tmp_path) if one["device"] == "D01" and one["what"] == "credential"]
    assert [one["value"] for one in happened] == ["authorised", "unauthorised"]
    assert presented.earliest <= float(str(happened[0]["t"])) <= presented.latest


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("osdp_plain", "opens no secure channel"),
        ("osdp_wrong_key", "is not the key of the site file"),
        ("osdp_default_key", "only the published default key"),
    ],
)
def test_a_controller_without_the_right_key_gets_no_card(tmp_path: Path, kind: str, what: str):
    with osdp_bench(tmp_path, kind, within=2.0) as bench:
        link = bench.credential("D01")
        with pytest.raises(RigFault, match=what):
            link.present(Card.AUTHORISED)


def test_a_controller_that_re_keys_a_reader_by_itself_is_told(tmp_path: Path):
    with osdp_bench(tmp_path, "osdp_rekeys", key="") as bench:
        source = bench.credential("D01")
        source.present(Card.AUTHORISED)
        assert isinstance(source, ReaderLineWitness)
        facts = source.facts()
    assert (facts.default_key_sessions, facts.rekeyed) == (1, 1)


def mistakes(folder: Path) -> list[str]:
    return [f"{one.line} {one.what}" for one in site_mistakes(load_site(folder))]


def test_a_reader_line_is_an_input_or_an_address_of_a_listener(tmp_path: Path):
    folder = write_site(tmp_path)
    assert mistakes(folder) == []
    inventory = folder / "inventory.csv"
    written = inventory.read_text("utf-8")
    inventory.write_text(written.replace("TAP-1/3", "RELAY-1/3"), encoding="utf-8")
    (found,) = mistakes(folder)
    assert "D01" in found
    assert "neither an input nor heard by a listener" in found
    inventory.write_text(written.replace("OSDP-1/3", "TAP-1/4"), encoding="utf-8")
    (found,) = mistakes(folder)
    assert "TAP-1, which presents no credentials" in found


def test_a_missing_library_is_told_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, found = write_site(tmp_path), importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found(name) if name != "osdp_sys" else None)
    (reported,) = site_mistakes(load_site(folder))
    assert "OSDP-1: it needs the library libosdp" in reported.what
    assert "yanshou[osdp]" in reported.remedy


def test_a_profile_of_osdp_has_no_points(tmp_path: Path):
    (tmp_path / "x.toml").write_text(
        'schema = "yanshou-profile/1"\n[device]\nclass = "reader_tap"\nvendor = "a"\nmodel = "b"\n'
        'protocol = "osdp"\ndocument = "c"\n[[point]]\nrole = "relay"\narea = "coil"\naddress = 0\n',
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match="point"):
        load_profile("x.toml", tmp_path)


SOURCE = Device("OSDP-1", DeviceKind.READER, System.SITE, "card source", place="site.toml:16")


def test_keys_are_one_for_all_or_one_for_each_address():
    one, two = "00" * 16, "11" * 16
    assert keys_of(SOURCE, "", [1, 2]) == {1: None, 2: None}
    assert keys_of(SOURCE, one, [2, 1]) == {1: bytes(16), 2: bytes(16)}
    assert keys_of(SOURCE, f"1={one} 2={two}", [1, 2, 3]) == {1: bytes(16), 2: bytes.fromhex(two), 3: None}


@pytest.mark.parametrize("secret", ["c0ffee", "1=c0ffee", "one=" + "00" * 16, "zz" * 16])
def test_a_wrong_key_is_told_and_never_quoted(secret: str):
    with pytest.raises(UsageError) as caught:
        keys_of(SOURCE, secret, [1])
    assert "OSDP-1" in str(caught.value)
    assert secret.rpartition("=")[2] not in str(caught.value)


def test_an_address_beyond_the_last_is_told():
    with pytest.raises(UsageError, match="0 to 126, not 127"):
        keys_of(SOURCE, "", [127])
