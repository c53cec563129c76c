# SPDX-License-Identifier: Apache-2.0
"""What the rows of a catalogue ask of a device, held against the words an inventory may use.

A misspelt attribute or value in an overlay would match no device: the row would never apply, without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yanshou.model import DeviceKind, Requirement
from yanshou.model.trouble import Mistake
from yanshou.site.device_vocabulary import Attribute, Unfit, attributes_of, named
from yanshou.standards import Catalogue
from yanshou.standards.vocabulary import INHERITED


def condition_mistakes(catalogue: Catalogue) -> Iterator[Mistake]:
    """A mistake for each condition on a device that no inventory can meet.

    Only an overlay can hold one: the shipped rows are held against the words by a test.
    """
    path = ", ".join(catalogue.overlays)
    for row in catalogue.requirements.values() if path else ():
        for kind, key, value in _conditions(row):
            if wrong := _wrong(kind, key, value):
                yield Mistake(path, None, f"{row.id}: device attribute {key!r} {wrong[0]}", wrong[1])


def _conditions(row: Requirement) -> Iterator[tuple[DeviceKind, str, object]]:
    asked = row.applies.get("device")
    for key, wanted in asked.items() if isinstance(asked, Mapping) else ():
        for value in wanted if isinstance(wanted, list | tuple) else [wanted]:
            for kind in row.population:
                yield DeviceKind(kind), key, value


def _wrong(kind: DeviceKind, key: str, value: object) -> tuple[str, str] | None:
    try:
        attribute = _attribute(kind, key)
        meant = attribute.value.read(value)
    except Unfit as unfit:
        return unfit.what, unfit.remedy
    if attribute.name != key:
        return "is not its name in a clause.", f"Write {attribute.name}."
    return None if meant == value else (f"cannot be {value!r}.", f"Write {meant!r}.")


def _attribute(kind: DeviceKind, key: str) -> Attribute:
    """What the device states itself, or takes from its panel, recorder or controller."""
    holder = kind if key in attributes_of(kind) or key not in INHERITED else DeviceKind.PANEL
    return named(key, holder)
