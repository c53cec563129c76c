# SPDX-License-Identifier: Apache-2.0
"""Reads the messages of a profile: lines, INTEGRA frames, ISAPI documents, reported events.

Besides the form of each table, it checks that a message exists for every role, that every code of a map can
occur, and that no ``request`` commands the device.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.acquisition import Area
from yanshou.drivers.profile.coding import check_coding
from yanshou.drivers.profile.records import (
    COMMANDS,
    EVENTS,
    FIELDS,
    ROLES,
    STATES,
    TARGETS,
    Command,
    FieldQuestion,
    Point,
)
from yanshou.drivers.profile.table import STATE_CODES, confirmation, integer, number, pattern, template
from yanshou.protocols.serial_line import placeholders
from yanshou.protocols.speech import LoginStep, MessagePattern, MessageQuestion, Speech, numbered
from yanshou.toml import Table, near
from yanshou.wires import SPOKEN, Language
from yanshou.wires.lines import CHECKSUMS, CODINGS, SERIAL_LINE

SPEECH_SECTIONS = frozenset({"message", "login", "start", "alive", "events"})
LINE_TRANSPORT = frozenset({"checksum", "coding"})  # only lines of text have them
SPEECH_TRANSPORT = frozenset({"acknowledge"}) | LINE_TRANSPORT
_BY_NAME = re.compile(r"\(\?=[^()]*(?:\([^()]*\)[^()]*)*\)")  # a field searched wherever it stands
_MESSAGE_KEYS = frozenset({"match", "map", "bits", "form", "first"})
POINT_KEYS = frozenset({"role", "count", "default", "request", "expect"})
FIELD_KEYS = frozenset({"role", "request", "expect", "absent", "map"})
COMMAND_KEYS = frozenset({"name", "target", "send", "expect", "refused", "confirm", "take_back"})
_CREDENTIAL = frozenset({"credential", "bits", "value", "keys"})
_STEP_KEYS = frozenset({"expect", "send", "refused"})
_STATE_ROLE = "zone_state"
_ANY = "."

_Reported = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The result: the line protocol, the points it shows, the commands it has."""

    speech: Speech
    points: tuple[Point, ...]
    commands: tuple[Command, ...]


