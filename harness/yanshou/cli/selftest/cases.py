# SPDX-License-Identifier: Apache-2.0
"""The planted defects of a site, and how they are grouped into runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanshou.model import Device, DeviceKind, UsageError
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, TomlText, read_toml, root

DEFECTS = "defects.toml"
NOT_TESTED = "not_tested"
_HANGING = frozenset({DeviceKind.ZONE, DeviceKind.DOOR, DeviceKind.ALARM_LINK})
_NONE: Mapping[str, str] = MappingProxyType({})
_KEYS = frozenset(
    {"device", "kind", "value", "key", "at", "expect", "invalid", NOT_TESTED, "reason", "also", "alone"}
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
    devices behind it as well, so no other defect is planted in its run.
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
    order: int = 0  # in the file, where the gravest of a kind stands first

    @property
    def tested(self) -> str:
        """The device whose findings show the defect."""
        return self.at or self.device

    @property
    def named(self) -> tuple[str, ...]:
        """The requirements the defect is planted for."""
        return (*self.expect, *self.invalid, *self.untested)

    def __str__(self) -> str:
        return f"{self.kind}={self.value}" if self.value is not None else self.kind


def read_defects(site: Path) -> list[Defect]:
    """Read the defects of ``SITE/defects.toml``; raises UsageError with every mistake in it."""
    mistakes: list[Mistake] = []
    top = root(_read(site, mistakes), mistakes)
    top.only({"defect", "healthy"})
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
        order=order,
    )
    if not defect.named and not nothing_tested:
        what = f"expect is missing; so are invalid and {NOT_TESTED}."
        table.wrong(what, 'Name the requirements it is planted for: expect = ["…"].')
    if bool(defect.untested or nothing_tested) != bool(defect.reason):
        what = "what is not tested needs a reason, and nothing else does."
        table.wrong(what, 'Give a text that the reason of the finding contains: reason = "…".', "reason")
    return defect


def parents(devices: Iterable[Device]) -> dict[str, str]:
    """The device that a zone, a door or an alarm link hangs on.

    It shows, moves or reports what they do: a panel is heard over its alarm link alone.
    """
    return {one.id: one.parent for one in devices if one.kind in _HANGING}


def batches(defects: Sequence[Defect], parents: Mapping[str, str] = _NONE) -> list[list[Defect]]:
    """As few runs as can be: in one run a device bears one defect, so that each failure has one cause.

    What persons answer touches nothing but the item it is asked in: answers go together with one another and
    with a defect of the device, as long as nothing is expected of two of them.  A device and the one it hangs
    on (``parents``) do not share a run: a panel is tested by its zones and heard over its link, a controller
    that restarts moves the locks of its doors; no more do a defect and one on the device that it acts on
    (``value``): a door that opens one which never locks opens nothing.  A plan that says otherwise has no
    other device in its run: it may draw others.
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
    if one.at or other.at or one.alone or other.alone:  # it shows elsewhere, where others would show too
        return True
    if one.device != other.device:
        if one.device == other.value or other.device == one.value:  # a door that opens another shows at both
            return True
        if "plan" in (one.kind, other.kind):
            return True
        return one.device == parents.get(other.device) or other.device == parents.get(one.device)
    shared = {*one.named, *one.also} & {*other.named, *other.also}
    whole = one.nothing_tested or other.nothing_tested
    return "answer" not in (one.kind, other.kind) or bool(shared) or whole
