# SPDX-License-Identifier: Apache-2.0
"""Which of several columns names a thing, its place or its number, where the heads alone say too little."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.point_lists import Hand, read, read_file
from yanshou.model import System
from yanshou.site.schedule import Why
from yanshou.site.schedule.terms import Context, meaning


def test_the_column_of_cameras_may_name_their_places(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["站点", "摄像机", "类型", "IP"],
        ["大坝", "坝顶左岸", "球机", "10.1.5.11"],
        ["大坝", "坝顶右岸", "枪机", "10.1.5.12"],
    )
    assert [(str(one.row.kind), one.name, one.row["location"]) for one in drafted] == [
        ("camera", "坝顶左岸", "大坝"),
        ("camera", "坝顶右岸", "大坝"),
    ]


def test_of_two_names_of_points_that_of_each_is_its_own(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["点位", "摄像机名称", "录像机", "通道"],
        ["展厅", "展厅东", "NVR1", 1],
        ["展厅", "展厅西", "NVR1", 2],
        ["配件库", "货架区", "NVR1", 3],
    )
    assert [(one.name, one.row["location"], one.number) for one in drafted if one.number] == [
        ("展厅东", "展厅", "1"),
        ("展厅西", "展厅", "2"),
        ("货架区", "配件库", "3"),
    ]


def test_a_gate_in_brackets_of_a_passage_counts_gates_and_numbers_nothing(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼号", "出入口", "闸机（通道）", "摄像机", "紧急按钮"],
        ["1号楼", "东门", 2, 1, 1],
        ["2号楼", "西门", 1, 1, ""],
    )
    assert [(str(one.row.kind), one.row["location"], one.number) for one in drafted] == [
        *[("door", "1号楼 东门", "")] * 2,
        ("camera", "1号楼 东门", ""),
        ("zone", "1号楼 东门", ""),
        ("door", "2号楼 西门", ""),
        ("camera", "2号楼 西门", ""),
    ]


def test_forms_of_cameras_below_the_system_of_cameras(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["部位", "入侵探测", "", "视频监控", "", "声音复核"],
        ["", "双鉴", "对射", "固定", "球机", ""],
        ["大雄宝殿", 4, "", 2, "", 1],
        ["院墙", "", 6, "", 1, ""],
        merged=["A1:A2", "F1:F2", "B1:C1", "D1:E1"],
    )
    kinds = [(str(one.row.kind), one.row["location"]) for one in drafted]
    assert kinds == [
        ("zone", "大雄宝殿"),
        ("camera", "大雄宝殿"),
        ("camera", "大雄宝殿"),
        ("None", "大雄宝殿"),
        ("zone", "院墙"),
        ("camera", "院墙"),
    ]


def test_a_contact_with_a_number_at_a_panel_is_a_zone_beside_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["报警点", "器材名称", "主机防区"],
        ["药品库门", "门磁", 1],
        ["药品库", "读卡器", ""],
        ["药品库", "门磁", ""],
    )
    assert [(str(one.row.kind), one.number) for one in drafted] == [
        ("zone", "1"),
        ("reader", ""),
        ("None", ""),
    ]


@pytest.mark.parametrize(
    ("text", "system", "kind"),
    [
        ("Double leaf door, card in / REX out", None, "?"),
        ("Double leaf door, card in / REX out", System.ACCESS_CONTROL, "door"),
        ("某种新设备，带支架", System.VIDEO, "?"),
        ("枪机，带支架", System.VIDEO, "camera"),
        ("网络高清摄像机电源适配器", System.VIDEO, "untested"),
        ("固定", System.VIDEO, "camera"),
        ("固定", None, None),
        ("一键式紧急报警器", None, "zone"),
    ],
)
def test_what_nobody_knows_with_a_bracket_is_no_bracket(
    text: str, system: System | None, kind: str | None
) -> None:
    found = meaning(text, Context(system))
    read_as = found and (str(found.kind) if found.kind else "untested" if found.clear else "?")
    assert read_as == kind


@pytest.mark.parametrize(
    ("name", "model", "kind"),
    [
        ("车间东门", "DS-2CD3T46WD-I3", "camera"),
        ("车间东门", "海康DS-2DE7423IW", "camera"),
        ("车间东门", "DH-IPC-HFW2433T", "camera"),
        ("1号机", "DS-7932N-K4", "recorder"),
        ("1号机", "DH-NVR5864", "recorder"),
        ("东弱电间", "DS-K2604", "door_controller"),
        ("车间东门", "DS-1273ZJ", "None"),
        ("车间东门", "DS-K1T671M", "None"),
        ("摄像机支架", "DS-2CD3T46WD-I3", "None"),
        ("人脸识别终端", "DS-2CD3T46WD-I3", "None"),
        ("备件", "DS-2CD3T46WD-I3", "None"),
    ],
)
def test_a_model_says_the_kind_where_no_word_does(tmp_path: Path, name: str, model: str, kind: str) -> None:
    head, other = ["序号", "设备名称", "型号", "IP地址"], [2, "球机", "DS-2DE7", "10.1.1.2"]
    rows = read_file(Hand("sheet", [head, [1, name, model, "10.1.1.1"], other], []).write(tmp_path))[0]
    assert [str(row.kind) for row in rows] == [kind, "camera"]


def test_the_area_of_an_english_zone_is_its_partition(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["Zone", "Description", "Device", "Area"], [1, "Main hall", "PIR", 2], [2, "Shop", "PIR", 1]
    )
    assert [(one.number, one.row["location"], one.attributes) for one in drafted] == [
        ("1", "", ("detector=infrared", "partition=2")),
        ("2", "", ("detector=infrared", "partition=1")),
    ]
    drafted, _ = read(tmp_path, ["Device", "Area"], ["PIR", "Hall"], ["Dome camera", "Shop"])
    assert [one.row["location"] for one in drafted] == ["Hall", "Shop"]


def test_the_address_that_doors_share_is_that_of_their_controller(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["门名称", "所属控制器", "门序号", "设备IP"],
        ["财务室", "四门主机01", 1, "10.9.0.11"],
        ["机房", "四门主机01", 2, "10.9.0.11"],
    )
    doors = [one for one in drafted if str(one.row.kind) == "door"]
    assert [(one.name, one.number, one.host) for one in doors] == [("财务室", "1", ""), ("机房", "2", "")]
    assert not [one for one in reported if one.why is Why.ADDRESS_TWICE]


@pytest.mark.parametrize(
    "above",
    [
        ("NVR1", "NVR1"),
        ("NVR-1 CH1", "NVR-1 CH2"),
        ("101-NVR-01/D1", "101-NVR-01/D2"),
        ("NVR-1 CH1", "主机防区2"),
    ],
)
def test_what_a_row_hangs_on_is_not_what_it_is(tmp_path: Path, above: tuple[str, str]) -> None:
    head = ["编号", "安装位置", "接至"]
    drafted, _ = read(tmp_path, head, *([f"K-0{at}", "大厅", one] for at, one in enumerate(above)))
    assert [str(one.row.kind) for one in drafted] == ["None", "None"]


def test_a_name_that_stands_with_several_rows_makes_no_recorder_of_each(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["录像机名称", "通道号", "前端IP"],
        ["NVR-A", "D1", "10.8.1.1"],
        ["NVR-A", "D2", "10.8.1.2"],
    )
    assert [(str(one.row.kind), one.host) for one in drafted] == [("None", "10.8.1.1"), ("None", "10.8.1.2")]


def test_a_zone_among_the_channels_of_cameras(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备编号", "安装位置", "上联NVR", "通道"],
        ["K-1", "东门", "NVR-1", "D1"],
        ["K-2", "财务室", "", "防区1"],
    )
    own = [(str(one.row.kind), one.parent, one.number) for one in drafted if one.id.startswith("K-")]
    assert own == [("camera", "NVR-1", "1"), ("zone", "", "1")]


def test_the_features_of_an_item_of_a_bill_name_it(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "项目特征描述", "计量单位", "工程量"]
    hand = Hand(
        "sheet",
        [
            head,
            [1, "监控摄像设备", "1.名称:半球网络摄像机 2.类别:400万", "台", 2],
            [2, "出入口控制设备", "1.名称：双门门禁控制器", "台", 1],
            [3, "显示设备", "1.名称:55寸拼接屏", "台", 6],
            [4, "配管", "JDG20", "m", 800],
        ],
        [],
    )
    found = [(str(row.fate), str(row.kind)) for row in read_file(hand.write(tmp_path))[0]]
    assert found == [
        ("device", "camera"),
        ("device", "door_controller"),
        ("untested", "None"),
        ("untested", "None"),
    ]


def test_counts_of_parts_stand_beside_the_one_device_they_are_of(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼号", "单元", "门禁主机", "电磁锁", "出门按钮"],
        ["1号楼", "1单元", 1, 1, 1],
        ["1号楼", "2单元", 1, 1, 1],
    )
    assert [(str(one.row.kind), one.row["location"]) for one in drafted] == [
        ("door_controller", "1号楼 1单元"),
        ("door_controller", "1号楼 2单元"),
    ]


def test_counts_of_the_parts_of_listed_doors_are_no_devices(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["门编号", "位置", "控制器", "读卡器", "电磁锁", "出门按钮"],
        ["D01", "机房", "LC01", 1, 1, 1],
        ["D02", "站长室", "LC02", 2, 1, 1],
    )
    assert [(one.id, str(one.row.kind), one.parent) for one in drafted if one.id.startswith("D0")] == [
        ("D01", "door", "LC01"),
        ("D02", "door", "LC02"),
    ]
    assert "reader" not in {str(one.row.kind) for one in drafted}


def test_two_columns_of_devices_leave_each_row_to_a_person(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区编号", "围界里程", "报警设备", "摄像机编号", "摄像机类型"],
        ["W01", "K0+000~K0+080", "张力围栏", "W01-C1", "枪机"],
        ["W02", "K0+080~K0+160", "振动光缆", "W02-C1", "球机"],
    )
    assert [str(one.row.kind) for one in drafted] == ["None", "None"]
    assert [{one.row["kind"], one.row["kind again"]} for one in drafted] == [
        {"枪机", "张力围栏"},
        {"球机", "振动光缆"},
    ]


def test_among_types_of_zones_a_perimeter_is_one(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区", "名称", "类型", "设备"],
        [1, "大门", "出入口", "门磁"],
        [2, "候诊区", "周界", "红外"],
        [3, "药房", "即时", "双鉴"],
        [4, "收费", "紧急", "按钮"],
    )
    assert [(one.number, one.attributes) for one in drafted] == [
        ("1", ("detector=contact", "type=出入口")),
        ("2", ("detector=infrared", "type=周界")),
        ("3", ("detector=dual", "type=即时")),
        ("4", ("type=紧急",)),
    ]


def test_a_class_with_its_prefix_is_a_system(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["类别", "设备", "位置"], ["安防-门禁", "读卡器", "仓库"], ["安防-监控", "半球", "大堂"]
    )
    assert [str(one.row.kind) for one in drafted] == ["reader", "camera"]


@pytest.mark.parametrize(("model", "numbers"), [("DS-8632N-K8", ["1", "2"]), ("DS-8632HQH-K8", ["", ""])])
def test_the_model_says_that_a_recorder_is_one_of_network_cameras(
    tmp_path: Path, model: str, numbers: Sequence[str]
) -> None:
    drafted, _ = read(
        tmp_path,
        ["监控部位", "摄像机类型", "型号", "通道号"],
        ["大厅", "半球", "DS-2CD3146", "D1"],
        ["门口", "枪机", "DS-2CD3T46", "D2"],
        ["监控室", "硬盘录像机", model, ""],
    )
    assert [one.number for one in drafted if str(one.row.kind) == "camera"] == numbers


def test_a_quantity_may_stand_in_the_name_of_a_thing(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["点位", "设备构成", "供电"],
        ["检票口", "枪机2台", "市电"],
        ["游客中心", "球机1台", "市电"],
        ["观景台", "球机1台+求助柱1套", "4G"],
    )
    assert [(str(one.row.kind), one.row["point"]) for one in drafted] == [
        ("camera", "检票口"),
        ("camera", "检票口"),
        ("camera", "游客中心"),
        ("camera", "观景台"),
        ("None", "观景台"),  # what a 求助柱 is
    ]


def test_of_columns_headed_by_systems_none_is_what_the_row_is(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["房间号", "视频监控", "门禁", "报警"],
        ["A302", 2, "有", "双鉴1只"],
        ["A305", 1, "无", "双鉴2只"],
    )
    assert [(str(one.row.kind), one.row["location"]) for one in drafted] == [
        *[("camera", "A302")] * 2,
        ("door", "A302"),
        ("zone", "A302"),
        ("camera", "A305"),
        ("zone", "A305"),
    ]


def test_counts_of_parts_beside_the_numbers_of_doors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["房间名称", "门编号", "就地控制器", "读卡器(入)", "读卡器(出)", "电锁"],
        ["信号室", "D201", "LC-01", 1, 1, 1],
        ["票务室", "D203", "LC-02", 1, 0, 1],
    )
    own = [(one.id, str(one.row.kind), one.parent) for one in drafted if one.id.startswith("D")]
    assert own == [("D201", "door", "LC-01"), ("D203", "door", "LC-02")]


def test_zones_from_one_number_to_another(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path, ["区域", "器材名称", "数量", "防区起止"], ["大厅", "双鉴", 2, "1~2"], ["库房", "门磁", 1, 3]
    )
    assert [(str(one.row.kind), one.number) for one in drafted] == [
        ("zone", "1"),
        ("zone", "2"),
        ("zone", "3"),
    ]
