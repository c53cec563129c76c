# SPDX-License-Identifier: Apache-2.0
"""Reads a profile file: every mistake at once, each with its line."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from yanshou.acquisition import Area
from yanshou.drivers.profile.records import (
    CLASSES,
    COMMANDS,
    EVENTS,
    PROTOCOLS,
    ROLES,
    STATES,
    TARGETS,
    Command,
    Point,
    Profile,
    Transport,
    Verified,
)
from yanshou.drivers.profile.shipped import shipped, shipped_text
from yanshou.drivers.profile.speech import LINE_TRANSPORT, SPEECH_SECTIONS, SPEECH_TRANSPORT, SpeechReader
from yanshou.drivers.profile.table import LARGEST, confirmation, integer, number
from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.protocols.speech import Speech
from yanshou.toml import Table, TomlText, near, parse_toml, read_toml, root, shown
from yanshou.wires import SPOKEN
from yanshou.wires.lines import SERIAL_LINE
from yanshou.wires.osdp import OSDP

SCHEMA = "yanshou-profile/1"
_ADDRESSES = 65536
_SECTIONS = frozenset({"schema", "device", "verified", "transport", "point", "command"})
_DEVICE_KEYS = frozenset({"class", "vendor", "model", "protocol", "document"})
_VERIFIED_KEYS = frozenset({"by", "date", "document"})
TRANSPORT_KEYS = frozenset({"timeout_s", "gap_ms", "quiet_s", "max_read", "eol", *SPEECH_TRANSPORT})
POINT_KEYS = frozenset(
    {"role", "area", "address", "count", "stride", "byte", "bit", "map", "encoding", "invert"}
)
COMMAND_KEYS = frozenset(
    {"name", "target", "area", "address", "stride", "value", "off", "step_ms", "several", "confirm"}
)
_WRITABLE = frozenset({Area.COIL.value, Area.HOLDING.value})
_AREAS = frozenset(area.value for area in Area)
_CODE = re.compile(r"[0-9]{1,9}")
_ENCODINGS = {"ymdhms": 6, "event": 10}


def read_profile(name: str, text: str) -> Profile:
    """Build the profile of ``text``; raises ``UsageError`` with all mistakes."""
    mistakes: list[Mistake] = []
    shown_as = name if name.endswith(".toml") else f"{name}.toml"
    return _profile(name, parse_toml(shown_as, text, mistakes), mistakes)


def _profile(name: str, file: TomlText, mistakes: list[Mistake]) -> Profile:
    top = _extended(root(file, mistakes))
    if mistakes:  # not TOML at all, or no profile to extend: reported once
        raise UsageError(mistakes)
    profile = _Reader(name, top).profile()
    _refuse(mistakes)
    return profile


def _refuse(mistakes: list[Mistake]) -> None:
    """Raise ``UsageError`` with each mistake once, since a table may be read twice."""
    if mistakes:
        raise UsageError(list(dict.fromkeys(mistakes)))


def _extended(top: Table) -> Table:
    """Merge a file that extends a shipped profile: tables key by key, lists of tables as a whole."""
    name = top.data.get("extends")
    if name is None:
        return top
    if name not in shipped():
        what = f"it extends {shown(name)}, which is no shipped profile."
        top.wrong(what, near(str(name), shipped()), "extends")
        return top
    base = parse_toml(name, shipped_text(name), top.mistakes).data
    joined = {**base, **{key: value for key, value in top.data.items() if key != "extends"}}
    for key in ("device", "transport"):
        own, inherited = top.data.get(key), base.get(key)
        if isinstance(own, dict) and isinstance(inherited, dict):
            joined[key] = {**inherited, **own}
    return replace(top, data=joined)


@dataclass(slots=True)
class _Placed:
    """A point with its table, for checks across points."""

    point: Point
    table: Table


@dataclass(slots=True)
class _Reader:
    name: str
    top: Table

    def profile(self) -> Profile:
        """Raise ``UsageError`` early if the head does not say how to read the rest of the file."""
        device = self._section("device", _DEVICE_KEYS)
        protocol, device_class = device.choice("protocol", PROTOCOLS), device.choice("class", CLASSES)
        self._check_head(protocol)
        if not protocol or not device_class:  # the rest would be checked by the wrong rules
            raise UsageError(list(dict.fromkeys(self.top.mistakes)))
        transport = self._transport(protocol)
        speech: Speech | None = None
        if protocol in SPOKEN:
            reader = SpeechReader(self.top, protocol)
            spoken = reader.read(timeout_s=transport.timeout_s, eol=transport.eol)
            speech, points, commands = spoken.speech, spoken.points, spoken.commands
        else:
            points, commands = self._addressed(wired=protocol == "contact")
        return Profile(
            name=self.name,
            device_class=device_class,
            vendor=device.text("vendor", required=True),
            model=device.text("model", required=True),
            protocol=protocol,
            document=device.text("document", required=True),
            transport=transport,
            points=points,
            commands=commands,
            verified=self._verified(),
            speech=speech,
        )

    def _addressed(self, *, wired: bool) -> tuple[tuple[Point, ...], tuple[Command, ...]]:
        """Read points and commands that have an address or a terminal of the bench."""
        read = _wired_point if wired else _point
        placed = [_Placed(read(table), table) for table in self.top.rows("point")]
        _refuse_double_roles(placed)
        if not wired:
            _refuse_overlaps(placed)
        points = tuple(one.point for one in placed)
        command = _wired_command if wired else _command
        return points, tuple(command(table, points) for table in self.top.rows("command"))

    def _check_head(self, protocol: str) -> None:
        messages = not protocol or protocol in SPOKEN
        known = _SECTIONS | SPEECH_SECTIONS if messages else _SECTIONS
        self.top.only(known - {"point", "command"} if protocol == OSDP else known)
        if (schema := self.top.data.get("schema")) != SCHEMA:
            what = f"schema is {shown(schema)}, this version reads {SCHEMA!r}."
            self.top.wrong(what, "Write that schema.", "schema")

    def _section(self, name: str, known: Collection[str]) -> Table:
        table = self.top.inner(name)
        table.only(known)
        return table

    def _verified(self) -> Verified | None:
        if "verified" not in self.top.data:
            return None
        table = self._section("verified", _VERIFIED_KEYS)
        table.require("date")
        day = table.day("date") or date.min
        if day > date.today():  # noqa: DTZ011 - the day of the laboratory
            table.wrong(f"date {day} is in the future.", "Give the day on which it was compared.", "date")
        return Verified(table.person("by", required=True), day, table.text("document", required=True))

    def _transport(self, protocol: str) -> Transport:
        without = frozenset() if protocol == SERIAL_LINE.profile else LINE_TRANSPORT
        table = self._section(
            "transport", TRANSPORT_KEYS - (without if protocol in SPOKEN else SPEECH_TRANSPORT)
        )
        eol = table.text("eol", exact=True)
        if not eol.isascii():
            table.wrong(f"eol has signs that are not ASCII: {shown(eol)}.", "Correct it.", "eol")
        return Transport(
            timeout_s=number(table, "timeout_s", 0.5, least=0.01),
            gap_s=number(table, "gap_ms", 0.0) / 1e3,
            quiet_s=number(table, "quiet_s", 0.0),
            eol=eol or "\r\n",
            max_read=_max_read(table),
        )


def _max_read(table: Table) -> dict[str, int]:
    inner = table.inner("max_read", f"{table.label} max_read")
    inner.only(_AREAS)
    read = {key: inner.number(key, 1, Area(key).most, whole=True) for key in inner.data if key in _AREAS}
    return {key: int(value) for key, value in read.items() if value is not None}


def _wired_point(table: Table) -> Point:
    table.only({"role", "wire", "count", "invert"})
    count = integer(table, "count", 1, least=1)
    return Point(
        table.choice("role", ROLES),
        Area.DISCRETE,
        0,
        count,
        invert=table.flag("invert", default=False),
        wire=table.text("wire", required=True),
    )


def _point(table: Table) -> Point:
    role = table.choice("role", ROLES)
    table.only(POINT_KEYS)
    area = Area(table.choice("area", _AREAS) or Area.DISCRETE)
    address, count, stride = _place(table)
    encoding = _optional(table, "encoding", _ENCODINGS)
    if encoding and count != _ENCODINGS[encoding]:
        table.wrong(
            f"{encoding} takes {_ENCODINGS[encoding]} registers, not {count}.", "Correct it.", "count"
        )
    point = Point(
        role=role,
        area=area,
        address=address,
        count=count,
        stride=stride,
        byte=_optional(table, "byte", {"hi", "lo"}),
        bit=integer(table, "bit", 0, greatest=15) if "bit" in table.data else None,
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
        table.wrong("address is missing.", "Give it as on the wire, counted from 0.", "address")
    address = integer(table, "address", 0)
    count = integer(table, "count", 1, least=1)
    stride = integer(table, "stride", 1, least=1)
    if address + (count - 1) * stride >= _ADDRESSES:
        table.wrong(
            f"{count} points with stride {stride} from {address} end beyond 65535.", "Correct it.", "count"
        )
    return address, count, stride


def _states(table: Table, allowed: Collection[str]) -> dict[int, str]:
    data = table.data.get("map", {})
    if not isinstance(data, dict):
        table.wrong("map must be a table of code and state.", 'Write map = { "3" = "alarm" }.', "map")
        return {}
    states = {}
    for code, word in data.items():
        if not _CODE.fullmatch(code):
            table.wrong(f"map code {shown(code)} is no number.", "Write the code in decimal digits.", "map")
        elif not isinstance(word, str) or word not in allowed:
            table.wrong(f"map state {shown(word)} is not known.", near(str(word), allowed), "map")
        else:
            states[int(code)] = word
    return states


def _check_parts(table: Table, point: Point) -> None:
    """Parts of registers belong to registers, and a map's codes must fit into the part."""
    if point.area.is_bits and (point.byte or point.bit is not None or point.encoding):
        table.wrong(f"{point.area} points have no byte, bit or encoding.", "Use holding or input.", "area")
    if point.byte and point.bit is not None:
        table.wrong("a point is a byte or a bit of its register, not both.", "Remove one of them.", "bit")
    largest = point.mask >> ((point.mask & -point.mask).bit_length() - 1)
    for code in point.states:
        if code > largest:
            table.wrong(
                f"map code {code} can never be shown: the largest is {largest}.", "Correct it.", "map"
            )
    if point.role == "zone_state" and not point.states:
        table.wrong("zone_state needs a map.", 'Write map = { "3" = "alarm" }.', "map")


