# SPDX-License-Identifier: Apache-2.0
"""What a sheet says outside of its usual columns: numbers in remarks, ids, groups, heads nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import read, read_file, write_book
from yanshou.model import DeviceKind, System
from yanshou.site.schedule import (
    Why,
    inventory_text,
)
from yanshou.site.schedule.head_names import column_of
from yanshou.site.schedule.terms import Context, meaning


@pytest.mark.parametrize(
    ("remark", "number"),
    [
        ("防区3", "3"),
        ("防区 03", "3"),
        ("防区：3", "3"),
        ("第3防区", "3"),
        ("3号防区", "3"),
        ("接报警主机 防区#3", "3"),
        ("Zone 3", "3"),
        ("3防区", ""),  # it may take three
        ("联动防区3", ""),
        ("防区3，防区4备用", ""),
        ("防区3个", ""),
    ],
)
def test_the_zone_of_a_remark_is_a_number_where_it_can_be_nothing_else(
    tmp_path: Path, remark: str, number: str
) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "位置", "备注"], ["双鉴探测器", "东", remark])
    assert [(str(one.row.kind), one.number) for one in drafted] == [("zone", number)]


def test_the_zones_of_a_panel_are_no_number_of_it(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "位置", "备注"], ["报警主机", "机房", "防区1"])
    assert [(str(one.row.kind), one.number) for one in drafted] == [("panel", "")]


def test_numbers_that_count_nothing_are_ids(tmp_path: Path) -> None:
    head = ["编号", "设备名称", "位置"]
    drafted, _ = read(tmp_path, head, [101, "枪机", "东"], [102, "枪机", "西"], [201, "枪机", "南"])
    assert [one.id for one in drafted] == ["101", "102", "201"]
    drafted, _ = read(tmp_path, head, *([n, "枪机", f"{n}"] for n in range(1, 103)))
    assert drafted[100].id == "CAM-101", "the 101st line of a list that counts"


def test_a_column_nobody_knows_is_read_by_what_stands_in_it_and_told(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["标签", "器具", "机位", "线号", "对接", "网关"],
        ["T2-V-1", "半球", "大厅", "W1", "10.7.0.1", "10.7.0.254"],
        ["T2-V-2", "枪机", "后门", "W2", "10.7.0.2", "10.7.0.254"],
        ["T2-V-3", "球机", "前门", "W3", "10.7.0.3", "10.7.0.254"],
    )
    assert [(one.id, str(one.row.kind), one.host) for one in drafted] == [
        ("T2-V-1", "camera", "10.7.0.1"),
        ("T2-V-2", "camera", "10.7.0.2"),
        ("T2-V-3", "camera", "10.7.0.3"),
    ]
    assert [one.row["location"] for one in drafted] == ["大厅", "后门", "前门"]
    assert [one.text for one in reported if one.why is Why.COLUMN_READ] == ["标签", "器具", "机位", "对接"]
    assert [one.text for one in reported if one.why is Why.COLUMN_UNKNOWN] == ["线号"]


def test_addresses_of_others_are_no_addresses_of_devices(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "位置", "上联交换机IP", "组播地址"],
        ["半球", "大厅", "10.7.0.251", "239.0.0.1"],
        ["枪机", "后门", "10.7.0.252", "239.0.0.2"],
    )
    assert [one.host for one in drafted] == ["", ""]


def test_a_system_written_once_holds_for_the_rows_below_it(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["一级分类", "二级分类", "名称", "位置"],
        ["入侵", "前端", "门磁", "库房"],
        ["", "后端", "报警主机", "机房"],
        ["门禁", "前端", "读卡器", "机房"],
        ["", "", "UPS电源", "机房"],
    )
    assert [(str(one.row.kind), one.row.system) for one in drafted] == [
        ("zone", System.INTRUSION),
        ("panel", System.INTRUSION),
        ("reader", System.ACCESS_CONTROL),
        ("power_supply", None),
    ], "of what the supply feeds, the sheet says nothing"
    assert Why.SYSTEM_OTHER not in {one.why for one in reported}


def test_a_column_of_zone_numbers_makes_no_alarm_device_of_the_others(tmp_path: Path) -> None:
    head = ["编号", "名称", "地点", "所属主机", "防区号"]
    rows = [
        ["ZJ1", "报警主机", "机房", "", ""],
        ["T1", "幕帘", "窗", "ZJ1", "1"],
        ["C1", "枪机", "门", "", ""],
    ]
    drafted, reported = read(tmp_path, head, *rows, ["X1", "智能感知杆", "门", "", ""])
    assert [str(one.row.kind) for one in drafted] == ["panel", "zone", "camera", "None"]
    assert Why.SYSTEM_OTHER not in {one.why for one in reported}


def test_no_panel_is_made_where_a_row_of_an_open_kind_has_its_id(tmp_path: Path) -> None:
    head = ["编号", "设备名称", "位置", "上级设备"]
    drafted, reported = read(tmp_path, head, ["A1", "双鉴", "东", "BJ1"], ["BJ1", "主机", "机房", ""])
    assert [one.id for one in drafted] == ["A1", "BJ1"]
    assert {one.why for one in reported} == {Why.PARENT, Why.UNCLEAR}


def test_the_same_thing_named_in_two_columns_is_one_name(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["No.", "Device", "设备名称", "Location"],
        [1, "IP Dome Camera", "半球摄像机", "Lobby"],
        [2, "Card Reader", "摄像机", "Lobby"],
    )
    assert [(one.name, str(one.row.kind)) for one in drafted] == [
        ("IP Dome Camera 半球摄像机", "camera"),
        ("Card Reader 摄像机", "None"),
    ]
    assert Why.COLUMN_TWICE not in {one.why for one in reported}


def test_two_devices_in_a_row_are_never_read_as_one(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["区域", "视频监控", "", "", "入侵报警", ""],
        ["", "编号", "类型", "IP", "编号", "类型"],
        ["大门", "C01", "球机", "10.7.1.1", "B01", "紧急按钮"],
        merged=["A1:A2", "B1:D1", "E1:F1"],
    )
    assert [(one.id, str(one.row.kind), one.row["location"], one.host) for one in drafted] == [
        ("C01", "camera", "大门", "10.7.1.1"),
        ("B01", "zone", "大门", ""),
    ]


def test_a_row_that_looks_like_a_head_is_a_device(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "安装位置", "IP地址"],
        ["A02", "NVR/录像机", "Room", "10.9.1.2"],
        ["A03", "录像机", "房间", ""],
    )
    assert [(one.id, str(one.row.kind)) for one in drafted] == [("A02", "recorder"), ("A03", "recorder")]


def test_a_contact_is_of_the_alarm_only_in_a_file_without_doors(tmp_path: Path) -> None:
    head = ["设备编号", "设备名称", "位置"]
    alarm = [["Z1", "双鉴", "东"], ["Z2", "门磁", "西"]]
    drafted, reported = read(tmp_path, head, *alarm)
    assert [str(one.row.kind) for one in drafted] == ["zone", "zone"]
    assert Why.UNCLEAR not in {one.why for one in reported}
    for of_doors in ("读卡器", "磁力锁", "出门按钮"):
        drafted, _ = read(tmp_path, head, *alarm, ["Z3", of_doors, "西"])
        assert str(drafted[1].row.kind) == "None", of_doors


def test_the_address_of_a_device_without_a_table_stays_in_its_remark(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "位置", "IP地址"], ["综合安防管理平台", "机房", "10.9.0.1"])
    assert "10.9.0.1" in inventory_text(drafted, [], [], {DeviceKind.CAMERA})


def test_what_belongs_to_a_door_is_not_what_the_row_is(tmp_path: Path) -> None:
    head = ["Door", "Entry", "Reader type", "Lock fitted", "Controller"]
    drafted, _ = read(
        *(tmp_path, head, ["Main door", "", "Card reader", "Maglock", "AC-1"]),
        ["Server room", "", "Fingerprint reader", "Strike", "AC-1"],
        sheet="ACCESS",
    )
    assert {str(one.row.kind) for one in drafted} <= {"door", "door_controller", "None"}
    assert len([one for one in drafted if str(one.row.kind) != "door_controller"]) == 2


def test_controllers_without_doors_are_told_once(tmp_path: Path) -> None:
    head = ["设备名称", "位置"]
    parts = [["单门控制器", "泵房"], ["读卡器", "泵房"], ["电插锁", "泵房"]]
    _, reported = read(tmp_path, head, *parts)
    assert [one.line for one in reported if one.why is Why.DOORS_MISSING] == [2]
    _, reported = read(tmp_path, head, *parts, ["翼闸", "大堂"])
    assert Why.DOORS_MISSING not in {one.why for one in reported}


@pytest.mark.parametrize("head", ["DVR", "网络硬盘录像机", "存储NVR"])
def test_a_column_headed_by_a_recorder_names_that_of_each_camera(tmp_path: Path, head: str) -> None:
    rows = [["1", "大厅", "半球", "D1"], ["2", "后门", "枪机", "D1"], ["1", "楼梯", "半球", "D2"]]
    drafted, _ = read(tmp_path, ["通道", "摄像机位置", "摄像机形式", head], *rows)
    cameras = [one for one in drafted if str(one.row.kind) == "camera"]
    assert [(one.parent, one.number) for one in cameras] == [("D1", "1"), ("D1", "2"), ("D2", "1")]


def test_each_column_headed_by_a_thing_gives_a_device_of_its_own(tmp_path: Path) -> None:
    head = ["部位", "风险等级", "入侵探测装置", "紧急报警装置", "摄像机"]
    drafted, _ = read(
        *(tmp_path, head, ["金库", "一级", "振动", "无", "半球"], ["现金区", "一级", "双鉴", "脚挑", "枪机"])
    )
    assert [(str(one.row.kind), one.attributes, one.row["location"]) for one in drafted] == [
        ("zone", ("detector=vibration",), "金库"),
        ("camera", (), "金库"),
        ("zone", ("detector=dual",), "现金区"),
        ("zone", ("type=hold_up", "detector=foot_switch"), "现金区"),
        ("camera", (), "现金区"),
    ]


COUNTS: Sequence[Sequence[object]] = [
    ["区域", "半球（台）", "读卡器", "合计"],
    ["东楼", 2, 1, 3],
    ["西楼", 0, 1, 1],
    ["各楼合计", 2, 2, 4],
]


def test_a_table_of_counts_gives_each_thing_its_line(tmp_path: Path) -> None:
    drafted, reported = read(tmp_path, *COUNTS)
    assert [(one.name, str(one.row.kind), one.row["location"]) for one in drafted] == [
        ("半球 1/2", "camera", "东楼"),
        ("半球 2/2", "camera", "东楼"),
        ("读卡器", "reader", "东楼"),
        ("读卡器", "reader", "西楼"),
    ]
    assert [one.line for one in reported if one.why is Why.QUANTITY_SPLIT] == [2]


def test_a_table_of_counts_beside_the_list_doubles_no_device(tmp_path: Path) -> None:
    rows = [["编号", "设备名称", "位置"], ["C1", "半球", "东楼大厅"], ["R1", "读卡器", "西楼"]]
    _, drafted, reported = read_file(write_book(tmp_path, ("统计", COUNTS), ("明细", rows)))
    assert [one.id for one in drafted] == ["C1", "R1"]
    assert {one.line for one in reported if one.why is Why.BILL} == {2, 3}


def test_the_column_of_ids_of_other_rows_is_what_a_device_hangs_on(tmp_path: Path) -> None:
    head = ["编号", "设备名称", "位置", "接至", "联动"]
    rows = [
        ["Z1", "双鉴", "东", "BJ1", "C1"],
        ["BJ1", "报警主机", "机房", "", ""],
        ["C1", "枪机", "东", "", ""],
    ]
    drafted, _ = read(tmp_path, head, *rows)
    assert [one.parent for one in drafted] == ["BJ1", "", ""]


@pytest.mark.parametrize("cell", ["10. 0.0.3", "10.0.0.3\n", " 10.0 .0.3"])
def test_blanks_in_an_address_are_of_the_typing(tmp_path: Path, cell: str) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "位置", "IP地址"], ["半球", "东", cell])
    assert [one.host for one in drafted] == ["10.0.0.3"]


@pytest.mark.parametrize(
    ("text", "context", "kind", "attributes"),
    [
        ("被动红外入侵探测器", Context(), "zone", "detector=infrared"),
        ("微波和被动红外复合入侵探测器", Context(), "zone", "detector=dual"),
        ("主动红外入侵探测器", Context(), "zone", "detector=beam"),
        ("吸顶式三鉴探测器", Context(), "zone", "detector=dual"),
        ("振动光缆", Context(), "zone", "detector=vibration_cable"),
        ("感温电缆", Context(), None, ""),
        ("脚挑报警开关", Context(), "zone", "type=hold_up; detector=foot_switch"),
        ("手动报警按钮", Context(), None, ""),  # of the fire alarm as well
        ("手动报警按钮", Context(System.INTRUSION), "zone", "type=hold_up"),
        ("通过式金属探测门", Context(), "gate", "type=walk_through"),
        ("手持式金属探测器", Context(), "gate", "type=hand_held"),
        ("金属探测器", Context(), None, ""),
        ("脉冲主机", Context(System.INTRUSION), None, ""),
        ("主机", Context(System.INTRUSION), "panel", ""),
        ("主机", Context(System.VIDEO), None, ""),
        ("探头", Context(System.VIDEO), "camera", ""),
        ("红外探头", Context(System.INTRUSION), "zone", "detector=infrared"),
        ("红外探头", Context(), None, ""),
        ("照明控制器", Context(System.ACCESS_CONTROL), None, ""),
        ("指纹读卡器", Context(), "reader", "technology=fingerprint"),
        ("人脸门禁", Context(), None, ""),
        ("电子围栏报警主机", Context(), None, ""),
        ("RVV2*1.0", Context(), None, ""),
        ("UPS 间门", Context(), None, ""),
        ("UPS 机房", Context(), "power_supply", ""),
        ("网络高清摄像机配套支架", Context(), None, ""),
        ("摄像机附件", Context(), None, ""),
        ("枪机（含支架）", Context(), "camera", ""),
        ("枪机（支架）", Context(), None, ""),
        ("摄像机和拾音器", Context(), None, ""),
        ("红外对射/振动光纤", Context(), None, ""),
        ("NVR/录像机", Context(), "recorder", ""),
        ("视频会议摄像机", Context(), None, ""),
        ("可燃气体报警控制器", Context(), None, ""),
        ("身份证读卡器", Context(), None, ""),
        ("毫米波安检门", Context(), None, ""),
        ("X光机", Context(), None, ""),  # of a hospital as well
        ("X光机", Context(System.SECURITY_INSPECTION), "xray", ""),
        ("双视角X射线安全检查仪", Context(), "xray", ""),
        ("Microwave/PIR", Context(), "zone", "detector=dual"),
        ("Vibration/PIR", Context(), None, ""),
        ("红外/微波探测器", Context(), "zone", "detector=dual"),
        ("振动/红外探测器", Context(), None, ""),
        ("passive infrared detector", Context(), "zone", "detector=infrared"),
        ("smoke detector", Context(), None, ""),
    ],
)
def test_the_words_of_the_field(text: str, context: Context, kind: str | None, attributes: str) -> None:
    found = meaning(text, context)
    assert found is not None or kind is None
    assert (found.kind if found else None) == kind
    assert (found.attributes if found and kind else "") == attributes


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("资产编号", "id"),
        ("使用地点", "location"),
        ("装置名称", "name"),
        ("设备名称及型号", "name"),
        ("IP/掩码", "host"),
        ("IP:端口", "host"),
        ("Mgmt IP", "host"),
        ("序号 No.", "sequence"),
        ("位置 Location", "location"),
        ("防区地址", "number"),
        ("存储通道", "number"),
        ("Ch", "number"),
        ("所接主机/端口", "parent"),
        ("复核摄像机", ""),
        ("网关IP", ""),
        ("Switch IP", ""),
        ("Reader type", ""),
        ("Camera IP Address", "host"),
        ("IP地址 IP", "host"),
        ("设备\nEquipment", "kind"),
        ("网络地址\nIP Addr.", "host"),
        ("服务器IP地址", ""),
        ("IP地址（网关）", ""),
        ("出厂编号", "unused"),
        ("防区类型", "attribute"),
    ],
)
def test_a_head_names_one_column_or_none(head: str, column: str) -> None:
    assert column_of(head) == column
