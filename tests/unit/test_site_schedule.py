# SPDX-License-Identifier: Apache-2.0
"""Twenty sheets of different hands: their rows are understood, and none is understood wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.support.point_lists import LISTS, Hand, read_file, write_book
from yanshou.model import System
from yanshou.site.schedule import Drafted, Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.terms import Context, meaning


def as_read(row: Row) -> str:
    """What the row was read as, in the words of ``Line``."""
    return str(row.kind) if row.fate is Fate.DEVICE else "?" if row.fate is Fate.UNCLEAR else str(row.fate)


def test_twenty_hands_are_understood_and_none_wrongly(tmp_path: Path):
    assert len(LISTS) >= 20
    wrong, count, understood = [], 0, 0
    for hand in LISTS:
        by_line: dict[int, list[Row]] = {}
        for row in read_file(hand.write(tmp_path))[0]:
            by_line.setdefault(row.line, []).append(row)
        for line, (cells, expected) in enumerate(hand.rows, start=len(hand.top) + 1):
            found = {as_read(row) for row in by_line.get(line, [])} or {"head"}
            count += 1
            understood += found == {expected}
            if found not in ({expected}, {"?"}):
                wrong.append((hand.name, line, cells, expected, found))
    assert wrong == []
    assert understood >= 0.95 * count


@pytest.mark.parametrize("hand", LISTS, ids=lambda hand: hand.name)
def test_no_row_is_dropped(tmp_path: Path, hand: Hand):
    rows, drafted, reported = read_file(hand.write(tmp_path))
    lines = {row.line for row in rows}
    assert lines == {
        line for line, (_, expected) in enumerate(hand.rows, start=len(hand.top) + 1) if expected != "head"
    }
    written = {one.row.line for one in drafted}
    assert lines <= written | {one.line for one in reported}


ACCESS = Context(System.ACCESS_CONTROL)


@pytest.mark.parametrize(
    ("text", "context", "kind"),
    [
        ("枪机（含支架）", Context(), "camera"),
        ("网络摄像机 200万", Context(), "camera"),
        ("硬盘录像机8盘位", Context(), "recorder"),
        ("枪机 大门口", Context(), "camera"),
        ("枪机 专用托架", Context(), None),
        ("IP Camera power supply", Context(), None),
        ("双鉴探测器支架", Context(), None),
        ("电子围栏主机", Context(), None),
        ("金属探测器", Context(), None),
        ("手动火灾报警按钮", Context(), None),
        ("紧急按钮", Context(System.INTRUSION), "zone"),
        ("紧急按钮", ACCESS, None),  # it releases the door
        ("门磁", Context(), None),
        ("门磁", Context(System.INTRUSION), "zone"),
        ("门磁", ACCESS, None),
    ],
)
def test_the_last_noun_says_what_a_thing_is(text: str, context: Context, kind: str | None):
    found = meaning(text, context)
    assert (found.kind if found else None) == kind


def read_book(
    folder: Path, *sheets: tuple[str, Sequence[Sequence[object]]]
) -> tuple[list[Drafted], list[ScheduleRemark]]:
    _rows, drafted, reported = read_file(write_book(folder, *sheets))
    return drafted, reported


def test_a_bill_beside_the_list_does_not_double_its_devices(tmp_path: Path):
    bill = [["序号", "设备名称", "单位", "数量"], [1, "半球摄像机", "台", 2]]
    points = [["序号", "设备名称", "安装位置"], [1, "半球摄像机", "东门"], [2, "半球摄像机", "西门"]]
    drafted, reported = read_book(tmp_path, ("汇总", bill), ("点位", points))
    assert [one.row.sheet for one in drafted] == ["点位", "点位"]
    assert [(one.sheet, one.line) for one in reported if one.why is Why.BILL] == [("汇总", 2)]
    alone, _reported = read_book(tmp_path, ("汇总", bill))
    assert len(alone) == 2


def test_ids_spelt_as_a_range_are_devices_of_their_own(tmp_path: Path):
    rows = [
        ["编号", "设备名称", "安装位置"],
        ["C01~C03", "枪机", "东"],
        ["C05-C06", "枪机", "西"],
        ["1-2", "枪机", "北"],
    ]
    drafted, _reported = read_book(tmp_path, ("点位", rows))
    assert [one.id for one in drafted] == ["C01", "C02", "C03", "C05", "C06", "1-2"]


def test_a_number_that_only_counts_is_neither_id_nor_zone_number(tmp_path: Path):
    rows = [["序号", "编号", "设备名称", "安装位置"], [1, 1, "双鉴", "东"], [2, 2, "幕帘", "西"]]
    drafted, _reported = read_book(tmp_path, ("报警", rows))
    assert [(one.id, one.number) for one in drafted] == [("Z001", ""), ("Z002", "")]


def test_an_address_that_stands_twice_is_told_and_not_connected(tmp_path: Path):
    rows = [["设备名称", "安装位置", "IP地址"], ["枪机", "东", "10.0.0.1"], ["枪机", "西", "10.0.0.1"]]
    _drafted, reported = read_book(tmp_path, ("点位", rows))
    assert [one.line for one in reported if one.why is Why.ADDRESS_TWICE] == [3]


def test_a_section_of_another_trade_makes_no_security_device_and_a_place_is_no_trade(tmp_path: Path):
    rows = [
        *(
            ["某停车场安防工程"],
            ["序号", "设备名称", "安装位置"],
            [1, "枪机", "东"],
            ["停车场"],
            [2, "半球", ""],
        ),
        *(
            ["消防控制室"],
            [3, "球机", ""],
            ["四、火灾自动报警系统"],
            [1, "感烟探测器", "走廊"],
            [2, "手动报警按钮", "走廊"],
        ),
        *(
            ["五、楼宇对讲系统"],
            [1, "摄像机", "门口"],
            ["六、入侵报警系统"],
            [1, "红外探测器", "库房"],
            ["", "", "走廊"],
        ),
    ]
    book = openpyxl.Workbook()
    assert book.active is not None
    for cells in rows:
        book.active.append(cells)
    book.save(tmp_path / "book.xlsx")
    read_rows_, drafted, _reported = read_file(tmp_path / "book.xlsx")
    assert [(one.line, as_read(one)) for one in read_rows_ if one.fate is not Fate.TEXT] == [
        *((3, "camera"), (5, "camera"), (7, "camera"), (9, "untested"), (10, "untested")),
        *((12, "?"), (14, "zone"), (15, "?")),
    ]
    assert [one.row["location"] for one in drafted][1:3] == ["停车场", "消防控制室"]


def test_a_device_above_a_repeated_head_is_no_part_of_the_head(tmp_path: Path):
    head = ["序号", "名称", "位置"]
    drafted, _reported = read_book(tmp_path, ("点位", [head, [1, "录像机", "机房"], head, [1, "枪机", "东"]]))
    assert [str(one.row.kind) for one in drafted] == ["recorder", "camera"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "gb18030", "utf-8-sig"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str):
    path = tmp_path / "list.csv"
    path.write_bytes("序号,设备名称,安装位置\n1,枪机,东门\n2,双鉴,西门\n".encode(encoding))
    assert [as_read(one) for one in read_file(path)[0]] == ["camera", "zone"]


def test_a_hold_up_button_stays_one_whatever_its_zone_type_says(tmp_path: Path):
    rows = [
        ["防区编号", "防区类型", "探测器", "位置"],
        ["001", "24小时", "紧急按钮", "柜台"],
        ["002", "24小时", "红外", "库房"],
    ]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "防区表"
    for cells in rows:
        book.active.append(cells)
    book.save(tmp_path / "book.xlsx")
    _rows, drafted, reported = read_file(tmp_path / "book.xlsx")
    assert [one.number for one in drafted] == ["1", "2"]
    assert "type=hold_up" in drafted[0].attributes
    assert [one.line for one in reported if one.why is Why.ATTRIBUTE] == [2]


def test_a_recorders_own_list_is_read(tmp_path: Path):
    rows = [
        ["通道号", "通道名称", "IP通道地址", "管理端口", "协议", "安全性", "状态"],
        ["D1", "大门", "192.168.1.10", "80", "ONVIF", "强", "在线"],
    ]
    drafted, reported = read_book(tmp_path, ("通道", rows))
    assert [(str(one.row.kind), one.host, one.port, one.number) for one in drafted] == [
        ("camera", "192.168.1.10", "80", "")
    ]
    assert {one.why for one in reported} >= {Why.NUMBER, Why.COLUMN_UNKNOWN}


def test_a_section_that_is_no_place_gives_no_location(tmp_path: Path):
    rows = [
        ["序号", "设备名称", "型号"],
        ["（一）前端部分"],
        [1, "枪机", "A"],
        ["现场"],
        [2, "枪机", "A"],
        ["3号楼"],
        [3, "枪机", "A"],
    ]
    drafted, _reported = read_book(tmp_path, ("点位", rows))
    assert [one.row["location"] for one in drafted] == ["", "", "3号楼"]


def written(folder: Path, *rows: Sequence[object], sheet: str = "Sheet1") -> Path:
    """A sheet with these rows."""
    return Hand("sheet", rows, [], sheet=sheet).write(folder)


def test_zones_share_a_row_where_each_has_its_number(tmp_path: Path):
    rows = read_file(
        written(
            tmp_path,
            ["防区号", "探测器类型", "安装部位", "数量", "防区类型", "所属主机", "键盘分区"],
            ["003", "紧急按钮", "柜台1", 1, "24小时紧急", "主机1", "1"],
            ["004-006", "紧急按钮", "柜台", 3, "24小时紧急防区", "主机1", "1"],
            ["007", "双鉴探测器", "走廊", 2, "普通防区", "主机1", "2"],
            ["", "报警主机", "机房", 1, "", "", ""],
        )
    )
    _, drafted, reported = rows
    zones = [one for one in drafted if one.id.startswith("Z")]
    assert [one.number for one in zones] == ["3", "4", "5", "6", "7"]
    assert {one.parent for one in zones} == {"PANEL-001"}, "the file lists one panel, and all zones name one"
    assert zones[1].attributes == ("type=24小时紧急防区", "partition=1")
    assert [(one.line, one.why) for one in reported] == [(3, Why.QUANTITY_SPLIT), (4, Why.QUANTITY)]


def test_two_panels_leave_the_name_of_one_open(tmp_path: Path):
    _, drafted, reported = read_file(
        written(
            tmp_path,
            ["防区号", "探测器类型", "安装部位", "所属主机"],
            ["1", "双鉴探测器", "走廊", "主机1"],
            ["", "报警主机", "一层机房", ""],
            ["", "报警主机", "二层机房", ""],
        )
    )
    assert [one.parent for one in drafted] == ["", "", ""]
    assert Why.PARENT in {one.why for one in reported}


def test_a_recorder_that_only_a_column_names_gets_a_line(tmp_path: Path):
    _, drafted, reported = read_file(
        written(
            tmp_path,
            ["NVR编号", "NVR IP", "通道", "摄像机名称", "摄像机IP", "位置"],
            ["NVR-01", "192.168.5.2", "CH01", "枪机", "192.168.5.11", "东门"],
            ["NVR-01", "192.168.5.2", "CH02", "枪机", "192.168.5.12", "西门"],
            ["NVR-02", "192.168.5.3", "通道1", "球机", "192.168.5.14", "广场"],
        )
    )
    found = [(str(one.row.kind), one.id, one.parent, one.number, one.host) for one in drafted]
    assert found == [
        ("recorder", "NVR-01", "", "", "192.168.5.2"),
        ("recorder", "NVR-02", "", "", "192.168.5.3"),
        ("camera", "CAM-001", "NVR-01", "1", "192.168.5.11"),
        ("camera", "CAM-002", "NVR-01", "2", "192.168.5.12"),
        ("camera", "CAM-003", "NVR-02", "1", "192.168.5.14"),
    ]
    assert [one.why for one in reported] == [Why.PARENT_MADE, Why.PARENT_MADE]


def test_no_recorder_is_made_beside_listed_ones(tmp_path: Path):
    _, drafted, reported = read_file(
        written(
            tmp_path,
            ["设备编号", "设备名称", "安装位置", "所属NVR"],
            ["CAM-1", "半球摄像机", "大厅", "NVR-9"],
            ["NVR-1", "网络录像机", "机房", ""],
        )
    )
    assert [one.id for one in drafted] == ["CAM-1", "NVR-1"]
    assert drafted[0].parent == "NVR-1", "one recorder, and one name for it"
    assert reported == []


def test_doors_of_an_english_schedule_hang_on_their_controllers(tmp_path: Path):
    _, drafted, _ = read_file(
        written(
            tmp_path,
            ["No.", "Door ID", "Door Name / Location", "Controller", "IP Address"],
            [1, "D-101", "Main entrance", "ACU-1", "10.0.0.21"],
            [2, "D-102", "Server room", "ACU-1", "10.0.0.21"],
            sheet="Door Schedule",
        )
    )
    found = [(str(one.row.kind), one.id, one.name, one.parent, one.host) for one in drafted]
    assert found == [
        ("door_controller", "ACU-1", "ACU-1", "", "10.0.0.21"),
        ("door", "D-101", "Main entrance", "ACU-1", ""),
        ("door", "D-102", "Server room", "ACU-1", ""),
    ]


@pytest.mark.parametrize(
    ("cell", "hosts"),
    [
        ("192.168.1.101~103", ["192.168.1.101", "192.168.1.102", "192.168.1.103"]),
        ("192.168.1.101-192.168.1.103", ["192.168.1.101", "192.168.1.102", "192.168.1.103"]),
        ("192.168.1.11、12、192.168.2.13", ["192.168.1.11", "192.168.1.12", "192.168.2.13"]),
        ("192.168.1.101~102", ["", "", ""]),
        ("192.168.1.101", ["", "", ""]),
    ],
)
def test_each_device_of_a_row_gets_its_own_address(tmp_path: Path, cell: str, hosts: list[str]):
    """A range that has not one address for each of them is no address of any."""
    heads = ["序号", "名称", "型号", "数量", "IP段"]
    _, drafted, _ = read_file(written(tmp_path, heads, [1, "网络摄像机", "IPC-200", 3, cell]))
    assert [one.host for one in drafted] == hosts
