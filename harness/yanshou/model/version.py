# SPDX-License-Identifier: Apache-2.0
"""The version of what runs, in a checkout that was not installed as well."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from yanshou.model import limited

_PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


def version() -> str:
    """The version of the checkout this code stands in, else that of the installed package."""
    if _PROJECT.is_file():
        project = limited.parse_toml(_PROJECT.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "yanshou":
            return str(project["version"])
    return metadata.version("yanshou")
