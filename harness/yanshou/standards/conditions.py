# SPDX-License-Identifier: Apache-2.0
"""``applies`` of a row, compared with the attributes and values that sites and devices may have.

A misspelt attribute or value would match no site and no device, and the row would silently never apply.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from yanshou.model import DeviceKind
from yanshou.standards import vocabulary
from yanshou.toml import Table, near, shown
from yanshou.vocabulary.device import INHERITED, Attribute, attributes_of, named
from yanshou.vocabulary.site import SITE_ATTRIBUTES
from yanshou.vocabulary.values import Unfit, Value

_KEYS = (*SITE_ATTRIBUTES, *vocabulary.SPECIAL_KEYS)


def read_applies(table: Table, population: Collection[str]) -> dict[str, object]:
    """The conditions of a row on devices of ``population``.

    A condition that nothing can meet is a mistake.
    """
    raw = table.inner("applies", f"{table.label} applies")
    for key, value in raw.data.items():
        _check(raw, key, value, population)
    return dict(raw.data)


def _check(raw: Table, key: str, value: object, population: Collection[str]) -> None:
    if key in SITE_ATTRIBUTES:
        for one in _listed(raw, key, value):
            _held(raw, key, one, SITE_ATTRIBUTES[key])
    elif key not in vocabulary.SPECIAL_KEYS:
        raw.wrong(f"{shown(key)} is not known.", near(key, _KEYS), key)
    elif key.startswith("commissioned_"):
        if type(value) is not date:
            raw.wrong(f"{key} must be a date.", "Write it as 2026-03-01.", key)
    elif key == "device":
        _device(raw, value, population)
    else:
        for one in _listed(raw, key, value):
            if not isinstance(one, str) or (key == "system" and one not in vocabulary.SYSTEMS):
                raw.wrong(f"{key} cannot be {shown(one)}.", near(str(one), vocabulary.SYSTEMS), key)


def _listed(raw: Table, key: str, value: object) -> list[object]:
    """The values a condition permits; no value at all is a mistake."""
    if isinstance(value, list) and not value:
        raw.wrong(f"{key} has an empty list.", "Leave the key out, or name the values.", key)
    return value if isinstance(value, list) else [value]


def _device(raw: Table, value: object, population: Collection[str]) -> None:
    if not isinstance(value, Mapping) or not value:
        raw.wrong("device must be a table.", 'Write device = { type = "hold_up" }.', "device")
        return
    device = raw.inner("device", f"{raw.label}.device")
    for key, wanted in value.items():
        for one in _listed(device, key, wanted):
            for kind in population:
                try:
                    attribute = _attribute(DeviceKind(kind), key)
                except Unfit as unfit:
                    device.wrong(unfit.what, unfit.remedy, key)
                    continue
                if attribute.name != key:
                    device.wrong(f"{key} is not its name in a clause.", f"Write {attribute.name}.", key)
                _held(device, key, one, attribute.value)


def _attribute(kind: DeviceKind, key: str) -> Attribute:
    """An attribute the device states itself, or takes from its panel, recorder or controller."""
    holder = kind if key in attributes_of(kind) or key not in INHERITED else DeviceKind.PANEL
    return named(key, holder)


def _held(table: Table, key: str, wanted: object, value: Value) -> None:
    """Note a wanted value that no site file or inventory can state, or that clauses spell differently."""
    try:
        meant = value.read(wanted)
    except Unfit as unfit:
        table.wrong(f"{key} {unfit.what}", unfit.remedy, key)
        return
    if meant != wanted or isinstance(meant, bool) != isinstance(wanted, bool):
        table.wrong(f"{key} cannot be {shown(wanted)}.", f"Write {meant!r}.", key)
