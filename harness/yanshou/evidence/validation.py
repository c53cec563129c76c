# SPDX-License-Identifier: Apache-2.0
"""The records of the selftest on this computer: what validated a build of the software.

ISO/IEC 17025:2017, 7.11.2, asks a laboratory to validate its software before use. ``yanshou selftest`` leaves
a record for each site in a folder of the user; ``run`` and ``report`` look for those of their own build and
write them into the journal, so that a report is still made from its folder alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from yanshou.evidence.durable import write_whole
from yanshou.model.limited import parse_json

HOME: Final = "YANSHOU_SELFTESTS"
"""The environment variable that names another folder for the records."""


def records_folder() -> Path:
    """Where the records of this user are."""
    if given := os.environ.get(HOME):
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "yanshou" / "selftests"


def leave_record(record: Mapping[str, Any]) -> Path:
    """Write the record of one site under its build; it replaces the one before.

    Keys: ``build``, ``site``, ``utc``, ``software``, ``cases``, ``requirements`` (ids with a planted defect
    that was found), ``false_pass``, ``false_fail``.
    """
    folder = records_folder() / str(record["build"])[:16]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['site']}.json"
    write_whole(path, (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return path


def validation_of(build: str) -> dict[str, Any]:
    """The records of a build taken together, with the SHA-256 of each; empty if there is none.

    ``unreadable`` names the records that cannot be read: with one of them nothing is validated, since it may
    be the one that failed.
    """
    folder = records_folder() / build[:16]
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    records = {path.name: _read(path, build) for path in paths}
    found = [one for one in records.values() if one]
    if not records:
        return {}
    return {
        "build": build,
        "unreadable": [name for name, one in records.items() if not one],
        "utc": min((str(one["utc"]) for one in found), default=""),
        "records": [{"site": one["site"], "sha256": one["sha256"]} for one in found],
        "cases": sum(int(one["cases"]) for one in found),
        "requirements": sorted({name for one in found for name in one["requirements"]}),
        "false_pass": sum(int(one["false_pass"]) for one in found),
        "false_fail": sum(int(one["false_fail"]) for one in found),
    }


def _read(path: Path, build: str) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        record = parse_json(data)
        right = record["build"] == build and isinstance(record["requirements"], list)
        numbers = all(isinstance(record[key], int) for key in ("cases", "false_pass", "false_fail"))
        if right and numbers and record["utc"] and record["site"]:
            return {**record, "sha256": hashlib.sha256(data).hexdigest()}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return {}
