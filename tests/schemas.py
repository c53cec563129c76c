# SPDX-License-Identifier: Apache-2.0
"""Keeps what is written elsewhere of the words of sites and devices in step with their one source.

``python -m tests.schemas`` writes the JSON schemas of the catalogue and the table of device attributes in
``docs/site-file`` anew; tests hold the files against what it would write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from yanshou.model import DeviceKind
from yanshou.standards import classes, vocabulary
from yanshou.vocabulary.device import ATTRIBUTES
from yanshou.vocabulary.site import SITE_ATTRIBUTES
from yanshou.vocabulary.values import Day, Duration, Number, Value, WordValue

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "harness" / "yanshou" / "standards" / "schema"
PAGES = {"": ("all kinds", "any"), ".zh-CN": ("各类", "任意")}
"""The pages on the site file by the end of their name: how they say every kind, and any value."""
TABLE = re.compile(r"(?m)(?<=^\|---\|---\|---\|---\|\n)(?:^\|.*\n)+")
"""The rows of the one table of four columns."""

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
DAY: Schema = {"type": "string", "format": "date"}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}


def _of(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _word(allowed: Iterable[object]) -> Schema:
    return {"enum": sorted(map(str, allowed))}


def _some(one: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _rows(one: Schema) -> Schema:
    return {"type": "array", "items": one}


def _table(properties: dict[str, Schema], required: Collection[str] = (), **more: object) -> Schema:
    must = {"required": [key for key in properties if key in required]} if required else {}
    return {"type": "object", "additionalProperties": False, **must, **more, "properties": properties}


def _asked(values: Iterable[Value]) -> Schema:
    """What a condition may want of an attribute that is read as one of ``values``, by kind of device."""
    allowed: list[object] = []
    for value in values:
        if not value.allowed or (isinstance(value, WordValue) and value.ids):
            return SCALAR
        allowed += [one for one in value.allowed if one not in allowed]
    return {"enum": allowed}


def _applies() -> Schema:
    device = {one.name: [other.value for other in ATTRIBUTES if other.name == one.name] for one in ATTRIBUTES}
    special = {
        "system": _some(_word(vocabulary.SYSTEMS)),
        "cites": _some(TEXT),
        "device": _table({name: _some(_asked(device[name])) for name in sorted(device)}, minProperties=1),
        "commissioned_before": DAY,
        "commissioned_from": DAY,
    }
    return _table(special | {name: _some(_asked([value])) for name, value in SITE_ATTRIBUTES.items()})


def _requirement() -> dict[str, Schema]:
    return {
        "id": {"type": "string", "pattern": f"^{vocabulary.ID}$"},
        "clause": TEXT,
        "system": _word(vocabulary.SYSTEMS),
        "title": _of("text"),
        "asks": _of("text"),
        "measurand": TEXT,
        "statistic": _word(vocabulary.STATISTICS),
        "limit": _of("limit"),
        "limit_status": _word(vocabulary.STATUSES),
        "population": _some(_word(vocabulary.KINDS)),
        "applies": _of("applies"),
        "mandatory": FLAG,
        "obligation": _word(vocabulary.OBLIGATIONS),
        "sampling": TEXT,
        "decision_rule": _word(vocabulary.DECISION_RULES),
        "evidence": _some(TEXT),
        "note": TEXT,
    }


def _standard() -> Schema:
    properties = {
        "id": FILLED,
        "edition": TEXT,
        "title": _of("text"),
        "rank": {"enum": list(vocabulary.RANKS)},
        "in_force": FLAG,
        "superseded_by": TEXT,
        "status_note": TEXT,
    }
    return _table(properties, ("id", "title", "rank"))


def _limit() -> Schema:
    equals: Schema = {"type": ["boolean", "number", "string"]}
    properties = {"max": NUMBER, "min": NUMBER, "equals": equals, "unit": TEXT, "exclusive": FLAG}
    return _table(properties, anyOf=[{"required": [key]} for key in ("max", "min", "equals")])


_ASKED_OF_A_ROW = ("id", "system", "title", "asks", "measurand", "limit_status", "population")


def _definitions() -> Schema:
    return {
        "text": _table({"zh": FILLED, "en": FILLED}, ("zh", "en")),
        "limit": _limit(),
        "applies": _applies(),
        "standard": _standard(),
        "requirement": _table(_requirement(), _ASKED_OF_A_ROW),
    }


def _class() -> dict[str, Schema]:
    marks = _rows({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"})
    whole: Schema = {"type": "integer", "minimum": 0}
    return {
        "measurand": TEXT,
        "name": FILLED,
        **dict.fromkeys(classes.TEXTS, marks),
        "distances_mm": _rows({"type": "number", "exclusiveMinimum": 0}),
        **dict.fromkeys(classes.COUNTS, whole),
    }


def _measurands() -> Schema:
    criterion = {"value": NUMBER, "unit": TEXT, "clause": FILLED, "status": _word(vocabulary.STATUSES)}
    properties = {
        "unit": TEXT,
        "quantity": _word(vocabulary.QUANTITIES),
        "zh": FILLED,
        "en": FILLED,
        "definition": FILLED,
        "method": {"type": "object", "additionalProperties": _table(criterion, criterion)},
        "largest_u": {"type": "number", "exclusiveMinimum": 0},
    }
    return {
        "title": "Measurand file: one table per measurand",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": _table(properties, ("quantity", "zh", "en", "definition")),
    }


def _catalogue() -> Schema:
    properties = {"standard": _of("standard"), "requirement": _rows(_of("requirement"))}
    return {
        "title": "Catalogue file: one standard and edition with its requirements",
        **_table(properties, ("standard",)),
        "$defs": _definitions(),
    }


def _overlay() -> Schema:
    signed = {"by": FILLED, "date": DAY, "document": FILLED}
    confirm = {"id": TEXT, **signed}
    properties = {
        "standard": _of("standard"),
        "requirement": _rows(_table({**_requirement(), **signed}, _ASKED_OF_A_ROW)),
        "confirm": _rows(_table(confirm, confirm)),
        "replace": _rows(_table({**_requirement(), "id": TEXT, **signed}, confirm)),
        "class": _rows(_table({**_class(), **signed}, ("measurand", "name", "objects", *signed))),
    }
    return {
        "title": "Overlay of a laboratory: confirm, replace or add rows, state what classes demand",
        **_table(properties),
        "$defs": {name: one for name, one in _definitions().items() if name != "requirement"},
    }


def written() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    schemas = {"catalogue": _catalogue(), "measurands": _measurands(), "overlay": _overlay()}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.schema.json": json.dumps(head | schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }


def page(ending: str) -> Path:
    """The page on the site file."""
    return ROOT / "docs" / f"site-file{ending}.md"


def device_rows(ending: str) -> str:
    """The rows of a page that tell each attribute of a device: name, kinds, values, further spellings."""
    every, anything = PAGES[ending]
    rows = []
    for one in ATTRIBUTES:
        kinds = (
            every
            if one.kinds == frozenset(DeviceKind)
            else " ".join(f"`{kind}`" for kind in sorted(one.kinds))
        )
        rows.append(f"| `{one.name}` | {kinds} | {_values(one.value, anything)} | {'、'.join(one.names)} |\n")
    return "".join(rows)


def _values(value: Value, anything: str) -> str:
    if isinstance(value, Number):
        return f"{value.low:g}–{value.high:g}"
    if isinstance(value, Duration):
        return f"{value.low:g}–{value.high:g} s"
    if isinstance(value, Day):
        return "`2026-10-01`"
    shown = " ".join(f"`{str(one).lower() if isinstance(one, bool) else one}`" for one in value.allowed)
    return shown or anything


if __name__ == "__main__":
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for ending in PAGES:
        path = page(ending)
        path.write_text(TABLE.sub(device_rows(ending), path.read_text("utf-8"), count=1), encoding="utf-8")
