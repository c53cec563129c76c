# SPDX-License-Identifier: Apache-2.0
"""The device profiles that come with the package."""

from __future__ import annotations

import importlib.resources


def shipped() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    folder = importlib.resources.files("yanshou.drivers") / "profiles"
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))
    )


def shipped_text(name: str) -> str:
    """The file of a shipped profile."""
    resource = importlib.resources.files("yanshou.drivers") / "profiles" / f"{name}.toml"
    return resource.read_text("utf-8")
