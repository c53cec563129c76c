# SPDX-License-Identifier: Apache-2.0
"""The views that a named person accepted, as they stand in the site folder."""

from __future__ import annotations

from pathlib import Path

from yanshou.imaging.health import AcceptedView
from yanshou.model import RigFault, UsageError
from yanshou.model.limited import parse_json


def load_accepted(folder: Path, camera: str, light: str) -> AcceptedView:
    """The accepted view of a camera by day or night; RigFault when there is none, UsageError if it is bad."""
    path = accepted_path(folder, camera, light)
    if not path.is_file():
        raise RigFault(
            f"has no accepted view ({path.name}).",
            device=camera,
            remedy=f"Look at its healthy picture and run `yanshou accept SITE --device {camera}`.",
            final=True,
        )
    try:
        return AcceptedView.from_json(parse_json(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        remedy = "Make it again with `yanshou accept`."
        raise UsageError(f"is no accepted view: {error}.", remedy, path=path) from None


def accepted_path(folder: Path, camera: str, light: str) -> Path:
    """Where the accepted view of a camera stands in the site folder."""
    return folder / "accepted" / f"{camera}-{light}.json"
