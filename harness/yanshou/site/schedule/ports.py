# SPDX-License-Identifier: Apache-2.0
"""Columns that say at which recorder, panel or controller a row hangs, and at which of its inputs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.cell_texts import column_of_cell
from yanshou.site.schedule.filled import BESIDE, LINES, OF_PARTS, Filled, device_of
from yanshou.site.schedule.heads import ABOVE_OTHERS
from yanshou.site.schedule.kinds import row_meaning
from yanshou.site.schedule.terms import Context, plain

_AT_INPUT = re.compile(
    r"(?P<parent>.*[^\d\s第/:\-])\s*第?(?P<number>\d{1,3}(?:\s*[-~～至]\s*\d{1,3})?\s*(?:防区|(?=路|通道|号?口|号?门$)))(?:路|通道|号?口|号?门)?"
)
_AT_PARENT = re.compile(
    r"(?P<parent>.*\w)(?:\s*[/:]\s*(?:ch|d|通道|防区|端口|zone|door|port|input)?"
    r"|[\s\-]\s*(?:ch|channel|通道|防区|端口|zone|door|port|input))\s*\d{1,3}",
    re.IGNORECASE,
)
_STEM = re.compile(r"[a-z]+[-_ ]?(?=\d+$)")
_STATED = re.compile(
    r"(?P<thing>报警(?:控制)?主机|主机|门禁控制器|控制器|(?:网络|硬盘)*录像机|[ndx]vr"
    r"|(?:alarm )?panel|(?:door )?controller)"
    r"\s*(?:编号|名称|号|no\.?|id)?\s*[:]\s*(?P<name>[a-z]{0,10}[-_]?\d{1,4}(?:[-_]\d{1,4})?[号#]?(?:主机|控制器)?)"
    r"(?=$|[\s,，;；)）])(?!\s*[,，、和及~至])"
)
_NAMES_ABOVE = re.compile(r"主机|控制器|录像机|(?<![a-z])(?:[ndx]vr|panel|controller)")
_OF_CHANNELS = re.compile(r"通道|channel|(?<![a-z])ch(?![a-z])")
SYSTEM_ABOVE = {
    DeviceKind.RECORDER: System.VIDEO,
    DeviceKind.PANEL: System.INTRUSION,
    DeviceKind.DOOR_CONTROLLER: System.ACCESS_CONTROL,
}
"""The system of what hangs on a device."""
BELOW_OF = {
    DeviceKind.ZONE: DeviceKind.PANEL,
    DeviceKind.DOOR: DeviceKind.DOOR_CONTROLLER,
    DeviceKind.READER: DeviceKind.DOOR_CONTROLLER,
    DeviceKind.CAMERA: DeviceKind.RECORDER,
}
"""On what kind of device those of a kind hang."""
_OF_LOOPS = re.compile(r"(?:接入|报警|输入|探测)?回路(?:号|编号)?|loop(?: ?(?:no\.?|number))?")
_OF_ADDRESSES = re.compile(r"^(?:address|addr)?\s*地址(?:/编码|\s*address)?$|^address(?:es)?$")
_OF_NAMES = frozenset({"name", "id", "point"})


def name_inputs(columns: Sequence[Filled]) -> None:
    """The column whose cells give a device and the input of it: 录像机1路, 报警主机3防区.

    Where all of them say the same (录像机16路), it is what the device takes, and no input of it.
    """
    named = [one for one in columns if one.name in {"parent", "number"} and one.cells]
    for one in columns:
        said = [split for cell in one.cells if (split := input_of(cell))]
        others = {device_of(cell) for cell in one.cells if not input_of(cell)}
        may = one.name in {"", "parent"} and not one.doubled and not BESIDE.search(plain(one.head))
        if (
            may
            and named in ([], [one])
            and len({*map(str, said)}) >= LINES
            and len(said) > len(others)
            and others <= ABOVE_OTHERS
        ):
            one.name = "input"
            return


def name_loops(columns: Sequence[Filled]) -> None:
    """The column 回路 as that of the inputs, where no two of one panel have the same: 001, 002, 001.

    Beside the addresses on a bus it comes again in each row of that bus.
    """
    above = [one for one in columns if one.name == "parent" and one.cells]
    loops = [one for one in columns if not one.name and _OF_LOOPS.fullmatch(plain(one.head))]
    if len(above) != 1 or len(loops) != 1 or any(one.name == "number" for one in columns):
        return
    pairs = list(zip(above[0].cells, loops[0].cells, strict=False))
    whole = len(above[0].cells) == len(loops[0].cells) >= LINES and len(set(pairs)) == len(pairs)
    if whole and all(cell.isdigit() for cell in loops[0].cells) and not loops[0].doubled:
        loops[0].name = "number"


def input_of(cell: str) -> Mapping[str, str]:
    """The device and the number at it that a cell gives in one; empty if it gives no such."""
    found = _AT_INPUT.fullmatch(plain(cell))
    if found is None or device_of(found["parent"]) not in ABOVE_OTHERS:
        return {}
    return {"parent": cell.strip()[: found.end("parent")], "number": found["number"]}


def stated_above(text: str, known: Mapping[DeviceKind, str]) -> dict[DeviceKind, str]:
    """What a title says all devices below it hang on (报警主机：H1), beside what one above it said.

    A title that speaks of such a device in another way ends what the one above it said.
    """
    found = {}
    for one in _STATED.finditer(plain(text)):
        kind = device_of(one["thing"]) or (DeviceKind.PANEL if one["thing"] == "主机" else None)
        kind = kind or {"panel": DeviceKind.PANEL, "控制器": DeviceKind.DOOR_CONTROLLER}.get(one["thing"])
        for below, above in BELOW_OF.items():
            if above is kind:
                start = one.start("name")
                found[below] = unicodedata.normalize("NFKC", text.strip())[start : one.end("name")]
    return found or ({} if _NAMES_ABOVE.search(plain(text)) else dict(known))


def hangs_on(cell: str, ids: Collection[str]) -> bool:
    """Whether a cell is the id of another row, alone or with a number at it: NVR-1, 101-NVR-01/D1."""
    found = _AT_PARENT.fullmatch(cell)
    if cell in ids or device_of(cell) in ABOVE_OTHERS:
        return True
    if found is None:
        return False
    return found["parent"] in ids or device_of(found["parent"]) in ABOVE_OTHERS


def are_above(cells: Sequence[str], ids: Collection[str]) -> bool:
    """Whether all cells are what a row hangs on; one may be listed elsewhere: ACP-02 beside ACP-01."""
    known = [cell for cell in cells if hangs_on(cell, ids)]
    stems = {found.group() for cell in known if (found := _STEM.match(_device_in(cell)))}
    others = [cell for cell in cells if cell not in known]
    alike = all((found := _STEM.match(_device_in(one))) and found.group() in stems for one in others)
    return bool(known) and (not others or (alike and len(others) < len(known)))


def _device_in(cell: str) -> str:
    found = _AT_PARENT.fullmatch(plain(cell))
    return found["parent"] if found else plain(cell)


def system_above(parent: str, head: str) -> System | None:
    """The system of what a row hangs on, by its name or by the head it stands below: NVR2-3, 接入NVR."""
    if not parent:
        return None
    named = device_of(parent) or device_of(head)
    return SYSTEM_ABOVE.get(named) if named else None


def name_recorders(columns: Sequence[Filled], context: Context) -> tuple[int, DeviceKind] | None:
    """The recorder that stands in each row of its channels: 设备IP, 设备名称: NVR01, 通道号: 1, 通道名称.

    Its name and its address come again in each row of it, with another number of a channel.  The column of
    these numbers then says that each row is a camera.
    """
    above = [one for one in columns if one.name in {"parent", "parent_host"} and one.cells]
    numbers = [one for one in columns if one.name == "number" and _OF_CHANNELS.search(plain(one.head))]
    if above or len(numbers) != 1:
        return None
    channels = numbers[0].cells
    names = [one for one in columns if one.name in _OF_NAMES and _come_again(one, channels)]
    hosts = [one for one in columns if one.name == "host" and _come_again(one, channels)]
    kinds = {device_of(cell) for one in names for cell in one.cells}
    says = DeviceKind.RECORDER in kinds or (hosts and context.system is System.VIDEO)
    if not says or not kinds <= {DeviceKind.RECORDER, None} or len(names) > 1:
        return None
    for one in names:
        one.name = "parent"
    for one in hosts:
        one.name = "parent_host"
    return columns.index(numbers[0]), DeviceKind.CAMERA


def ids_of_controllers(columns: Sequence[Filled]) -> list[Filled]:
    """The column of ids of a list of controllers by their models, with a column for each door."""
    ids = [one for one in columns if one.name == "id"]
    models = [cell for one in columns if one.name == "model" for cell in one.cells]
    known = {row_meaning({"model": cell}, Context()).kind for cell in models}
    if len(ids) != 1 or known != {DeviceKind.DOOR_CONTROLLER}:
        return []
    ids[0].name = "parent"
    return ids


def have_addresses(column: Filled) -> bool:
    """Whether a column 地址 holds addresses, and an input of devices that have none: Loop 1 Addr 5."""
    hosts = [cell for cell in column.cells if column_of_cell("address", cell, ()) == "host"]
    return bool(_OF_ADDRESSES.search(plain(column.head))) and len(set(hosts)) == len(hosts) >= LINES


def _come_again(column: Filled, channels: Sequence[str]) -> bool:
    """Whether the cells of a column come again, each time with another channel."""
    pairs = list(zip(column.cells, channels, strict=False))
    whole = len(column.cells) == len(channels) >= LINES and not OF_PARTS.search(plain(column.head))
    return whole and len(set(column.cells)) < len(pairs) == len(set(pairs))
