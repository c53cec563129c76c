# SPDX-License-Identifier: Apache-2.0
"""Writes the inventory of a new site folder from a designer's sheets, each line with its origin."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.drafted import Drafted
from yanshou.site.schedule.records import Fate, Row, ScheduleRemark, Why
from yanshou.site.vocabulary import kind_of

_HEADS = (
    "编号",
    "类型",
    "系统",
    "名称",
    "型号",
    "位置",
    "上级",
    "防区号",
    "属性",
    "接线",
    "备注",
    "#待定",
    "#来源",
)
_KINDS: Mapping[DeviceKind, str] = {
    DeviceKind.ZONE: "防区",
    DeviceKind.PANEL: "报警主机",
    DeviceKind.DOOR: "受控门",
    DeviceKind.DOOR_CONTROLLER: "门禁控制器",
    DeviceKind.READER: "读卡器",
    DeviceKind.CAMERA: "摄像机",
    DeviceKind.RECORDER: "录像机",
    DeviceKind.RELAY_BOARD: "继电器板",
    DeviceKind.GATE: "金属探测门",
    DeviceKind.XRAY: "安检机",
    DeviceKind.PLATFORM: "管理平台",
    DeviceKind.ALARM_LINK: "报警联网",
    DeviceKind.ALARM_RECEIVER: "接警机",
    DeviceKind.LINKAGE: "联动",
    DeviceKind.POWER_SUPPLY: "备用电源",
    DeviceKind.TIME_SERVER: "校时服务器",
    DeviceKind.INSTRUMENT: "仪器",
    DeviceKind.SITE: "场所",
}
_SYSTEMS: Mapping[System, str] = {
    System.INTRUSION: "入侵报警",
    System.VIDEO: "视频监控",
    System.ACCESS_CONTROL: "出入口控制",
    System.SECURITY_INSPECTION: "安全检查",
    System.INTEGRATION: "安防集成",
    System.ALARM_NETWORK: "报警联网",
    System.SITE: "场所",
}


_OPEN: Mapping[Why, str] = {
    Why.UNCLEAR: "类型",
    Why.NOT_INSTALLED: "未安装",
    Why.HIDDEN_ROW: "隐藏行",
    Why.CELL: "单元格",
    Why.ATTRIBUTE: "属性",
    Why.SYSTEM: "系统",
    Why.ID_TWICE: "编号重复",
    Why.NUMBER: "防区号",
    Why.PARENT: "上级",
    Why.PARENT_MADE: "上级新建",
    Why.PARENT_MISSING: "上级、防区号",
    Why.ADDRESS: "地址",
    Why.ADDRESS_TWICE: "地址重复",
    Why.PORT: "端口",
    Why.PROTOCOL: "协议",
    Why.QUANTITY: "数量",
    Why.QUANTITY_SPLIT: "名称",
}


def inventory_text(
    drafted: Sequence[Drafted],
    rows: Sequence[Row],
    remarks: Sequence[ScheduleRemark],
    connected: Collection[DeviceKind],
) -> str:
    """The inventory as CSV; equipment that is not tested stands below it as lines that are not read.

    The address of a kind that is not ``connected`` in site.toml stays in the remark.

    The column ``#待定`` names what a person must still write or look at; it is not read.
    """
    marks: dict[tuple[str, int | None], list[str]] = {}
    for what in remarks:
        if word := _OPEN.get(what.why):
            marks.setdefault((what.sheet, what.line), []).append(word)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADS)
    for one in drafted:
        open_here = dict.fromkeys(marks.get((one.row.sheet, one.row.line), ()))
        writer.writerow([*_line(one, connected), "、".join(open_here), place(one.row)])
    for row in rows:
        if row.fate is Fate.UNTESTED:
            writer.writerow([f"# {row.text}", *[""] * (len(_HEADS) - 2), place(row)])
    return out.getvalue()


def place(row: Row) -> str:
    """The sheet and line of a row: ``视频监控!12``; the line alone for a file without sheets."""
    return f"{row.sheet}!{row.line}" if row.sheet else str(row.line)


def kind_word(kind: DeviceKind) -> str:
    """The Chinese word for a kind."""
    return _KINDS[kind]


def system_word(system: System) -> str:
    """The Chinese word for a system."""
    return _SYSTEMS[system]


def _line(one: Drafted, connected: Collection[DeviceKind]) -> list[str]:
    row = one.row
    kind = _KINDS[row.kind] if row.kind else _unknown(row)
    system = _SYSTEMS.get(row.system, "") if row.system else row["system"]
    own = f"原编号 {row['id']}" if row["id"] and row["id"] != one.id and not row["id"].isdigit() else ""
    note = " ".join(
        part
        for part in (row["note"], row["host"], own)
        if part and (part not in one.host or row.kind not in connected)
    )
    return [
        *(one.id, kind, system, one.name, row["model"], row["location"], one.parent, one.number),
        *("; ".join(one.attributes), row["wiring"], note),
    ]


def _unknown(row: Row) -> str:
    """The words of the sheet for a kind not known, in a form that ``check`` takes for no known one."""
    text = (
        " ".join(row[one] for one in ("kind", "kind again") if row[one])
        or row["name"]
        or row["point"]
        or row.text
    )
    return text if kind_of(text) is None else f"{text}？"
