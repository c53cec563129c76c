# SPDX-License-Identifier: Apache-2.0
"""The fault script: which defects are planted in which device (docs/contracts.md §5).

[[fault]]
device = "Z07"          # an id of the inventory; a fault of a panel holds for all of its zones
kind = "alarm_delay"    # one of fault_kinds.KINDS or of the video side's
value = 2.4             # by kind; [least, most] is drawn anew each time where the kind says so
every = 3               # some kinds: only each third time
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard, cast

from yanshou.emulation.fault_kinds import all_kinds
from yanshou.emulation.gb28181.kinds import HABITS
from yanshou.emulation.kind import Kind, Value
from yanshou.model import DeviceKind, Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, near, read_toml, root, shown


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted defect.  ``options`` are further keys of the table (``every`` …), ``place`` file:line."""

    device: str
    kind: str
    value: object = None
    options: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def number(self, default: float = 0.0) -> float:
        """The value as a number; ``default`` when none was given."""
        return float(self.value) if isinstance(self.value, int | float) else default

    @property
    def every(self) -> int:
        """Only each n-th time; 1 when not stated."""
        every = self.options.get("every", 1)
        return every if isinstance(every, int) and every > 0 else 1


class FaultBook:
    """The planted defects, looked up by kind and by the devices they may be planted in."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self._by_key = {(fault.kind, fault.device): fault for fault in faults}

    def find(self, kind: str, *devices: str) -> Fault | None:
        """The fault of this kind at the first of ``devices`` that has it, e.g. zone, then its panel."""
        return next(
            (self._by_key[kind, device] for device in devices if (kind, device) in self._by_key), None
        )

    def has(self, kind: str, *devices: str) -> bool:
        """Whether one of ``devices`` has this kind of fault."""
        return self.find(kind, *devices) is not None


def load_faults(path: Path, site: Site) -> tuple[Fault, ...]:
    """Read a fault script and check it against the site.

    Raises UsageError with every mistake at once, each with file:line and the remedy.
    """
    mistakes: list[Mistake] = []
    toml = read_toml(path, mistakes)
    kinds = all_kinds()
    top = root(toml, mistakes)
    top.only({"fault"})
    faults = [_fault(table) for table in top.rows("fault") if _is_right(table, site, kinds)]
    if mistakes:
        raise UsageError(mistakes)
    return tuple(faults)


def _fault(table: Table) -> Fault:
    data = table.data
    options = {key: value for key, value in data.items() if key not in {"device", "kind", "value"}}
    return Fault(data["device"], data["kind"], data.get("value"), options, table.place())


def _is_right(table: Table, site: Site, kinds: Mapping[str, Kind]) -> bool:
    """Whether the table can be planted; notes its mistakes."""
    found = list(_mistakes(table.data, site, kinds))
    for key, what, remedy in found:
        table.wrong(what, remedy, key)
    return not found


def _mistakes(
    table: Mapping[str, object], site: Site, kinds: Mapping[str, Kind]
) -> Iterator[tuple[str, str, str]]:
    """(key, what is wrong, remedy) for each mistake in one table."""
    name, device_id = table.get("kind"), table.get("device")
    kind = kinds.get(str(name))
    device = site.devices.get(str(device_id))
    if kind is None:
        remedy = f"{near(str(name), kinds)} Kinds: {', '.join(sorted(kinds))}.".lstrip()
        yield "kind", f"unknown kind of fault {shown(name)}.", remedy
    if device is None:
        remedy = f"{near(str(device_id), site.devices)} Devices: {', '.join(site.devices)}.".lstrip()
        yield "device", f"no device {shown(device_id)} in the inventory.", remedy
    if kind and device and device.kind not in kind.on:
        can = ", ".join(sorted(kind.on))
        yield "kind", f"{name} cannot be planted in {device_id}, a {device.kind}.", f"It can be in: {can}."
    if kind and not _fits(table.get("value"), kind.value, site):
        yield (
            "value",
            f"{name} got the value {shown(table.get('value'))}.",
            f"Give it {kind.value}: {kind.does}.",
        )
    if kind and device and device.kind in {DeviceKind.CAMERA, DeviceKind.RECORDER}:
        yield from _video_mistakes(Fault(device.id, str(name), table.get("value")))


def _video_mistakes(fault: Fault) -> Iterator[tuple[str, str, str]]:
    """Mistakes in the value of a fault of the video side."""
    from yanshou.emulation.video import faults as video  # noqa: PLC0415 - its codecs take a while to load

    try:
        video.behaviour_of([fault.device], [cast("video.StreamFault", fault)])
    except UsageError as error:
        for mistake in error.mistakes:
            yield "value", mistake.what, mistake.remedy


def _fits(value: object, wanted: Value, site: Site) -> bool:
    if wanted is Value.SPAN and isinstance(value, list):
        least, most = value if len(value) == 2 else (None, None)  # noqa: PLR2004 - [least, most]
        return _is_number(least) and _is_number(most) and 0 <= least <= most
    return {
        Value.NONE: value is None,
        Value.NUMBER: _is_number(value),
        Value.SPAN: _is_number(value) and value >= 0,
        Value.COUNT: _is_count(value),
        Value.COUNT_OR_NONE: value is None or _is_count(value),
        Value.DEVICE: isinstance(value, str) and value in site.devices,
        Value.CHANNEL: value == 0 or _is_count(value),
        Value.TERMINAL: isinstance(value, str) and value.rpartition("/")[0] in site.devices,
        Value.HABITS: set(str(value).replace(" ", "").split(",")) <= HABITS.keys(),
        Value.ANY: True,
    }[wanted]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
