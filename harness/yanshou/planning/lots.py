# SPDX-License-Identifier: Apache-2.0
"""The lots of a site: what counts as one population, its random order, and a record of every sample."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yanshou.model import Device, DeviceKind, Requirement, SampleRecord, Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.planning.sampling import ALL, GB50339, draw, ranked, retest_sample
from yanshou.site import SITE_FILE
from yanshou.site.vocabulary import KINDS
from yanshou.toml import near, read_toml


@dataclass(slots=True)
class Lots:
    """Draws the samples of one plan.

    By GB 50348-2018 9.1.5 a lot is the devices of one kind and one model: devices without a stated model
    cannot be assumed alike, so all of them are tested. By GB 50339-2013 19.0.4 a lot is the devices of one
    kind.
    """

    site: Site
    seed: int
    rule: str
    _records: dict[tuple[str, frozenset[str]], SampleRecord] = field(default_factory=dict)

    def draw(self, row: Requirement, devices: Sequence[Device]) -> list[Device]:
        """The sample of ``devices``, to which ``row`` applies.

        A row about the site itself has no sample, nor has one that speaks of each device, like the privacy of
        each camera's view (``sampling = "all"``). It leaves no record: samples of other rows stay as drawn.
        """
        if row.sampling == ALL:
            return list(devices)
        drawn = [one for one in devices if one.kind is DeviceKind.SITE]
        for name in dict.fromkeys(self.lot(one) for one in devices if one.kind is not DeviceKind.SITE):
            part = {one.id: one for one in devices if self.lot(one) == name}
            drawn += [part[one] for one in self._sample(name, part, row).drawn]
        return drawn

    def records(self) -> Iterator[SampleRecord]:
        """Every sample that was drawn, each once, by population."""
        yield from sorted(self._records.values(), key=lambda one: (one.population, one.drawn))

    def parts(self) -> Iterator[tuple[frozenset[str], SampleRecord]]:
        """The devices each sample was drawn from, and the sample."""
        for (_, part), record in self._records.items():
            yield part, record

    def lot(self, device: Device) -> str:
        """The name of the lot that a device belongs to."""
        return f"{device.kind.value}/{'' if self.rule == GB50339 else device.model}"

    def _sample(self, name: str, part: Mapping[str, Device], row: Requirement) -> SampleRecord:
        key = (name, frozenset(part))
        if key not in self._records:
            self._records[key] = self._drawn(name, part, row)
        return self._records[key]

    def _drawn(self, name: str, part: Mapping[str, Device], row: Requirement) -> SampleRecord:
        lot = [one.id for one in self.site.devices.values() if self.lot(one) == name]
        unlike = self.rule != GB50339 and name.endswith("/")
        rule = ALL if unlike else self.rule
        label = self._label(name, lot, part, row)
        forced = set(self._forced(part.values()))
        drawn = sorted({*draw(ranked(lot, self.seed, name), part, rule), *forced})
        if entry := self._retest_of(name, label):
            return self._retested(entry, label, part, len(drawn))
        shown = "all (model not stated)" if unlike and self.rule != ALL else self.rule
        if forced and shown == self.rule != ALL:
            shown = f"{shown}; sample_all"
        return SampleRecord(label, len(part), len(drawn), shown, tuple(drawn))

    def retest_mistakes(self) -> Iterator[Mistake]:
        """The entries of ``[plan] retest`` about lots or devices that the inventory does not have."""
        toml = read_toml(self.site.folder / SITE_FILE, [])
        lots: dict[str, set[str]] = {}
        for device in self.site.devices.values():
            lots.setdefault(self.lot(device).rstrip("/"), set()).add(device.id)
        for entry in self._entries():
            population = str(entry["population"])
            name, line = re.split(r" [\[#]", population)[0], toml.line_of_text(population, "plan", "retest")
            if name not in lots:
                what = f"retest names {population}, and the inventory has no such devices."
                yield Mistake(SITE_FILE, line, what, near(name, lots))
            elif strangers := sorted(_ids(entry, "failed") - lots[name]):
                what = f"retest of {population} names {', '.join(strangers)}, not in that population."
                yield Mistake(SITE_FILE, line, what, "Give the ids of the devices that failed.")

    def require_retests(self) -> None:
        """UsageError for a re-test whose population this plan does not sample as a whole.

        Such a plan violates GB 50348-2018 9.1.6 by itself; this is reported before the run and is no finding
        about the system.
        """
        drawn = {one.population for one in self._records.values()}
        lost = [str(one["population"]) for one in self._entries() if one["population"] not in drawn]
        if lost:
            what = f"retest names {', '.join(lost)}, which this plan does not sample."
            shown = ", ".join(sorted(drawn)) or "none"
            raise UsageError(what, f"Name a population of the plan ({shown}).", path=SITE_FILE)

    def _entries(self) -> list[Mapping[str, object]]:
        entries = self.site.plan.get("retest", [])
        return list(entries) if isinstance(entries, list) else []

    def _retest_of(self, name: str, label: str) -> Mapping[str, object] | None:
        """The entry of ``[plan] retest`` about this very sample, else that of the lot it is a part of."""
        entries = {str(one["population"]): one for one in reversed(self._entries())}
        return entries.get(label) or entries.get(name.rstrip("/"))

    def _retested(
        self,
        entry: Mapping[str, object],
        label: str,
        part: Mapping[str, Device],
        drawn_first: int,
    ) -> SampleRecord:
        """The doubled sample of a re-test (GB 50348-2018 9.1.6), with all failed devices in it.

        For a part of a lot: all failed devices of the part, and twice the size of its first draw
        (``drawn_first``), which is larger than its rule asks for where models are not stated or
        ``sample_all`` holds. A first sample that was smaller than the rule asks is no reason to test fewer.
        """
        failed = _ids(entry, "failed")
        whole = label == str(entry["population"])
        first_n = int(str(entry["first_n"])) if whole else drawn_first
        drawn = tuple(sorted((_ids(entry, "drawn") | failed) & set(part)))
        first = SampleRecord(label, len(part), min(first_n, len(part)), self.rule, drawn)
        return retest_sample(first, part, failed & set(part), self.seed, least=drawn_first)

    def _forced(self, devices: Collection[Device]) -> Iterator[str]:
        """The devices the plan tests whatever the rule: a kind, or a kind of one type (zone:hold_up)."""
        entries = self.site.plan.get("sample_all", [])
        for entry in entries if isinstance(entries, list) else []:
            kind, _, of_type = str(entry).partition(":")
            for device in devices:
                if device.kind is KINDS.get(kind) and (
                    not of_type or device.attributes.get("type") == of_type
                ):
                    yield device.id

    def _label(self, name: str, lot: Sequence[str], part: Mapping[str, Device], row: Requirement) -> str:
        """``zone/DT-7225``.

        For a part its condition is added, and a number when two labels would be equal.
        """
        asked = row.applies.get("device")
        parts = [f"{key}={value}" for key, value in asked.items()] if isinstance(asked, Mapping) else []
        label = name.rstrip("/")
        if len(part) < len(lot):
            label += f" [{', '.join(parts) or row.system}]"
        alike = sum(one.population.partition(" #")[0] == label for one in self._records.values())
        return f"{label} #{alike + 1}" if alike else label


def _ids(entry: Mapping[str, object], key: str) -> set[str]:
    found = entry.get(key, [])
    return {str(one) for one in found} if isinstance(found, list) else set()
