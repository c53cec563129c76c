# SPDX-License-Identifier: Apache-2.0
"""An emulated panel with text lines, written by the forms of its profile's messages.

The drivers read messages by regular expressions; here they are written from ``form`` instead, which reveals a
profile whose two sides disagree. An answer given by a regular expression is sent as the text between ``^``
and ``$``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yanshou.emulation.messages.port import Partner
from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import EmulatedProfile, line_pattern
from yanshou.model import Device, UsageError

PASSWORD = "demo-only"  # noqa: S105 - what emulated devices are opened with
CODE = "1234"
_LONGEST = 4096


def _sum8(data: bytes) -> str:
    return f"{sum(data) % 256:02X}"


def _xor8(data: bytes) -> str:
    total = 0
    for byte in data:
        total = total ^ byte
    return f"{total:02X}"


def _crc16_arc(data: bytes) -> str:
    table = []
    for index in range(256):
        value = index
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value % 2 else value >> 1
        table.append(value)
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) % 256]
    return f"{crc:04X}"


_SUMS: Mapping[str, Callable[[bytes], str]] = {"sum8": _sum8, "xor8": _xor8, "crc16-arc": _crc16_arc}


@dataclass(frozen=True, slots=True)
class _Form:
    """One kind of message: how it is written, and which code of which group means which values."""

    form: str
    codes: Mapping[str, Mapping[str, tuple[tuple[str, bool], ...]]]
    first: int

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> _Form:
        codes = {
            group: {
                code: tuple(_assigned(word) for word in assignments.split())
                for code, assignments in names.items()
            }
            for group, names in table.get("map", {}).items()
        }
        return cls(table["form"], codes, int(table.get("first", 1)))

    def whole(self, image: ReportedImage, number: int, **more: object) -> str | None:
        """The line with the whole state of the n-th; None if no code fits it."""
        chosen = {}
        for group, codes in self.codes.items():
            fits = [c for c, stated in codes.items() if all(image.get(r, number) is on for r, on in stated)]
            if not fits:
                return None
            chosen[group] = fits[0]
        return self.form.format(number=number - 1 + self.first, **{**more, **chosen})

    def news(self, image: ReportedImage, change: ReportedChange, **more: object) -> Iterator[str]:
        """The line that reports one change."""
        for group, codes in self.codes.items():
            for code, stated in codes.items():
                tells = (change.role, change.value) in stated
                if tells and all(image.get(role, change.number) is on for role, on in stated):
                    number = change.number - 1 + self.first
                    yield self.form.format(number=number, **{**more, group: code})
                    return


def _assigned(word: str) -> tuple[str, bool]:
    role, _, value = word.partition("=")
    return role, value == "1"


@dataclass(frozen=True, slots=True)
class LineGrammar:
    """How this device writes and reads its lines."""

    profile: EmulatedProfile
    asked: tuple[tuple[re.Pattern[str], _Form], ...]
    reporting: tuple[_Form, ...]
    checksum: Callable[[bytes], str] | None
    charset: str

    @classmethod
    def of(cls, profile: EmulatedProfile) -> LineGrammar:
        """From the profile's tables; a message without a form cannot be sent."""
        document = profile.document
        forms = [_Form.of(table) for table in document.get("message", ()) if "form" in table]
        if not forms:
            raise UsageError(
                f"profile {profile.name} has no message with a form.", "Add form = … to emulate it."
            )
        asked, answers = [], set()
        for point in document.get("point", ()):
            if "request" not in point:
                continue
            for form in forms:
                line = form.whole(ReportedImage(profile), 1, partition=1, user=1)
                if line and re.search(_numbered(point["expect"], 1), line):
                    asked.append((line_pattern(point["request"]), form))
                    answers.add(id(form))
        reporting = tuple(form for form in forms if id(form) not in answers)
        transport = document.get("transport", {})
        charset = str(transport.get("coding", "ascii"))
        return cls(profile, tuple(asked), reporting, _SUMS.get(transport.get("checksum", "")), charset)

    def encoded(self, line: str) -> bytes:
        """The line on the wire."""
        data = line.encode(self.charset)
        return data + (self.checksum(data).encode() if self.checksum else b"") + self.profile.eol.encode()

    def decoded(self, data: bytes) -> str | None:
        """The text of a received line; None when its checksum is wrong."""
        line = data.strip(b"\r\n\x00")
        if self.checksum is None:
            return line.decode(self.charset, "replace")
        digits = len(self.checksum(b""))
        text, given = line[:-digits], line[-digits:].upper()
        return text.decode(self.charset, "replace") if self.checksum(text).encode() == given else None


