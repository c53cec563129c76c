# SPDX-License-Identifier: Apache-2.0
"""The bench's own platform and the devices that register there, as the site file states them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.gb_site import ALONE, CAMERA, PLATFORM, RECORDER, SITE, write_gb_site
from yanshou.drivers.gb28181.addresses import accounts_of, address_of, behind, registrants_of
from yanshou.equipment.registrant import Registrant
from yanshou.model import OwnPlatform, RigFault, Site
from yanshou.site import load_site, read_site


def test_the_platform_and_its_devices_are_read(tmp_path: Path):
    site = load_site(write_gb_site(tmp_path))
    own = site.own_platform
    assert own == OwnPlatform("127.0.0.1", 15060, PLATFORM, PLATFORM[:10], None, "site.toml:7")
    assert [one.id for one in registrants_of(site)] == ["NVR-1", "CAM-2"]
    behind_it = address_of(site, site.devices["CAM-1"])
    assert (behind_it.registrant.id, behind_it.code, behind_it.channel) == ("NVR-1", RECORDER, CAMERA)
    assert behind(site, site.devices["NVR-1"]) == [behind_it]
    alone = address_of(site, site.devices["CAM-2"])
    assert (alone.code, alone.channel, alone.version, alone.transport) == (ALONE, ALONE, 2016, "tcp")
    assert [(one.device, one.code) for one in accounts_of(site)] == [("NVR-1", RECORDER), ("CAM-2", ALONE)]


def test_a_device_of_another_wire_is_not_asked(tmp_path: Path):
    text = SITE.replace(f'protocol = "gb28181", channel = "{CAMERA}"', 'protocol = "onvif", host = "h"')
    site = load_site(write_gb_site(tmp_path, text))
    with pytest.raises(RigFault, match="not connected by GB/T 28181"):
        address_of(site, site.devices["CAM-1"])


MISTAKES = {
    "nineteen digits": (PLATFORM, PLATFORM[:-1], "it has 19 signs"),
    "letters": (CAMERA, "1501000000132000000A", "no number"),
    "digits of another script": (CAMERA, "１" + CAMERA[1:], "no number"),
    "the bench as camera": (PLATFORM, "15010000001320000007", "contradicts the inventory"),
    "a recorder that is a camera": (RECORDER, "15010000001320000007", "no recorder's"),
    "a channel that is a server": (CAMERA, "15010000002000000007", "contradicts the inventory"),
    "the bench's own code": (RECORDER, PLATFORM, "has the code of"),
    "one code twice": (CAMERA, RECORDER, "has the code of"),
    "no platform": ("[gb28181]\n", "[attributes]\n", "has no [gb28181]"),
    "no code at all": (f'device_id = "{ALONE}"\n', "", "has no device_id"),
    "another edition": ("2016", "2011", "one of 2016, 2022"),
    "another transport": ('"tcp"', '"sctp"', "one of udp, tcp"),
    "an address that is none": ("10.0.0.7", "10.0.0.700", "neither a name nor an address"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_each_mistake_is_told_at_its_line(tmp_path: Path, case: str):
    old, new, text = MISTAKES[case]
    _site, mistakes = read_site(write_gb_site(tmp_path, SITE.replace(old, new)))
    found = [str(one) for one in mistakes if text in one.what or text in one.remedy]
    assert found
    assert all(one.line for one in mistakes)


def test_two_devices_of_one_code_are_told_even_with_channels_of_their_own(tmp_path: Path):
    tables = (
        f'\n[device.{name}]\nconnection = {{ protocol = "gb28181", device_id = "{CAMERA}"'
        for name in ("CAM-3", "CAM-4")
    )
    text = SITE + f' , channel = "{CAMERA[:-1]}5" }}\n'.join(tables) + " }\n"
    folder = write_gb_site(tmp_path, text)
    inventory = folder / "inventory.csv"
    rows = "CAM-3,camera,video,a,C,b,,,gb28181=true\nCAM-4,camera,video,c,C,d,,,gb28181=true\n"
    inventory.write_text(inventory.read_text("utf-8") + rows, encoding="utf-8")
    _site, mistakes = read_site(folder)
    assert [one.what for one in mistakes] == ["CAM-4: connection: has the code of CAM-3."]


@pytest.mark.parametrize("wrong", ["[30000]", "[40000, 30000]", "[0, 10]", '["a", "b"]', "30000"])
def test_media_ports_are_a_range(tmp_path: Path, wrong: str):
    text = SITE.replace("port = 15060", f"port = 15060\nmedia_ports = {wrong}")
    _site, mistakes = read_site(write_gb_site(tmp_path, text))
    assert [one.what for one in mistakes] == ["gb28181: media_ports are no range."]


def test_a_range_of_media_ports_is_kept(tmp_path: Path):
    text = SITE.replace("port = 15060", "port = 15060\nmedia_ports = [30000, 30999]\nrealm = 'r'")
    own = load_site(write_gb_site(tmp_path, text)).own_platform
    assert own is not None
    assert (own.media_ports, own.realm) == ((30000, 30999), "r")


def registrant(site: Site, device: str) -> Registrant:
    one = site.devices[device]
    platform: Any = SimpleNamespace(site=site)
    journal: Any = None
    return Registrant(one, address_of(site, one), platform, journal, lambda: None)


def test_others_are_the_devices_that_register_elsewhere(tmp_path: Path):
    site = load_site(write_gb_site(tmp_path))
    assert registrant(site, "NVR-1").others() == {ALONE: "CAM-2"}
    assert registrant(site, "CAM-1").others() == {ALONE: "CAM-2"}
