# SPDX-License-Identifier: Apache-2.0
"""Doors, credentials, gates, and the contacts of the bench."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from yanshou.model import Device, Instant
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.model.signal import Card, DoorCommand, DoorSignal


@runtime_checkable
class ContactInput(Protocol):
    """A contact of the system wired to an input of the bench (siren, lock coil, gate alarm)."""

    @property
    def name(self) -> str: ...
    def is_active(self) -> bool: ...
    def wait_active(self, *, since: Instant, within: float) -> Instant | None: ...
    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None: ...


@runtime_checkable
class ContactOutput(Protocol):
    """A relay of the bench; ``operate`` energises it, ``release`` restores the original circuit."""

    @property
    def name(self) -> str: ...
    def operate(self) -> Instant: ...
    def release(self) -> Instant: ...


@runtime_checkable
class CredentialStimulus(Protocol):
    """Presents credentials at one reader; the instant is that of the complete credential."""

    def has(self, card: Card) -> bool:
        """Whether the source holds such a credential."""
        ...

    def credential(self, card: Card) -> str:
        """What is sent for ``card``; UsageError when the source holds none."""
        ...

    def present(self, card: Card) -> Instant: ...
    def send(self, credential: str) -> Instant:
        """Present a credential by what is sent for it."""
        ...


@runtime_checkable
class ReaderLineWitness(Protocol):
    """Something on an OSDP line that tells how the line is protected: a listener, or the bench as reader."""

    def facts(self) -> ReaderLineFacts: ...


@runtime_checkable
class DoorController(Protocol):
    """An access controller.  Doors are counted from 1."""

    @property
    def device(self) -> Device: ...
    def reset(self) -> None: ...
    def shows(self, door: int, signal: DoorSignal) -> bool: ...
    def wait_for(self, door: int, signal: DoorSignal, *, since: Instant, within: float) -> Instant | None: ...
    def reports(self, signal: DoorSignal) -> bool:
        """Whether its interface can show ``signal`` at all."""
        ...

    def can(self, command: DoorCommand) -> bool:
        """Whether the interface takes this command of the centre."""
        ...

    def command(self, door: Device, command: DoorCommand) -> Instant:
        """Give a command of the centre once."""
        ...

    def take_back(self, door: Device, command: DoorCommand) -> Instant:
        """The opposite of a command that stays."""
        ...


@runtime_checkable
class InspectionGate(Protocol):
    """A walk-through gate with its alarm contact; the pass relay presents the test object."""

    def pass_object(self) -> Instant: ...
    def end_pass(self) -> Instant: ...
    def wait_alarm(self, *, since: Instant, within: float) -> Instant | None: ...
