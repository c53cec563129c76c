# SPDX-License-Identifier: Apache-2.0
"""Heads of two rows that only their groups explain, and what may hang on what in such tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import Hand, read_file
from tests.unit.test_site_schedule_bare import lines, read
from yanshou.site.schedule import Why


def test_a_table_of_counts_may_have_its_things_below_groups(tmp_path: Path) -> None:
    rows = [
        ["序号", "部位", "摄像机", "", "报警", "门禁"],
        ["", "", "半球", "枪机", "紧急按钮", "读卡器"],
        [1, "会见楼", 2, 1, 1, ""],
        [2, "围墙岗楼", "", 1, "", 1],
        ["", "合计", 2, 2, 1, 1],
    ]
    merged = ["A1:A2", "B1:B2", "C1:D1"]
    _, drafted, _ = read_file(Hand("counts", rows, [], merged).write(tmp_path))
    assert lines(drafted, "location") == [
        *[("camera", "会见楼")] * 3,
        *(("zone", "会见楼"), ("camera", "围墙岗楼"), ("reader", "围墙岗楼")),
    ]


def test_heads_that_stand_twice_are_told_apart_by_their_groups(tmp_path: Path) -> None:
    rows = [
        ["门信息", "", "", "控制器信息", "", "", "锁"],
        ["名称", "位置", "编号", "编号", "IP", "端口号", "类型"],
        ["药房后门", "门诊1F", "M-01", "K-1", "10.3.3.1", 1, "磁力锁"],
        ["病案室门", "行政2F", "M-02", "K-1", "10.3.3.1", 2, "电插锁"],
    ]
    _, drafted, _ = read_file(Hand("doors", rows, [], ["A1:C1", "D1:F1"]).write(tmp_path))
    assert lines(drafted, "id", "parent", "number", "host") == [
        ("door_controller", "K-1", "", "", "10.3.3.1"),
        ("door", "M-01", "K-1", "1", ""),
        ("door", "M-02", "K-1", "2", ""),
    ]


def test_the_name_of_a_recorder_beside_another_name_is_what_a_camera_hangs_on(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["录像机名称", "通道号", "前端名称", "前端IP"],
        ["NVR-A", "D1", "分拣线", "10.8.1.1"],
        ["NVR-A", "D2", "月台", "10.8.1.2"],
    )
    assert lines(drafted, "name", "parent", "number")[1:] == [
        ("camera", "分拣线", "NVR-A", "1"),
        ("camera", "月台", "NVR-A", "2"),
    ]
    drafted, _ = read(tmp_path, ["录像机名称", "型号", "位置"], ["网络录像机", "DS-96", "机房"])
    assert lines(drafted, "name") == [("recorder", "网络录像机")]


def test_no_line_is_made_for_a_device_above_of_a_kind_that_nothing_says(tmp_path: Path) -> None:
    head = ["编号", "设备名称", "接入设备"]
    drafted, reported = read(tmp_path, head, ["C-1", "半球摄像机", "JB-1"], ["C-2", "枪机", "JB-1"])
    assert lines(drafted, "id", "parent") == [("camera", "C-1", ""), ("camera", "C-2", "")]
    assert [one.text for one in reported if one.why is Why.PARENT] == ["JB-1", "JB-1"]
    drafted, _ = read(tmp_path, head, ["C-1", "半球摄像机", "NVR-1"], ["C-2", "枪机", "NVR-1"])
    assert lines(drafted, "id", "parent")[1:] == [("camera", "C-1", "NVR-1"), ("camera", "C-2", "NVR-1")]


def test_a_channel_of_a_recorder_is_no_range(tmp_path: Path) -> None:
    head = ["设备名称", "位置", "主机防区", "NVR通道"]
    drafted, _ = read(
        tmp_path,
        head,
        ["柜员半球", "1号柜台", "", "NVR1-02"],
        ["紧急报警按钮", "1号柜台", "第1防区", ""],
        ["NVR1（16路）", "监控室", "", ""],
    )
    assert lines(drafted, "number") == [("camera", "2"), ("zone", "1"), ("recorder", "")]
    assert drafted[0].parent == drafted[2].id


@pytest.mark.parametrize(("written", "devices"), [("1-3", 3), ("防区1-3", 3), ("NVR1-3", 1)])
def test_a_range_of_numbers(tmp_path: Path, written: str, devices: int) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "位置", "通道"], ["半球", "大厅", written])
    assert len(drafted) == devices


def test_a_section_in_the_column_of_ids_is_no_device(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备", "地点"],
        ["A区 泊位"],
        ["V-A1", "球机", "1号泊位"],
        ["旅检通道"],
        ["S-1", "安检门", "出境通道"],
    )
    assert lines(drafted, "id") == [("camera", "V-A1"), ("gate", "S-1")]
