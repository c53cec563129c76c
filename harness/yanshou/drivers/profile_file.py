# SPDX-License-Identifier: Apache-2.0
"""Reading a profile file: every mistake at once, each with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanshou.acquisition import Area
from yanshou.drivers.profile import (
    CLASSES,
    COMMANDS,
    EVENTS,
    PROTOCOLS,
    ROLES,
    STATES,
    TARGETS,
    Command,
    Confirm,
    Point,
    Profile,
    Transport,
    Verified,
)
from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.protocols.serial_line import placeholders
from yanshou.standards.table import Table, near, tables
from yanshou.standards.tomlfile import TomlFile, parse

SCHEMA = "yanshou-profile/1"
_ADDRESSES = 65536
_LARGEST = 0xFFFF
_HOLES = frozenset({"number", "credential"})
_SECTIONS = frozenset({"schema", "device", "verified", "transport", "point", "command"})
_DEVICE_KEYS = frozenset({"class", "vendor", "model", "protocol", "document"})
_VERIFIED_KEYS = frozenset({"by", "date", "document"})
_TRANSPORT_KEYS = frozenset({"timeout_s", "gap_ms", "quiet_s", "max_read", "eol"})
_POINT_KEYS = frozenset(
    {"role", "area", "address", "count", "stride", "byte", "bit", "map", "encoding", "invert"}
)
_COMMAND_KEYS = frozenset(
    {"name", "target", "area", "address", "stride", "value", "off", "step_ms", "confirm"}
)
_WRITABLE = frozenset({Area.COIL.value, Area.HOLDING.value})
_AREAS = frozenset(area.value for area in Area)
_ENCODINGS = {"ymdhms": 6, "event": 10}


def read_profile(name: str, text: str) -> Profile:
    """Build the profile of ``text``; raises ``UsageError`` with all mistakes."""
    mistakes: list[Mistake] = []
    shown = name if name.endswith(".toml") else f"{name}.toml"
    profile = _Reader(name, parse(shown, text, mistakes), mistakes).profile()
    if mistakes:
        raise UsageError(mistakes)
    return profile


@dataclass(slots=True)
class _Placed:
    """A point with its table, for checks across points."""

    point: Point
    table: Table


@dataclass(slots=True)
class _Reader:
    name: str
    file: TomlFile
    mistakes: list[Mistake]

    def profile(self) -> Profile:
        self._check_head()
        device = self._section("device", _DEVICE_KEYS)
        protocol = device.choice("protocol", PROTOCOLS)
        lines = protocol == "serial-line"
        placed = [_Placed(_point(table, lines=lines), table) for table in self._rows("point")]
        _refuse_double_roles(placed)
        _refuse_overlaps(placed)
        points = tuple(one.point for one in placed)
        commands = tuple(_command(table, points, lines=lines) for table in self._rows("command"))
        return Profile(
            name=self.name,
            device_class=device.choice("class", CLASSES),
            vendor=device.text("vendor", required=True),
            model=device.text("model", required=True),
            protocol=protocol,
            document=device.text("document", required=True),
            transport=self._transport(),
            points=points,
            commands=commands,
            verified=self._verified(),
        )

    def _check_head(self) -> None:
        if self.mistakes:  # not TOML at all: said once
            return
        top = Table(self.file, "", 0, self.file.data, self.mistakes)
        top.reject_unknown(_SECTIONS)
        if (schema := self.file.data.get("schema")) != SCHEMA:
            top.wrong("schema", f"schema is {schema!r}, this version reads {SCHEMA!r}.", "Write that schema.")

    def _section(self, name: str, known: Collection[str]) -> Table:
        data = self.file.data.get(name, {})
        table = Table(self.file, name, 0, data if isinstance(data, dict) else {}, self.mistakes)
        table.reject_unknown(known)
        return table

    def _rows(self, name: str) -> list[Table]:
        return tables(self.file, name, self.mistakes)

    def _verified(self) -> Verified | None:
        if "verified" not in self.file.data:
            return None
        table = self._section("verified", _VERIFIED_KEYS)
        day = table.data.get("date")
        if not isinstance(day, date):
            table.wrong("date", "date of the verification is missing or no date.", "Write date = 2026-01-31.")
            day = date.min
        return Verified(table.text("by", required=True), day, table.text("document", required=True))

    def _transport(self) -> Transport:
        table = self._section("transport", _TRANSPORT_KEYS)
        return Transport(
            timeout_s=_number(table, "timeout_s", 0.5, least=0.01),
            gap_s=_number(table, "gap_ms", 0.0) / 1e3,
            quiet_s=_number(table, "quiet_s", 0.0),
            eol=table.text("eol") or "\r\n",
            max_read=_max_read(table),
        )


def _number(table: Table, key: str, default: float, *, least: float = 0.0) -> float:
    value = table.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
        table.wrong(key, f"{key} must be a number of at least {least:g}, not {value!r}.", "Give a number.")
        return default
    return float(value)


def _integer(table: Table, key: str, default: int, *, least: int = 0, greatest: int = _LARGEST) -> int:
    value = table.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= greatest:
        table.wrong(key, f"{key} must be a whole number {least}…{greatest}, not {value!r}.", "Correct it.")
        return default
    return value


def _max_read(table: Table) -> dict[str, int]:
    data = table.data.get("max_read", {})
    if not isinstance(data, dict):
        table.wrong("max_read", "max_read must be a table by area.", "Write max_read = { holding = 60 }.")
        return {}
    limits = {}
    for key, value in data.items():
        if key not in _AREAS:
            table.wrong("max_read", f"max_read names {key!r}, which is no area.", near(key, _AREAS))
        elif isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= Area(key).most:
            table.wrong(
                "max_read", f"max_read {key} must be 1…{Area(key).most}, not {value!r}.", "Correct it."
            )
        else:
            limits[key] = value
    return limits


def _point(table: Table, *, lines: bool) -> Point:
    role = table.choice("role", ROLES)
    if lines:
        table.reject_unknown({"role", "match"})
        return Point(role, Area.DISCRETE, 0, match=_pattern(table, "match"))
    table.reject_unknown(_POINT_KEYS)
    area = Area(table.choice("area", _AREAS) or Area.DISCRETE)
    address, count, stride = _place(table)
    encoding = _optional(table, "encoding", _ENCODINGS)
    if encoding and count != _ENCODINGS[encoding]:
        table.wrong(
            "count", f"{encoding} takes {_ENCODINGS[encoding]} registers, not {count}.", "Correct it."
        )
    point = Point(
        role=role,
        area=area,
        address=address,
        count=count,
        stride=stride,
        byte=_optional(table, "byte", {"hi", "lo"}),
        bit=_integer(table, "bit", 0, greatest=15) if "bit" in table.data else None,
        invert=table.flag("invert", default=False),
        states=_states(table, EVENTS if role == "event_record" else STATES),
        encoding=encoding,
    )
    _check_parts(table, point)
    return point


def _optional(table: Table, key: str, allowed: Collection[str]) -> str:
    return table.choice(key, allowed) if key in table.data else ""


def _place(table: Table) -> tuple[int, int, int]:
    if "address" not in table.data:
        table.wrong("address", "address is missing.", "Give it as on the wire, counted from 0.")
    address = _integer(table, "address", 0)
    count = _integer(table, "count", 1, least=1)
    stride = _integer(table, "stride", 1, least=1)
    if address + (count - 1) * stride >= _ADDRESSES:
        table.wrong(
            "count", f"{count} points with stride {stride} from {address} end beyond 65535.", "Correct it."
        )
    return address, count, stride


def _states(table: Table, words: Collection[str]) -> dict[int, str]:
    data = table.data.get("map", {})
    if not isinstance(data, dict):
        table.wrong("map", "map must be a table of code and state.", 'Write map = { "3" = "alarm" }.')
        return {}
    states = {}
    for code, word in data.items():
        if not re.fullmatch(r"\d+", code):
            table.wrong("map", f"map code {code!r} is no number.", "Write the code in decimal digits.")
        elif word not in words:
            table.wrong("map", f"map state {word!r} is not known.", near(str(word), words))
        else:
            states[int(code)] = word
    return states


def _check_parts(table: Table, point: Point) -> None:
    """Parts of registers belong to registers, and a map's codes must fit into the part."""
    if point.area.is_bits and (point.byte or point.bit is not None or point.encoding):
        table.wrong("area", f"{point.area} points have no byte, bit or encoding.", "Use holding or input.")
    if point.byte and point.bit is not None:
        table.wrong("bit", "a point is a byte or a bit of its register, not both.", "Remove one of them.")
    largest = point.mask >> ((point.mask & -point.mask).bit_length() - 1)
    for code in point.states:
        if code > largest:
            table.wrong(
                "map", f"map code {code} can never be shown: the largest is {largest}.", "Correct it."
            )
    if point.role == "zone_state" and not point.states:
        table.wrong("map", "zone_state needs a map.", 'Write map = { "3" = "alarm" }.')


