# SPDX-License-Identifier: Apache-2.0
"""What is said of pictures whose data were damaged, and what a series with such pictures proves."""

from __future__ import annotations

from collections.abc import Mapping

from yanshou.model import Reservation, Reserve

_FEW = 0.02  # of the pictures: as many as need not show movement
_MANY = 0.1
_NAMED = 8  # cameras


def left_out(damaged: int) -> str:
    """That so many of the decoded pictures were not used; empty if there were none."""
    return f"解码的画面中 {damaged} 幅已损坏或参照了损坏的画面，未采用" if damaged else ""


def left_out_of(damaged: Mapping[str, int]) -> list[str]:
    """The same of each camera that has damaged pictures, of some of them at most."""
    return [f"{camera} {left_out(count)}" for camera, count in damaged.items() if count][:_NAMED]


def mostly_broken(damaged: int, whole: int) -> str:
    """Why the number of pictures proves nothing: of those looked at, a considerable part is damaged."""
    share = _share(damaged, whole)
    return f"解码的画面中 {share:.0%} 已损坏，不能计为画面" if share > _MANY else ""


def partly_broken(damaged: int, whole: int) -> tuple[Reservation, ...]:
    """Why the number of pictures is proved conditionally at best: some of those looked at are damaged."""
    share = _share(damaged, whole)
    if not _FEW < share <= _MANY:
        return ()
    return (Reservation(Reserve.UNPROVEN, f"解码的画面中 {share:.1%} 已损坏，计入了帧数"),)


def _share(damaged: int, whole: int) -> float:
    return damaged / (damaged + whole) if damaged else 0.0
