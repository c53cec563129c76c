# SPDX-License-Identifier: Apache-2.0
"""The data of a run for a report, as frozen records. Times are UTC, printed in the site's zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from yanshou.model import Finding, Measurement, Requirement


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device of ``site.json``, as far as a report needs it."""

    id: str
    name: str = ""
    kind: str = ""
    model: str = ""
    location: str = ""
    parent: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """The site as it was frozen into the run.

    ``laboratory`` holds data that only the laboratory can supply.
    """

    id: str
    name: str
    address: str
    time_zone: str
    parties: Mapping[str, str]
    attributes: Mapping[str, object]
    emulated: bool
    devices: Mapping[str, DeviceInfo]
    laboratory: Mapping[str, object]
    instruments: tuple[Mapping[str, object], ...] = ()
    overlays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """A journaled trouble: ``family`` is rig_fault, usage_error, non_conformity or put_off."""

    item: str
    family: str
    what: str
    device: str
    remedy: str
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedText:
    """What a person was asked or confirmed: the text as shown, its language, and the other language.

    Runs of earlier versions have only the text.
    """

    text: str
    language: str = ""
    translated: str = ""

    def in_language(self, language: str) -> str:
        """The text in the language of a report, if the run has it."""
        return self.translated if self.translated and self.language not in {"", language} else self.text


@dataclass(frozen=True, slots=True)
class ItemStep:
    """A stimulus, observation, prompt or answer, in the order of the journal.

    ``what`` and ``value`` as the journal names them, ``over`` the terminal, device or person, ``instant`` on
    the monotonic clock. Of a prompt or an answer also what was asked, in both languages, and the answer.
    """

    kind: str
    at: datetime
    what: str = ""
    over: tuple[str, ...] = ()
    value: object = None
    unit: str = ""
    instant: str = ""
    asked: AskedText = AskedText("")
    answer: DeviceExchange | None = None

    @property
    def seen(self) -> bool:
        """Whether it says when or with what value; an observation without either was awaited in vain."""
        return self.value is not None or bool(self.instant)


@dataclass(frozen=True, slots=True)
class ItemAttempt:
    """One attempt at a plan item. ``outcome`` is empty without an ``item_finished`` (power cut, kill)."""

    item: str
    number: int
    started: datetime
    ended: datetime | None
    outcome: str
    seconds: float | None
    reason: str
    steps: tuple[ItemStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether findings of this attempt in favour of the system may count."""
        return self.outcome in {"done", "non_conform", "not_applicable"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The final verdict on one requirement and device, and its origin.

    ``rig_fault`` marks a ``not_tested`` caused by our own bench; ``made`` marks a row without a finding;
    ``first`` is, in a re-test, what the first run found.
    """

    item: str
    system: str
    finding: Finding
    requirement: Requirement | None
    measurement: Measurement | None
    attempts: tuple[ItemAttempt, ...] = ()
    rig_fault: bool = False
    made: bool = False
    first: Finding | None = None


@dataclass(frozen=True, slots=True)
class DeviceExchange:
    """A question to a person and the answer; ``value`` is None if it was never answered.

    ``corrected``: the answer was mistyped, and corrected later.
    """

    item: str
    question: AskedText
    kind: str
    value: object
    unit: str
    person: str
    photo: str
    at: datetime
    corrected: bool = False
    chosen: AskedText = AskedText("")  # the words of a choice; none in runs of earlier versions
    unable: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A named person took responsibility for an action, or refused to (``value`` False)."""

    action: str
    person: str
    text: AskedText
    value: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """One piece of evidence as the journal names it; ``bytes`` its size, ``item`` what it belongs to."""

    item: str
    sha256: str
    name: str
    media_type: str
    bytes: int
    note: str
    at: datetime
    redaction: str = ""


@dataclass(frozen=True, slots=True)
class HandSignature:
    """The signature of the tester or witness (``role``) under a session, drawn on the phone of ``given_by``.

    ``sha256`` is its picture in the evidence; where there is none, ``unable`` says why.
    """

    role: str
    person: str
    given_by: str
    sha256: str
    unable: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunSession:
    """One session; ``reason`` is empty if it ended without a line in the journal.

    ``build`` is the digest of the software, ``environment`` what was noted of the conditions on the day.
    ``number`` is that of its run, in a report over several runs. ``instruments`` are the ids of those
    that were there (None in journals of former versions), ``absent`` of those the plan needs and were not.
    """

    started: datetime
    ended: datetime
    resumed: bool
    operator: str
    witness: str
    software: str
    platform: str
    reason: str
    build: str = ""
    environment: str = ""
    number: int = 0
    signatures: tuple[HandSignature, ...] = ()
    instruments: tuple[str, ...] | None = None
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation from the method that a measurement states, and the items it concerns."""

    text: str
    items: tuple[str, ...] = field(default=())
