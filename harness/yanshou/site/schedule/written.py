# SPDX-License-Identifier: Apache-2.0
"""Writes the inventory of a new site folder from a designer's sheets, each line with its origin."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.draft import Drafted
from yanshou.site.schedule.rows import Fate, Row
from yanshou.site.vocabulary import kind_of

_HEADS = ("编号", "类型", "系统", "名称", "型号", "位置", "上级", "防区号", "属性", "接线", "备注", "#来源")
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


def inventory_text(drafted: Sequence[Drafted], rows: Sequence[Row]) -> str:
    """The inventory as CSV; equipment that is not tested stands below it as lines that are not read."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADS)
    for one in drafted:
        writer.writerow(_line(one))
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


def _line(one: Drafted) -> list[str]:
    row = one.row
    kind = _KINDS[row.kind] if row.kind else _unknown(row)
    system = _SYSTEMS.get(row.system, "") if row.system else row["system"]
    own = f"原编号 {row['id']}" if row["id"] and row["id"] != one.id and not row["id"].isdigit() else ""
    note = " ".join(part for part in (row["note"], row["host"], own) if part and part not in one.host)
    return [
        *(one.id, kind, system, one.name, row["model"], row["location"], one.parent, one.number),
        *("; ".join(one.attributes), row["wiring"], note, place(row)),
    ]


def _unknown(row: Row) -> str:
    """The words of the sheet for a kind not known, in a form that ``check`` takes for no known one."""
    text = row["kind"] or row["name"] or row["point"] or row.text
    return text if kind_of(text) is None else f"{text}？"
