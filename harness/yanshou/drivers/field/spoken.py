# SPDX-License-Identifier: Apache-2.0
"""A device with a line protocol, addressed by the roles of its profile."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yanshou.acquisition import Bus, Matches, Polls
from yanshou.acquisition.conversation import Conversation
from yanshou.drivers.field.points import FieldAnswer
from yanshou.drivers.profile import Command, Point, Profile
from yanshou.drivers.profile.records import FIELDS
from yanshou.model import Device, Instant, RigFault, UsageError
from yanshou.protocols.speech import MessageQuestion, Speech, numbered, unread_field

_ADAPTER_S = 0.016  # a USB serial adapter may hold a byte for so many seconds
_BITS_PER_CHARACTER = 11
_ANY_DAY = "2000-01-01T00:00"
_CENTURY, _THIS_CENTURY = 100, 2000
_FIELDS_REMEDY = "Compare the groups of expect in its profile with what the device sends."


def _has_letters(user: str) -> bool:
    """Whether a user is a card number in hexadecimal that can be nothing else."""
    return re.fullmatch("[0-9A-Fa-f]+", user) is not None and not user.isdecimal()


def tuned(speech: Speech, bus: Bus, options: Mapping[str, object], *, emulated: bool) -> Speech:
    """The line protocol with the longest time a byte may be on the way unseen on this line.

    On a real serial line that is one character and the adapter's delay. On a network it is zero, because
    there the message itself is timed.
    """
    if bus.host:
        return replace(
            speech, tls=bool(options.get("tls", False)), tls_verify=bool(options.get("tls_verify", True))
        )
    return replace(speech, delay_s=delay_of(bus, emulated=emulated))


def delay_of(bus: Bus, *, emulated: bool) -> float:
    """The longest time in seconds that a byte may be on the way unseen; 0 on a network."""
    if bus.host:
        return 0.0
    return _BITS_PER_CHARACTER / bus.baud + (0.0 if emulated else _ADAPTER_S)


@dataclass(frozen=True, slots=True)
class SpokenLink:
    """One device that exchanges messages: a ``PanelLink``."""

    device: Device
    profile: Profile
    conversation: Conversation
    bus: Bus

    def values(self, role: str, numbers: Collection[int] = ()) -> Mapping[int, int]:
        """Values of the points ``numbers`` (default all known ones) of ``role`` now."""
        point = self.profile.point(role)
        if not numbers:
            reported = self.conversation.all_of(role)
            beyond = [n for n, value in reported.items() if n > point.count and value]
            if beyond:
                what = f"reports {role} {beyond[0]}, and its profile has only {point.count} of them."
                raise self.fault(what, "Set the count in the profile to what the device has.")
            return {n: value for n, value in reported.items() if n <= point.count}
        wanted = sorted(numbers)
        cells = [(role, number) for number in wanted]
        self.conversation.follow(cells)
        return dict(zip(wanted, self.conversation.values(cells).values, strict=True))

    def flag(self, role: str, number: int = 1) -> bool:
        """Whether the flag ``role`` of ``number`` is set now."""
        return self.profile.point(role).on()(self.values(role, [number])[number])

    def fields(self, role: str, number: int = 1) -> FieldAnswer | None:
        """Ask for the role once, and read the named groups of the answer."""
        question = self.profile.point(role).question
        if question is None:
            raise UsageError(f"profile {self.profile.name} does not say how {role} is asked for.")
        either = f"(?:{question.expect})|(?:{question.absent})" if question.absent else question.expect
        instant, answer = self.conversation.ask(MessageQuestion(question.request, either), number)
        found = re.search(numbered(question.expect, number), answer)
        if found is None:
            return None
        if unread := unread_field(question.expect, found):
            raise self.fault(
                f"its answer to {role} has a {unread} that cannot be read: {answer!r}.", _FIELDS_REMEDY
            )
        fields_found = found.groupdict().items()  # of a record also fields that only some records have
        texts = {name: text or "" for name, text in fields_found if text is not None or name in FIELDS[role]}
        code, offset = texts.pop("class", ""), texts.pop("offset", "")
        letters = _has_letters(texts.get("user", ""))
        try:
            zone = datetime.fromisoformat(f"{_ANY_DAY}{offset}").tzinfo
            numbers = {
                name: int(text, 16) if letters and name == "user" else int(text)
                for name, text in texts.items()
            }
        except ValueError as error:
            raise self.fault(
                f"its answer to {role} has a field that is no number: {answer!r}.", _FIELDS_REMEDY
            ) from error
        if (year := numbers.get("year")) is not None and year < _CENTURY:
            numbers["year"] = _THIS_CENTURY + year
        return FieldAnswer(numbers, question.classes.get(code, f"code {code}"), instant, zone, letters)

    def present(self, command: Command, number: int, credential: str) -> Instant:
        """Send the command of the profile with the credential in it, once."""
        if not (credential.isascii() and credential.isprintable()):
            raise ValueError("it has characters that no message can hold")
        send = command.send.replace("{credential}", credential.replace("{", "{{").replace("}", "}}"))
        assert self.profile.speech is not None
        if wrong := self.profile.speech.language.fault_in_text(send):
            raise ValueError(wrong[0])
        ask = MessageQuestion(send, command.expect)
        return self.conversation.say(command.name, ask, number, refused=command.refused)

    def write(self, command: Command, number: int = 1, *, back: bool = False) -> Instant:
        """Give a command of the profile to its n-th target, once, or take it ``back``."""
        if back and not command.back:
            what = f"command {command.name} of {self.profile.name} cannot be taken back."
            raise UsageError(what, "Write take_back in its [[command]]: the message that ends it.")
        ask = MessageQuestion(command.back if back else command.send, command.expect)
        return self.conversation.say(command.name, ask, number, refused=command.refused)

    def watch(self, role: str, numbers: Collection[int]) -> SpokenWatch:
        """Begin to follow the points ``numbers`` of ``role``."""
        point = self.profile.point(role)
        for number in numbers:
            point.offset(number)  # raises if the profile lacks it
        self.conversation.follow([(role, number) for number in numbers])
        return SpokenWatch(point, self.conversation, frozenset(numbers))

    def fault(self, what: str, remedy: str = "") -> RigFault:
        """A fault that names this device and its address."""
        return RigFault(what, device=f"{self.device.id} ({self.bus.address})", remedy=remedy)


@dataclass(frozen=True, slots=True)
class SpokenWatch:
    """Points of one role that are followed, by their number from 1."""

    point: Point
    conversation: Conversation
    numbers: frozenset[int]

    def value(self, number: int) -> int:
        """The value in a poll from now on."""
        return self.conversation.values([(self.point.role, number)]).values[0]

    def wait(self, number: int, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """See ``Conversation.wait``."""
        return self.conversation.wait((self.point.role, number), matches, since=since, within=within)

    def polls(self, number: int, since: Instant) -> Polls:
        """How often the point was polled since, and the longest time between two polls."""
        return self.conversation.polls((self.point.role, number), since)

    def covers(self, number: int) -> bool:
        """Whether the n-th point is followed."""
        return number in self.numbers
