# SPDX-License-Identifier: Apache-2.0
"""The planted defects of a site, and how they are grouped into runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanshou.emulation.fault_kinds import KINDS
from yanshou.model import Device, DeviceKind, UsageError
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, TomlText, read_toml, root

DEFECTS = "defects.toml"
NOT_TESTED = "not_tested"
_HANGING = frozenset({DeviceKind.ZONE, DeviceKind.DOOR, DeviceKind.ALARM_LINK})
_DEVICE_S = 15.0  # for which the tests of a device on an example site take about
_NOTHING: frozenset[str] = frozenset()
_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})
_KEYS = frozenset(
    {
        "device",
        "kind",
        "value",
        "key",
        "at",
        "expect",
        "invalid",
        NOT_TESTED,
        "reason",
        "also",
        "alone",
        "waits",
    }
)


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: planted on ``device``, it must make exactly ``expect`` non-conforming there.

    ``at`` is the device that is tested where that is another one: a clock shows in the table of the site.
    ``also`` may or may not fail with it; ``invalid`` must not be judged, because a validity gate closes.
    ``untested`` must end as not tested, since nothing was learnt of them, and with ``reason`` in theirs;
    with ``nothing_tested`` every requirement of the device must.
    ``kind`` is a fault of the emulation, or ``answer`` (a person says otherwise, under ``key``), or
    ``missing_system`` (the inventory lacks a required system), or ``attribute`` (the inventory says otherwise
    of the device's ``key``), or ``plan`` (the plan's ``key`` says otherwise). ``alone``: it shows at the
    devices behind it as well, so no other defect is planted in its run. ``waits``: about so many seconds more
    than on a sound device, for what does not come.
    """

    device: str
    kind: str
    value: Any
    expect: tuple[str, ...]
    also: tuple[str, ...] = ()
    key: str = ""
    invalid: tuple[str, ...] = ()
    at: str = ""
    untested: tuple[str, ...] = ()
    nothing_tested: bool = False
    reason: str = ""
    alone: bool = False
    waits: float = 0.0
    order: int = 0  # in the file, where the gravest of a kind stands first

    @property
    def tested(self) -> str:
        """The device whose findings show the defect."""
        return self.at or self.device

    @property
    def named(self) -> tuple[str, ...]:
        """The requirements the defect is planted for."""
        return (*self.expect, *self.invalid, *self.untested)

    @property
    def beside(self) -> bool:
        """Whether it shows at other devices of the same panel or controller as well."""
        kind = KINDS.get(self.kind)
        return kind is not None and kind.beside

    def __str__(self) -> str:
        return f"{self.kind}={self.value}" if self.value is not None else self.kind


def read_defects(site: Path) -> list[Defect]:
    """Read the defects of ``SITE/defects.toml``; raises UsageError with every mistake in it."""
    mistakes: list[Mistake] = []
    top = root(_read(site, mistakes), mistakes)
    top.only({"defect", "healthy", "side_by_side"})
    defects = [_defect(table, order) for order, table in enumerate(top.rows("defect"))]
    if not defects and not mistakes:
        top.wrong("no defect stands in it.", "Head each with [[defect]].")
    if mistakes:
        raise UsageError(mistakes)
    return defects


def never_judged(site: Path) -> frozenset[str]:
    """The requirements whose gate closes on this site even without a defect (``[healthy] invalid``)."""
    mistakes: list[Mistake] = []
    healthy = root(_read(site, mistakes), mistakes).inner("healthy")
    healthy.only({"invalid"})
    names = frozenset(healthy.texts("invalid"))
    if mistakes:
        raise UsageError(mistakes)
    return names


def runs_each(site: Path) -> int:
    """How many runs each processor can make at the same time (``side_by_side``): 1 unless stated."""
    mistakes: list[Mistake] = []
    stated = root(_read(site, mistakes), mistakes).number("side_by_side", 1, 4, whole=True)
    if mistakes:
        raise UsageError(mistakes)
    return int(stated or 1)


def _read(site: Path, mistakes: list[Mistake]) -> TomlText:
    path = site / DEFECTS
    if not path.exists():
        raise UsageError("the site has no planted defects.", f"Write {DEFECTS}.", path=path)
    return read_toml(path, mistakes, str(path))


