# SPDX-License-Identifier: Apache-2.0
"""What titles say of the rows below them, and what parts, plurals and ranges of addresses say of a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind, System
from yanshou.site.schedule import Why
from yanshou.site.schedule.meanings import UNTESTED
from yanshou.site.schedule.terms import Context, meaning

ZONES = ["防区", "探测器", "位置"]


def test_a_title_names_the_panel_that_all_zones_below_it_hang_on(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path, ["报警主机：H1  型号：CC408"], ZONES, ["01", "紧急按钮", "柜台"], ["02", "双鉴", "库房"]
    )
    assert [(str(one.row.kind), one.id, one.parent, one.number) for one in drafted] == [
        ("panel", "H1", "", ""),
        ("zone", "Z001", "H1", "1"),
        ("zone", "Z002", "H1", "2"),
    ]
    assert [one.text for one in reported if one.why is Why.PARENT_MADE] == ["H1 H1"]


@pytest.mark.parametrize(
    "title", ["二号主机防区表", "报警主机：H1、H2", "报警主机：位于消控室", "报警主机：H1~H3"]
)
def test_a_title_that_names_no_one_panel_ends_what_the_one_above_said(tmp_path: Path, title: str) -> None:
    drafted, _ = read(
        tmp_path, ["报警主机：H1"], ZONES, ["01", "门磁", "前门"], [title], ZONES, ["01", "门磁", "后门"]
    )
    zones = [one for one in drafted if one.row.kind is DeviceKind.ZONE]
    assert [(one.row["location"], one.parent) for one in zones] == [("前门", "H1"), ("后门", "")]


def test_a_zone_keeps_the_panel_of_its_own_cell_and_a_camera_has_none(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["报警主机：H1"],
        ["编号", "设备名称", "位置", "上级设备"],
        ["H1", "报警主机", "机房", ""],
        ["H2", "报警主机", "机房", ""],
        ["A1", "双鉴探测器", "库房", "H2"],
        ["A2", "双鉴探测器", "走廊", ""],
        ["C1", "枪机", "走廊", ""],
    )
    assert [(one.id, one.parent) for one in drafted][2:] == [("A1", "H2"), ("A2", "H1"), ("C1", "")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("IP Cameras", DeviceKind.CAMERA),
        ("Card Readers", DeviceKind.READER),
        ("Access card reader", DeviceKind.READER),
        ("Panic Buttons", DeviceKind.ZONE),
        ("License plate dome camera", DeviceKind.CAMERA),
    ],
)
def test_english_names_of_several_are_those_of_one(name: str, kind: DeviceKind) -> None:
    found = meaning(name, Context())
    assert found is not None
    assert (found.kind, found.clear) == (kind, True)


@pytest.mark.parametrize(
    "name",
    [
        "VMS Camera Licence",
        "Zone Expander Module",
        "Proximity Cards",
        "Key fobs",
        "Test Piece for WTMD",
        "Camera pole 6m",
        "PoE Switches",
        "EM Locks",
    ],
)
def test_english_names_of_parts_are_no_devices(name: str) -> None:
    assert meaning(name, Context()) == UNTESTED


@pytest.mark.parametrize("name", ["Pole 3", "PTZ North Pole", "Conveyor 2", "1#输送机", "皮带机辊道"])
def test_the_place_of_a_camera_is_no_part(name: str) -> None:
    assert meaning(name, Context(System.VIDEO, kind=DeviceKind.CAMERA)) != UNTESTED


@pytest.mark.parametrize("name", ["前传送带（1.5m）", "无动力辊道", "测试箱（A类）", "Roller Conveyor 1m"])
def test_what_belongs_to_an_x_ray_machine_is_a_part_of_it(name: str) -> None:
    assert meaning(name, Context(System.SECURITY_INSPECTION)) == UNTESTED
    assert meaning(name, Context()) != UNTESTED


def test_a_part_of_a_bill_is_a_title_and_a_device_is_none(tmp_path: Path) -> None:
    head = ["序号", "设备名称", "数量", "位置"]
    drafted, reported = read(
        tmp_path,
        head,
        ["1.1", "前端设备"],
        ["1", "枪机", 1, "东门"],
        ["1.2", "中心设备"],
        ["1", "报警主机", 1, "机房"],
        ["2.1", "门禁控制器"],
    )
    assert [str(one.row.kind) for one in drafted] == ["camera", "panel", "door_controller"]
    assert [one.text for one in reported if one.why is Why.TEXT] == ["1.1 前端设备", "1.2 中心设备"]


@pytest.mark.parametrize(
    ("address", "note", "hosts"),
    [
        ("172.16.1.101~103", "", ["172.16.1.101", "172.16.1.102", "172.16.1.103"]),
        ("172.16.1.101-172.16.1.102", "共2台", ["172.16.1.101", "172.16.1.102"]),
        ("172.16.1.101~103", "共4台", [""]),
        ("172.16.1.10/24", "", ["172.16.1.10"]),
    ],
)
def test_a_range_of_addresses_is_that_of_several_devices(
    tmp_path: Path, address: str, note: str, hosts: list[str]
) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "IP地址", "位置", "备注"],
        ["球机", address, "楼顶", note],
        ["枪机", "", "门", ""],
    )
    assert [one.host for one in drafted if one.row.line == 2] == hosts


@pytest.mark.parametrize("nothing", ["空防区", "预留防区", "Spare zone", "备用"])
def test_an_input_that_nothing_hangs_on_is_asked_about(tmp_path: Path, nothing: str) -> None:
    drafted, reported = read(tmp_path, ZONES, [1, "门磁", "前门"], [2, nothing, ""])
    assert [one.row.kind for one in drafted] == [DeviceKind.ZONE, None]
    assert [one.line for one in reported if one.why is Why.UNCLEAR] == [3]


def test_what_a_row_is_connected_to_is_read_whatever_its_head(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Tag No.", "Description", "Location", "Connection"],
        ["NVR-01", "Network Video Recorder", "Room", ""],
        ["IAP-01", "Intruder Alarm Panel", "Room", ""],
        ["CAM-1", "Dome Camera", "Lobby", "NVR-01 / CH1"],
        ["CAM-2", "Dome Camera", "Hall", "NVR-01 / CH2"],
        ["PIR-1", "PIR Detector", "Store", "IAP-01 Zone 4"],
        ["TS-1", "Tripod Turnstile", "Lobby", "NVR-02"],
    )
    assert [(one.parent, one.number) for one in drafted][2:] == [
        ("NVR-01", "1"),
        ("NVR-01", "2"),
        ("IAP-01", "4"),
        ("", ""),  # of which no controller is made
    ]


def test_a_column_of_interfaces_names_nothing_a_row_hangs_on(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Tag No.", "Description", "Location", "Connection"],
        ["CAM-1", "Dome Camera", "Lobby", "RJ45"],
        ["CAM-2", "Dome Camera", "Hall", "RJ45"],
    )
    assert [(one.parent, str(one.row.kind)) for one in drafted] == [("", "camera")] * 2