def _refuse_double_roles(placed: list[_Placed]) -> None:
    seen: set[str] = set()
    for one in placed:
        if one.point.role in seen:
            one.table.wrong("role", f"role {one.point.role} stands twice.", "Keep one of the two points.")
        seen.add(one.point.role)


def _refuse_overlaps(placed: list[_Placed]) -> None:
    """Two roles may share registers as different bits or bytes, never the same bits."""
    taken: dict[tuple[Area, int], list[Point]] = {}
    for one in placed:
        point, clashes = one.point, set[str]()
        for number in range(0 if point.match else point.count):
            there = taken.setdefault((point.area, point.address + number * point.stride), [])
            clashes |= {other.role for other in there if other.mask & point.mask and other is not point}
            there.append(point)
        for role in sorted(clashes):
            what = f"{point.role} and {role} claim the same {point.area} addresses."
            one.table.wrong("address", what, "Correct the address or the count.")


def _command(table: Table, points: tuple[Point, ...], *, lines: bool) -> Command:
    name, target = table.choice("name", COMMANDS), table.choice("target", TARGETS)
    if lines:
        return _line_command(table, name, target)
    table.reject_unknown(_COMMAND_KEYS)
    area = table.choice("area", _AREAS) or Area.COIL.value
    if area not in _WRITABLE:
        table.wrong("area", f"{area} points cannot be written.", "Use coil or holding.")
    if "address" not in table.data:
        table.wrong("address", "address is missing.", "Give it as on the wire, counted from 0.")
    greatest = 1 if area == Area.COIL else _LARGEST
    return Command(
        name=name,
        target=target,
        area=Area(area),
        address=_integer(table, "address", 0),
        stride=_integer(table, "stride", 1, least=1),
        value=_integer(table, "value", 1, greatest=greatest),
        off=_integer(table, "off", 0, greatest=greatest),
        step_s=_step(table, name),
        confirm=_confirm(table, {point.role: point for point in points}),
    )


