# SPDX-License-Identifier: Apache-2.0
"""Tables that count things floor by floor, and lists of forms of cameras, of classes and of doors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import read, read_file, write_book
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.placed import is_floor


def kinds(drafted: Sequence[Drafted]) -> list[tuple[str, str]]:
    return [(str(one.row.kind), one.row["location"]) for one in drafted]


@pytest.mark.parametrize("floors", [("B1", "1F", "2F"), ("地下一层", "一层", "二层"), ("A栋", "B栋", "C栋")])
def test_a_thing_is_on_each_floor_that_counts_some_of_it(tmp_path: Path, floors: tuple[str, ...]) -> None:
    drafted, reported = read(
        tmp_path,
        ["行政中心安防设备分层统计表"],
        ["设备名称", "单位", *floors, "合计"],
        ["高清半球摄像机", "台", 2, 1, 0, 3],
        ["网络硬盘录像机", "台", "", 1, "", 1],
        ["双鉴探测器", "个", "", "", 3, 3],
        ["POE交换机", "台", 1, 1, 1, 3],
        ["全景摄像机", "台", "", "", "", 2],  # where they are the sheet does not say
    )
    assert kinds(drafted) == [
        *[("camera", floors[0])] * 2,
        ("camera", floors[1]),
        ("recorder", floors[1]),
        ("zone", floors[2]),
        *[("camera", "")] * 2,
    ]
    assert [one.line for one in reported if one.why is Why.QUANTITY] == [5]
    assert {one.line for one in reported if one.why is Why.UNTESTED} == {6}


def test_floors_beside_the_list_double_no_device(tmp_path: Path) -> None:
    counts = [["设备名称", "B1", "1F", "合计"], ["半球摄像机", 1, 1, 2]]
    places = [["编号", "设备名称", "安装位置"], ["C1", "半球摄像机", "车库"], ["C2", "半球摄像机", "大厅"]]
    _, drafted, reported = read_file(write_book(tmp_path, ("统计", counts), ("明细", places)))
    assert [one.id for one in drafted] == ["C1", "C2"]
    assert {one.why for one in reported} >= {Why.BILL}


def test_a_row_that_names_two_floors_is_no_head(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "起点", "终点", "防区号"],
        ["振动光缆", "1号楼", "2号楼", 1],
        ["振动光缆", "2号楼", "3号楼", 2],
    )
    assert [(str(one.row.kind), one.number) for one in drafted] == [("zone", "1"), ("zone", "2")]


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        *((one, True) for one in ("B1", "3F", "-1", "F12", "地下一层", "2号楼", "A栋", "屋顶", "12层")),
        *((one, False) for one in ("1", "C01", "半球", "防区1", "NVR1", "大厅", "10台")),
    ],
)
def test_what_is_a_floor(text: str, floor: object) -> None:
    assert is_floor(text) is floor


def test_a_column_of_the_forms_of_cameras_lists_cameras(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "社区", "路口名称", "枪/球", "朝向"],
        [1, "东风社区", "人民路口", "枪", "朝南"],
        [2, "东风社区", "人民路口", "球", "全景"],
    )
    assert kinds(drafted) == [("camera", "东风社区 人民路口")] * 2


def test_a_class_that_names_the_system_of_another_trade(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["类别", "设施名称", "位置", "数量"],
        ["监控系统", "枪机", "围墙", 1],
        ["消防系统", "烟感", "各楼层", 360],
        ["停车场系统", "半球摄像机", "车库", 1],  # one of ours, whoever it serves
    )
    assert [(one.row.line, str(one.row.kind)) for one in drafted] == [(2, "camera"), (4, "None")]
    assert [one.line for one in reported if one.why is Why.UNTESTED] == [3]


def test_what_has_a_number_at_a_controller_in_a_list_of_doors_is_a_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Door Ref.", "Description", "Lock Type", "Panel", "Port"],
        ["D01", "Roof access", "EM lock", "ACP-01", 1],
        ["D02", "Mail room", "EM lock", "ACP-01", 2],
        ["D03", "Something else", "EM lock", "", ""],
    )
    doors = [one for one in drafted if one.row.kind == "door"]
    assert [(one.id, one.parent, one.number) for one in doors] == [
        ("D01", "ACP-01", "1"),
        ("D02", "ACP-01", "2"),
    ]


def test_points_that_count_are_no_names(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["Point", "Text", "Area"], [1, "Lobby PIR", 1], [2, "Office PIR", 1])
    assert [one.name for one in drafted] == ["Lobby PIR", "Office PIR"]


@pytest.mark.parametrize("written", ["瞬时", "即时防区", "立即"])
def test_a_zone_that_answers_at_once_is_a_normal_one(tmp_path: Path, written: str) -> None:
    rows = [["001", written, "玻璃破碎", "大厅"], ["002", "延时", "门磁", "后门"]]
    drafted, reported = read(tmp_path, ["防区号", "防区类型", "设备名称", "安装位置"], *rows)
    assert drafted[0].attributes == ("detector=glass_break", f"type={written}")
    assert not [one for one in reported if one.why is Why.ATTRIBUTE]


def test_tables_below_the_recorders_they_hang_on(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["储蓄所监控通道对照表"],
        ["NVR1", "", "", "", "NVR2", "", ""],
        ["通道", "名称", "类型", "", "通道", "名称", "类型"],
        [1, "大门外", "枪机", "", 1, "加钞间", "半球"],
        [2, "营业厅", "半球", "", "", "", ""],
        merged=["A2:C2", "E2:G2"],
    )
    assert [(str(one.row.kind), one.name, one.parent, one.number) for one in drafted] == [
        ("recorder", "NVR1", "", ""),
        ("recorder", "NVR2", "", ""),
        ("camera", "大门外", "NVR1", "1"),
        ("camera", "加钞间", "NVR2", "1"),
        ("camera", "营业厅", "NVR1", "2"),
    ]


def test_what_is_wired_to_a_controller_is_no_device_above(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["门禁控制器接线表"],
        ["控制器编号", "端子", "接入设备", "线缆编号", "终端位置"],
        ["AC1", "RD1", "读卡器", "L001", "东门"],
        ["AC1", "LK1", "磁力锁", "L002", "东门"],
        ["AC1", "RD2", "读卡器", "L003", "西门"],
    )
    readers = [one for one in drafted if one.row.kind == "reader"]
    assert [(one.parent, one.row["location"]) for one in readers] == [("AC1", "东门"), ("AC1", "西门")]
    assert [str(one.row.kind) for one in drafted if one not in readers] == ["door_controller"]
    assert [one.line for one in reported if one.why is Why.UNTESTED] == [4]


def test_a_car_of_a_lift_with_the_model_of_its_camera(tmp_path: Path) -> None:
    rows = [["K1", "DS-2XC2", "10.9.1.11", "B2-18F"], ["K2", "DS-2XC2", "10.9.1.12", "B2-18F"]]
    drafted, _ = read(tmp_path, ["梯号", "轿厢摄像机型号", "IP", "层站"], *rows)
    assert [(str(one.row.kind), one.row["location"], one.host) for one in drafted] == [
        ("camera", "K1", "10.9.1.11"),
        ("camera", "K2", "10.9.1.12"),
    ]


def test_numbered_english_sections_say_the_system(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["No.", "Equipment", "Location", "Qty"],
        ["1.0", "CCTV SYSTEM", "", ""],
        ["1.1", "32 ch NVR c/w 4 x 8TB HDD", "Comms room", 1],
        ["2.0", "INTRUDER ALARM SYSTEM", "", ""],
        ["2.1", "16 zone control panel", "Comms room", 1],
    )
    assert [str(one.row.kind) for one in drafted] == ["recorder", "panel"]
    assert [one.line for one in reported if one.why is Why.TEXT] == [2, 4]


def test_the_line_of_signatures_below_a_table_is_no_device(tmp_path: Path) -> None:
    rows = [["枪机", "东门", "正常"], ["枪机", "西门", "正常"], ["巡检人：", "", "甲方确认："]]
    drafted, reported = read(tmp_path, ["设备名称", "安装位置", "检查结果"], *rows)
    assert len(drafted) == 2
    assert [one.line for one in reported if one.why is Why.TEXT] == [4]


@pytest.mark.parametrize(
    ("title", "kinds_read"),
    [
        ("社区服务中心机房设备", ["recorder", "panel"]),  # what stands there, of whatever system
        ("停车场管理系统", ["None", "None"]),  # both may be ours
        ("消防报警系统", ["None"]),
    ],
)
def test_a_panel_is_left_out_only_as_one_of_fire(tmp_path: Path, title: str, kinds_read: list[str]) -> None:
    rows = [["网络硬盘录像机", "N-1", "DS-7816N"], ["报警主机", "B-1", "X-1"], ["核心交换机", "S-1", "S5130"]]
    drafted, reported = read(tmp_path, [title], ["名称", "编号", "型号"], *rows, sheet="设备")
    assert [str(one.row.kind) for one in drafted] == kinds_read
    assert {one.line for one in reported if one.why is Why.UNTESTED} == {5} | (
        {4} if len(drafted) == 1 else set()
    )


def test_a_quantity_may_have_its_unit_beside_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["序号", "分项名称", "数量及单位"], [1, "枪型摄像机", "2台"], [2, "读卡器", "1个"]
    )
    assert [str(one.row.kind) for one in drafted] == ["camera", "camera", "reader"]