class LineSession:
    """One connection to the emulated panel."""

    def __init__(
        self, grammar: LineGrammar, unit: ModbusUnit, zones: Mapping[int, int], partner: Partner
    ) -> None:
        assert isinstance(unit.image, ReportedImage)
        self._grammar = grammar
        self._unit = unit
        self._image = unit.image
        self._partitions = zones
        self._partner = partner
        self._buffer = b""
        self._steps = list(grammar.profile.document.get("login", ()))

    def begin(self) -> None:
        """Send the greeting, if the device has one."""
        self._greet()

    def received(self, data: bytes) -> None:
        """Take bytes in; each line that ends in them is answered."""
        eol = self._grammar.profile.eol.encode()
        *lines, rest = (self._buffer + data).split(eol)
        self._buffer = rest[-_LONGEST:]
        for line in lines:
            if text := self._grammar.decoded(line):
                self._take(text)

    def tell(self, changes: list[ReportedChange]) -> None:
        """Report the changes, each line once."""
        if self._steps:
            return
        said: dict[str, None] = {}
        for change in changes:
            partition = self._partitions.get(change.number, 1)
            for form in self._grammar.reporting:
                said |= dict.fromkeys(form.news(self._image, change, partition=partition, user=1))
        for line in said:
            self._partner.say(self._grammar.encoded(line))

    # -- within ---------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        """Send what the next steps of the login wait for, up to the one that needs an answer."""
        while self._steps:
            step = self._steps[0]
            if expect := step.get("expect"):
                self._partner.answer(self._grammar.encoded(_literal(expect)))
            if step.get("send"):
                return
            self._steps.pop(0)

    def _take(self, text: str) -> None:
        if self._steps:
            self._log_in(text)
            return
        for answer in self._answers(text):
            self._partner.answer(self._grammar.encoded(answer))
            return

    def _log_in(self, text: str) -> None:
        step = self._steps.pop(0)
        found = line_pattern(step["send"]).fullmatch(text)
        if found is not None and found.groupdict().get("password", PASSWORD) == PASSWORD:
            self._greet()
            return
        refused = next((one["refused"] for one in self._steps if "refused" in one), "")
        if refused:
            self._partner.answer(self._grammar.encoded(_literal(refused)))
        self._partner.hang_up()

    def _answers(self, text: str) -> Iterator[str]:
        alive = self._grammar.profile.document.get("alive", {})
        if alive.get("request") == text:
            yield _literal(alive["expect"])
        for request, form in self._grammar.asked:
            if (found := request.fullmatch(text)) is not None:
                number = int(found.groupdict().get("number", "1"))
                partition = self._partitions.get(number, 1)
                if line := form.whole(self._image, number, partition=partition, user=1):
                    yield line
        yield from self._obeyed(text)
        yield from self._dump(text)

    def _obeyed(self, text: str) -> Iterator[str]:
        """Carry out each command of this line, and acknowledge the line once."""
        answer = ""
        for table in self._grammar.profile.document.get("command", ()):
            found = line_pattern(table["send"]).fullmatch(text)
            if found is None:
                continue
            number = int(found.groupdict().get("number", "1"))
            if found.groupdict().get("code", CODE) != CODE:
                yield _literal(table.get("refused", "^$"), number)
                return
            self._unit.obey(table["name"], number)
            answer = _literal(table["expect"], number)
        if answer:
            yield answer

    def _dump(self, text: str) -> Iterator[str]:
        """A line that is only sent at the start of a session."""
        for step in self._grammar.profile.document.get("start", ()):
            if step.get("send") == text and step.get("expect"):
                yield _literal(step["expect"])


def _literal(pattern: str, number: int = 1) -> str:
    """A text that matches a pattern: of a set such as ``[oO]`` the first character."""
    plain = re.sub(r"\[(.)[^\]]*\]", r"\1", pattern.removeprefix("^").removesuffix("$"))
    return plain.replace("\\", "").format(number=number)


def _numbered(pattern: str, number: int) -> str:
    return re.sub(r"\{number:?([^}]*)\}", lambda hole: format(number, hole[1] or "d"), pattern)


def partitions_of(zones: list[Device]) -> dict[int, int]:
    """The partition of each zone number."""
    return {zone.number: int(str(zone.attributes.get("partition", 1))) for zone in zones if zone.number}
