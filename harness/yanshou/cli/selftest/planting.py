# SPDX-License-Identifier: Apache-2.0
"""Makes a copy of the site with planted defects: fault script, written answers, inventory."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from yanshou.cli.selftest.cases import Defect
from yanshou.emulation.site.process import private_copy
from yanshou.model import UsageError, limited

_ON_PAPER = ("answer", "attribute", "missing_system", "plan")


def planted(site: Path, copy: Path, defects: Sequence[Defect]) -> Path | None:
    """Copy ``site`` to ``copy`` with the defects in it; returns the fault script, if there is one."""
    private_copy(site, copy)
    for defect in defects:
        if defect.kind == "answer":
            _answer(copy, defect)
        elif defect.kind == "attribute":
            _attribute(copy, defect)
        elif defect.kind == "missing_system":
            _remove_system(copy, str(defect.value))
        elif defect.kind == "plan":
            _plan(copy, defect)
    faults = [defect for defect in defects if defect.kind not in _ON_PAPER]
    if not faults:
        return None
    script = copy / "faults.toml"
    script.write_text("\n".join(_fault(defect) for defect in faults), encoding="utf-8")
    return script


def _fault(defect: Defect) -> str:
    lines = ["[[fault]]", f'device = "{defect.device}"', f'kind = "{defect.kind}"']
    if defect.value is not None:
        lines.append(f"value = {json.dumps(defect.value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _answer(copy: Path, defect: Defect) -> None:
    """Put the planted answer, with the same unit, before all others: the first that matches counts."""
    path = copy / "answers.toml"
    text = limited.limited_bytes(path).decode("utf-8")
    healthy = limited.parse_toml(text).get("answer", {})
    unit = next((one.get("unit", "") for key, one in healthy.items() if fnmatchcase(defect.key, key)), "")
    entry = f'[answer."{defect.key}"]\nvalue = {json.dumps(defect.value, ensure_ascii=False)}\n'
    entry += f"unit = {json.dumps(unit, ensure_ascii=False)}\n" if unit else ""
    text = re.sub(rf'(?ms)^\[answer\."{re.escape(defect.key)}"\]\n.*?(?=^\[|\Z)', "", text)
    head, mark, rest = text.partition("[answer.")
    path.write_text(head + entry + "\n" + mark + rest, encoding="utf-8")


def _plan(copy: Path, defect: Defect) -> None:
    """Change the plan's ``key``."""
    path = copy / "site.toml"
    text = path.read_text(encoding="utf-8")
    line = f"{defect.key} = {_toml(defect.value)}"
    text, found = re.subn(rf"(?m)^{re.escape(defect.key)} = .*$", lambda _: line, text, count=1)
    path.write_text(text if found else text.replace("[plan]\n", f"[plan]\n{line}\n", 1), encoding="utf-8")


def _attribute(copy: Path, defect: Defect) -> None:
    """Let the inventory say otherwise of the ``key`` of a device; an empty value takes it out."""
    inventory = copy / "inventory.csv"
    with inventory.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next((one for one in rows if one["id"] == defect.device), None)
    if row is None:
        raise UsageError(f"no device {defect.device} to say otherwise of.", path=inventory)
    stated = [one.strip() for one in (row["attributes"] or "").split(";") if one.strip()]
    kept = [one for one in stated if one.partition("=")[0].strip() != defect.key]
    row["attributes"] = "; ".join([*kept, *([f"{defect.key}={defect.value}"] if defect.value != "" else [])])
    with inventory.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _toml(value: object) -> str:
    """Write a value on one line, as JSON except for tables."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def _remove_system(copy: Path, system: str) -> None:
    """Remove a system from the inventory, and list it as required."""
    inventory = copy / "inventory.csv"
    lines = inventory.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[2:3] != [system]]
    if len(kept) == len(lines):
        raise UsageError(f"no device of system {system} to take out.", path=inventory)
    inventory.write_text("".join(kept), encoding="utf-8")
    path = copy / "site.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("required_systems = [", f'required_systems = ["{system}", '), encoding="utf-8"
    )
