# SPDX-License-Identifier: Apache-2.0
"""Device profiles: which register, coil or line means what, as data (``docs/profiles.md``).

A new panel needs a file, not code. A profile without ``[verified]`` was never compared with the maker's
document, so results are indicative only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from yanshou.acquisition import Area, Matches
from yanshou.model import UsageError
from yanshou.protocols.speech import Speech
from yanshou.wires import SPOKEN
from yanshou.wires.lines import SERIAL_LINE
from yanshou.wires.osdp import OSDP

CLASSES = frozenset({"alarm_panel", "door_controller", "relay_board", "credential_injector", "reader_tap"})
PROTOCOLS = frozenset({"modbus", "contact", OSDP, *SPOKEN})
ROLES = frozenset(
    {
        "zone_state",
        "zone_open",
        "zone_alarm",
        "zone_tamper",
        "zone_fault",
        "zone_hold_up",
        "zone_bypass",
        "zone_low_battery",
        "partition_armed",
        "partition_alarm",
        "entry",
        "exit",
        "ac_loss",
        "battery_low",
        "battery_fault",
        "comm_fault",
        "cover_tamper",
        "substitution",
        "siren",
        "user_active",
        "event_pointer",
        "event_oldest",
        "event_record",
        "clock",
        "door_state",
        "door_lock",
        "door_forced",
        "door_held",
        "wrong_credential",
        "access_granted",
        "access_denied",
        "reader_tamper",
        "reader_fault",
        "duress_credential",
        "passback",
        "link_fault",
        "gate_detect",
        "gate_count",
        "relay",
        "input",
        "input_rose",
        "input_fell",
    }
)
STATES = frozenset({"armed", "disarmed", "alarm", "hold_up", "tamper", "fault", "open", "normal", "bypassed"})
EVENTS = frozenset(
    {
        *("alarm", "hold_up", "tamper", "fault", "power", "set", "unset", "bypass", "refused", "duress"),
        *("restore", "granted", "denied", "forced", "held", "passback", "command"),  # and those of doors
    }
)
"""Classes of records in an event log: the values of the map of ``event_record``."""
COMMANDS = frozenset(
    {
        "arm",
        "disarm",
        "duress",
        "reset",
        "bypass",
        "log_in",
        "select_event",
        "erase_log",
        "relay",
        "pulse",
        "clear_latch",
        "unlock",
        "lock",
        "approve",
        "hold_open",
        "block",
        "present_card",
        "press_keys",
    }
)
TIME_FIELDS = ("year", "month", "day", "hour", "minute", "second")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "clock": TIME_FIELDS,
    "event_pointer": ("number",),
    "event_oldest": ("number",),
    "event_record": ("number", "class", *TIME_FIELDS),
}
"""Roles whose value is not a state but several fields, read one answer at a time; and these fields."""
TARGETS = frozenset({"partition", "zone", "panel", "user", "door", "relay", "latch"})

_BYTE_MASKS = {"": 0xFFFF, "hi": 0xFF00, "lo": 0x00FF}


@dataclass(frozen=True, slots=True)
class Verified:
    """Who compared the profile with which document, and when."""

    by: str
    date: date
    document: str


@dataclass(frozen=True, slots=True)
class Transport:
    """``timeout_s``: one answer; ``gap_s``: silence between RTU frames; ``max_read``: points of one read."""

    timeout_s: float = 0.5
    gap_s: float = 0.0
    quiet_s: float = 0.0
    eol: str = "\r\n"
    max_read: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """How a device with messages is asked for a role of ``FIELDS``.

    The named groups of ``expect`` are the fields of the answer; an answer that matches ``absent`` says that
    there is no such record. ``classes`` maps the texts of the group ``class`` to words of ``EVENTS``.
    """

    request: str
    expect: str
    absent: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """A row of points of one role: the n-th (from 1) stands at ``address + (n - 1) * stride``, base 0.

    A point reported in messages has no address; its values are like those of ``area``: bits, or codes.
    ``wire`` names the terminal, of the zone or of the panel, of a point that is only known by a contact.

    Register points may be a byte or a bit of their register; ``states`` maps codes to words of ``STATES``.
    ``question``: how a device with messages is asked for several fields (a clock, a record of its log).
    """

    role: str
    area: Area
    address: int
    count: int = 1
    stride: int = 1
    byte: str = ""
    bit: int | None = None
    invert: bool = False
    states: Mapping[int, str] = field(default_factory=dict)
    encoding: str = ""
    wire: str = ""
    question: FieldQuestion | None = None

    @property
    def mask(self) -> int:
        """The bits of the value that belong to this point."""
        if self.area.is_bits:
            return 1
        return 1 << self.bit if self.bit is not None else _BYTE_MASKS[self.byte]

    @property
    def span(self) -> int:
        """How many addresses the whole row covers."""
        return (self.count - 1) * self.stride + 1

    def offset(self, number: int) -> int:
        """Offset of the n-th point from ``address``; raises ``UsageError`` when there is no such point."""
        if not 1 <= number <= self.count:
            raise UsageError(f"the profile has {self.role} 1 to {self.count}, not {number}.")
        return (number - 1) * self.stride

    def on(self) -> Matches:
        """The condition that a flag is set."""
        one = 1 if self.area.is_bits else self.mask
        return Matches.of([0 if self.invert else one], self.mask)

    def shows(self, states: frozenset[str]) -> Matches:
        """The condition that a state word shows one of ``states``."""
        shift = (self.mask & -self.mask).bit_length() - 1
        return Matches.of((code << shift for code, word in self.states.items() if word in states), self.mask)

    def state_of(self, value: int) -> str:
        """The word for a raw value; the bare code if the profile has no word for it."""
        shift = (self.mask & -self.mask).bit_length() - 1
        code = (value & self.mask) >> shift
        return self.states.get(code, f"code {code}")


@dataclass(frozen=True, slots=True)
class Confirm:
    """What must be shown within ``within_s`` seconds after a command.

    A flag (0, 1) or a word of ``STATES``.
    """

    role: str
    equals: int | str
    within_s: float


@dataclass(frozen=True, slots=True)
class Command:
    """Something that may be written, and nothing else may: a value to the n-th target, or a message.

    ``refused`` is the device's answer when it refuses; ``wire`` names the terminal of a panel that is reached
    by contacts alone, energised for ``pulse_s`` seconds or, without one, until the opposite command.

    ``off`` is what a command that can be taken back writes then, ``back`` the message that does so. A pulse
    is timed by the device itself, in steps of ``step_s``: the number of steps is written, on a coil as the
    raw word of function 05. ``several`` asks for the function that writes several points, although one is
    written.
    """

    name: str
    target: str
    area: Area = Area.COIL
    address: int = 0
    stride: int = 1
    value: int = 1
    off: int = 0
    step_s: float = 0.0
    several: bool = False
    confirm: Confirm | None = None
    send: str = ""
    expect: str = ""
    refused: str = ""
    back: str = ""
    wire: str = ""
    pulse_s: float = 0.0

    def place(self, number: int) -> int:
        """Address for the n-th target, from 1; the panel itself is number 1."""
        return self.address + (number - 1) * self.stride


@dataclass(frozen=True)
class Profile:
    """One file. ``verified`` is None if nobody compared it with the maker's document."""

    name: str
    device_class: str
    vendor: str
    model: str
    protocol: str
    document: str
    transport: Transport
    points: tuple[Point, ...]
    commands: tuple[Command, ...]
    verified: Verified | None = None
    speech: Speech | None = None

    @cached_property
    def _by_role(self) -> Mapping[str, Point]:
        return {point.role: point for point in self.points}

    @cached_property
    def _by_name(self) -> Mapping[str, Command]:
        return {command.name: command for command in self.commands}

    def has(self, role: str) -> bool:
        """Whether the device shows ``role`` at all."""
        return role in self._by_role

    def point(self, role: str) -> Point:
        """Return the points of ``role``; raises ``UsageError`` when the profile has none."""
        if role not in self._by_role:
            raise UsageError(
                f"profile {self.name} has no point {role}.", f"It has {self._known(self._by_role)}."
            )
        return self._by_role[role]

    def can(self, name: str) -> bool:
        """Whether the profile has the command ``name``."""
        return name in self._by_name

    def command(self, name: str) -> Command:
        """Return the command ``name``; raises ``UsageError`` when the profile has none."""
        if name not in self._by_name:
            raise UsageError(
                f"profile {self.name} has no command {name}.", f"It has {self._known(self._by_name)}."
            )
        return self._by_name[name]

    @property
    def converses(self) -> bool:
        """Whether more is needed than a line of ASCII and its answer: a login, a checksum, other frames."""
        speech = self.speech
        if speech is None or self.protocol != SERIAL_LINE.profile:
            return speech is not None
        framed = speech.checksum not in ("", "none") or speech.coding != "ascii"
        return bool(speech.login or speech.start or framed or self.points)

    @property
    def reads_log(self) -> bool:
        """Whether records of the event log can be read, one by one."""
        if not self.has("event_record"):
            return False
        return self.can("select_event") or self.point("event_record").question is not None

    @staticmethod
    def _known(names: Mapping[str, object]) -> str:
        return ", ".join(names) or "none"
