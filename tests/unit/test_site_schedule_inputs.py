# SPDX-License-Identifier: Apache-2.0
"""What a row hangs on and at which input, of what its id is, and what the columns of its table count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind, System
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.meanings import UNTESTED, Meaning
from yanshou.site.schedule.terms import Context, meaning


def _kinds(drafted: list[Drafted]) -> list[str]:
    return [str(one.row.kind) for one in drafted]


def test_a_recorder_that_stands_with_each_of_its_channels_is_what_they_hang_on(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备IP", "设备名称", "通道号", "通道名称"],
        ["10.66.1.200", "货站NVR01", 1, "收货口"],
        ["10.66.1.200", "货站NVR01", 2, "贵重品库"],
        ["10.66.1.201", "货站NVR02", 1, "查验区"],
    )
    assert [(str(one.row.kind), one.name, one.number) for one in drafted] == [
        ("recorder", "货站NVR01", ""),
        ("recorder", "货站NVR02", ""),
        ("camera", "收货口", "1"),
        ("camera", "贵重品库", "2"),
        ("camera", "查验区", "1"),
    ]
    assert [one.host for one in drafted] == ["10.66.1.200", "10.66.1.201", "", "", ""]
    assert [one.parent for one in drafted[2:]] == [drafted[0].id, drafted[0].id, drafted[1].id]


def test_cameras_of_an_address_each_are_no_recorders(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备IP", "设备名称", "通道号"],
        ["10.1.1.11", "东门枪机", 1],
        ["10.1.1.12", "西门枪机", 2],
    )
    assert [(str(one.row.kind), one.host, one.number) for one in drafted] == [
        ("camera", "10.1.1.11", "1"),
        ("camera", "10.1.1.12", "2"),
    ]


def test_one_cell_gives_the_device_and_its_input(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备", "装在哪里", "接到哪里"],
        ["摄像头", "柜台", "录像机1路"],
        ["摄像头", "后巷", "录像机2路"],
        ["震动探头", "库墙", "报警主机4防区"],
        ["录像机", "经理室", ""],
        ["报警主机", "经理室", ""],
    )
    assert [(one.row["location"], one.parent, one.number) for one in drafted] == [
        ("柜台", drafted[3].id, "1"),
        ("后巷", drafted[3].id, "2"),
        ("库墙", drafted[4].id, "4"),
        ("经理室", "", ""),
        ("经理室", "", ""),
    ]
    assert _kinds(drafted) == ["camera", "camera", "zone", "recorder", "panel"]
    assert drafted[2].attributes == ("detector=vibration",)


def test_what_a_recorder_takes_is_no_input_of_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备", "位置", "接到哪里"],
        ["摄像头", "柜台", "录像机16路"],
        ["摄像头", "后巷", "录像机16路"],
    )
    assert [one.number for one in drafted if one.row.kind is DeviceKind.CAMERA] == ["", ""]


def test_a_column_of_addresses_and_loops(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Tag 位号", "Device 设备", "Room 房间", "Address 地址"],
        ["CAM-01", "Dome camera 半球摄像机", "Store 一号库", "10.9.0.11"],
        ["CAM-02", "Dome camera 半球摄像机", "Store 二号库", "10.9.0.12"],
        ["IDS-01", "Dual-tech detector 双鉴探测器", "Store 一号库", "Loop 1 Addr 5"],
    )
    assert [(one.host, one.row["note"]) for one in drafted] == [
        ("10.9.0.11", ""),
        ("10.9.0.12", ""),
        ("", "Loop 1 Addr 5"),
    ]


@pytest.mark.parametrize(("stem", "kind"), [("IDS", "zone"), ("AF", "None")])
def test_ids_that_begin_alike_say_of_which_system_a_contact_is(tmp_path: Path, stem: str, kind: str) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "位置"],
        [f"{stem}-01", "双鉴探测器", "一号库"],
        [f"{stem}-02", "震动探测器", "一号库"],
        [f"{stem}-03", "门磁", "一号库门"],
        [f"{stem}-04", "紧急按钮", "值守室"],
        ["AF-11", "读卡器", "一号库门"],
    )
    assert _kinds(drafted) == ["zone", "zone", kind, "zone", "reader"]


def test_what_was_installed_counts_where_its_head_says_no_more(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备材料名称", "安装区域", "合同数量", "实际安装", "偏差"],
        ["800万枪机", "室外", 3, 2, "-1"],
        ["400万半球", "室内", 1, 2, "+1"],
    )
    assert [one.row["location"] for one in drafted] == ["室外", "室外", "室内", "室内"]


def test_a_quantity_of_each_floor_is_left_to_a_person(tmp_path: Path) -> None:
    drafted, remarks = read(
        tmp_path,
        ["区域", "功能房间", "半球", "枪机"],
        ["3F~20F", "客房走道（每层）", 4, ""],
        ["1F", "大堂", 2, 1],
    )
    assert [(one.row["location"]) for one in drafted] == ["3F~20F 客房走道（每层）", *["1F 大堂"] * 3]
    assert [one.text for one in remarks if one.why is Why.QUANTITY] == ["半球 3F~20F 客房走道（每层） × 4"]


def test_counts_below_a_system_are_of_it(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["区域", "视频监控", "", "入侵报警", "", "门禁"],
        ["", "半球", "枪机", "双鉴", "手报", "单门"],
        ["财务室", 1, "", 1, 1, 1],
        ["大堂", 2, 1, "", "", ""],
        merged=["A1:A2", "B1:C1", "D1:E1"],
    )
    assert _kinds(drafted) == ["camera", "zone", "zone", "door", "camera", "camera", "camera"]
    assert drafted[2].attributes == ("type=hold_up",)


def test_a_line_of_a_place_with_an_id_of_each_of_its_things(tmp_path: Path) -> None:
    drafted, remarks = read(
        tmp_path,
        ["部位", "摄像机编号", "摄像机类型", "报警按钮编号", "门禁编号"],
        ["值班室", "JK1-01", "半球", "BJ1-01", ""],
        ["AB门", "JK1-04", "枪机", "", "MJ1-01"],
        ["放风场", "JK1-05", "球机", "", ""],
    )
    assert [(one.id, str(one.row.kind), one.row["location"]) for one in drafted] == [
        ("JK1-01", "camera", "值班室"),
        ("BJ1-01", "zone", "值班室"),
        ("JK1-04", "camera", "AB门"),
        ("MJ1-01", "door", "AB门"),
        ("JK1-05", "camera", "放风场"),
    ]
    assert not [one for one in remarks if one.why is Why.COLUMN_TWICE]


def test_the_names_of_hosts_are_the_ids_of_a_plan_of_addresses(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["VLAN", "IP地址", "主机名", "设备", "位置"],
        [120, "172.20.120.11", "IPC-DH1-A01", "摄像机", "冷通道北端"],
        [120, "172.20.120.202", "SRV-NTP", "NTP服务器", "安防机房"],
    )
    assert [one.id for one in drafted] == ["IPC-DH1-A01", "SRV-NTP"]


def test_a_detector_in_brackets_behind_its_place(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设施种类", "安装部位", "数量"],
        ["入侵探测器", "营业厅（双鉴）", 1],
        ["入侵探测器", "库房（震动）", 1],
        ["入侵探测器", "后门（常闭）", 1],
    )
    assert [one.attributes for one in drafted] == [("detector=dual",), ("detector=vibration",), ()]


def test_a_form_nobody_knows_at_a_channel_of_a_list_of_cameras(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Camera Tag", "Location", "Type", "NVR", "Channel"],
        ["C-01", "Lobby", "Fixed dome 4MP", "NVR-A", 1],
        ["C-02", "Roof", "Panoramic 4x4MP", "NVR-A", 2],
        ["C-03", "Roof", "Audio pickup", "", ""],
    )
    assert [str(one.row.kind) for one in drafted if one.id.startswith("C-")] == ["camera", "camera", "None"]


def test_things_with_measures_are_listed_in_a_cell(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["位置", "设备"],
        ["村口", "球机1台、枪机1台"],
        ["机房", "16路NVR1台"],
    )
    assert _kinds(drafted) == ["camera", "camera", "recorder"]


def test_a_title_beside_the_day_it_was_made(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["摄像机通道列表", "导出时间 2026-11-02", "", ""],
        ["通道", "别名", "地址", "型号"],
        [1, "大院北门", "172.16.8.36", "SD-6C3430"],
        [2, "天线场", "172.16.8.37", "XY-1"],
    )
    assert [(str(one.row.kind), one.host) for one in drafted] == [
        ("camera", "172.16.8.36"),
        ("None", "172.16.8.37"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("双门互锁控制器", Meaning(DeviceKind.DOOR_CONTROLLER)),
        ("张力围栏探测单元", Meaning(DeviceKind.ZONE, "detector=taut_wire")),
        ("一键报警", Meaning(DeviceKind.ZONE, "type=hold_up")),
        ("接线箱", UNTESTED),
        ("施工布线及调试", UNTESTED),
        ("自动栏杆机", None),
    ],
)
def test_names_that_are_put_together(text: str, found: Meaning | None) -> None:
    assert meaning(text, Context()) == found


def test_a_hand_alarm_is_that_of_the_fire_elsewhere() -> None:
    assert meaning("手报", Context(System.INTRUSION)) == Meaning(DeviceKind.ZONE, "type=hold_up")
    assert meaning("手报", Context()) is None


def test_the_panel_and_the_zone_below_one_head(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["点号", "展区/展柜", "探测手段", "接入（主机-防区）"],
        ["T101", "序厅", "三鉴探测器", "主机1-01"],
        ["T104", "青铜独立柜", "震动", "主机1-04"],
    )
    zones = [one for one in drafted if one.row.kind is DeviceKind.ZONE]
    assert [(one.id, one.number, one.attributes) for one in zones] == [
        ("T101", "1", ("detector=dual",)),
        ("T104", "4", ("detector=vibration",)),
    ]
    assert {one.parent for one in zones} == {one.id for one in drafted if one.row.kind is DeviceKind.PANEL}


def test_the_numbers_behind_the_units_are_quantities(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "单位", "应配", "实配", "安装位置"],
        ["高清枪机", "台", 3, 2, "营业厅"],
        ["网络硬盘录像机", "台", 1, 1, "监控间"],
    )
    assert _kinds(drafted) == ["camera", "camera", "recorder"]


def test_what_is_measured_is_no_device_unless_it_may_detect(tmp_path: Path) -> None:
    drafted, remarks = read(
        tmp_path,
        ["设备材料名称", "规格", "数量", "单位"],
        ["枪式摄像机", "400万", 1, "台"],
        ["六类线", "UTP", 3200, "m"],
        ["周界传感线", "XT", 500, "m"],
        ["某某仪", "A1", 2, "台"],
    )
    assert _kinds(drafted) == ["camera", "None", "None"]
    assert [one.text for one in remarks if one.why is Why.UNTESTED] == ["六类线 UTP"]
