# SPDX-License-Identifier: Apache-2.0
"""Quantities, states and remarks that give no one number, or say that a thing is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind
from yanshou.site.schedule import Why

HEAD = ["设备名称", "数量", "位置"]


@pytest.mark.parametrize(
    ("quantity", "count"),
    [("贰", 2), ("十二台", 12), ("三", 3), ("2台", 2), ("√", 1), ("5.0", 5)],
)
def test_a_quantity_is_read_in_any_numerals(tmp_path: Path, quantity: str, count: int) -> None:
    drafted, _ = read(tmp_path, HEAD, ["枪机", quantity, "东门"], ["半球", 1, "大厅"])
    assert len([one for one in drafted if one.row.line == 2]) == count


@pytest.mark.parametrize("quantity", ["若干", "2+1", "3（备1）", "按需", "待定", "1~2"])
def test_a_quantity_that_is_no_one_number_is_asked_about(tmp_path: Path, quantity: str) -> None:
    drafted, reported = read(tmp_path, HEAD, ["枪机", quantity, "东门"], ["半球", 1, "大厅"])
    assert len([one for one in drafted if one.row.line == 2]) == 1
    assert [one.line for one in reported if one.why is Why.QUANTITY] == [2]


@pytest.mark.parametrize(
    ("note", "there"),
    [
        ("因装修拆除", False),
        ("未施工，等甲方通知", False),
        ("由于管路堵塞未安装", False),
        ("原球机拆除，更换为枪机", True),
        ("角度偏移待调", True),
        ("拆除后移装至此", True),
        ("因逆光调整角度", True),
    ],
)
def test_a_remark_that_says_why_a_thing_is_not_there(tmp_path: Path, note: str, there: bool) -> None:
    drafted, _ = read(tmp_path, ["编号", "设备名称", "位置", "备注"], ["C-1", "枪机", "东门", note])
    assert [one.row.kind for one in drafted] == [DeviceKind.CAMERA if there else None]


def test_a_column_of_states_is_known_by_its_cells(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "情况"],
        ["C-1", "枪机", "正常"],
        ["C-2", "枪机", "待定"],
        ["C-3", "枪机", "故障"],
    )
    assert [one.row.kind for one in drafted] == [DeviceKind.CAMERA, None, DeviceKind.CAMERA]


def test_the_sides_of_a_door_are_no_things_of_a_row(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "门", "控制器", "门号", "进", "出"],
        [1, "机房", "AC1", 1, "读卡器", "按钮"],
        [2, "试卷室", "AC1", 2, "指纹读卡器", "读卡器"],
        [3, "图书馆", "AC2", 1, "人脸", "按钮"],
    )
    doors = [one for one in drafted if one.row.kind is DeviceKind.DOOR]
    assert [(one.row["location"], one.parent, one.number) for one in doors] == [
        ("机房", "AC1", "1"),
        ("试卷室", "AC1", "2"),
        ("图书馆", "AC2", "1"),
    ]
    assert {str(one.row.kind) for one in drafted} == {"door", "door_controller"}


def test_points_of_access_control_are_doors_where_a_table_counts(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Room No.", "Room Name", "CCTV", "Access Control", "Panic Button"],
        ["G01", "Main Lobby", 2, 1, 1],
        ["G02", "Reception", 1, "", 1],
    )
    assert [str(one.row.kind) for one in drafted] == ["camera", "camera", "door", "zone", "camera", "zone"]


def test_one_cell_gives_the_inputs_of_several_cameras_and_of_a_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "数量", "编号", "位置", "接入"],
        ["硬盘录像机A", 1, "", "机房", ""],
        ["门禁控制器", 1, "", "机房", ""],
        ["半球摄像机", 3, "SX04~SX06", "走廊", "硬盘录像机A 4-6路"],
        ["枪机", 1, "SX07", "走廊", "硬盘录像机A 7路"],
        ["门禁", 1, "MJ01", "入口", "门禁控制器 1门"],
    )
    assert [(one.id, one.number) for one in drafted][2:] == [
        ("SX04", "4"),
        ("SX05", "5"),
        ("SX06", "6"),
        ("SX07", "7"),
        ("MJ01", "1"),
    ]
