# SPDX-License-Identifier: Apache-2.0
"""Cells that say more than their column: lists of things, addresses among ports, specifications, models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import read, read_file, write_book
from yanshou.model import System
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.terms import Context, meaning


def kinds(drafted: Sequence[Drafted]) -> list[tuple[str, str]]:
    return [(str(one.row.kind), one.row["location"]) for one in drafted]


def test_a_cell_that_lists_things_with_their_numbers_gives_each_its_line(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["殿堂", "探测器", "摄像机", "声音复核"],
        ["大雄宝殿", "吸顶三鉴2只、玻璃破碎1只", "半球2台、枪机1台", "拾音器1只"],
        ["藏经楼", "幕帘1只", "半球1台", ""],
    )
    assert kinds(drafted) == [
        ("zone", "大雄宝殿"),  # 三鉴, two of them: whether they share an input the sheet does not say
        ("zone", "大雄宝殿"),
        *[("camera", "大雄宝殿")] * 3,
        ("zone", "藏经楼"),
        ("camera", "藏经楼"),
    ]
    assert [one.attributes for one in drafted if one.row.kind == "zone"] == [
        ("detector=dual",),
        ("detector=glass_break",),
        ("detector=curtain",),
    ]
    assert [one.line for one in reported if one.why is Why.QUANTITY] == [2]
    assert [one.line for one in reported if one.why is Why.UNTESTED] == [2]


def test_what_stands_behind_a_thing_in_a_line_of_several_is_of_that_thing(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["部位", "摄像机", "IP", "探测器", "防区", "门禁"],
        ["发射机房", "半球", "192.168.66.11", "双鉴", 1, "双向刷卡"],
        ["直播间", "半球", "192.168.66.12", "", "", "单向刷卡"],
        ["油机房", "枪机", "192.168.66.16", "门磁", 5, ""],
    )
    assert [(str(one.row.kind), one.row["location"], one.host, one.number) for one in drafted] == [
        ("camera", "发射机房", "192.168.66.11", ""),
        ("zone", "发射机房", "", "1"),
        ("door", "发射机房", "", ""),
        ("camera", "直播间", "192.168.66.12", ""),
        ("door", "直播间", "", ""),
        ("camera", "油机房", "192.168.66.16", ""),
        ("zone", "油机房", "", "5"),
    ]


def test_one_column_may_hold_addresses_and_zones(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "设备名称及型号", "安装位置", "端口/IP"],
        [1, "半球摄像机 DH-IPC-HDBW4443R", "大厅", "10.8.1.101"],
        [2, "被动红外探测器", "药房", "防区1"],
        [3, "紧急按钮", "门卫室", "防区2"],
    )
    assert [(str(one.row.kind), one.host, one.number) for one in drafted] == [
        ("camera", "10.8.1.101", ""),
        ("zone", "", "1"),
        ("zone", "", "2"),
    ]


@pytest.mark.parametrize(
    ("cell", "parent", "number"),
    [("NVR1/4", "NVR1", "4"), ("主机/4", "PANEL-001", "4"), ("门控器/2", "ACS-001", "2")],
)
def test_a_head_of_host_and_port_parts_its_cells(tmp_path: Path, cell: str, parent: str, number: str) -> None:
    thing, system = {
        "主机/4": ("双鉴", "入侵报警"),
        "门控器/2": ("AB互锁门", "出入口控制"),
    }.get(cell, ("半球", "视频监控"))
    drafted, _ = read(
        tmp_path,
        ["系统名称", "点位位置", "前端设备", "所接主机/端口"],
        [system, "加钞间", thing, cell],
        [system, "营业厅", thing, cell.replace(number, "3")],
    )
    assert [(one.parent, one.number) for one in drafted if one.row["location"] == "加钞间"] == [
        (parent, number)
    ]
    assert sum(bool(one.row["location"]) for one in drafted) == 2  # and no panel for each port
    assert len(drafted) == 3


def test_a_specification_says_nothing_of_what_a_thing_is(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["序号", "项目名称", "项目特征", "单位", "工程量"],
        [1, "枪型摄像机", "1.像素：400万\n2.含支架", "台", 1],
        [2, "电磁锁", "1.拉力：280kg\n2.含支架", "套", 4],
        [3, "配管", "1.材质：JDG\n2.规格：DN25", "m", 2100],
        [4, "设备", "1.名称：双鉴探测器\n2.壁装", "个", 1],
    )
    assert [str(one.row.kind) for one in drafted] == ["camera", "zone"]
    assert [one.line for one in reported if one.why is Why.UNTESTED] == [3, 4]


def test_the_installed_quantity_counts(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "设备名称", "设计数量", "实装数量", "安装地点"],
        [1, "高清枪机", 4, 3, "停车场"],
        [2, "高清半球", 2, 2, "候车厅"],
    )
    assert [one.row["location"] for one in drafted] == [*["停车场"] * 3, *["候车厅"] * 2]


def test_a_class_that_names_no_thing_leaves_the_name_to_say_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "区域", "监控类型", "摄像机名称", "NVR及通道"],
        [1, "1号仓", "仓内", "1号仓仓内球机", "NVR1-1"],
        [2, "1号仓", "仓外", "1号仓仓门枪机", "NVR1-2"],
        [3, "库区", "周界", "东北角球机", "NVR1-3"],
    )
    cameras = [one for one in drafted if one.row.kind == "camera"]
    assert [(one.name, one.parent, one.number) for one in cameras] == [
        ("1号仓仓内球机", "NVR1", "1"),
        ("1号仓仓门枪机", "NVR1", "2"),
        ("东北角球机", "NVR1", "3"),
    ]


def test_a_class_of_which_one_names_a_thing_is_read_as_one(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "类型", "监控点名称"],
        ["A1", "某某感知终端", "东门枪机旁"],
        ["A2", "拾音器", "西门球机"],
        ["A3", "某某感知终端", "北门球机"],
    )
    assert [(one.id, one.row.kind) for one in drafted] == [("A1", None), ("A3", None)]


def test_models_say_what_the_rows_of_a_list_of_controllers_are(tmp_path: Path) -> None:
    path = write_book(
        tmp_path,
        (
            "门禁点表",
            [
                ["门编号", "门名称", "控制器编号", "门序"],
                ["D01", "正门", "AC-01", 1],
                ["D02", "侧门", "AC-02", 1],
            ],
        ),
        (
            "控制器表",
            [
                ["控制器编号", "规格", "安装位置", "IP地址"],
                ["AC-01", "四门控制器", "1号楼弱电间", "172.18.5.11"],
                ["AC-02", "四门控制器", "2号楼弱电间", "172.18.5.12"],
            ],
        ),
    )
    _, drafted, _ = read_file(path)
    assert [(one.id, str(one.row.kind), one.parent, one.host) for one in drafted] == [
        ("D01", "door", "AC-01", ""),
        ("D02", "door", "AC-02", ""),
        ("AC-01", "door_controller", "", "172.18.5.11"),
        ("AC-02", "door_controller", "", "172.18.5.12"),
    ]


def test_sections_numbered_above_their_rows_are_no_devices(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["项目", "设备名称", "型号", "数量"],
        ["1", "视频监控系统", "", ""],
        ["1.1", "高清半球", "X-1", 1],
        ["2", "无障碍卫生间呼叫", "", ""],
        ["2.1", "呼叫分机", "", 3],
        ["3", "智能感知杆", "", ""],  # without any 3.1 it may be a thing
    )
    assert [(one.row.line, str(one.row.kind)) for one in drafted] == [(3, "camera"), (6, "None")]
    assert [one.line for one in reported if one.why is Why.TEXT] == [2, 4]


def test_a_place_that_counts_has_no_id_for_each_of_its_devices(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path, ["风机号", "塔筒摄像机", "机舱摄像机"], ["F01", 1, 1], ["F02", 1, 1], ["F03", 1, 1]
    )
    assert [(one.id, one.row["location"]) for one in drafted[:3]] == [
        ("CAM-001", "F01"),
        ("CAM-002", "F01"),
        ("CAM-003", "F02"),
    ]
    assert not [one for one in reported if one.why is Why.ID_TWICE]


@pytest.mark.parametrize(("beside", "kind"), [("安检门", "xray"), ("半球摄像机", "None")])
def test_an_x_ray_machine_beside_gates_is_no_doctors(tmp_path: Path, beside: str, kind: str) -> None:
    drafted, reported = read(
        tmp_path, ["编号", "点位描述", "类型"], ["A-1", "1号口", beside], ["A-2", "1号口", "X光机"]
    )
    assert str(drafted[1].row.kind) == kind
    assert [one.line for one in reported if one.why is Why.UNCLEAR] == ([] if kind == "xray" else [3])


def test_what_answers_by_radio_is_written_as_such(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备", "位置", "防区", "说明"],
        ["无线紧急按钮", "收银台", "01", ""],
        ["吸顶红外", "展厅", "02", "另配无线模块"],
    )
    assert [one.attributes for one in drafted] == [
        ("type=hold_up", "technology=radio"),
        ("detector=infrared",),
    ]


def test_the_columns_below_a_controller_are_not_those_of_its_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["控制器", "", "", "门点", "", "", "", "备注"],
        ["编号", "型号", "IP", "门号", "门名", "进门", "出门", ""],
        ["K1", "DS-K2604", "10.5.5.11", 1, "一车间东门", "读卡器", "按钮", ""],
        ["K2", "DS-K2602", "10.5.5.12", 1, "研发中心", "指纹", "按钮", "常闭"],
    )
    assert [(str(one.row.kind), one.id, one.name, one.parent, one.number) for one in drafted] == [
        ("door_controller", "K1", "K1", "", ""),
        ("door_controller", "K2", "K2", "", ""),
        ("door", "DOOR-001", "一车间东门", "K1", "1"),
        ("door", "DOOR-002", "研发中心", "K2", "1"),
    ]
    assert {one.row["model"] for one in drafted} == {""}
    assert [one.host for one in drafted] == ["10.5.5.11", "10.5.5.12", "", ""]


@pytest.mark.parametrize("name", ["研发中心", "化学某某处所"])
def test_the_model_beside_a_door_makes_no_controller_of_it(tmp_path: Path, name: str) -> None:
    drafted, _ = read(tmp_path, ["编号", "门号", "门名", "型号"], ["K1", 1, name, "DS-K2604"])
    assert [str(one.row.kind) for one in drafted] == ["door"]


def test_a_leaf_that_hangs_on_a_controller_is_a_door(tmp_path: Path) -> None:
    rows = [["油库", "单门", "刷卡", "10.3.1.14"], ["监控中心", "双门", "刷卡", "10.3.1.16"]]
    drafted, _ = read(tmp_path, ["点位", "类型", "控制方式", "控制器IP"], *rows, sheet="门禁清单")
    doors = [one for one in drafted if one.row.kind == "door"]
    assert [(one.name, one.parent) for one in doors] == [("油库", "ACS-001"), ("监控中心", "ACS-002")]


def test_points_of_video_are_counted_as_cameras_beside_those_of_others(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["楼层", "房间", "监控", "门禁", "报警", "信息点"],
        ["B1", "药库", 2, 1, 1, 2],
        ["1F", "大厅", 1, "", "双鉴1只", 6],
    )
    assert kinds(drafted) == [
        *[("camera", "B1 药库")] * 2,
        ("door", "B1 药库"),
        ("camera", "1F 大厅"),
    ]
    assert {one.text for one in reported if one.why is Why.COLUMN_UNKNOWN} == {"报警"}


def test_a_thing_with_its_number_beside_columns_of_counts_is_read(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["房间号", "视频监控", "门禁", "报警"],
        ["A301", 2, "有", "无"],
        ["A302", 1, "有", "双鉴1只"],
    )
    assert kinds(drafted) == [
        *[("camera", "A301")] * 2,
        ("door", "A301"),
        ("camera", "A302"),
        ("door", "A302"),
        ("zone", "A302"),
    ]


def test_the_code_of_a_register_is_the_id_where_there_is_no_other(tmp_path: Path) -> None:
    row = ["BZ-001", "半球摄像机", "配电间"]
    other = ["BZ-002", "枪型摄像机", "前池"]
    drafted, _ = read(tmp_path, ["资产编码", "设备名称", "安装地点"], row, other)
    assert [one.id for one in drafted] == ["BZ-001", "BZ-002"]
    drafted, _ = read(tmp_path, ["编号", "资产编码", "设备名称", "安装地点"], ["C1", *row], ["C2", *other])
    assert [one.id for one in drafted] == ["C1", "C2"]


INTRUSION = Context(System.INTRUSION)


@pytest.mark.parametrize(
    ("text", "context", "kind", "attributes"),
    [
        ("存储服务器（CVR）", Context(), "recorder", ""),
        ("存储服务器", Context(), None, ""),
        ("电源（NVR）", Context(), None, ""),
        ("半球摄像机 DH-IPC-HDBW4443R", Context(), "camera", ""),
        ("半球摄像机支架 DS-1272ZJ", Context(), None, ""),
        ("Fence vibration sensor cable, zone 1", Context(), "zone", "detector=vibration_cable"),
        ("Sensor cable", Context(), None, ""),
        ("Microwave barrier", Context(), "zone", "detector=microwave"),
        ("Dual-tech motion", Context(), "zone", "detector=dual"),
        ("脚踏紧急开关", Context(), "zone", "type=hold_up; detector=foot_switch"),
        ("震动", INTRUSION, "zone", "detector=vibration"),
        ("震动", Context(), None, ""),
        ("红外", INTRUSION, None, ""),  # of a beam, or passive
        ("高清云台", Context(), "camera", ""),
        ("云台", Context(), None, ""),
        ("Leaky coax sensor", Context(), "zone", "detector=leaky_cable"),
        ("Water leak sensor", Context(), None, ""),
        ("视频矩阵", Context(), None, ""),
        ("针孔", Context(System.VIDEO), "camera", ""),
        ("终端杆、中间杆", INTRUSION, None, ""),
        ("Motion detector (dual)", Context(), "zone", "detector=dual"),
        ("Motion detector (ceiling)", Context(), "zone", ""),
        ("Panic button under desk", Context(), "zone", "type=hold_up"),
        ("Bullet camera on pole", Context(), "camera", ""),
        ("Mounting bracket for camera", Context(), None, ""),
        ("Something for camera", Context(), None, ""),
        ("NVR主机", Context(), "recorder", ""),
        ("门禁主控制器", Context(), "door_controller", ""),
        ("教学楼走廊摄像机", Context(), "camera", ""),
        ("教学摄像机", Context(), None, ""),
        ("图书馆读卡器", Context(), "reader", ""),
        ("图书读卡器", Context(), None, ""),
        ("电梯厅门禁", Context(), "door", ""),
        ("电梯门禁", Context(), None, ""),
        ("电气室红外探测器", Context(), "zone", "detector=infrared"),
        ("紧急按钮报警器", Context(), "zone", "type=hold_up"),
        ("语音告警喇叭", Context(), None, ""),
        ("质保服务", Context(), None, ""),
        ("床头呼叫分机", Context(), None, ""),
    ],
)
def test_more_words_of_the_field(text: str, context: Context, kind: str | None, attributes: str) -> None:
    found = meaning(text, context)
    assert (found.kind if found else None) == kind
    assert (found.attributes if found and kind else "") == attributes


def test_a_sensor_cable_is_never_left_out_as_a_cable() -> None:
    assert meaning("sensor cable", Context()) == meaning("感应电缆", Context())
    found = meaning("sensor cable", Context())
    assert found is not None
    assert not found.clear