def _refuse_double_roles(placed: list[_Placed]) -> None:
    seen: set[str] = set()
    for one in placed:
        if one.point.role in seen:
            one.table.wrong(f"role {one.point.role} stands twice.", "Keep one of the two points.", "role")
        seen.add(one.point.role)


def _refuse_overlaps(placed: list[_Placed]) -> None:
    """Two roles may share registers as different bits or bytes, never the same bits."""
    taken: dict[tuple[Area, int], list[Point]] = {}
    for one in placed:
        point, clashes = one.point, set[str]()
        for nth in range(point.count):
            there = taken.setdefault((point.area, point.address + nth * point.stride), [])
            clashes |= {other.role for other in there if other.mask & point.mask and other is not point}
            there.append(point)
        for role in sorted(clashes):
            what = f"{point.role} and {role} claim the same {point.area} addresses."
            one.table.wrong(what, "Correct the address or the count.", "address")


def _wired_command(table: Table, points: tuple[Point, ...]) -> Command:
    table.only({"name", "target", "wire", "value", "pulse_s", "confirm"})
    return Command(
        table.choice("name", COMMANDS),
        table.choice("target", TARGETS),
        value=integer(table, "value", 1, greatest=1),
        wire=table.text("wire", required=True),
        pulse_s=number(table, "pulse_s", 0.0),
        confirm=confirmation(table, {point.role: point for point in points}),
    )


