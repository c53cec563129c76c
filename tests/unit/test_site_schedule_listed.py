# SPDX-License-Identifier: Apache-2.0
"""What a row is by the list it stands in: counts, lists of controllers, inputs of a panel, doors at ports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import Hand, read, read_file, write_book
from yanshou.model import System
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.kinds import zone_type
from yanshou.site.schedule.terms import Context, meaning


def kinds(drafted: Sequence[Drafted]) -> list[str]:
    return [str(one.row.kind) for one in drafted]


def test_a_sheet_of_counts_is_no_bill_of_what_other_sheets_do_not_list(tmp_path: Path) -> None:
    cameras = ("监控", [["区域", "枪机", "半球", "合计"], ["门厅", 1, 2, 3], ["操场", 1, "", 1]])
    gates = ("安检", [["编号", "设备名称", "位置"], ["AJ-1", "安检门", "南门"]])
    _, drafted, reported = read_file(write_book(tmp_path, cameras, gates))
    assert sorted(kinds(drafted)) == ["camera"] * 4 + ["gate"]
    assert not [one for one in reported if one.why is Why.BILL]
    listed = ("视频", [["编号", "设备名称", "位置"], ["C-1", "枪机", "南门"]])
    _, drafted, reported = read_file(write_book(tmp_path, cameras, gates, listed))
    assert sorted(kinds(drafted)) == ["camera", "gate"]
    assert len([one for one in reported if one.why is Why.BILL]) == 3


def test_cells_that_are_places_say_where_a_thing_is(tmp_path: Path) -> None:
    head = ["法庭号", "设备", "数量", "存储主机"]
    drafted, _ = read(tmp_path, head, ["第一法庭", "半球", 1, "NVR-A"], ["羁押室", "枪机", 1, "NVR-B"])
    cameras = [one for one in drafted if str(one.row.kind) == "camera"]
    assert [(one.row["location"], one.parent) for one in cameras] == [
        ("第一法庭", "NVR-A"),
        ("羁押室", "NVR-B"),
    ]


def test_a_section_between_them_hides_no_column_of_places(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "装置/区域", "位号", "设备类型"],
        ["一", "视频监控"],
        [1, "罐区", "CAM-1", "防爆枪机"],
        [2, "装卸台", "CAM-2", "防爆球机"],
    )
    assert [(one.id, str(one.row.kind), one.row["location"]) for one in drafted] == [
        ("CAM-1", "camera", "罐区"),
        ("CAM-2", "camera", "装卸台"),
    ]


@pytest.mark.parametrize("head", ["联动摄像机", "复核摄像机", "读卡器(入)"])
def test_the_ids_of_what_belongs_to_a_zone_are_not_its_own(tmp_path: Path, head: str) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区号", "位置", "探测器类型", head],
        [1, "东墙", "振动光纤", "C-01"],
        [2, "西墙", "振动光纤", "C-02"],
    )
    assert [(one.id, one.number) for one in drafted] == [("Z001", "1"), ("Z002", "2")]


def test_a_list_of_controllers_is_of_controllers_and_doors_hang_on_them(tmp_path: Path) -> None:
    doors = ("门禁点", [["门编号", "门名称", "控制器编号"], ["M1", "药库", "AC01"], ["M2", "机房", "AC02"]])
    above = (
        "门禁控制器",
        [
            ["控制器编号", "型号", "安装位置", "IP地址", "带门数量"],
            ["AC01", "DS-K2602", "1F弱电间", "10.1.1.11", 2],
            ["AC02", "DS-K2602", "2F弱电间", "10.1.1.12", 2],
        ],
    )
    _, drafted, reported = read_file(write_book(tmp_path, doors, above))
    assert [(one.id, str(one.row.kind), one.parent) for one in drafted] == [
        ("M1", "door", "AC01"),
        ("M2", "door", "AC02"),
        ("AC01", "door_controller", ""),
        ("AC02", "door_controller", ""),
    ]
    assert not [one for one in reported if one.why is Why.PARENT_MADE]


def test_controllers_beside_what_hangs_on_them_are_no_list_of_controllers(tmp_path: Path) -> None:
    head = ["控制器编号", "型号", "门名称", "安装位置"]
    drafted, _ = read(tmp_path, head, ["AC01", "K1", "药库门", "1F"], ["AC02", "K1", "机房门", "2F"])
    assert [(str(one.row.kind), one.parent) for one in drafted if one.row["point"]] == [
        ("door", "AC01"),
        ("door", "AC02"),
    ]


def test_a_door_has_the_number_of_its_port_and_the_name_of_its_column(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["控制器", "端口", "对应门", "读卡器（入）", "电锁"],
        ["K1", "1号门", "库区一道门", "R1-1", "电插锁"],
        ["K1", "2号门", "清分间", "R2-1", "磁力锁"],
    )
    doors = [one for one in drafted if str(one.row.kind) == "door"]
    assert [(one.name, one.parent, one.number) for one in doors] == [
        ("库区一道门", "K1", "1"),
        ("清分间", "K1", "2"),
    ]


def test_what_hangs_on_one_input_of_a_panel_is_a_zone(tmp_path: Path) -> None:
    head = ["防区名称", "前端设备", "报警主机", "防区号"]
    rows = [["周界1段", "高压电网", "1#主机", 4], ["会见室", "紧急按钮", "1#主机", 5]]
    drafted, _ = read(
        tmp_path, head, *rows, ["值班室", "电话", "1#主机", ""], ["东墙", "某种新器材", "1#主机", ""]
    )
    assert [(one.name, str(one.row.kind)) for one in drafted if one.row["point"]] == [
        ("周界1段", "zone"),
        ("会见室", "zone"),
        ("东墙", "None"),
    ]


def test_a_number_written_as_that_of_a_zone_makes_a_technology_its_detector(tmp_path: Path) -> None:
    head = ["点位", "设备", "防区/通道"]
    drafted, _ = read(tmp_path, head, ["保险柜", "震动", "防区5"], ["门口", "枪机", "通道4"])
    assert [(str(one.row.kind), one.number, one.attributes) for one in drafted] == [
        ("zone", "5", ("detector=vibration",)),
        ("camera", "4", ()),
    ]


def test_the_floors_of_one_building_are_not_those_of_the_next(tmp_path: Path) -> None:
    head = ["楼栋", "楼层", "半球", "枪机"]
    drafted, _ = read(tmp_path, head, ["1#", "18F", 1, 1], ["", "19F", 1, ""], ["地库", "", 2, 1])
    assert [one.row["location"] for one in drafted] == ["1# 18F", "1# 18F", "1# 19F", *["地库"] * 3]


def test_sums_that_nothing_names_are_no_devices(tmp_path: Path) -> None:
    head = ["楼栋", "楼层", "半球", "枪机"]
    drafted, reported = read(tmp_path, head, ["1#", "1F", 1, 1], ["", "2F", 1, 1], ["", "", 2, 2])
    assert len(drafted) == 4
    assert [one.line for one in reported if one.why is Why.TEXT] == [4]


def test_points_of_other_trades_in_a_table_of_counts_are_untested(tmp_path: Path) -> None:
    head = ["楼层", "房间名称", "网络", "电话", "监控半球", "紧急按钮"]
    hand = Hand("sheet", [head, ["一层", "大厅", 24, 12, 2, 1], ["二层", "机房", 2, 1, 1, ""]], [])
    rows, drafted, _ = read_file(hand.write(tmp_path))
    assert kinds(drafted) == ["camera", "camera", "zone", "camera"]
    assert [row.text for row in rows if str(row.fate) == "untested"] == [
        "网络 一层 大厅",
        "电话 一层 大厅",
        "网络 二层 机房",
        "电话 二层 机房",
    ]


def test_the_channels_of_network_cameras_are_cameras(tmp_path: Path) -> None:
    head = ["设备序号", "通道号", "通道名称", "IP地址"]
    rows = [[1, "D1", "大厅东", "10.1.1.11"], [2, "D2", "机房", "10.1.1.12"]]
    drafted, _ = read(tmp_path, head, *rows, sheet="摄像机通道表")
    assert kinds(drafted) == ["camera", "camera"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("出入延时", "entry"),
        ("进入延时1", "entry"),
        ("24小时有声", "24h"),
        ("24小时静音", "24h"),
        ("即时（可旁路）", "normal"),
        ("内部跟随", ""),
        ("有声", ""),
    ],
)
def test_what_sounds_in_the_type_of_a_zone_does_not_change_it(text: str, found: str) -> None:
    assert zone_type(text) == found


@pytest.mark.parametrize(
    ("text", "system", "kind"),
    [
        ("车牌抓拍机", System.VIDEO, "camera"),
        ("入口车牌识别摄像机", System.VIDEO, "camera"),
        ("车牌识别摄像机", None, "?"),
        ("车牌识别摄像机", System.ACCESS_CONTROL, "?"),
        ("人脸识别考勤门禁", System.ACCESS_CONTROL, "?"),
        ("刷卡门禁", System.ACCESS_CONTROL, "door"),
        ("对讲管理机", System.ACCESS_CONTROL, "untested"),
        ("室内天线", None, "untested"),
        ("防冲撞路桩", None, "untested"),
        ("升降柱", None, "?"),
        ("内网", None, "untested"),
        ("网络摄像机", None, "camera"),
    ],
)
def test_what_a_word_means_in_its_system(text: str, system: System | None, kind: str) -> None:
    found = meaning(text, Context(system))
    assert found is not None
    assert (str(found.kind) if found.kind else "untested" if found.clear else "?") == kind


def test_doors_named_in_the_system_of_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备编码", "设备名称", "所属系统", "上级设备"],
        ["D-01", "集控室大门", "出入口控制", "AC-01"],
        ["C-01", "集控室大门", "视频安防监控", ""],
        ["AC-01", "门禁控制器", "出入口控制", ""],
    )
    assert kinds(drafted) == ["door", "None", "door_controller"]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("门型", ["单开木门", "双开玻璃门"]),
        ("单/双", ["单门", "双门"]),
        ("责任部门", ["保卫处", "后勤部"]),
        ("控制器位置", ["弱电间", "夹层间"]),
    ],
)
def test_what_ends_as_a_place_does_may_be_none(tmp_path: Path, head: str, cells: Sequence[str]) -> None:
    rows = [
        [f"M{at}", name, "电插锁", cell]
        for at, (name, cell) in enumerate(zip(["药库", "机房"], cells, strict=True))
    ]
    drafted, _ = read(tmp_path, ["门编号", "门名称", "锁具", head], *rows)
    assert [(str(one.row.kind), one.row["location"]) for one in drafted] == [("door", "")] * 2


@pytest.mark.parametrize(
    ("name", "quantity", "unit", "devices", "asked"),
    [
        ("电子围栏", 600, "m", 1, False),
        ("振动光缆", "450m", "", 1, False),
        ("枪机", 3, "台", 3, True),
        ("双鉴探测器", 3, "只", 1, True),
    ],
)
def test_a_length_counts_no_devices(
    tmp_path: Path, name: str, quantity: object, unit: str, devices: int, asked: bool
) -> None:
    drafted, reported = read(
        tmp_path, ["设备名称", "单位", "数量", "安装位置"], [name, unit, quantity, "围墙"]
    )
    assert len(drafted) == devices
    assert any(one.why in {Why.QUANTITY, Why.QUANTITY_SPLIT} for one in reported) == asked


def test_model_and_quantity_of_a_part_are_not_those_of_the_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼层", "点位名称", "控制器", "", "读卡器", "", "锁具", ""],
        ["", "", "型号", "数量", "型号", "数量", "型号", "数量"],
        ["1F", "药房", "单门控制器", 1, "ER-750", 2, "单门磁力锁", 1],
        ["2F", "检验科", "双门控制器", 2, "ER-750", 2, "双门磁力锁", 1],
        sheet="门禁点位表",
    )
    assert [(str(one.row.kind), one.name, one.row["model"]) for one in drafted] == [
        ("door", "药房", ""),
        ("door", "检验科", ""),
    ]


def test_the_detector_of_a_zone_may_stand_in_its_model(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区号", "防区位置", "探头型号", "防区属性"],
        ["01", "库门", "门磁 HO-03", "24小时"],
        ["02", "库内", "DT-7225", "即时"],
        ["03", "备用", "", ""],
    )
    assert [(str(one.row.kind), one.attributes) for one in drafted] == [
        ("zone", ("detector=contact", "type=24小时")),
        ("zone", ("type=即时",)),
        ("None", ()),
    ]


def test_a_class_that_names_another_trade_makes_its_rows_untested(tmp_path: Path) -> None:
    head = ["类别", "设备", "位置"]
    rows = [["消防", "灭火器", "走廊"], ["实体防护", "防盗门", "药房"], ["停车场", "车牌识别摄像机", "入口"]]
    hand = Hand("sheet", [head, *rows, ["视频监控", "半球", "大厅"]], [])
    found = [(str(row.fate), str(row.kind)) for row in read_file(hand.write(tmp_path))[0]]
    assert found == [("untested", "None"), ("untested", "None"), ("unclear", "None"), ("device", "camera")]


def test_the_line_of_units_below_a_head_is_no_row(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["部位", "双鉴探测器", "门磁", "紧急按钮"],
        ["", "(只)", "(付)", "(个)"],
        ["营业厅", 2, 1, 4],
        ["设备间", 1, "", ""],
    )
    assert [(str(one.row.kind), one.row["location"]) for one in drafted] == [
        *[("zone", "营业厅")] * 3,
        ("zone", "设备间"),
    ]


def test_a_table_of_contents_lists_no_devices(tmp_path: Path) -> None:
    contents = ("目录", [["序号", "名称", "页码"], [1, "视频监控系统点位表", 1], [2, "门禁系统点位表", 2]])
    listed = ("视频", [["序号", "设备名称", "位置"], [1, "枪机", "东门"]])
    _, drafted, reported = read_file(write_book(tmp_path, contents, listed))
    assert kinds(drafted) == ["camera"]
    assert [one.sheet for one in reported if one.why is Why.COVER] == ["目录"]


def test_a_list_of_readers_gives_readers_on_their_controllers(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["读卡器编号", "读卡器类型", "安装门", "进/出", "控制器编号", "控制器端口"],
        ["R-01-1", "IC读卡器", "1F大堂", "进", "C-01", 1],
        ["R-01-2", "人脸读卡器", "1F大堂", "出", "C-01", 2],
        sheet="读卡器表",
    )
    own = [(one.id, str(one.row.kind), one.parent, one.number, one.row["location"]) for one in drafted]
    assert own == [
        ("C-01", "door_controller", "", "", ""),
        ("R-01-1", "reader", "C-01", "1", "1F大堂"),
        ("R-01-2", "reader", "C-01", "2", "1F大堂"),
    ]


def test_a_head_of_recorder_and_channel_parts_its_cells(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Cam No", "Type", "Location Description", "NVR / Channel"],
        ["C001", "Fixed", "Concourse", "NVR-1 / 1"],
        ["C002", "PTZ", "Platform", "NVR-1 / 2"],
        sheet="CCTV Camera Schedule",
    )
    assert [(one.id, str(one.row.kind), one.parent, one.number) for one in drafted] == [
        ("NVR-1", "recorder", "", ""),
        ("C001", "camera", "NVR-1", "1"),
        ("C002", "camera", "NVR-1", "2"),
    ]
