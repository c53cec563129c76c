# SPDX-License-Identifier: Apache-2.0
"""What a row is by what it hangs on, by the head its kind stands below, and by the sums of its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind, System
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.meanings import UNCLEAR, UNTESTED, Meaning
from yanshou.site.schedule.terms import Context, meaning

_ZONES = Context(System.INTRUSION)


def _kinds(drafted: list[Drafted]) -> list[str]:
    return [str(one.row.kind) for one in drafted]


@pytest.mark.parametrize(("above", "kind"), [("NVR2-3", "camera"), ("SW2-3", "None")])
def test_a_form_of_cameras_alone_at_a_recorder(tmp_path: Path, above: str, kind: str) -> None:
    drafted, _ = read(tmp_path, ["点位名称", "前端类型", "接入"], ["入库口", "枪", above])
    assert [str(one.row.kind) for one in drafted if one.name == "入库口"] == [kind]


@pytest.mark.parametrize(("above", "kind"), [("报警主机", "zone"), ("门禁控制器", "untested")])
def test_a_contact_is_of_the_system_it_hangs_on(tmp_path: Path, above: str, kind: str) -> None:
    drafted, remarks = read(tmp_path, ["设备名称", "位置", "接入设备"], ["门磁", "库门", above])
    untested = [one for one in remarks if one.why is Why.UNTESTED]
    assert (_kinds(drafted)[-1:] or ["untested"] * len(untested)) == [kind]


def test_a_column_called_after_alarms_names_the_things(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["科室", "位置", "报警类型", "编号"],
        ["急诊科", "分诊台", "一键报警", "EM-01"],
        ["药剂科", "麻精药品库", "红外双鉴", "EM-04"],
        ["财务科", "金库", "振动", "EM-06"],
        ["保卫科", "监控中心", "报警主机", "EM-00"],
    )
    assert _kinds(drafted) == ["zone", "zone", "zone", "panel"]
    assert [one.attributes for one in drafted] == [
        ("type=hold_up",),
        ("detector=dual",),
        ("detector=vibration",),
        (),
    ]


def test_a_column_of_locks_names_no_things(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["门编号", "门名称", "锁具", "控制器"],
        ["D101", "档案室", "磁力锁", "K1"],
        ["D102", "机房", "电机锁", "K1"],
    )
    assert [one.id for one in drafted if one.row.kind is DeviceKind.DOOR] == ["D101", "D102"]


def test_the_other_end_of_a_cable_is_not_the_thing_of_the_row(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["电缆编号", "起点", "", "终点", ""],
        ["", "设备", "位置", "设备", "位置"],
        ["AF-1", "双鉴P1", "库房中", "报警主机", "值班室"],
        ["AF-2", "门磁M1", "库房门", "报警主机", "值班室"],
        merged=["A1:A2", "B1:C1", "D1:E1"],
    )
    assert _kinds(drafted) == ["None", "None"]


def test_points_of_video_are_cameras_where_their_column_says_points(tmp_path: Path) -> None:
    rows = (["南门外广场", "41.10.1.13"], ["1幢北侧道路", "41.10.1.14"])
    for head, kind in (("点位类型", "camera"), ("类别", "None")):
        cells = [["视频", *row] for row in rows]
        drafted, _ = read(tmp_path, [head, "名称", "设备IP"], *cells)
        assert _kinds(drafted) == [kind] * 2


@pytest.mark.parametrize(("sums", "places"), [((9, 3), ["坝顶"] * 4), ((8, 3), [""])])
def test_columns_that_add_up_to_the_sums_are_places(
    tmp_path: Path, sums: tuple[int, int], places: list[str]
) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备", "坝顶", "室外", "营地", "小计"],
        ["球机", 4, 2, 3, sums[0]],
        ["枪机", "", 2, 1, sums[1]],
    )
    assert [one.row["location"] for one in drafted][: len(places)] == places


def test_zones_in_a_column_of_another_name(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["分区", "起止位置", "探测方式"],
        ["第1防区", "大门—东北角", "四线脉冲"],
        ["第5防区", "大门缺口", "四光束对射"],
    )
    assert [(one.number, one.attributes) for one in drafted] == [
        ("1", ("detector=pulse_fence",)),
        ("5", ("detector=beam",)),
    ]


def test_the_order_of_a_door_at_its_controller(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["门禁点编号", "所在位置", "控制器编号", "控制器门序", "锁类型"],
        ["MJ-1", "一号库", "K-01", 1, "电机锁"],
        ["MJ-2", "二号库", "K-01", 2, "电机锁"],
    )
    doors = [one for one in drafted if one.row.kind is DeviceKind.DOOR]
    assert [(one.id, one.parent, one.number) for one in doors] == [
        ("MJ-1", "K-01", "1"),
        ("MJ-2", "K-01", "2"),
    ]


def test_ids_of_doors_in_two_languages_and_the_port(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Door Access Schedule 门禁点位表"],
        ["Door 门号", "Location 位置", "Controller 控制器", "Port 端口"],
        ["A-01", "Box office 票务室", "ACC-1", 1],
        ["A-02", "Backstage 后台", "ACC-1", 2],
    )
    doors = [one for one in drafted if one.row.kind is DeviceKind.DOOR]
    assert [(one.id, one.number) for one in doors] == [("A-01", "1"), ("A-02", "2")]


@pytest.mark.parametrize("head", ["台套数", "台/套", "件数"])
def test_quantities_by_their_measure(tmp_path: Path, head: str) -> None:
    drafted, _ = read(tmp_path, ["殿堂", "设备", head], ["山门", "枪机", 2], ["大殿", "半球", 1])
    assert _kinds(drafted) == ["camera"] * 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dual tech PIR", Meaning(DeviceKind.ZONE, "detector=dual")),
        ("Curtain PIR", Meaning(DeviceKind.ZONE, "detector=curtain")),
        ("红外对射装置", Meaning(DeviceKind.ZONE, "detector=beam")),
        ("振动光缆1段", Meaning(DeviceKind.ZONE, "detector=vibration_cable")),
        ("三技术探测器", Meaning(DeviceKind.ZONE, "detector=dual")),
        ("无线报警主机套装", Meaning(DeviceKind.PANEL)),
        ("X光行李机", Meaning(DeviceKind.XRAY)),
        ("防冲撞硬质隔离桩", UNTESTED),
        ("指纹密码门禁主机", UNCLEAR),
        ("门禁套装", None),
    ],
)
def test_names_that_are_put_together(text: str, found: Meaning | None) -> None:
    assert meaning(text, Context()) == found


def test_urgent_alone_is_a_button_of_the_alarm_only() -> None:
    assert meaning("紧急", _ZONES) == Meaning(DeviceKind.ZONE, "type=hold_up")
    assert meaning("紧急", Context()) is None


def test_what_was_handed_over_counts_and_spares_do_not(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["名称", "型号", "移交数量", "存放地点"],
        ["网络球机", "IPC651", 2, "室外"],
        ["读卡器", "R40", 1, "各门"],
        ["备品读卡器", "R40", 1, "库房"],
        ["备件库枪机", "IPC262", 1, "备件库"],
        ["备用电源", "2h", 1, "机房"],
    )
    assert _kinds(drafted) == ["camera", "camera", "reader", "None", "camera", "power_supply"]


def test_the_quantity_of_a_part_is_not_that_of_the_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["房门编号", "房门名称", "读卡器数量", "门锁形式"],
        ["N101", "激光实验室", 2, "磁力锁"],
        ["N102", "配电间", 1, "电插锁"],
    )
    assert [one.id for one in drafted if one.row.kind is DeviceKind.DOOR] == ["N101", "N102"]


def test_controllers_by_their_models_with_a_column_for_each_door(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备编号", "安装位置", "型号", "IP", "1门", "2门", "3门"],
        ["MK-01", "B1弱电间", "DS-K2604", "10.2.2.1", "金库大门", "守库室", "备用"],
        ["MK-02", "1F弱电间", "DS-K2604", "10.2.2.2", "通勤门", "理财室", "档案室"],
    )
    assert [(one.name, one.parent, one.number) for one in drafted if one.row.kind is DeviceKind.DOOR] == [
        ("金库大门", "MK-01", "1"),
        ("守库室", "MK-01", "2"),
        ("通勤门", "MK-02", "1"),
        ("理财室", "MK-02", "2"),
        ("档案室", "MK-02", "3"),
    ]
    controllers = [one.id for one in drafted if one.row.kind is DeviceKind.DOOR_CONTROLLER]
    assert controllers == ["MK-01", "MK-02"]


def test_technologies_in_two_languages(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["防区 Zone", "位置 Location", "设备 Device"],
        ["Z001", "东门 East door", "门磁 Contact"],
        ["Z002", "展柜 Showcase", "振动 Vibration"],
        ["Z003", "库房 Vault", "红外幕帘 Curtain"],
    )
    assert [one.attributes for one in drafted] == [
        ("detector=contact",),
        ("detector=vibration",),
        ("detector=curtain",),
    ]


def test_a_column_item_that_names_the_things(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["Ref", "Item", "Location", "Quantity"],
        [1, "Dome camera", "Arrivals", 2],
        [2, "Duress button", "Officer desks", 1],
    )
    assert _kinds(drafted) == ["camera", "camera", "zone"]


def test_sections_by_letters(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "数量"],
        ["A", "防盗报警部分", ""],
        ["A1", "报警主机", 1],
        ["A2", "门磁", 1],
    )
    assert [(one.id, str(one.row.kind)) for one in drafted] == [("A1", "panel"), ("A2", "zone")]