def _step(table: Table, name: str) -> float:
    """Read the step of a pulse in seconds; 0 for every other command."""
    if name != "pulse":
        if "step_ms" in table.data:
            table.wrong("step_ms", "only a pulse has step_ms.", "Remove it, or name the command pulse.")
        return 0.0
    if "value" in table.data or "off" in table.data:
        table.wrong("name", "a pulse writes the number of its steps.", "Remove value and off.")
    if "step_ms" not in table.data:
        table.wrong("step_ms", "step_ms is missing.", "Give the length of one step in milliseconds.")
    return _number(table, "step_ms", 100.0, least=0.1) / 1e3


def _line_command(table: Table, name: str, target: str) -> Command:
    table.reject_unknown({"name", "target", "send", "expect"})
    send = table.text("send", required=True)
    try:
        strange = placeholders(send) - _HOLES
    except ValueError as error:
        table.wrong("send", f"send cannot be filled in: {error}.", "Balance the braces.")
    else:
        for hole in sorted(strange):
            table.wrong("send", f"send has the unknown hole {{{hole}}}.", near(hole, _HOLES))
    return Command(name, target, send=send, expect=_pattern(table, "expect"))


def _pattern(table: Table, key: str) -> str:
    text = table.text(key, required=True)
    try:
        re.compile(text)
    except re.error as error:
        table.wrong(key, f"{key} is no regular expression: {error}.", "Correct it.")
    return text


def _confirm(table: Table, points: dict[str, Point]) -> Confirm | None:
    data: Any = table.data.get("confirm")
    if data is None:
        return None
    if not isinstance(data, dict) or set(data) != {"role", "equals", "within_s"}:
        table.wrong("confirm", "confirm needs role, equals and within_s.", "Give these three.")
        return None
    inner = Table(table.file, table.name, table.index, data, table.mistakes)
    role, equals = inner.text("role"), data["equals"]
    if role not in points:
        table.wrong(
            "confirm", f"confirm reads {role}, which this profile has no point for.", "Add the point."
        )
    elif isinstance(equals, str) and equals not in points[role].states.values():
        table.wrong("confirm", f"confirm waits for {equals!r}, which {role} never shows.", "Correct its map.")
    elif not isinstance(equals, str) and equals not in (0, 1):
        table.wrong("confirm", "confirm equals must be 0, 1 or a state.", "Correct it.")
    within = data["within_s"]
    if isinstance(within, bool) or not isinstance(within, int | float) or within <= 0:
        table.wrong("confirm", "confirm within_s must be a number above 0.", "Correct it.")
        within = 1.0
    return Confirm(role, equals if isinstance(equals, str) else int(bool(equals)), float(within))
