# SPDX-License-Identifier: Apache-2.0
"""The views that a named person accepted, as they stand in the site folder."""

from __future__ import annotations

import os
from pathlib import Path

from yanshou.imaging.health import AcceptedView
from yanshou.model import RigFault, UsageError
from yanshou.model.limited import read_json, why
from yanshou.model.person import names_somebody

_LARGEST_BYTES = 64_000_000


def load_accepted(folder: Path, camera: str, light: str) -> AcceptedView:
    """The accepted view of a camera by day or night; RigFault when there is none, UsageError if it is bad."""
    path = accepted_path(folder, camera, light)
    if not os.path.lexists(path):
        raise RigFault(
            f"has no accepted view ({path.name}).",
            device=camera,
            remedy=f"Look at its healthy picture and run `yanshou accept SITE --device {camera}`.",
            final=True,
        )
    try:
        content = read_json(path, _LARGEST_BYTES)
        if not isinstance(content, dict) or not names_somebody(str(content.get("accepted_by", ""))):
            raise ValueError("it does not say who accepted it")  # noqa: TRY301 - reported like any other damage
        return AcceptedView.from_json(content)
    except (OSError, ValueError) as error:
        raise _no_view(path, why(error)) from None
    except (KeyError, TypeError, AttributeError):
        raise _no_view(path, "it is not whole") from None


def _no_view(path: Path, what: str) -> UsageError:
    return UsageError(f"is no accepted view: {what}.", "Make it again with `yanshou accept`.", path=path)


def accepted_path(folder: Path, camera: str, light: str) -> Path:
    """Where the accepted view of a camera stands in the site folder."""
    return folder / "accepted" / f"{camera}-{light}.json"
