# SPDX-License-Identifier: Apache-2.0
"""Writes an empty 点位表 with drop-downs, which ``yanshou init --from`` reads without anything left open."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yanshou.model import DeviceKind, System, UsageError
from yanshou.site.schedule.draft import PREFIXES
from yanshou.site.schedule.written import kind_word, system_word

_LINES = 2000  # so many lines have drop-downs
_FIRST_LINE = 3
_HEADS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        *(
            ("序号", "A"),
            ("编号", "B"),
            ("类型", "C"),
            ("系统", "D"),
            ("名称", "E"),
            ("型号", "F"),
            ("安装位置", "G"),
        ),
        *(("上级设备", "H"), ("防区号", "I"), ("IP地址", "J"), ("端口", "K"), ("属性", "L"), ("备注", "M")),
    ),
    "en": (
        *(("no", "A"), ("id", "B"), ("kind", "C"), ("system", "D"), ("name", "E"), ("model", "F")),
        *(("location", "G"), ("parent", "H"), ("number", "I"), ("ip address", "J"), ("port", "K")),
        *(("attributes", "L"), ("note", "M")),
    ),
}
_TITLE = {"zh": "安全防范系统点位表", "en": "Devices of the security system"}
_SHEET = {"zh": "点位表", "en": "devices"}
_GUIDE_SHEET = {"zh": "填写说明", "en": "how to fill in"}
_GUIDE = {
    "zh": (
        "一行一台设备；类型、系统从下拉列表中选。",
        "编号：字母和数字，如 CAM-01；不填则由软件编号。序号只是行号。",
        "上级设备：防区的报警主机、门的门禁控制器、摄像机的录像机；写其编号。",
        "防区号：防区在主机上的编号、门在控制器上的编号、摄像机在录像机上的通道号。",
        "IP地址、端口：只写设备自己的地址；端口是 ONVIF 端口（不是 8000、37777 等厂家端口）。",
        "属性：如 type=hold_up（紧急报警防区）、technology=bus；没有就不填。",
        "口令从不写在表里。",
    ),
    "en": (
        "One device a line; choose kind and system from the list.",
        "id: letters and digits, such as CAM-01; left empty, one is given. no only counts lines.",
        "parent: the panel of a zone, the controller of a door, the recorder of a camera; its id.",
        "number: of a zone at its panel, of a door at its controller, of a camera at its recorder.",
        "ip address, port: of the device itself; the port is that of ONVIF, not the maker's (8000, 37777).",
        "attributes: such as type=hold_up or technology=bus; leave it empty if there are none.",
        "Passwords are never written here.",
    ),
}
_SYSTEMS = (
    System.INTRUSION,
    System.VIDEO,
    System.ACCESS_CONTROL,
    System.SECURITY_INSPECTION,
    System.INTEGRATION,
    System.SITE,
)


def write_template(path: Path, language: str) -> None:
    """Write the sheet in Chinese or English (``zh``, ``en``); raises UsageError if it cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path.name} is no XLSX file.", "Name it FILE.xlsx.")
    if path.exists():
        raise UsageError(f"{path} exists.", "Name a new file.")
    from openpyxl import Workbook  # noqa: PLC0415 - takes long to load

    book = Workbook()
    sheet = book.active
    sheet.title = _SHEET[language]
    heads = _HEADS[language]
    sheet.append([_TITLE[language]])
    sheet.append([head for head, _column in heads])
    sheet.merge_cells(f"A1:{heads[-1][1]}1")
    sheet.freeze_panes = f"A{_FIRST_LINE}"
    for head, column in heads:
        sheet.column_dimensions[column].width = 8 if column in "AIK" else 22 if head else 12
    _lists(sheet, language)
    guide = book.create_sheet(_GUIDE_SHEET[language])
    for line in _GUIDE[language]:
        guide.append([line])
    book.save(path)


def _lists(sheet: Any, language: str) -> None:
    """The drop-downs of kind and system, and the bounds of numbers."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    kinds = [
        kind_word(kind) if language == "zh" else str(kind) for kind in (*PREFIXES, DeviceKind.RELAY_BOARD)
    ]
    systems = [system_word(system) if language == "zh" else str(system) for system in _SYSTEMS]
    for column, allowed in (("C", kinds), ("D", systems)):
        offered = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
        offered.showErrorMessage = True
        sheet.add_data_validation(offered)
        offered.add(f"{column}{_FIRST_LINE}:{column}{_LINES}")
    for column in "IK":
        bounds = DataValidation(
            type="whole", operator="between", formula1="1", formula2="65535", allow_blank=True
        )
        bounds.showErrorMessage = True
        sheet.add_data_validation(bounds)
        bounds.add(f"{column}{_FIRST_LINE}:{column}{_LINES}")
