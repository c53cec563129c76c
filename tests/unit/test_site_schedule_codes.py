# SPDX-License-Identifier: Apache-2.0
"""Ids behind names, systems of what rows hang on, corners and floors of matrices, columns read by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.point_lists import read
from yanshou.model import DeviceKind, System
from yanshou.site.schedule import Drafted, Why
from yanshou.site.schedule.kinds import zone_type
from yanshou.site.schedule.meanings import UNCLEAR, UNTESTED
from yanshou.site.schedule.placed import is_floor
from yanshou.site.schedule.terms import Context, meaning
from yanshou.vocabulary.device import named


def _said(drafted: list[Drafted]) -> list[tuple[str, str, str]]:
    return [(one.id, str(one.row.kind), one.parent) for one in drafted]


def test_cables_name_the_ids_of_both_of_their_ends(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["电缆编号", "起点设备", "起点位置", "终点设备", "终点位置", "电缆型号"],
        ["SP-101", "摄像机TV-01", "1号门", "NVR-1", "集控楼", "UTP6"],
        ["SP-102", "摄像机TV-02", "2号门", "NVR-1", "集控楼", "UTP6"],
        ["BJ-101", "红外对射IR-01", "北墙", "报警主机AP-1", "集控楼", "RVVP4×1.0"],
        ["BJ-102", "紧急按钮PB-01", "门卫室", "报警主机AP-1", "集控楼", "RVV2×1.0"],
    )
    assert _said(drafted) == [
        ("NVR-1", "recorder", ""),
        ("AP-1", "panel", ""),
        ("TV-01", "camera", "NVR-1"),
        ("TV-02", "camera", "NVR-1"),
        ("IR-01", "zone", "AP-1"),
        ("PB-01", "zone", "AP-1"),
    ]


def test_a_listed_panel_is_found_by_the_id_behind_its_name(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["编号", "设备名称", "安装位置", "所属主机", "防区号"],
        ["AP-1", "报警主机", "值班室", "", ""],
        ["IR-01", "红外对射", "北墙", "报警主机AP-1", 1],
    )
    assert _said(drafted) == [("AP-1", "panel", ""), ("IR-01", "zone", "AP-1")]


@pytest.mark.parametrize(
    "names",
    [
        ("紧急按钮 HO-01", "门磁 HO-03"),  # models of one maker
        ("三鉴探测器 DT-7550", "三鉴探测器 DT-7450"),
        ("枪机A-1", "枪机A-1"),
    ],
)
def test_a_model_behind_a_name_is_no_id(tmp_path: Path, names: tuple[str, ...]) -> None:
    rows = [[name, "营业厅", at] for at, name in enumerate(names, start=1)]
    drafted, _ = read(tmp_path, ["设备名称", "安装位置", "防区号"], *rows)
    assert not {one.id for one in drafted} & {"HO-01", "HO-03", "DT-7550", "DT-7450", "A-1"}


def test_things_with_a_quantity_have_no_id_behind_their_names(tmp_path: Path) -> None:
    drafted, _ = read(tmp_path, ["设备名称", "数量"], ["枪机BK-01", 2], ["枪机BK-02", 3])
    assert {one.id[:3] for one in drafted} == {"CAM"}


def test_what_hangs_on_a_listed_panel_is_of_the_alarm(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["位号", "名称", "安装地点", "接入设备", "接入端口"],
        ["CA-01", "枪机", "滤池", "NVR-A", 1],
        ["IA-04", "手动报警按钮", "值班室", "AP-1", 4],
        ["IA-05", "手动报警按钮", "泵房", "", ""],  # of the alarm or of fire
        ["NVR-A", "网络录像机", "中控室", "", ""],
        ["AP-1", "总线制报警主机", "中控室", "", ""],
    )
    assert [(one.id, str(one.row.kind), one.parent, one.number) for one in drafted[1:3]] == [
        ("IA-04", "zone", "AP-1", "4"),
        ("IA-05", "None", "", ""),
    ]
    assert [one.line for one in reported if one.why is Why.UNCLEAR] == [4]


def test_the_corner_of_a_matrix_names_the_things_and_a_head_some_floors(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备\\楼层", "B1", "1F", "3F-15F", "屋面", "合计"],
        ["半球摄像机", 1, 1, 2, "", 4],
        ["门禁点", "", 1, "", 1, 2],
    )
    assert [(str(one.row.kind), one.row["location"]) for one in drafted] == [
        *[("camera", "B1"), ("camera", "1F"), ("camera", "3F-15F"), ("camera", "3F-15F")],
        *[("door", "1F"), ("door", "屋面")],
    ]


@pytest.mark.parametrize(
    ("text", "floor"),
    [("3F-15F", True), ("2~4层", True), ("B2-B1", True), ("-1F", True), ("2-4", False), ("IP-1", False)],
)
def test_floors_may_be_several(text: str, floor: bool) -> None:
    assert is_floor(text) is floor


def test_a_recorder_exports_the_forms_of_its_cameras_as_one_word() -> None:
    found = meaning("IPDOME", Context(System.VIDEO))
    assert found is not None
    assert found.kind is DeviceKind.CAMERA


@pytest.mark.parametrize(
    ("cells", "types"),
    [
        (("延时", "即时", "24小时"), ["entry", "normal", "24h"]),
        (
            ("24小时", "24小时", "24小时"),
            [None, None, None],
        ),  # perhaps how long it is manned
    ],
)
def test_a_column_of_types_of_zones_is_one_whatever_its_head(
    tmp_path: Path, cells: tuple[str, ...], types: list[str | None]
) -> None:
    rows = [[at, "库房", "双鉴", cell] for at, cell in enumerate(cells, start=1)]
    drafted, _ = read(tmp_path, ["防区", "位置", "设备", "布防属性"], *rows)
    said = {"延时": "entry", "即时": "normal", "24小时": "24h"}
    kept = [dict(part.split("=") for part in one.attributes).get("type") for one in drafted]
    assert [said.get(one, one) if one else None for one in kept] == types


@pytest.mark.parametrize(
    "heads", [("从（设备）", "到（设备）"), ("From device", "To device"), ("起点", "终点")]
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_ends_of_a_cable_that_with_recorders_is_above(
    tmp_path: Path, heads: tuple[str, str], turned: bool
) -> None:
    ends = [("站台枪机VC01", "NVR01"), ("站台枪机VC02", "NVR01"), ("票房紧急按钮PB01", "报警主机AL01")]
    rows = [[f"V-0{at}", *(one[::-1] if turned else one), "CAT6"] for at, one in enumerate(ends)]
    drafted, _ = read(tmp_path, ["电缆号", *heads, "规格"], *rows)
    assert _said(drafted) == [
        ("NVR01", "recorder", ""),
        ("AL01", "panel", ""),
        ("VC01", "camera", "NVR01"),
        ("VC02", "camera", "NVR01"),
        ("PB01", "zone", "AL01"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("周界即时", "normal"),
        ("内部即时", "normal"),
        ("24小时无声", "24h"),
        ("24 hours 24小时", "24h"),
        ("周界", ""),
        ("周界防区", ""),
        ("内部防区", ""),
    ],
)
def test_a_type_of_zone_may_say_where_it_is(text: str, kind: str) -> None:
    found = named("type", DeviceKind.ZONE).value
    assert (str(found.read(zone_type(text))) if zone_type(text) else "") == kind


def test_a_door_under_access_control_is_one_in_english() -> None:
    found = meaning("Access controlled door", Context())
    assert found is not None
    assert found.kind is DeviceKind.DOOR
    assert meaning("Fire door", Context()) is None


def test_a_section_of_the_front_end_of_alarms_says_the_system(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["楼层", "设备", "数量"],
        ["二、报警前端"],
        ["1F", "手动报警按钮", 1],
    )
    assert [str(one.row.kind) for one in drafted] == ["zone"]


@pytest.mark.parametrize(
    ("loops", "numbers"),
    [(("001", "002", "001"), ["1", "2", "1"]), (("1", "1", "1"), ["", "", ""])],  # the second is a bus
)
def test_a_loop_is_an_input_where_each_of_a_panel_has_its_own(
    tmp_path: Path, loops: tuple[str, ...], numbers: list[str]
) -> None:
    rows = [["AB-1", loops[0], "三鉴", "守库室"], ["AB-1", loops[1], "门磁", "库房"]]
    drafted, _ = read(tmp_path, ["主机", "回路", "探测器", "位置"], *rows, ["AB-2", loops[2], "幕帘", "窗"])
    assert [one.number for one in drafted if one.row.kind is DeviceKind.ZONE] == numbers


def test_attributes_may_be_headed_in_two_languages(tmp_path: Path) -> None:
    drafted, reported = read(
        tmp_path,
        ["Zone No. 防区号", "Detector 探测器", "Type 类型", "Partition 分区"],
        [1, "Door contact 门磁", "Delay 延时", 1],
        [2, "Panic button 紧急按钮", "24 hours 24小时", 2],
    )
    assert [one.attributes[-1] for one in drafted] == ["partition=1", "partition=2"]
    assert {one.line for one in reported if one.why is Why.ATTRIBUTE} == {3}  # 24小时 of a panic button


@pytest.mark.parametrize("text", ["液体安全检测仪", "液态危险品检查仪", "危险液体识别仪"])
def test_what_looks_into_liquids_is_not_tested(text: str) -> None:
    assert meaning(text, Context()) == UNTESTED


def test_a_detector_of_liquids_may_be_one_of_leaks() -> None:
    assert meaning("液位探测器", Context(System.INTRUSION)) == UNCLEAR


@pytest.mark.parametrize("text", ["报警探头", "双鉴探头"])
def test_a_probe_of_alarms_is_a_detector_wherever_it_stands(text: str) -> None:
    found = meaning(text, Context())
    assert found is not None
    assert found.kind is DeviceKind.ZONE


def test_another_probe_may_be_a_camera() -> None:
    assert meaning("红外探头", Context()) is None


def test_ends_of_cables_that_are_places_stay_places(tmp_path: Path) -> None:
    drafted, _ = read(
        tmp_path,
        ["设备名称", "起点", "终点", "防区号"],
        ["振动光缆", "录像机1", "北门", 1],
        ["振动光缆", "录像机1", "东门", 2],
    )
    assert [one.parent for one in drafted] == ["", ""]


def test_ids_of_one_series_stand_behind_things_of_one_kind(tmp_path: Path) -> None:
    names = ["原料库枪机CM-01", "原料库枪机CM-02", "成品库半球CM-03"]
    drafted, _ = read(tmp_path, ["名称", "安装高度", "位置"], *([one, "3m", "东侧"] for one in names))
    assert [one.id for one in drafted] == ["CM-01", "CM-02", "CM-03"]
