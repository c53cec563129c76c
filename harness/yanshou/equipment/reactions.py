# SPDX-License-Identifier: Apache-2.0
"""What a linkage brings about, as the bench sees it: contacts, recordings, reports at the centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yanshou.drivers.capabilities import ContactInput, Recorder
from yanshou.equipment.reporting import Reporting, expected_class, number_at_centre
from yanshou.equipment.settled import BOUNCE_S
from yanshou.model import Device, Instant, now
from yanshou.protocols.dc09 import Qualifier

_MOST = 5  # beginnings of one effect that are counted; more say nothing new


@dataclass(frozen=True, slots=True)
class EffectPlace:
    """Where an effect is: a device and a word of ``vocabulary.linkage.EFFECTS``."""

    target: str
    effect: str


class WatchedEffect(Protocol):
    """One effect at one target."""

    @property
    def place(self) -> EffectPlace: ...
    @property
    def pulses(self) -> bool:
        """Whether coming and going is its nature (a sounder, a flashing lamp), so it is not counted."""
        ...

    def active(self) -> bool:
        """Whether the effect is there now."""
        ...

    def poll(self) -> None:
        """Poll, if nobody else does."""
        ...

    def begun(self, since: Instant) -> list[Instant]:
        """Each time the effect began after ``since``, as far as it is known now."""
        ...


@dataclass(frozen=True, slots=True)
class WatchedContact:
    """A contact that moves with the effect; the acquisition process polls it all along.

    ``rests_active``: the contact is active while the effect is not there, as the coil of a lock that locks.
    """

    place: EffectPlace
    contact: ContactInput
    pulses: bool = False
    rests_active: bool = False

    def active(self) -> bool:
        return self.contact.is_active() is not self.rests_active

    def poll(self) -> None:
        """Nothing to do."""

    def begun(self, since: Instant) -> list[Instant]:
        on, off = self.contact.wait_active, self.contact.wait_inactive
        if self.rests_active:
            on, off = off, on
        found: list[Instant] = []
        after = last = since
        while len(found) < _MOST:
            came = on(since=after, within=max(0.0, now() - after.latest))
            if came is None or (found and came.earliest <= last.earliest):
                break
            if not found or came.earliest - after.latest > BOUNCE_S:
                found.append(came)
            last = came
            went = off(since=came, within=max(0.0, now() - came.latest))
            if went is None:
                break
            after = went
        return found


@dataclass(slots=True)
class WatchedRecording:
    """The alarm recording of a camera, asked of its recorder."""

    place: EffectPlace
    recorder: Recorder
    pulses: bool = False
    _idle: float | None = None
    _on: bool = False
    _begun: list[Instant] = field(default_factory=list)

    def active(self) -> bool:
        self.poll()
        return self._on

    def poll(self) -> None:
        asked = now()
        recording = self.recorder.is_recording(self.place.target)
        if recording and not self._on and self._idle is not None:
            self._begun.append(Instant(self._idle, now()))
        if not recording:
            self._idle = asked
        self._on = recording

    def begun(self, since: Instant) -> list[Instant]:
        after = [one for one in self._begun if one.latest >= since.earliest]
        return [Instant(max(one.earliest, since.earliest), one.latest) for one in after][:_MOST]


@dataclass(frozen=True, slots=True)
class WatchedReport:
    """The alarm of a zone at the receiving centre of the bench."""

    place: EffectPlace
    reporting: Reporting
    zone: Device
    pulses: bool = False

    def active(self) -> bool:
        """Never: a report is an event. What came so far is old from now on."""
        self.reporting.begin()
        return False

    def poll(self) -> None:
        """Nothing to do: the process of the centre listens."""

    def begun(self, since: Instant) -> list[Instant]:
        wanted = expected_class(self.zone), number_at_centre(self.zone), Qualifier.NEW
        came = [
            one.complete
            for one in self.reporting.came()
            if one.kind == "message"
            and not one.repeated
            and (one.event_class, one.zone, one.qualifier) == wanted
        ]
        return [one for one in came if one.latest >= since.earliest][:_MOST]


@dataclass(frozen=True, slots=True)
class WatchedTogether:
    """An effect that is there when it is there at every part: all doors of a controller."""

    place: EffectPlace
    parts: Sequence[WatchedEffect]

    @property
    def pulses(self) -> bool:
        return any(one.pulses for one in self.parts)

    def active(self) -> bool:
        states = [one.active() for one in self.parts]  # every part is looked at
        return any(states)

    def poll(self) -> None:
        for one in self.parts:
            one.poll()

    def begun(self, since: Instant) -> list[Instant]:
        each = [one.begun(since) for one in self.parts]
        times = min((len(times) for times in each), default=0)
        return [max((of[n] for of in each), key=lambda one: one.latest) for n in range(times)]


def together(place: EffectPlace, parts: Sequence[WatchedEffect]) -> WatchedEffect:
    """One effect of its parts; a single part is that effect."""
    return parts[0] if len(parts) == 1 else WatchedTogether(place, parts)
