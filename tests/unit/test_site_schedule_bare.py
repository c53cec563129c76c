# SPDX-License-Identifier: Apache-2.0
"""Sheets without a head, tables of marks, tables of doors, and numbers that stand together with a parent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.site.schedule import Drafted, Why


def lines(drafted: Sequence[Drafted], *columns: str) -> list[tuple[str, ...]]:
    return [
        (
            str(one.row.kind),
            *(getattr(one, name) if hasattr(one, name) else one.row[name] for name in columns),
        )
        for one in drafted
    ]


def test_a_table_without_a_head_is_read_by_what_stands_in_it(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["C-1", "大门入口", "枪型摄像机", "10.1.1.11", "NVR-1"],
        ["C-2", "一层大堂", "半球摄像机", "10.1.1.12", "NVR-1"],
        ["NVR-1", "监控室", "16路NVR", "10.1.1.2", ""],
    )
    assert lines(drafted, "id", "location", "host", "parent") == [
        ("camera", "C-1", "大门入口", "10.1.1.11", "NVR-1"),
        ("camera", "C-2", "一层大堂", "10.1.1.12", "NVR-1"),
        ("recorder", "NVR-1", "监控室", "10.1.1.2", ""),
    ]
    assert [one.text for one in reported if one.why is Why.COLUMN_READ] == ["A", "B", "C", "D", "E"]


def test_the_first_device_of_a_table_without_a_head_is_no_head(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["枪机", "东门"], ["球机", "操场"], ["双鉴探测器", "财务室"])
    assert lines(drafted, "location") == [("camera", "东门"), ("camera", "操场"), ("zone", "财务室")]


def test_sections_of_a_table_without_a_head_say_the_system(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["一、视频监控系统"],
        ["枪机", "东门"],
        ["二、入侵报警系统"],
        ["门磁", "库房"],
        ["紧急按钮", "值班室"],
    )
    assert lines(drafted) == [("camera",), ("zone",), ("zone",)]


def test_zones_without_a_head_have_their_numbers(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["001防区", "红外微波双鉴", "文印室", "即时防区"],
        ["002防区", "玻璃破碎", "保密室", "延时防区"],
    )
    assert [(one.number, one.attributes) for one in drafted] == [
        ("1", ("detector=dual", "type=即时防区")),
        ("2", ("detector=glass_break", "type=延时防区")),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["▲", "半球摄像机"], ["●", "枪型摄像机"]],  # a legend
        [["半球摄像机", "DS-1", "3台"], ["枪型摄像机", "DS-2", "4台"]],  # a bill: where they stand is open
        [["大厅", "保洁"], ["东门", "保安"]],
    ],
)
def test_a_sheet_that_places_no_equipment_is_no_table_of_devices(
    tmp_path: Path, rows: Sequence[Sequence[object]]
) -> None:
    drafted, _ = read(tmp_path, *rows)
    assert drafted == []


def test_marks_count_one_thing_each(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["展室", "红外双鉴", "玻璃破碎", "摄像机"],
        ["金库", "√", "√", "√"],
        ["大厅", "", "", "√"],
    )
    assert lines(drafted, "location") == [
        *(("zone", "金库"), ("zone", "金库"), ("camera", "金库"), ("camera", "大厅")),
    ]


def test_numbers_of_rooms_count_nothing(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["楼栋", "户号", "红外探测器", "紧急按钮"], ["1栋", 101, 1, 1], ["1栋", 102, 1, 0]
    )
    assert lines(drafted) == [("zone",), ("zone",), ("zone",)]


def test_a_table_with_locks_lists_doors_and_its_readers_are_no_devices(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "门名称", "门锁类型", "读头IP", "控制器", "控制器端口", "门磁"],
        [1, "东侧疏散门", "双门磁力锁", "192.168.8.11", "AC-01", 1, "有"],
        [2, "设备间", "电插锁", "192.168.8.12", "AC-01", 2, "无"],
    )
    assert lines(drafted, "parent", "number", "host") == [
        ("door_controller", "", "", ""),  # made; the address of a reader is not its own
        ("door", "AC-01", "1", ""),
        ("door", "AC-01", "2", ""),
    ]


def test_an_english_table_with_locks_lists_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Door", "Location", "Lock", "Reader", "Controller", "Reader port"],
        ["D001", "Lobby", "Maglock", "Mullion", "ACP-1", 1],
        ["D002", "Lab", "Strike", "Keypad", "ACP-1", 2],
    )
    assert lines(drafted, "id", "parent", "number")[1:] == [
        ("door", "D001", "ACP-1", "1"),
        ("door", "D002", "ACP-1", "2"),
    ]


def test_how_a_door_is_opened_is_no_kind(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["门名称", "门禁类型"], ["药库门", "双人刷卡"], ["产房门", "人脸"], ["机房门", "刷卡+密码"]
    )
    assert lines(drafted) == [("door",)] * 3


@pytest.mark.parametrize(
    ("recorder", "channels", "numbers"),
    [
        ("NVR-1", ["D1", "D2"], ["1", "2"]),
        ("硬盘录像机1", ["D1", "D2"], ["", ""]),  # perhaps a hybrid one, which counts on after A1
        ("DVR-1", ["D1", "D2"], ["", ""]),
        ("NVR-1", ["A1", "D1"], ["", ""]),
        ("NVR-1", ["CH1", "CH2"], ["1", "2"]),
    ],
)
def test_digital_channels_are_numbers_at_a_recorder_of_network_cameras(
    tmp_path: Path, recorder: str, channels: Sequence[str], numbers: Sequence[str]
) -> None:
    rows = [["半球", f"大厅{n}", one, recorder] for n, one in enumerate(channels)]
    drafted, _ = read(tmp_path, ["设备名称", "位置", "通道", "所属录像机"], *rows)
    assert [one.number for one in drafted if str(one.row.kind) == "camera"] == numbers


@pytest.mark.parametrize(
    ("zones", "numbers"),
    [
        (["Z1", "Z2"], ["1", "2"]),
        (["Z101", "Z102"], ["", ""]),  # perhaps module 1, zones 1 and 2
        (["1#防区", "2#防区"], ["1", "2"]),
        (["模块1-防区1", "模块2-防区1"], ["", ""]),
    ],
)
def test_zones_of_a_column_of_zones(tmp_path: Path, zones: Sequence[str], numbers: Sequence[str]) -> None:
    rows = [[one, "红外对射", f"围墙{n}段"] for n, one in enumerate(zones)]
    drafted, _ = read(tmp_path, ["防区", "探测器", "位置"], *rows)
    assert [one.number for one in drafted] == numbers


def test_a_parent_and_a_number_may_stand_in_one_cell(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "位置", "接入"],
        ["101-C-1", "半球摄像机", "站厅", "101-NVR-01/D1"],
        ["101-C-2", "球型摄像机", "站厅", "101-NVR-01/D2"],
        ["101-NVR-01", "网络录像机", "机房", ""],
    )
    assert lines(drafted, "parent", "number")[:2] == [
        ("camera", "101-NVR-01", "1"),
        ("camera", "101-NVR-01", "2"),
    ]


def test_the_port_beside_a_switch_is_no_number(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "接入设备", "接入端口"],
        ["C-1", "半球摄像机", "SW-01", 1],
        ["C-2", "半球摄像机", "SW-01", 2],
    )
    assert [one.number for one in drafted if str(one.row.kind) == "camera"] == ["", ""]


def test_remarks_say_the_kind_where_nothing_else_does(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["编号", "位置", "备注"], ["A1", "东门", "枪机，红外"], ["A2", "值班室", "紧急按钮"]
    )
    assert lines(drafted, "note") == [("camera", "枪机，红外"), ("zone", "紧急按钮")]
    drafted, _ = read(
        tmp_path, ["编号", "位置", "备注"], ["A1", "东门", "联动枪机"], ["A2", "西门", "联动球机"]
    )
    assert lines(drafted) == [("None",), ("None",)]


def test_a_type_in_two_languages_is_that_of_a_zone(tmp_path: Path) -> None:
    head = ["Zone No. 防区", "Device 设备", "Area 区域", "Type 类型"]
    drafted, _ = read(
        tmp_path, head, [1, "PIR 红外", "大堂", "Instant 即时"], [2, "门磁", "后门", "Delay 延时"]
    )
    assert [one.attributes for one in drafted] == [
        ("detector=infrared", "type=normal"),
        ("detector=contact", "type=entry"),
    ]


@pytest.mark.parametrize(("remark", "zones"), [("4个防区", 4), ("4防区", 1), ("14个防区", 1), ("", 1)])
def test_so_many_zones_as_the_remark_says(tmp_path: Path, remark: str, zones: int) -> None:
    head = ["设备名称", "位置", "数量", "备注"]
    drafted, _ = read(tmp_path, head, ["脉冲电子围栏", "围墙", 4, remark], ["双鉴探测器", "库房", 1, ""])
    assert sum(one.row["location"] == "围墙" for one in drafted) == zones


def test_a_section_of_fire_alarms_is_of_another_trade(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "位置"],
        ["一、火灾报警"],
        ["感烟探测器", "仓库"],
        ["手动报警按钮", "仓库"],
        ["二、入侵报警"],
        ["双鉴探测器", "仓库"],
    )
    assert lines(drafted) == [("zone",)]
