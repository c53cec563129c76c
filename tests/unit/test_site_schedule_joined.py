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


@pytest.mark.parametrize(
    "ports", [("端口1", "端口2", "端口3"), ("1号门", "2号门", "3号门"), ("Door 1", "Door 2", "Door 3")]
)
def test_a_list_of_controllers_names_the_door_at_each_port(tmp_path: Path, ports: tuple[str, ...]) -> None:
    drafted, _ = read(
        tmp_path,
        ["控制器编号", "安装位置", "IP地址", *ports],
        ["AC-1", "1F弱电间", "10.7.0.1", "大厅东门", "备用", "楼梯间"],
        ["AC-2", "2F弱电间", "10.7.0.2", "机房", "", ""],
    )
    assert lines(drafted, "name", "parent", "number", "host") == [
        ("door_controller", "1F弱电间", "", "", "10.7.0.1"),
        ("door", "大厅东门", "AC-1", "1", ""),
        ("door", "楼梯间", "AC-1", "3", ""),
        ("door_controller", "2F弱电间", "", "", "10.7.0.2"),
        ("door", "机房", "AC-2", "1", ""),
    ]


def test_doors_that_only_a_key_opens_are_none_of_access_control(tmp_path: Path) -> None:
    head = ["门编号", "房间", "锁类型"]
    drafted, _ = read(
        tmp_path, head, ["D1", "储藏室", "球形锁"], ["D2", "机械室", "电插锁"], ["D3", "工具间", "机械密码锁"]
    )
    assert lines(drafted, "id") == [("None", "D1"), ("door", "D2"), ("None", "D3")]


def test_figures_of_a_building_count_no_devices(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["楼层", "建筑面积", "户数", "半球", "枪机"], ["1F", 800, 12, 1, 1], ["2F", 800, 14, "", 1]
    )
    assert lines(drafted) == [("camera",)] * 3


def test_ids_with_a_building_before_them_are_a_range(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["编号区间", "设备名称", "位置", "数量"], ["B1-01~B1-03", "枪机", "停车场", 3]
    )
    assert lines(drafted, "id") == [("camera", "B1-01"), ("camera", "B1-02"), ("camera", "B1-03")]


def test_a_total_below_a_table_without_a_head_is_no_row_of_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["C-01", "站厅A端", "半球摄像机"],
        ["C-02", "站厅B端", "半球摄像机"],
        ["合计", "2台", ""],
    )
    assert lines(drafted, "id", "location") == [("camera", "C-01", "站厅A端"), ("camera", "C-02", "站厅B端")]


def test_people_without_a_head_are_no_devices(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["张三", "项目经理", 13800000000, "东门"], ["李四", "安全员", 13900000000, "西门"]
    )
    assert drafted == []


def test_doors_with_a_kind_of_leaf_and_a_lock_are_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["监区", "门名", "门类别", "电锁型号", "控制主机", "门序"],
        ["一监区", "监舍大门", "钢制门", "电控锁DK-1", "MJ-1", 1],
        ["一监区", "民警通道门", "钢制门", "电控锁DK-1", "MJ-1", 2],
    )
    assert lines(drafted, "name", "number")[1:] == [("door", "监舍大门", "1"), ("door", "民警通道门", "2")]


def test_the_class_of_a_zone_is_its_type(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["名称", "位置", "防区类别"], ["红外幕帘", "金库", "即时"], ["震动探测器", "金库", "24小时"]
    )
    assert [one.attributes for one in drafted] == [
        ("detector=curtain", "type=即时"),
        ("detector=vibration", "type=24小时"),
    ]


def test_technologies_that_are_counted_are_detectors(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["区域", "红外微波", "振动", "半球"], ["珍品厅", 1, 1, 1], ["库房", 1, "", 1])
    assert [one.attributes for one in drafted] == [
        *(("detector=dual",), ("detector=vibration",), (), ("detector=dual",), ()),
    ]


def test_ids_of_zones_are_no_numbers(tmp_path: Path) -> None:
    head = ["防区编号", "探测器", "位置"]
    drafted, _ = read(tmp_path, head, ["ZQ-01", "张力围栏", "北侧"], ["ZQ-02", "张力围栏", "东侧"])
    assert [(one.id, one.number) for one in drafted] == [("ZQ-01", ""), ("ZQ-02", "")]
    drafted, _ = read(tmp_path, head, ["Z1", "张力围栏", "北侧"], ["Z2", "张力围栏", "东侧"])
    assert [one.number for one in drafted] == ["1", "2"]
