# SPDX-License-Identifier: Apache-2.0
"""Device profiles as the emulator reads them (docs/profiles.md).

The same files as the drivers, separate code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from yanshou.model import UsageError, limited

_SHIPPED = Path(__file__).resolve().parent.parent / "drivers" / "profiles"
_REGISTERS = {"ymdhms": 6, "event": 10}  # registers that an encoding takes


class EmulatedArea(StrEnum):
    """The four tables of the Modbus data model (Modbus Application Protocol V1.1b3, 4.3)."""

    DISCRETE = "discrete"
    COIL = "coil"
    HOLDING = "holding"
    INPUT = "input"

    @property
    def is_bits(self) -> bool:
        """Whether one address holds a bit (else a word of 16)."""
        return self in {EmulatedArea.DISCRETE, EmulatedArea.COIL}


@dataclass(frozen=True, slots=True)
class EmulatedPoint:
    """Where one role is shown: the n-th (from 1) at ``address + (n - 1) * stride``, base 0."""

    role: str
    area: EmulatedArea
    address: int
    count: int = 1
    stride: int = 1
    byte: str = ""  # "hi" or "lo": the role takes one byte of the word
    bit: int | None = None  # the role takes one bit of the word
    codes: Mapping[str, int] | None = None  # name of a state -> its code
    encoding: str = ""
    invert: bool = False

    def at(self, number: int) -> int:
        """The address of the n-th."""
        return self.address + (number - 1) * self.stride

    @property
    def addresses(self) -> range:
        """First to last address this point takes."""
        return range(self.address, self.at(self.count) + _REGISTERS.get(self.encoding, 1))


@dataclass(frozen=True, slots=True)
class EmulatedCommand:
    """What may be written where; ``target`` says what the number counts."""

    name: str
    target: str
    area: EmulatedArea
    address: int = 0
    stride: int = 1
    value: int = 1
    step_s: float = 0.0  # a pulse: the raw word of function 05 counts such steps
    send: str = ""
    expect: str = ""

    def number(self, address: int) -> int | None:
        """Which partition, zone, door or relay (from 1) a write to ``address`` means."""
        n, rest = divmod(address - self.address, self.stride)
        return n + 1 if n >= 0 and rest == 0 else None


@dataclass(frozen=True, slots=True)
class EmulatedProfile:
    """One profile file."""

    name: str
    device_class: str
    points: Mapping[str, EmulatedPoint]
    commands: tuple[EmulatedCommand, ...]
    eol: str = "\r\n"
    document: Mapping[str, Any] = field(default_factory=dict)  # for wires that need more of it

    def count_of(self, target: str) -> int:
        """How many partitions, zones, doors or relays the device has, by the counts of its points."""
        if target == "latch":
            return sum(role in self.points for role in ("input_rose", "input_fell"))
        prefix = "relay" if target == "relay" else f"{target}_"
        counts = [point.count for role, point in self.points.items() if role.startswith(prefix)]
        return max(counts, default=1)


def load_profile(name: str, folder: Path) -> EmulatedProfile:
    """The profile ``name``: a ``.toml`` relative to the site's ``folder``, else one of those shipped.

    One that ``extends`` a shipped profile is merged with it.

    Raises UsageError if there is none or it cannot be read.
    """
    path = folder / name if name.endswith(".toml") else _SHIPPED / f"{name}.toml"
    if not path.is_file():
        raise UsageError(f"there is no device profile {name!r}.", f"Looked in {path.parent}.")
    try:
        document = _document(path)
        if base := document.get("extends"):
            below = _document(_SHIPPED / f"{base}.toml")
            for key in ("device", "transport"):
                document[key] = below.get(key, {}) | document.get(key, {})
            document = below | document
        return _profile(name, document)
    except (OSError, AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise UsageError(
            f"cannot be read: {str(error).rstrip('.')}.", "See docs/profiles.md.", path=path
        ) from error


def _document(path: Path) -> dict[str, Any]:
    return limited.parse_toml(limited.limited_bytes(path).decode("utf-8"))


def _profile(name: str, document: Mapping[str, Any]) -> EmulatedProfile:
    read = _point if document["device"]["protocol"] == "modbus" else _without_address
    points = [read(table) for table in document.get("point", ())]
    return EmulatedProfile(
        name,
        document["device"]["class"],
        {point.role: point for point in points},
        tuple(_command(table) for table in document.get("command", ())),
        document.get("transport", {}).get("eol", "\r\n"),
        document,
    )


def _point(table: Mapping[str, Any]) -> EmulatedPoint:
    names = table.get("map")
    return EmulatedPoint(
        role=table["role"],
        area=EmulatedArea(table["area"]),
        address=int(table["address"]),
        count=1 if table.get("encoding") else int(table.get("count", table.get("repeat", 1))),
        stride=int(table.get("stride", 1)),
        byte=table.get("byte", ""),
        bit=table.get("bit"),
        codes={state: int(code) for code, state in names.items()} if names else None,
        encoding=table.get("encoding", ""),
        invert=bool(table.get("invert", False)),
    )


def _without_address(table: Mapping[str, Any]) -> EmulatedPoint:
    """A point that is reported in messages or shown by a contact: it has no address."""
    return EmulatedPoint(
        table["role"], EmulatedArea.DISCRETE, 0, int(table.get("count", 1)), invert=bool(table.get("invert"))
    )


def _command(table: Mapping[str, Any]) -> EmulatedCommand:
    return EmulatedCommand(
        name=table["name"],
        target=table["target"],
        area=EmulatedArea(table.get("area", "coil")),
        address=int(table.get("address", 0)),
        stride=int(table.get("stride", 1)),
        value=int(table.get("value", 1)),
        step_s=float(table.get("step_ms", 0)) / 1000,
        send=table.get("send", ""),
        expect=table.get("expect", ""),
    )


def line_pattern(send: str) -> re.Pattern[str]:
    """The regular expression that reads what ``send`` ("CARD {number} {credential}") writes."""
    parts = re.split(r"(\{\w+(?::[^}]*)?\})", send)
    return re.compile("".join(_group(part) if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def _group(hole: str) -> str:
    """Read ``{number:03d}`` as three digits, ``{number}`` as few as possible, others up to a blank."""
    name, _, width = hole[1:-1].partition(":")
    digits = rf"\d{{{int(width.rstrip('d'))}}}" if width else r"\d+?"
    return f"(?P<{name}>{digits if name == 'number' else '[^ ]+'})"