def _defect(table: Table, order: int) -> Defect:
    table.only(_KEYS)
    nothing_tested = table.data.get("expect") == NOT_TESTED
    defect = Defect(
        table.text("device", required=True),
        table.text("kind", required=True),
        table.data.get("value"),
        () if nothing_tested else table.texts("expect"),
        also=table.texts("also"),
        key=table.text("key"),
        invalid=table.texts("invalid"),
        at=table.text("at"),
        untested=table.texts(NOT_TESTED),
        nothing_tested=nothing_tested,
        reason=table.text("reason"),
        alone=table.data.get("alone") is True,
        waits=table.number("waits") or 0.0,
        order=order,
    )
    if not defect.named and not nothing_tested:
        what = f"expect is missing; so are invalid and {NOT_TESTED}."
        table.wrong(what, 'Name the requirements it is planted for: expect = ["…"].')
    if bool(defect.untested or nothing_tested) != bool(defect.reason):
        what = "what is not tested needs a reason, and nothing else does."
        table.wrong(what, 'Give a text that the reason of the finding contains: reason = "…".', "reason")
    return defect


def ties(devices: Iterable[Device]) -> dict[str, frozenset[str]]:
    """What a test rests on: what a zone, a door or an alarm link hangs on, the two ends of a linkage.

    A panel shows, moves or reports what they do, and is heard over its alarm link alone, with its zones; a
    linkage is triggered at its source and seen at its target.
    """
    listed = tuple(devices)
    links = [one for one in listed if one.kind is DeviceKind.ALARM_LINK]
    return {one.id: frozenset(filter(None, _rests_on(one, links))) for one in listed}


def _rests_on(device: Device, links: Iterable[Device]) -> tuple[str, ...]:
    if device.kind is DeviceKind.LINKAGE:
        return tuple(str(device.attributes.get(end, "")) for end in ("source", "target"))
    if device.kind is DeviceKind.ZONE:
        return device.parent, *(one.id for one in links if one.parent == device.parent)
    return (device.parent,) if device.kind in _HANGING else ()


def batches(defects: Sequence[Defect], ties: Mapping[str, frozenset[str]] = _NONE) -> list[list[Defect]]:
    """Few runs of about one length, the longest first; in one run a device bears one defect.

    So each failure has one cause.  What persons answer touches nothing but the item it is asked in: answers
    go together with one another and with a defect of the device, as long as nothing is expected of two of
    them.  These do not share a run:

    - A device and one it rests on (``ties``): a panel is tested by its zones, both are heard over its link, a
      controller that restarts moves the locks of its doors.
    - A defect that shows at other devices of its panel or controller (``Kind.beside``) and one on any of
      them: an alarm that is shown at all zones would stand for the one that another zone has lost.
    - A defect and one on the device that it acts on (``value``): a door that opens one which never locks
      opens nothing.
    - A plan that says otherwise and another device: it may draw others.

    What is waited for longest and fits to the fewest others is placed first, and each defect into the
    shortest run: side by side all of them take as long as the longest.
    """
    apart = {id(one): {id(other) for other in defects if _clash(one, other, ties)} for one in defects}
    runs: list[list[Defect]] = [[] for _ in _fewest(defects, apart)]
    for defect in sorted(defects, key=lambda one: (-one.waits, -len(apart[id(one)]))):
        fitting = [run for run in runs if apart[id(defect)].isdisjoint(map(id, run))]
        if fitting:
            min(fitting, key=lambda run: _seconds([*run, defect])).append(defect)
        else:
            runs.append([defect])
    for run in runs:
        run.sort(key=defects.index)
    return sorted((run for run in runs if run), key=_seconds, reverse=True)


def _fewest(defects: Iterable[Defect], apart: Mapping[int, set[int]]) -> list[list[Defect]]:
    """The runs if each defect goes into the first that it fits into."""
    runs: list[list[Defect]] = []
    for defect in defects:
        run = next((run for run in runs if apart[id(defect)].isdisjoint(map(id, run))), None)
        if run is None:
            runs.append([defect])
        else:
            run.append(defect)
    return runs


def _seconds(run: Sequence[Defect]) -> float:
    """About how long a run takes."""
    return _DEVICE_S * len({defect.tested for defect in run}) + sum(defect.waits for defect in run)


def _clash(one: Defect, other: Defect, ties: Mapping[str, frozenset[str]]) -> bool:
    if one is other:
        return False
    if "missing_system" in (one.kind, other.kind) or (one.key and one.key == other.key):
        return True
    if one.at or other.at or one.alone or other.alone:  # it shows elsewhere, where others would show too
        return True
    if one.device != other.device:
        if one.device == other.value or other.device == one.value:  # a door that opens another shows at both
            return True
        if "plan" in (one.kind, other.kind):
            return True
        rests, others = ties.get(one.device, _NOTHING), ties.get(other.device, _NOTHING)
        if one.beside or other.beside:
            return not rests.isdisjoint(others) or one.device in others or other.device in rests
        return one.device in others or other.device in rests
    shared = {*one.named, *one.also} & {*other.named, *other.also}
    whole = one.nothing_tested or other.nothing_tested
    return "answer" not in (one.kind, other.kind) or bool(shared) or whole
