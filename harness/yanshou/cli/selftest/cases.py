# SPDX-License-Identifier: Apache-2.0
"""The planted defects of a site, and how they are gathered into runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanshou.model import UsageError, limited
from yanshou.model.trouble import Mistake

DEFECTS = "defects.toml"
_NONE: Mapping[str, str] = MappingProxyType({})
_KEYS = frozenset({"device", "kind", "value", "key", "at", "expect", "invalid", "also"})


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: planted on ``device``, it must make exactly ``expect`` non-conforming there.

    ``at`` is the device that is tested where that is another one: a clock shows in the table of the site.
    ``also`` may or may not fail with it; ``invalid`` must not be judged, because a validity gate closes.
    ``kind`` is a fault of the emulation, or ``answer`` (a person says otherwise, under ``key``), or
    ``missing_system`` (the inventory lacks a required system), or ``plan`` (the plan's ``key`` says
    otherwise).
    """

    device: str
    kind: str
    value: Any
    expect: tuple[str, ...]
    also: tuple[str, ...] = ()
    key: str = ""
    invalid: tuple[str, ...] = ()
    at: str = ""
    order: int = 0  # in the file, where the gravest of a kind stands first

    @property
    def tested(self) -> str:
        """The device whose findings tell of it."""
        return self.at or self.device

    def __str__(self) -> str:
        return f"{self.kind}={self.value}" if self.value is not None else self.kind


def read_defects(site: Path) -> list[Defect]:
    """The defects of ``SITE/defects.toml``; UsageError with every mistake in it."""
    path = site / DEFECTS
    try:
        listed = limited.parse_toml(path.read_text(encoding="utf-8")).get("defect", [])
    except FileNotFoundError:
        raise UsageError("the site has no planted defects.", f"Write {DEFECTS}.", path=path) from None
    except ValueError as error:
        raise UsageError(f"not TOML: {error}.", "Mend the file.", path=path) from None
    mistakes = [
        Mistake(str(path), None, f"defect {number}: {what}.", "See the other defects for the form.")
        for number, entry in enumerate(listed, start=1)
        for what in _wrong(entry)
    ]
    if mistakes or not listed:
        raise UsageError(mistakes or "no defect stands in it.", path=path)
    return [
        Defect(
            str(entry["device"]),
            str(entry["kind"]),
            entry.get("value"),
            tuple(entry.get("expect", ())),
            tuple(entry.get("also", ())),
            str(entry.get("key", "")),
            tuple(entry.get("invalid", ())),
            str(entry.get("at", "")),
            number,
        )
        for number, entry in enumerate(listed)
    ]


def never_judged(site: Path) -> frozenset[str]:
    """The requirements whose gate closes on this site even without a defect (``[healthy] invalid``)."""
    table = limited.parse_toml((site / DEFECTS).read_text(encoding="utf-8")).get("healthy", {})
    return frozenset(str(name) for name in table.get("invalid", ()))


def batches(defects: Sequence[Defect], parents: Mapping[str, str] = _NONE) -> list[list[Defect]]:
    """As few runs as can be: in one run a device bears one defect, so that each failure has one cause.

    What persons answer touches nothing but the item it is asked in: answers go together with one another and
    with a defect of the device, as long as nothing is expected of two of them.  A device and the one it hangs
    on (``parents``) do not share a run: a panel is tested by its zones.  A plan that says otherwise has
    no other device in its run: it may draw others.
    """
    runs: list[list[Defect]] = []
    for defect in defects:
        fitting = (run for run in runs if not _disturbs(defect, run, parents))
        run = next(fitting, None)
        if run is None:
            runs.append([defect])
        else:
            run.append(defect)
    return runs


def _disturbs(defect: Defect, run: Iterable[Defect], parents: Mapping[str, str]) -> bool:
    return any(_clash(defect, other, parents) for other in run)


def _clash(one: Defect, other: Defect, parents: Mapping[str, str]) -> bool:
    if "missing_system" in (one.kind, other.kind) or (one.key and one.key == other.key):
        return True
    if one.at or other.at:  # it shows elsewhere, where others would show too
        return True
    if one.device != other.device:
        if "plan" in (one.kind, other.kind):
            return True
        return one.device == parents.get(other.device) or other.device == parents.get(one.device)
    shared = {*one.expect, *one.invalid, *one.also} & {*other.expect, *other.invalid, *other.also}
    return "answer" not in (one.kind, other.kind) or bool(shared)


def _wrong(entry: dict[str, Any]) -> Iterable[str]:
    if unknown := sorted(set(entry) - _KEYS):
        yield f"unknown key {', '.join(unknown)}"
    for key in ("device", "kind"):
        if not entry.get(key):
            yield f"{key} is missing"
    if not entry.get("expect") and not entry.get("invalid"):
        yield "expect is missing"
