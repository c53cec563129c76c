# SPDX-License-Identifier: Apache-2.0
"""How lists are laid out: tables side by side, things with ×, linked things, what stands below the rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.support.point_lists import read
from yanshou.site.schedule import Why


def test_the_controllers_at_the_end_of_a_list_of_doors_are_no_doors(tmp_path: Path) -> None:
    head = ["门编号", "门名称", "楼层", "锁具", "控制器", "门号", "备注"]
    drafted, reported = read(
        tmp_path,
        head,
        ["M-1", "大堂东侧门", "1F", "磁力锁", "AC-1", 1, ""],
        ["M-2", "消控室门", "1F", "磁力锁", "AC-1", 2, ""],
        ["M-3", "财务室", "2F", "电插锁", "AC-2", 1, ""],
        ["AC-1", "", "1F弱电间", "", "", "", "四门控制器"],
        ["AC-2", "", "2F弱电间", "", "", "", ""],
    )
    assert [(one.id, str(one.row.kind), one.parent) for one in drafted] == [
        ("M-1", "door", "AC-1"),
        ("M-2", "door", "AC-1"),
        ("M-3", "door", ""),
        ("AC-1", "door_controller", ""),
        ("AC-2", "None", ""),
    ]
    assert [one.line for one in reported if one.why is Why.UNCLEAR] == [6]


def test_the_things_linked_with_a_zone_are_not_the_zone(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区", "区段", "电子围栏", "", "联动摄像", "", "主机"],
        ["", "", "类型", "长度", "编号", "类型", ""],
        [1, "北墙", "六线脉冲", 86, "C-101", "球机", "W-1"],
        [2, "东墙", "四线张力", 92, "C-102", "枪机", "W-1"],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"],
    )
    zones = [one for one in drafted if str(one.row.kind) == "zone"]
    assert [(one.number, one.attributes, one.row["id"]) for one in zones] == [
        ("1", ("detector=pulse_fence",), ""),
        ("2", ("detector=taut_wire",), ""),
    ]
    assert "camera" not in {str(one.row.kind) for one in drafted}


def test_tables_with_an_empty_column_between_them_are_two(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["摄像机编号", "摄像机位置", "摄像机类型", "", "防区编号", "防区位置", "探测器类型", "主机"],
        ["V01", "前台", "半球", "", 1, "前台", "紧急按钮", "AL1"],
        ["V02", "楼梯", "枪机", "", 2, "楼梯", "红外", "AL1"],
    )
    found = [(str(one.row.kind), one.row["location"], one.number) for one in drafted]
    assert sorted(found) == [
        ("camera", "前台", ""),
        ("camera", "楼梯", ""),
        ("panel", "", ""),
        ("zone", "前台", "1"),
        ("zone", "楼梯", "2"),
    ]


def test_a_forgotten_head_divides_no_table(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "编号", "设备名称", "", "位置"],
        [1, "C-1", "枪机", "x", "南门"],
        [2, "C-2", "球机", "y", "北门"],
    )
    assert [(one.id, str(one.row.kind), one.row["location"]) for one in drafted] == [
        ("C-1", "camera", "南门"),
        ("C-2", "camera", "北门"),
    ]


def test_things_with_their_number_behind_a_sign_of_times(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["监区", "部位", "摄像机", "报警", "门禁", "对讲"],
        ["一监区", "监舍", "半球×3", "紧急按钮×1", "", "分机×3"],
        ["一监区", "走廊", "枪机×2", "", "监区门×2", ""],
        ["一监区", "活动室", "半球×1、球机×1", "", "", ""],
    )
    assert Counter((str(one.row.kind), one.row["location"]) for one in drafted) == {
        ("camera", "一监区 监舍"): 3,
        ("zone", "一监区 监舍"): 1,
        ("camera", "一监区 走廊"): 2,
        ("door", "一监区 走廊"): 2,
        ("camera", "一监区 活动室"): 2,
    }


def test_things_listed_below_a_system_are_of_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼层", "房间", "视频监控", "入侵报警"],
        ["2F", "血库", "半球2台", "双鉴1只、门磁1只"],
        ["3F", "药品间", "半球1台", "门磁1只、紧急按钮1只"],
    )
    assert Counter(str(one.row.kind) for one in drafted) == {"camera": 3, "zone": 4}


def test_the_ids_of_the_forms_of_cameras_of_a_floor(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼层", "半球编号", "枪机编号", "门禁编号"],
        ["B2", "C-B2-01~03", "Q-B2-01~02", "M-B2-01、02"],
        ["B1", "C-B1-01~02", "Q-B1-01", "M-B1-01"],
    )
    assert Counter((str(one.row.kind), one.row["location"]) for one in drafted) == {
        ("camera", "B2"): 5,
        ("door", "B2"): 2,
        ("camera", "B1"): 3,
        ("door", "B1"): 1,
    }
    assert "M-B2-02" in {one.id for one in drafted}


def test_two_ids_of_one_camera_are_one_camera(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["监控点编号", "摄像机编号", "类型", "位置"],
        ["P-1", "C-1", "枪机", "南门"],
        ["P-2", "C-2", "球机", "北门"],
    )
    assert [str(one.row.kind) for one in drafted] == ["camera", "camera"]


def test_an_id_of_two_parts_is_no_range(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "点位类型", "位置", "数量"],
        ["A2-A02", "门禁点", "办公室", 1],
        ["A2-A03", "门禁点", "样机室", 1],
        ["A2-A4", "门禁点", "A2~A4", 3],
    )
    assert [one.id for one in drafted] == ["A2-A02", "A2-A03", "A2", "A3", "A4"]


def test_numbers_of_flats_with_their_counts_are_no_sums(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["户号", "门磁", "幕帘", "紧急按钮"],
        [101, 1, 1, 1],
        [102, 1, "", 1],
        ["", 2, 1, 2],
    )
    assert Counter(one.row["location"] for one in drafted) == {"101": 3, "102": 2}
    assert [one.line for one in reported if one.why is Why.TEXT] == [4]


def test_what_carries_the_data_of_a_device_is_not_what_it_hangs_on(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["区域", "设备", "上联"],
        ["大堂", "半球", "SW-01"],
        ["财务室", "门磁", "报警主机"],
        ["消控室", "报警主机", ""],
    )
    found = [(str(one.row.kind), one.parent) for one in drafted]
    assert found == [("camera", ""), ("zone", "PANEL-001"), ("panel", "")]
    assert not [one for one in reported if one.why is Why.PARENT]


def test_inputs_of_panels_and_recorders_in_one_column(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备类型", "接入设备", "端口/防区"],
        ["C-1", "半球", "NVR-A", "CH1"],
        ["P-1", "双鉴", "IAP-1", "Z01"],
        ["NVR-A", "网络录像机", "", ""],
        ["IAP-1", "报警主机", "", ""],
    )
    assert [(one.id, one.parent, one.number) for one in drafted[:2]] == [
        ("C-1", "NVR-A", "1"),
        ("P-1", "IAP-1", "1"),
    ]


def test_nothing_but_cameras_is_at_the_channels_of_a_recorder(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["編號", "設備", "位置", "控制器", "輸入點"],
        ["CAM-1", "半球攝影機", "大堂", "DVR-01", 1],
        ["CAM-2", "升降機鏡頭", "1號升降機", "DVR-01", 2],
        ["DVR-01", "數碼錄影機", "保安室", "", ""],
    )
    found = [(one.id, str(one.row.kind), one.number) for one in drafted]
    assert found == [("CAM-1", "camera", "1"), ("CAM-2", "None", ""), ("DVR-01", "recorder", "")]


def test_sections_of_bills_and_of_other_trades(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["序号", "编码", "名称", "单位", "数量"],
        ["", "0305", "安全防范系统工程", "", ""],
        [1, "030507001", "双鉴探测器", "只", 1],
        ["（二）", "消防", "", "", ""],
        [1, "030904003", "手动报警按钮", "只", 6],
        ["", "", "增值税13%", "", ""],
    )
    assert [str(one.row.kind) for one in drafted] == ["zone"]
    assert [one.line for one in reported if one.why is Why.TEXT] == [2, 4, 6]


def test_a_door_by_its_leaf_and_barriers_of_several_lanes(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["点位编号", "系统", "设备", "楼层", "备注"],
        ["D-1", "门禁", "双门", "1F", ""],
        ["D-2", "门禁", "单门", "1F", ""],
        ["D-3", "门禁", "翼闸", "1F", "4通道"],
    )
    assert [str(one.row.kind) for one in drafted] == ["door"] * 3
    assert [one.line for one in reported if one.why is Why.QUANTITY] == [4]


def test_the_locks_of_a_door_are_not_counted_as_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["门号", "门名称", "读卡器", "", "电锁", "", "控制器", ""],
        ["", "", "进", "出", "类型", "数量", "编号", "端口"],
        ["D01", "主机房A门", 1, 1, "磁力锁", 2, "ACU-1", 1],
        ["D02", "卸货门", 1, "", "磁力锁", 2, "ACU-1", 2],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1"],
    )
    doors = [(one.id, one.number) for one in drafted if str(one.row.kind) == "door"]
    assert doors == [("D01", "1"), ("D02", "2")]


def test_a_column_that_mostly_lists_things_may_name_one_without_its_number(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["部位", "摄像机", "门禁"],
        ["库房区", "半球 4台", "双门 2樘"],
        ["办公区", "半球 2台", "单门 4樘"],
        ["大厅", "球机 1台", "速通门 2通道"],
    )
    assert Counter((str(one.row.kind), one.row["location"]) for one in drafted) == {
        ("camera", "库房区"): 4,
        ("door", "库房区"): 2,
        ("camera", "办公区"): 2,
        ("door", "办公区"): 4,
        ("camera", "大厅"): 1,
        ("door", "大厅"): 1,
    }
    assert [one.line for one in reported if one.why is Why.QUANTITY] == [4]


def test_a_cabinet_that_holds_recorders_is_left_to_a_person(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "位置", "备注"],
        ["G-1", "网络机柜", "电子间", "含4台NVR"],
        ["G-2", "网络机柜", "电子间", "含PDU"],
        ["G-3", "硬盘录像机柜", "电子间", ""],
        ["C-1", "枪机", "大门", "含支架"],
    )
    assert [(one.id, str(one.row.kind)) for one in drafted] == [
        ("G-1", "None"),
        ("G-3", "None"),
        ("C-1", "camera"),
    ]


def test_a_head_that_may_be_an_attribute_counts_things_beside_others(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Floor", "Dome", "Bullet", "PTZ"],
        ["GF", 2, 1, 0],
        ["Roof", 0, 1, 1],
    )
    assert Counter(one.row["location"] for one in drafted) == {"GF": 3, "Roof": 2}


def test_of_the_amounts_of_a_contract_that_which_was_confirmed_counts(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["序号", "工程内容", "单位", "合同量", "确认量", "部位"],
        [1, "安装枪型摄像机", "台", 3, 4, "单元口"],
        [2, "敷设超五类线", "米", 3800, 3920, ""],
        [3, "立杆制作安装", "根", 16, 16, ""],
        [4, "安装单元门禁主机", "台", 2, 2, "单元门"],
    )
    assert Counter(str(one.row.kind) for one in drafted) == {"camera": 4, "None": 1}


def test_a_class_of_another_trade_that_is_called_a_system_says_no_thing(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["类别", "设备", "位置"],
        ["停车场系统", "半球摄像机", "车库"],
        ["公共广播系统", "音柱", "广场"],
    )
    assert [(one.row.line, str(one.row.kind)) for one in drafted] == [(2, "None")]


def test_the_preset_of_a_camera_is_no_device_of_the_zone(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区号", "起点", "终点", "类型", "主机编号", "预置位"],
        [1, "北门", "北1号杆", "脉冲围栏", "W1", "球机1-1"],
        [2, "北1号杆", "东北角", "振动光纤", "W1", "球机1-2"],
    )
    zones = [one for one in drafted if str(one.row.kind) == "zone"]
    assert [(one.number, one.attributes) for one in zones] == [
        ("1", ("detector=pulse_fence",)),
        ("2", ("detector=vibration_cable",)),
    ]


def test_detectors_counted_beside_buttons_are_those_of_the_alarm(tmp_path: Path) -> None:
    head = ["区域", "摄像机（台）", "探测器（只）", "紧急按钮（只）"]
    drafted, _ = read(tmp_path, head, ["大厅", 1, 1, 1], ["办公", 1, 1, 1])
    assert Counter(str(one.row.kind) for one in drafted) == {"camera": 2, "zone": 4}
    drafted, _ = read(tmp_path, [*head, "烟感"], ["大厅", 1, 1, 1, 1], ["办公", 1, 1, 1, 1])
    assert Counter(str(one.row.kind) for one in drafted) == {"camera": 2, "zone": 2, "None": 4}
