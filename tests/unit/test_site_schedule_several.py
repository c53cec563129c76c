# SPDX-License-Identifier: Apache-2.0
"""Rows of several devices in numbered columns, and lists whose heads name fences, points and capacities."""

from __future__ import annotations

from pathlib import Path

from tests.support.point_lists import read
from yanshou.site.schedule import Why


def test_numbered_columns_of_detectors_each_give_a_zone_with_its_number(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["展柜编号", "安装位置", "探测器1", "探测器2", "防区1", "防区2"],
        ["ZG-01", "一展厅", "震动", "玻璃破碎", 1, 2],
        ["ZG-02", "一展厅", "震动", "", 3, ""],
        ["ZG-03", "二展厅", "", "玻璃破碎", "", 4],
    )
    assert [(one.number, one.attributes) for one in drafted] == [
        ("1", ("detector=vibration",)),
        ("2", ("detector=glass_break",)),
        ("3", ("detector=vibration",)),
        ("4", ("detector=glass_break",)),
    ]
    assert [one.line for one in reported if one.why is Why.ID_TWICE] == [2]


def test_a_list_of_sections_of_a_fence_is_one_of_zones(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["围栏防区", "起始点", "结束点", "长度", "围栏主机", "防区通道", "联动摄像机"],
        ["A1", "大门岗亭", "3号楼", 90, "ZJ01", 1, "C-11"],
        ["A2", "3号楼", "5号楼", 95, "ZJ01", 2, "C-12"],
    )
    assert [(str(one.row.kind), one.name, one.parent, one.number) for one in drafted if one.number] == [
        ("zone", "A1", "ZJ01", "1"),
        ("zone", "A2", "ZJ01", "2"),
    ]


def test_what_a_recorder_takes_is_no_number_of_it(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["位置", "设备名称", "接入主机", "防区/通道"],
        ["大门", "枪机", "NVR", 1],
        ["主控室", "NVR", "", "16路"],
    )
    assert [(str(one.row.kind), one.number) for one in drafted] == [("camera", "1"), ("recorder", "")]
    assert not [one for one in reported if one.why is Why.NUMBER]


def test_the_points_of_access_control_name_its_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼栋", "楼层", "门禁点位", "门禁设备", "锁", "控制器"],
        ["门诊楼", "1F", "药房", "读卡器", "电插锁", "MJ-1"],
        ["住院楼", "5F", "ICU", "人脸机", "磁力锁", "MJ-5"],
    )
    doors = [(one.name, one.row["location"]) for one in drafted if str(one.row.kind) == "door"]
    assert doors == [("药房", "门诊楼 1F"), ("ICU", "住院楼 5F")]


def test_a_form_of_cameras_is_counted_beside_others(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["区域", "半球", "枪机", "全景"], ["中庭", 1, 0, 1], ["连廊", 0, 1, 0])
    assert [str(one.row.kind) for one in drafted] == ["camera"] * 3
    drafted, _ = read(tmp_path, ["区域", "双鉴", "门磁", "全景"], ["中庭", 1, 1, 1], ["连廊", 1, 1, 1])
    assert "camera" not in {str(one.row.kind) for one in drafted}


def test_a_door_by_its_leaf_may_have_a_letter(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["门类别", "锁具型号", "控制主机", "安装部位"],
        ["联动门（A）", "SL-100", "LD-1", "现金区入口"],
        ["加钞间门", "SL-200", "LD-1", "加钞间"],
    )
    assert [str(one.row.kind) for one in drafted if one.row["location"]] == ["door", "door"]


def test_a_second_column_of_devices_with_their_ids_leaves_the_row_to_a_person(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备", "编号", "安装位置", "设备", "编号"],
        ["摄像机", "C-01", "一层大厅", "双鉴", "B-01"],
        ["摄像机", "C-02", "二层走廊", "双鉴", "B-02"],
    )
    assert [(one.id, str(one.row.kind)) for one in drafted] == [("C-01", "None"), ("C-02", "None")]
    assert all({one.row["kind"], one.row["kind again"]} == {"摄像机", "双鉴"} for one in drafted)


def test_readers_and_locks_beside_a_controller_are_those_of_a_door(tmp_path: Path) -> None:
    head = ["楼层", "房间名称", "就地控制器", "读卡器(入)", "读卡器(出)", "电锁"]
    rows = [["站厅", "信号室", "LC-01", 1, 1, 1], ["站台", "票务室", "LC-02", 1, 0, 1]]
    drafted, _ = read(tmp_path, head, *rows)
    assert [(str(one.row.kind), one.parent) for one in drafted if one.row["location"]] == [
        ("door", "LC-01"),
        ("door", "LC-02"),
    ]
    head = ["楼栋", "门禁设备", "锁", "控制器"]
    drafted, _ = read(
        tmp_path, head, ["门诊楼", "读卡器", "电插锁", "M-1"], ["住院楼", "读卡器", "磁力锁", "M-2"]
    )
    assert [str(one.row.kind) for one in drafted if one.row["location"]] == ["door", "door"]


def test_of_two_columns_of_devices_each_row_may_fill_one(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["位置", "探测器", "摄像机", "编号", "防区"],
        ["窟门", "门磁", "", "T-01", 1],
        ["窟内", "", "低照度枪机", "S-01", ""],
        ["窟前", "红外对射", "", "T-02", 2],
        ["崖顶", "", "云台摄像机", "S-02", ""],
    )
    assert [(one.id, str(one.row.kind), one.number) for one in drafted] == [
        ("T-01", "zone", "1"),
        ("S-01", "camera", ""),
        ("T-02", "zone", "2"),
        ("S-02", "camera", ""),
    ]