def _command(table: Table, points: tuple[Point, ...]) -> Command:
    name, target = table.choice("name", COMMANDS), table.choice("target", TARGETS)
    table.only(COMMAND_KEYS)
    area = table.choice("area", _AREAS) or Area.COIL.value
    if area not in _WRITABLE:
        table.wrong(f"{area} points cannot be written.", "Use coil or holding.", "area")
    if name == "present_card" and area != Area.HOLDING:
        table.wrong("present_card writes the credential's number.", 'Write area = "holding".', "area")
    if "address" not in table.data:
        table.wrong("address is missing.", "Give it as on the wire, counted from 0.", "address")
    greatest = 1 if area == Area.COIL else LARGEST
    return Command(
        name=name,
        target=target,
        area=Area(area),
        address=integer(table, "address", 0),
        stride=integer(table, "stride", 1, least=1),
        value=integer(table, "value", 1, greatest=greatest),
        off=integer(table, "off", 0, greatest=greatest),
        step_s=_step(table, name),
        several=table.flag("several", default=False),
        confirm=confirmation(table, {point.role: point for point in points}),
    )


def _step(table: Table, name: str) -> float:
    """Read the step of a pulse in seconds; 0 for every other command."""
    if name != "pulse":
        if "step_ms" in table.data:
            table.wrong("only a pulse has step_ms.", "Remove it, or name the command pulse.", "step_ms")
        return 0.0
    if "value" in table.data or "off" in table.data:
        table.wrong("a pulse writes the number of its steps.", "Remove value and off.", "name")
    if "step_ms" not in table.data:
        table.wrong("step_ms is missing.", "Give the length of one step in milliseconds.", "step_ms")
    return number(table, "step_ms", 100.0, least=0.1) / 1e3


def load_profile(name: str, folder: Path) -> Profile:
    """Read a profile: ``name`` is one of ``shipped()`` or the path of a ``.toml`` relative to ``folder``.

    Raises ``UsageError`` with all mistakes of the file at once, each with its line.
    """
    path = folder / name
    if name.endswith(".toml") and os.path.lexists(path):
        mistakes: list[Mistake] = []
        return _profile(name, read_toml(path, mistakes, name), mistakes)
    if name not in shipped():
        known = "a shipped one" if name.endswith(".toml") else f"one of {', '.join(shipped())}"
        remedy = f"Name a .toml in the site folder or {known}."
        raise UsageError([Mistake(name, None, "there is no such device profile.", remedy)])
    return read_profile(name, shipped_text(name))
