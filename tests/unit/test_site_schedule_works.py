# SPDX-License-Identifier: Apache-2.0
"""Names that end in a device and are none of it: parts, licences and work; controllers written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind, System
from yanshou.site.schedule.meanings import UNCLEAR
from yanshou.site.schedule.terms import Context, meaning


@pytest.mark.parametrize(
    "name",
    [
        "授权：摄像机",
        "支架/摄像机",
        "拆除半球摄像机",
        "备用摄像机",
        "Bracket - dome camera",
        "Power supply unit, camera",
        "Software licence - 64 cameras",
        "Removal of old cameras",
        "Relocation of existing card reader",
        "Spare dome camera",
        "Camera wall mount",
    ],
)
def test_a_part_or_work_whose_name_ends_in_a_device_is_asked_about(name: str) -> None:
    assert meaning(name, Context()) == UNCLEAR


def test_a_licence_for_each_camera_makes_no_cameras(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Item", "Description", "Qty", "Location"],
        ["1", "Dome camera", 1, "Lobby"],
        ["2", "VMS software licence per camera", 6, ""],
    )
    assert [str(one.row.kind) for one in drafted] == ["camera"]


@pytest.mark.parametrize(
    "name",
    [
        "Supply & install 4MP dome camera",
        "License plate dome camera",
        "Spare room dome camera",
        "维修车间半球摄像机",
        "检修通道枪机",
        "更换摄像机",
        "安装枪型摄像机",
        "Installation of camera",
        "枪机/半球",
    ],
)
def test_a_camera_by_its_place_is_one(name: str) -> None:
    found = meaning(name, Context(System.VIDEO))
    assert found is not None
    assert (found.kind, found.clear) == (DeviceKind.CAMERA, True)


@pytest.mark.parametrize(
    "note",
    [
        "不在本次范围",
        "仅预埋管线",
        "by others",
        "To be installed",
        "Removed due to renovation",
        "暂缓安装",
    ],
)
def test_what_is_not_in_the_scope_is_asked_about(tmp_path: Path, note: str) -> None:
    drafted, _ = read(tmp_path, ["编号", "设备名称", "备注"], ["C-1", "枪机", note], ["C-2", "枪机", "甲供"])
    assert [one.row.kind for one in drafted] == [None, DeviceKind.CAMERA]


HEAD = ["控制器", "IP地址", "端口", "门名称"]
FIRST = [["MJ-01", "10.9.1.1", "1", "机房"], ["", "", "2", "库房"], ["", "", "3", "备用"]]


def test_a_controller_written_at_its_first_door_is_that_of_the_doors_below(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, HEAD, *FIRST, ["MJ-02", "10.9.1.2", "1", "大门"], ["", "", "2", "侧门"])
    doors = [(one.name, one.parent, one.number) for one in drafted if one.row.kind is DeviceKind.DOOR]
    assert doors == [
        ("机房", "MJ-01", "1"),
        ("库房", "MJ-01", "2"),
        ("大门", "MJ-02", "1"),
        ("侧门", "MJ-02", "2"),
    ]
    hosts = [(one.id, one.host) for one in drafted if one.row.kind is DeviceKind.DOOR_CONTROLLER]
    assert hosts == [("MJ-01", "10.9.1.1"), ("MJ-02", "10.9.1.2")]


@pytest.mark.parametrize(
    "other",
    [
        [["MJ-02", "10.9.1.2", "1", "大门"], ["", "", "3", "侧门"]],  # a door between them is missing
        [["MJ-02", "10.9.1.2", "2", "大门"], ["", "", "3", "侧门"]],
        [["MJ-01", "10.9.1.1", "1", "大门"], ["", "", "2", "侧门"]],
    ],
)
def test_a_door_that_may_hang_on_another_controller_is_asked_about(
    tmp_path: Path, other: list[list[object]]
) -> None:
    drafted, _ = read(tmp_path, HEAD, *FIRST, *other)
    assert {one.parent for one in drafted if one.name in {"库房", "侧门"}} == {""}


def test_a_port_of_the_network_is_no_number_of_a_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, HEAD, ["MJ-01", "10.9.1.1", "80", "机房"], ["MJ-02", "10.9.1.2", "80", "大门"]
    )
    assert {one.number for one in drafted} == {""}


def test_baggage_scanners_by_their_way_are_x_ray_machines() -> None:
    found = meaning("CT型行李安检设备", Context(System.SECURITY_INSPECTION))
    assert found is not None
    assert found.kind is DeviceKind.XRAY


@pytest.mark.parametrize(
    ("state", "there"),
    [
        ("已完成", True),
        ("安装调试完成", True),
        ("未完成", False),
        ("预计6月完成", False),
        ("部分完成", False),
    ],
)
def test_what_is_completed_is_there(tmp_path: Path, state: str, there: bool) -> None:
    drafted, _ = read(
        tmp_path, ["编号", "设备名称", "安装状态"], ["C-1", "枪机", state], ["C-2", "枪机", "已安装"]
    )
    assert [one.row.kind for one in drafted] == [DeviceKind.CAMERA if there else None, DeviceKind.CAMERA]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Intruder panel", DeviceKind.PANEL),
        ("Swing gate barrier", DeviceKind.DOOR),
        ("Dome camera, wall mounted", DeviceKind.CAMERA),
        ("PIR ceiling mount", DeviceKind.ZONE),
        ("SFP module", None),
        ("PoE injector", None),
        ("Door strike", None),
    ],
)
def test_english_things_by_their_nouns(name: str, kind: DeviceKind | None) -> None:
    found = meaning(name, Context())
    assert found is not None
    assert (found.kind, found.clear) == (kind, True)


def test_zones_have_the_number_of_their_address(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["防区编址", "设备名称", "位置"], ["001", "双鉴", "库房"], ["002", "幕帘", "窗"]
    )
    assert [(one.number, str(one.row.kind)) for one in drafted] == [("1", "zone"), ("2", "zone")]


def test_a_column_of_ports_and_zones_has_the_numbers_of_both(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["点位编号", "设备类型", "安装区域", "管理主机", "端口/防区"],
        ["P-1", "枪机", "库", "NVR-1", "2"],
        ["P-2", "双鉴探测器", "库", "BJ-1", "3"],
        ["P-3", "振动光纤", "墙", "BJ-1", "4、5"],
        ["NVR-1", "NVR", "室", "", ""],
        ["BJ-1", "报警主机", "室", "", ""],
    )
    assert [(one.parent, one.number) for one in drafted][:4] == [
        ("NVR-1", "2"),
        ("BJ-1", "3"),
        ("BJ-1", "4"),
        ("BJ-1", "5"),
    ]
