# SPDX-License-Identifier: Apache-2.0
"""What is said of pictures whose data were damaged."""

from __future__ import annotations


def left_out(damaged: int) -> str:
    """That so many of the decoded pictures were not used; empty if there were none."""
    return f"解码的画面中 {damaged} 幅已损坏或参照了损坏的画面，未采用" if damaged else ""