@dataclass(slots=True)
class SpeechReader:
    """Reads one profile file of a device with messages."""

    top: Table
    protocol: str
    _points: dict[str, tuple[Point, Table]] = field(default_factory=dict)
    _reported: dict[str, set[int]] = field(default_factory=dict)

    @property
    def _language(self) -> Language:
        return SPOKEN[self.protocol]

    def read(self, *, timeout_s: float, eol: str) -> Spoken:
        """Everything but the head of the file."""
        asks, defaults = self._read_points()
        messages = tuple(self._message(table) for table in self.top.rows("message"))
        transport = self.top.inner("transport")
        checksum = transport.choice("checksum", CHECKSUMS, "none") if "checksum" in transport.data else ""
        coding = transport.choice("coding", CODINGS, "ascii")
        alive, every = self._alive()
        events = self.top.inner("events")
        events.only({"path"})
        speech = Speech(
            framing=self._language.name,
            eol=eol,
            checksum=checksum,
            coding=coding,
            messages=messages,
            asks=asks,
            defaults=defaults,
            login=self._steps("login"),
            start=self._steps("start"),
            alive=alive,
            every_s=every,
            acknowledge=template(transport, "acknowledge", required=False),
            events=events.text("path"),
            timeout_s=timeout_s,
        )
        self._check_points(speech)
        if self.protocol == SERIAL_LINE.profile:
            check_coding(self.top, coding)
        points = tuple(point for point, _ in self._points.values())
        commands = tuple(self._command(table, speech) for table in self.top.rows("command"))
        return Spoken(speech, points, commands)

    # -- points ---------------------------------------------------------------------------------------------

    def _read_points(self) -> tuple[dict[str, MessageQuestion], dict[str, int]]:
        asks: dict[str, MessageQuestion] = {}
        defaults: dict[str, int] = {}
        for table in self.top.rows("point"):
            role = table.choice("role", ROLES)
            if role in self._points:
                table.wrong(f"role {role} stands twice.", "Keep one of the two points.", "role")
            if role in FIELDS:
                self._points[role] = self._fields_point(role, table), table
                continue
            table.only(POINT_KEYS)
            self._points[role] = _reported_point(role, integer(table, "count", 1, least=1)), table
            if "request" in table.data:
                expect = pattern(table, "expect", required=not self._language.over_http) or _ANY
                asks[role] = MessageQuestion(self._request(table), expect)
            if "default" in table.data:
                defaults[role] = self._value(table, "default", role, str(table.data["default"])) or 0
        return asks, defaults

    def _fields_point(self, role: str, table: Table) -> Point:
        """Read a clock or a part of the event log: a question, and an answer with named groups."""
        without = {"event_record": set[str](), "event_pointer": {"map"}, "event_oldest": {"map"}}
        table.only(FIELD_KEYS - without.get(role, {"absent", "map"}))
        if self.protocol == "dc09":
            table.wrong(f"{role} cannot be asked for over dc09.", "Remove the point.", "role")
        request, expect = self._request(table), pattern(table, "expect")
        groups = set(re.compile(numbered(expect, 1)).groupindex) if expect else set(FIELDS[role])
        if missing := [name for name in FIELDS[role] if name not in groups]:
            what = f"expect has no group {', '.join(missing)}."
            table.wrong(what, f"Write (?P<{missing[0]}>…) in expect.", "expect")
        # without it a log that lost a record looks like a dead device
        needed = role == "event_record" or "absent" in table.data
        absent = pattern(table, "absent") if needed else ""
        if absent and re.compile(numbered(absent, 1)).groupindex:
            table.wrong("absent has a named group.", "Write it without one.", "absent")
        if role != "event_record":
            return Point(role, Area.INPUT, 0, question=FieldQuestion(request, expect, absent))
        if request and "{number" not in request:
            table.wrong("request does not say which record.", "Write {number} in it.", "request")
        return Point(
            role, Area.INPUT, 0, question=FieldQuestion(request, expect, absent, self._classes(table))
        )

    @staticmethod
    def _classes(table: Table) -> dict[str, str]:
        data = table.data.get("map", {})
        if not isinstance(data, dict) or not data:
            table.wrong("map must say which code is which class.", 'Write map = { BA = "alarm" }.', "map")
            return {}
        for word in data.values():
            if word not in EVENTS:
                table.wrong(f"map class {word!r} is not known.", near(str(word), EVENTS), "map")
        return {code: str(word) for code, word in data.items()}

    def _request(self, table: Table) -> str:
        """Read a ``request``; one that would command the device is refused."""
        text = template(table, "request")
        if wrong := self._language.fault_in_question(text):
            what, remedy = wrong
            only = "Only a [[command]] may change anything."
            table.wrong(f"request {what}", f"{remedy} {only}".strip(), "request")
            return ""
        return text

    def _value(self, table: Table, key: str, role: str, text: str) -> int | None:
        """Read the value a role gets: 0 or 1, or a state's word."""
        if role == _STATE_ROLE:
            if text in STATE_CODES:
                return STATE_CODES[text]
            table.wrong(f"{role} cannot be {text!r}.", near(text, STATES), key)
        elif text in ("0", "1"):
            return int(text)
        else:
            table.wrong(f"{role} cannot be {text!r}.", "It is 0 or 1.", key)
        return None

    def _check_points(self, speech: Speech) -> None:
        """Every point needs a message; one without ``request`` needs another proof that it is current."""
        self._check_log()
        stated = {role: place for role, place in self._points.items() if role not in FIELDS}
        for role, (_, table) in stated.items():
            reported = self._reported.get(role, set())
            if not reported:
                table.wrong(f"no message reports {role}.", "Add it to a map, or remove the point.", "role")
            elif role != _STATE_ROLE and reported != {0, 1}:
                missing = ({0, 1} - reported).pop()
                table.wrong(f"no message reports {role}={missing}.", "Add the code that reports it.", "role")
            if role not in speech.asks and self._language.over_http:
                what = f"{role} is only reported: events come over another connection than the answers."
                table.wrong(what, "Add a request: without one, that nothing came proves nothing.", "role")
            elif role not in speech.asks and role not in speech.defaults:
                what = f"{role} is only reported when it changes; what it is before that is not known."
                table.wrong(what, "Add default = 0, or a request.", "role")
        if self.protocol != "dc09" and stated and not speech.asks and speech.alive is None:
            head = self.top.inner("device")
            what = "this device is never asked anything: whether it is silent or dead cannot be known."
            head.wrong(what, "Add [alive] with a request, or with what it says by itself.", "protocol")

    def _check_log(self) -> None:
        """A record is read by its number, so the numbers of the oldest and the newest must be known."""
        for role in ("event_oldest", "event_pointer"):
            if "event_record" in self._points and role not in self._points:
                _, table = self._points["event_record"]
                table.wrong(f"the log has no {role}.", f"Add a [[point]] with {role}.", "role")

    # -- messages -------------------------------------------------------------------------------------------

    def _message(self, table: Table) -> MessagePattern:
        table.only(_MESSAGE_KEYS)
        match = pattern(table, "match")
        groups = re.compile(match).groupindex if match else {}
        reported = self._map(table)
        bits = table.choice("bits", ROLES, _ANY) if "bits" in table.data else ""
        self._check_groups(table, groups, reported, bits)
        found = {
            group: codes for group, codes in reported.items() if group in groups
        }  # the others are reported above
        message = MessagePattern(match, found, bits, integer(table, "first", 1))
        self._note_reported(table, reported, bits)
        self._check_form(table, message)
        return message

    def _map(self, table: Table) -> dict[str, dict[str, _Reported]]:
        data = table.data.get("map", {})
        if not isinstance(data, dict) or not all(isinstance(codes, dict) for codes in data.values()):
            remedy = 'Write map.code = { "601" = "zone_alarm=1" }.'
            table.wrong("map must say by group and code what is reported.", remedy, "map")
            return {}
        return {
            group: {code: self._assignments(table, str(assignments)) for code, assignments in codes.items()}
            for group, codes in data.items()
        }

    def _assignments(self, table: Table, assignments: str) -> _Reported:
        found = []
        for word in assignments.split():
            role, _, text = word.partition("=")
            if role not in ROLES:
                table.wrong(f"role {role!r} is not known.", near(role, ROLES), "map")
            elif (value := self._value(table, "map", role, text)) is not None:
                found.append((role, value))
        return tuple(found)

    def _check_groups(
        self, table: Table, groups: Mapping[str, int], reported: Mapping[str, object], bits: str
    ) -> None:
        for group in reported:
            if group not in groups:
                table.wrong(f"match has no group {group!r}.", f"Write (?P<{group}>…) in match.", "map")
        if bits and "bits" not in groups:
            table.wrong("match has no group 'bits'.", "Write (?P<bits>…) in match.", "bits")
        if not bits and not reported:
            table.wrong("this message reports nothing.", "Add map or bits, or remove it.", "match")
        if self._language.over_http and "=" in _BY_NAME.sub("", str(table.data.get("match", ""))):
            what = "match depends on the order of the fields, and firmwares add some."
            table.wrong(what, "Write each field as (?=.* name=(?P<group>…)\\b).", "match")

    def _note_reported(
        self, table: Table, reported: Mapping[str, Mapping[str, _Reported]], bits: str
    ) -> None:
        if bits:
            self._reported.setdefault(bits, set()).update({0, 1})
        roles = {bits} - {""}
        for pairs in (pairs for codes in reported.values() for pairs in codes.values()):
            for role, value in pairs:
                self._reported.setdefault(role, set()).add(value)
                roles.add(role)
        for role in sorted(roles - set(self._points)):
            table.wrong(
                f"{role} is reported, but no point declares it.", "Add a [[point]] with that role.", "map"
            )
        counts = [self._points[role][0].count for role in roles & set(self._points)]
        if not bits and max(counts, default=1) > 1 and "(?P<number>" not in str(table.data.get("match", "")):
            table.wrong("match has no group 'number': whose state it is is not known.", "Add it.", "match")

    def _check_form(self, table: Table, message: MessagePattern) -> None:
        """A form, filled with each code, must match and mean what the map says of that code."""
        if "form" not in table.data or not message.match:
            return
        form = template(table, "form", also=frozenset({*message.map, "bits", "partition", "user"}))
        holes = placeholders(form) if form else frozenset()
        for group, codes in message.map.items():
            for code, reported in codes.items() if form else ():
                if not _comes(message, form, holes, group, code, reported):
                    what = f"match never finds {code!r} as {group} in what form makes of it."
                    table.wrong(what, "Correct match, form or the code.", "map")

    # -- the conversation -----------------------------------------------------------------------------------

    def _steps(self, name: str) -> tuple[LoginStep, ...]:
        steps = []
        for table in self.top.rows(name):
            table.only(_STEP_KEYS)
            expect, refused = (pattern(table, key, required=False) for key in ("expect", "refused"))
            steps.append(LoginStep(expect, template(table, "send", required=False), refused))
        return tuple(steps)

    def _alive(self) -> tuple[MessageQuestion | None, float]:
        table = self.top.inner("alive")
        table.only({"request", "expect", "every_s"})
        every = number(table, "every_s", 1.0, least=0.1)
        if not table.data:
            return None, every
        return MessageQuestion(template(table, "request", required=False), pattern(table, "expect")), every

    def _sendable(self, table: Table, key: str, *, required: bool = True) -> str:
        text = template(table, key, also=_CREDENTIAL, required=required)
        if wrong := self._language.fault_in_text(text):
            what, remedy = wrong
            table.wrong(f"{key} {what}", remedy, key)
        return text

    def _command(self, table: Table, speech: Speech) -> Command:
        table.only(COMMAND_KEYS)
        send = self._sendable(table, "send")
        if any(send == ask.request for ask in speech.asks.values()) and send:
            table.wrong("the same text is asked to read a state.", "A question must not command.", "send")
        return Command(
            table.choice("name", COMMANDS),
            table.choice("target", TARGETS),
            send=send,
            expect=pattern(table, "expect", required=not self._language.over_http) or _ANY,
            refused=pattern(table, "refused", required=False),
            back=self._sendable(table, "take_back", required=False),
            confirm=confirmation(table, {role: point for role, (point, _) in self._points.items()}),
        )


def _reported_point(role: str, count: int) -> Point:
    """A point reported in messages: its values are bits, or the codes of state words."""
    if role != _STATE_ROLE:
        return Point(role, Area.DISCRETE, 0, count)
    return Point(role, Area.INPUT, 0, count, states={code: word for word, code in STATE_CODES.items()})


def _comes(
    message: MessagePattern, form: str, holes: frozenset[str], group: str, code: str, reported: _Reported
) -> bool:
    """Whether ``form`` with this code is read as the map says."""
    first = {name: next(iter(codes), "") for name, codes in message.map.items()}
    values: dict[str, object] = {"partition": 1, "user": 1, "bits": "00", **first}
    values |= {"number": message.first, group: code}
    try:
        text = string.Formatter().vformat(form, (), {hole: values.get(hole, "") for hole in holes})
    except (ValueError, TypeError):
        return False
    reports = {(report.role, report.value) for report in message.reports(text)}
    found = re.search(message.match, text)
    return found is not None and found[group] == code and reports >= set(reported)
