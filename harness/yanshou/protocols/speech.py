# SPDX-License-Identifier: Apache-2.0
"""The line protocol of a device as data: what its messages mean, what is asked, how to log in.

A message is a text: a line of a line protocol, the hexadecimal digits of a binary frame, or the flattened
fields of a JSON record. So one grammar of regular expressions serves all of them. No input or output here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from yanshou.protocols.serial_line import fill
from yanshou.protocols.unknown_form import LineSubject
from yanshou.wires import LANGUAGES, Language

HOLES = frozenset({"number", "code", "password", "code_bcd", "bits32"})
_BCD_DIGITS = 16
_RECORD = re.compile(r"\^([\w/]+)")
_FIELD = re.compile(r"\(\?=\.\*\\? ([\w/]+)=\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Report:
    """The ``number``-th (from 1) point of ``role`` is ``value``: 0 or 1, or the code of a state."""

    role: str
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class MessagePattern:
    """One kind of message.

    ``match`` recognises it; its group ``number`` is the number of the point, counted from ``first`` by the
    device. ``map`` says by group and by code which roles get which value. ``bits`` names the role whose
    points all stand in the group ``bits``: hexadecimal bytes, the lowest bit of the first byte being number
    1.
    """

    match: str
    map: Mapping[str, Mapping[str, tuple[tuple[str, int], ...]]] = field(default_factory=dict)
    bits: str = ""
    first: int = 1

    def unread(self, role: str, line: str) -> bool:
        """Whether a record has the field of ``role`` with a content that cannot be read.

        Only for flattened records, whose fields ``match`` looks for by name: ``(?=.* alarm=(?P<alarm>…``.
        """
        groups = [group for group, codes in self.map.items() if _reports(codes, role)]
        name = _RECORD.match(self.match)
        if not groups or name is None or not line.startswith(f"{name[1]} "):
            return False
        found = re.search(self.match, line)
        if found is not None:
            return all(found[group] not in self.map[group] for group in groups)
        fields = {group: field for field, group in _FIELD.findall(self.match)}
        return any(f" {fields[group]}=" in line for group in groups if group in fields)

    def names(self, role: str) -> bool:
        """Whether it reports points of ``role``."""
        return self.bits == role or any(_reports(codes, role) for codes in self.map.values())

    def reports(self, text: str) -> Iterator[Report]:
        """What ``text`` reports, nothing when it is another kind of message."""
        found = re.search(self.match, text)
        if found is None:
            return
        if self.bits:
            yield from _bits(self.bits, found["bits"])
        number = int(found["number"]) - self.first + 1 if "number" in found.re.groupindex else 1
        for group, codes in self.map.items():
            for role, value in codes.get(found[group] or "", ()):
                yield Report(role, number, value)


def _reports(codes: Mapping[str, tuple[tuple[str, int], ...]], role: str) -> bool:
    return any(name == role for reported in codes.values() for name, _ in reported)


def _bits(role: str, digits: str) -> Iterator[Report]:
    for place, byte in enumerate(bytes.fromhex(digits)):
        for bit in range(8):
            yield Report(role, 8 * place + bit + 1, byte >> bit & 1)


def unread_field(expect: str, found: re.Match[str]) -> str:
    """The field of a record that has a content, and whose group in ``expect`` took no part; else empty."""
    line = found.string[found.start() :].partition("\n")[0]
    for name, group in _FIELD.findall(expect):
        if found[group] is None and re.search(rf" {re.escape(name)}=\S", line):
            return str(name)
    return ""


@dataclass(frozen=True, slots=True)
class MessageQuestion:
    """A question and the pattern of its answer; ``{number}`` stands for the number of the point."""

    request: str
    expect: str

    def about(self, number: int) -> MessageQuestion:
        """The question about the ``number``-th point; the same for all if it has no ``{number}``."""
        return MessageQuestion(fill(self.request, {"number": number}), numbered(self.expect, number))


@dataclass(frozen=True, slots=True)
class LoginStep:
    """One step of a login: wait for ``expect`` (unless empty), then send ``send`` (unless empty)."""

    expect: str = ""
    send: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """All that is needed to exchange messages with one device.

    ``asks`` are the questions by role; a role without one is only reported by the device, and has its value
    in ``defaults`` until then. ``alive`` is the question that proves the device still answers; with an empty
    request it is the message the device sends by itself at least every ``every_s`` seconds. ``acknowledge``
    is sent for each good message; ``events`` is the path of an HTTP device's event stream. ``coding`` is that
    of the text of its lines, a key of ``wires.lines.CODINGS``. ``timeout_s`` bounds an answer, ``delay_s`` is
    the longest time in seconds that a byte may be on the way unseen.
    """

    framing: str = "lines"
    eol: str = "\r\n"
    checksum: str = ""
    coding: str = "ascii"
    messages: tuple[MessagePattern, ...] = ()
    asks: Mapping[str, MessageQuestion] = field(default_factory=dict)
    defaults: Mapping[str, int] = field(default_factory=dict)
    login: tuple[LoginStep, ...] = ()
    start: tuple[LoginStep, ...] = ()
    alive: MessageQuestion | None = None
    every_s: float = 1.0
    acknowledge: str = ""
    events: str = ""
    timeout_s: float = 1.0
    delay_s: float = 0.0
    tls: bool = False
    tls_verify: bool = True

    @property
    def language(self) -> Language:
        """How its messages are framed."""
        return LANGUAGES[self.framing]

    def reports(self, text: str) -> list[Report]:
        """All that ``text`` reports, line by line."""
        lines = text.splitlines()
        return [reported for line in lines for message in self.messages for reported in message.reports(line)]

    def unread(self, role: str, text: str) -> str:
        """The first record of ``text`` that has the field of ``role`` with unreadable content; else empty.

        Two records of one number that contradict each other cannot be read, either.
        """
        if not self.language.over_http:
            return ""
        lines = text.splitlines()
        unread = next((one for one in lines for reported in self.messages if reported.unread(role, one)), "")
        twice = (
            f"{name} {number} in two records"
            for (name, number), values in self._values(text).items()
            if name == role and len(set(values)) > 1
        )
        return unread or next(twice, "")

    def stated(self, text: str) -> dict[tuple[str, int], int]:
        """The value of each role and number that an answer states, without those it contradicts itself on.

        On a line the last of several is the newest; in a document of HTTP none is.
        """
        several = not self.language.over_http
        found = self._values(text).items()
        return {cell: values[-1] for cell, values in found if several or len(set(values)) == 1}

    def _values(self, text: str) -> dict[tuple[str, int], list[int]]:
        """Every value of each role and number, in the order of the answer."""
        found: dict[tuple[str, int], list[int]] = {}
        for one in self.reports(text):
            found.setdefault((one.role, one.number), []).append(one.value)
        return found

    def is_unknown(self, text: str) -> bool:
        """Whether a line has a form that no message of the profile has.

        A firmware may write an event in another form, with another date or in another language.
        """
        return self.language.plain and not any(re.search(one.match, text) for one in self.messages)

    def may_be_about(self, role: str, number: int, subject: LineSubject) -> bool:
        """Whether a line of unknown form may be about that point, by the numbers the device counts with."""
        firsts = {one.first for one in self.messages if one.names(role)}
        return any(subject.may_be(number + first - 1) for first in firsts)

    def is_answer(self, text: str) -> bool:
        """Whether ``text`` is shaped like an answer: if unrequested, it is late and shows a past state."""
        shapes = (numbered(ask.expect, None) for ask in self.asks.values())
        return any(re.search(shape, text) for shape in shapes)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a pipe; ``of`` reads it back."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Speech:
        """Read what ``as_json`` wrote and JSON carried."""
        messages = (MessagePattern(**{**one, "map": _map(one["map"])}) for one in data["messages"])
        alive = data["alive"]
        return cls(
            **{
                **data,
                "messages": tuple(messages),
                "asks": {role: MessageQuestion(**ask) for role, ask in data["asks"].items()},
                "login": tuple(LoginStep(**step) for step in data["login"]),
                "start": tuple(LoginStep(**step) for step in data["start"]),
                "alive": MessageQuestion(**alive) if alive else None,
            }
        )


def _map(data: Mapping[str, Any]) -> dict[str, dict[str, tuple[tuple[str, int], ...]]]:
    return {
        group: {code: tuple((role, value) for role, value in reported) for code, reported in codes.items()}
        for group, codes in data.items()
    }


def numbered(pattern: str, number: int | None) -> str:
    """Put the number, or a pattern for any number, into ``{number}`` of a regular expression.

    Other braces stay.
    """

    def digits(hole: re.Match[str]) -> str:
        return r"\d+" if number is None else format(number, hole["format"] or "d")

    return re.sub(r"\{number(?::(?P<format>[^}]*))?\}", digits, pattern)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The values of ``{password}`` and ``{code}``; they are never shown in a message to a person."""

    password: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    user: str = ""

    def filled(self, template: str, number: int = 1) -> str:
        """Fill ``template``; ``code_bcd`` is the code as 16 digits padded with F.

        Raises ValueError without showing the text, which may hold a secret.
        """
        holes = {
            "number": number,
            "password": self.password,
            "code": self.code,
            "code_bcd": self.code.ljust(_BCD_DIGITS, "F"),
            "bits32": (1 << (number - 1)).to_bytes(4, "little").hex().upper() if number <= 32 else "",  # noqa: PLR2004 - bits
        }
        try:
            return fill(template, holes)
        except ValueError:
            raise ValueError("a text with control characters") from None
