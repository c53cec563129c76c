# SPDX-License-Identifier: Apache-2.0
"""The linkage matrix of a site: read, checked line by line, and followed to whatever a stimulus sets off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from yanshou.model import Device, DeviceKind, Site, System
from yanshou.planning.ready import ready_mistakes
from yanshou.site import fired_by, linked_to, pair_of, read_site
from yanshou.vocabulary.linkage import EFFECTS, EVENTS

HEAD = """[site]
id = "matrix"
name = "联动矩阵"
time_zone = "Asia/Shanghai"
rig = "emulated"
inventory = "inventory.csv"

[device.ARC-1]
connection = { protocol = "dc09-receiver", host = "127.0.0.1", port = 2 }

[device.ARC-LINK]
connection = { protocol = "dc09-account", receiver = "ARC-1", account = "1001" }

[device.NVR-1]
connection = { protocol = "onvif", host = "127.0.0.1", port = 1 }
"""
INVENTORY = """id,kind,system,name,model,location,parent,number,attributes,wiring
RELAY-1,relay_board,site,继电器板,,,,,,
PANEL-1,panel,intrusion,报警主机,,,,,,siren=RELAY-1/di0
Z01,zone,intrusion,一号防区,,,PANEL-1,1,type=normal,loop=RELAY-1/0
Z02,zone,intrusion,紧急按钮,,,PANEL-1,2,type=hold_up,loop=RELAY-1/1
ACS-1,door_controller,access_control,门禁控制器,,,,,,fire=RELAY-1/2
D01,door,access_control,前门,,,ACS-1,1,,lock_coil=RELAY-1/di1
NVR-1,recorder,video,录像机,,,,,,
CAM-1,camera,video,一号摄像机,,,NVR-1,1,,
CAM-2,camera,video,二号摄像机,,,,,,
POLICE-1,alarm_link,alarm_network,公安联网,,,PANEL-1,,live=false,
ARC-LINK,alarm_link,alarm_network,接警链路,,,PANEL-1,,live=false,
ARC-1,alarm_receiver,site,接警机,,,,,,
PLAT-1,platform,integration,平台,,,,,,stop=RELAY-1/3
"""


def folder(tmp_path: Path, *linkages: str) -> Path:
    tables = [f"[[linkage]]\n{one}\n" for one in linkages]
    (tmp_path / "site.toml").write_text(HEAD + "".join(tables), encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    return tmp_path


def site_with(tmp_path: Path, *linkages: str) -> Site:
    site, mistakes = read_site(folder(tmp_path, *linkages))
    assert mistakes == []
    return site


def one(line: str) -> str:
    return line.replace("; ", "\n")


def test_a_pair_of_the_site_file_is_a_device_of_the_kind_linkage(tmp_path: Path) -> None:
    text = 'id = "L-1"; source = "Z01"; target = "CAM-1"; deadline = "2000 ms"; meaning = "周界报警看门口"'
    site = site_with(tmp_path, one(text))
    pair = pair_of(site.devices["L-1"], site.devices)
    assert (pair.event, pair.effect, pair.deadline_s, pair.meaning) == (
        *("alarm", "recording"),
        *(2.0, "周界报警看门口"),
    )
    assert (pair.device.kind, pair.device.system) == (DeviceKind.LINKAGE, System.INTEGRATION)
    assert pair.device.place == "site.toml:16"


@pytest.mark.parametrize(("word", "means"), [("释放门锁", "lock_release"), ("Live Picture", "picture")])
def test_effects_are_spelt_in_chinese_and_english(word: str, means: str) -> None:
    assert EFFECTS.read(word) == means
    assert all(any(not name.isascii() for name in names) for names in EFFECTS.values.values())
    assert all(any(not name.isascii() for name in names) for names in EVENTS.values.values())


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        ('source = "Z09"; target = "CAM-1"', "source Z09 is not in the inventory", "Z0"),
        ('source = "Z01"; target = "CAM-9"', "target CAM-9 is not in the inventory", "CAM-"),
        ('source = "D01"; target = "D01"', "source and target are both D01", "reacts"),
        ('source = "Z01"; target = "CAM-1"; deadline = "4 furlongs"', "is no unit known here", "4 s"),
        ('source = "Z01"; target = "CAM-1"; deadline = "4 m"', "cannot be stated in s", "4 s"),
        ('source = "Z01"; target = "CAM-1"; deadline = 0', "deadline cannot be 0", "4 s"),
        ('source = "Z01"; target = "CAM-1"; deadline = true', "is no number", "4 s"),
        ('source = "Z01"; target = "CAM-1"; effect = "exploding"', "effect cannot be", "recording"),
        (
            'source = "Z01"; target = "D01"; effect = "recording"',
            "recording is not possible at D01",
            "camera",
        ),
        ('source = "D01"; target = "CAM-1"; event = "fire"', "fire cannot happen at D01", ""),
        ('source = "Z01"; target = "Z02"', "does not say what happens at Z02", "effect"),
        ('source = "Z01"', "target is missing", "target"),
    ],
)
def test_a_mistake_in_a_pair_is_told_with_its_line_and_remedy(
    tmp_path: Path, line: str, what: str, remedy: str
) -> None:
    _, mistakes = read_site(folder(tmp_path, one('id = "L-1"; ' + line)))
    found = [mistake for mistake in mistakes if what in mistake.what]
    assert found, mistakes
    assert found[0].path == "site.toml"
    assert 16 <= (found[0].line or 0) <= 21
    assert remedy in found[0].remedy


def test_a_pair_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    twice = ('source = "Z01"; target = "CAM-1"', 'source = "Z01"; target = "CAM-1"; effect = "录像"')
    _, mistakes = read_site(folder(tmp_path, *(one(f'id = "L-{n}"; {text}') for n, text in enumerate(twice))))
    assert [(one.line, one.what) for one in mistakes] == [(20, "L-1 links the same as L-0 (site.toml:16).")]


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ('source = "Z01"; target = "CAM-1"', True),
        ('source = "Z01"; target = "CAM-2"', False),
        ('source = "Z01"; target = "CAM-2"; observed_by = "person"', True),
        ('source = "Z01"; target = "CAM-1"; effect = "preset"', False),
        ('source = "Z01"; target = "CAM-1"; effect = "preset"; wiring = { seen = "RELAY-1/di5" }', True),
        ('source = "Z01"; target = "D01"', True),
        ('source = "Z01"; target = "PANEL-1"', True),
        ('source = "Z01"; target = "POLICE-1"', False),
        ('source = "Z01"; target = "ARC-LINK"', True),
        ('source = "D01"; target = "ARC-LINK"', False),
    ],
)
def test_a_pair_that_nobody_can_see_is_told_before_a_run(tmp_path: Path, line: str, seen: bool) -> None:
    site = site_with(tmp_path, one('id = "L-1"; ' + line))
    found = [mistake for mistake in ready_mistakes(site) if "nobody on this bench sees" in mistake.what]
    assert [mistake.line for mistake in found] == ([] if seen else [16])
    assert all("observed_by=person" in mistake.remedy for mistake in found)


def linked(site: Site, *pairs: tuple[str, str, str]) -> Site:
    made = {
        f"L-{n}": Device(
            f"L-{n}",
            DeviceKind.LINKAGE,
            System.INTEGRATION,
            "",
            attributes={"source": source, "target": target} | ({"effect": effect} if effect else {}),
        )
        for n, (source, target, effect) in enumerate(pairs)
    }
    return replace(site, devices={**site.devices, **made})


@pytest.mark.parametrize(
    ("pairs", "source", "actions"),
    [
        ([("Z01", "D01", "")], "Z01", {"lock_release"}),
        ([("Z01", "D01", ""), ("D01", "PANEL-1", "")], "Z01", {"lock_release", "siren"}),
        ([("Z01", "D01", ""), ("ACS-1", "POLICE-1", "")], "Z01", {"lock_release", "dispatch"}),
        ([("PANEL-1", "POLICE-1", "")], "Z01", {"dispatch"}),
        ([("D01", "PANEL-1", "siren")], "ACS-1", {"siren"}),
        ([("Z01", "D01", ""), ("D01", "Z01", "siren")], "Z01", {"lock_release", "siren"}),
        ([("Z01", "Z02", "lamp")], "Z01", {"hold_up"}),
        ([("Z01", "CAM-1", "")], "Z01", set()),
        ([("Z02", "D01", "")], "Z01", set()),
    ],
)
def test_a_stimulus_needs_the_release_of_all_it_sets_off_through_linkages(
    tmp_path: Path, pairs: list[tuple[str, str, str]], source: str, actions: set[str]
) -> None:
    site = linked(site_with(tmp_path), *pairs)
    assert linked_to(site, site.devices[source]) == actions


def test_firing_a_pair_needs_what_its_source_needs(tmp_path: Path) -> None:
    site = linked(site_with(tmp_path), ("Z02", "CAM-1", ""), ("ACS-1", "CAM-1", ""), ("Z01", "CAM-1", ""))
    needed = [fired_by(site, site.devices[name]) for name in ("L-0", "L-1", "L-2")]
    assert needed == [{"hold_up", "siren"}, {"fire_interface", "lock_release"}, {"siren"}]


def test_an_interface_that_is_not_in_the_inventory_is_told(tmp_path: Path) -> None:
    where = folder(tmp_path)
    text = INVENTORY.replace("平台,,,,,,stop", "平台,,,,,interfaces=PANEL-1、ACS-9,stop")
    (where / "inventory.csv").write_text(text, encoding="utf-8")
    _, mistakes = read_site(where)
    assert [one.what for one in mistakes] == ["PLAT-1: interfaces name ACS-9, which is not in the inventory."]
