# SPDX-License-Identifier: Apache-2.0
"""Reasons why a picture cannot be judged, in both languages: ``中文 / English``."""

from __future__ import annotations

_BOTH = " / "


def of_place(zh: str, en: str, gate: str) -> str:
    """A reason with the place it is about, in both languages."""
    chinese, both, english = gate.partition(_BOTH)
    return f"{zh}：{chinese}{_BOTH}{en}: {english}" if both else f"{zh}：{gate}{_BOTH}{en}: {gate}"
