# SPDX-License-Identifier: Apache-2.0
"""The result of one device as plain JSON: lasting facts, momentary measurements, findings.

``measured`` and ``asked`` hold what depends on the moment of asking (offsets, rates, durations). Everything
else, including the findings, is the same whoever asks and whenever within one survey.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yanshou.fleet.subjects import Subject

Record = dict[str, Any]


class State(StrEnum):
    """How far a device could be asked."""

    ASKED = "asked"
    NO_ANSWER = "no_answer"  # no usable answer within the permitted time and size
    REFUSED = "refused"  # user name or password; not tried a second time
    UNCLEAR = "unclear"  # answers, but not as ONVIF describes
    NOT_ASKED = "not_asked"  # no connection, no password here, or no host that reaches it


class Code(StrEnum):
    """The findings a survey can make: first those against the installation, then what is merely unknown."""

    CLOCK_OFF = "clock_off"
    STREAM_DIFFERS = "stream_differs"
    FRAME_RATE_LOW = "frame_rate_low"
    PICTURE_FLAT = "picture_flat"
    NO_RECORDING = "no_recording"
    RETENTION_SHORT = "retention_short"
    GAPS = "gaps"
    UNPLAYABLE = "unplayable"
    FIRMWARE_DIFFERS = "firmware_differs"
    SERIAL_DIFFERS = "serial_differs"
    CATALOGUE_INCOMPLETE = "catalogue_incomplete"
    NOT_IN_CATALOGUE = "not_in_catalogue"
    NOT_IN_INVENTORY = "not_in_inventory"
    CHANNEL_OFF = "channel_off"

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOT_ASKED = "not_asked"
    SAME_ADDRESS = "same_address"
    CLOCK_UNKNOWN = "clock_unknown"
    STREAM_UNKNOWN = "stream_unknown"
    RECORDINGS_UNKNOWN = "recordings_unknown"
    TOO_YOUNG = "too_young"
    STEP_FAILED = "step_failed"


AGAINST = frozenset(
    {
        Code.CLOCK_OFF,
        Code.STREAM_DIFFERS,
        Code.FRAME_RATE_LOW,
        Code.PICTURE_FLAT,
        Code.NO_RECORDING,
        Code.RETENTION_SHORT,
        Code.GAPS,
        Code.UNPLAYABLE,
        Code.FIRMWARE_DIFFERS,
        Code.SERIAL_DIFFERS,
        Code.CATALOGUE_INCOMPLETE,
        Code.NOT_IN_CATALOGUE,
        Code.NOT_IN_INVENTORY,
        Code.CHANNEL_OFF,
    }
)
"""Findings against the installation; the others say that something is unknown."""


@dataclass(slots=True)
class Answers:
    """The result of one device while it is being asked, until ``until`` (``model.now``) at the latest."""

    subject: Subject
    state: State = State.ASKED
    why: str = ""
    identity: dict[str, str] = field(default_factory=dict)
    declared: Record = field(default_factory=dict)
    channels: list[Record] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    findings: list[Record] = field(default_factory=list)
    measured: Record = field(default_factory=dict)
    asked: Record = field(default_factory=dict)
    until: float = math.inf

    def find(self, code: Code, about: str = "", **values: object) -> None:
        """Add a finding; ``about`` is the camera it concerns, if not the device itself."""
        found = {
            "code": code.value,
            "against": code in AGAINST,
            "about": about or self.subject.id,
            "values": values,
        }
        self.findings.append(found)

    def failed(self, step: str, why: str, about: str = "") -> None:
        """One step failed. Its message may contain durations, so it is kept with the measurements."""
        self.find(Code.STEP_FAILED, about, step=step)
        self.measured.setdefault("failures", []).append([about or self.subject.id, step, why])

    def ended(self, state: State, why: str) -> None:
        """The device cannot be asked (any further): its state, which is also a finding."""
        self.state, self.why = state, why
        self.find(Code(state.value))

    def as_record(self) -> Record:
        """Plain JSON; keys in a fixed order."""
        device = self.subject.device
        return {
            "device": device.id,
            "kind": device.kind.value,
            "name": device.name,
            "model": device.model,
            "location": device.location,
            "parent": device.parent,
            "state": self.state.value,
            "why": self.why,
            "identity": self.identity,
            "declared": self.declared,
            "channels": self.channels,
            "remarks": self.remarks,
            "findings": self.findings,
            "measured": self.measured,
            "asked": self.asked,
        }


def steady(record: Mapping[str, Any]) -> Record:
    """A result without momentary values: the same from every engine and every host."""
    return {key: value for key, value in record.items() if key not in {"measured", "asked"}}


def not_asked(subject: Subject, why: str) -> Record:
    """The result of a device that could not be asked."""
    answers = Answers(subject)
    answers.ended(State.NOT_ASKED, why)
    return answers.as_record()
