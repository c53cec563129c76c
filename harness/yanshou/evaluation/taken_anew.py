# SPDX-License-Identifier: Apache-2.0
"""What the number of pictures proves, live or recorded: that each was taken anew, at one rate and size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yanshou.model import Reservation, Reserve
from yanshou.model.stream import Distinct

_FEW = 2
_DISTINCT = 0.9  # of the pictures differ from the one before, if something moves
_MOVING = 0.98  # of the pictures have to show movement, to prove that each was taken anew
_LITTLE = 0.04  # of the picture: a line of text or a lamp is no more
_ONE_PICTURE = 0.15  # of the blocks that do not move: of views with noise 5 % agreed, at quantisers up to 38
_PARTS, _PART_S = 6, 2.0  # of the window, to see whether the rate changed
_SLOWER = 0.9  # times the mean rate: a slower part, beyond one frame more or less
_ROUNDING_S = 0.1


def repeats(seen: Distinct | None) -> str:
    """Why the number of pictures proves nothing: the same data came again, or most repeat the one before."""
    if seen is None or seen.decoded < _FEW:
        return ""
    if seen.sent_again:
        return f"{seen.sent_again} 帧的码流与前一帧逐位相同：同一画面以新的时间戳重复发送"
    others = seen.decoded - 1
    share = (seen.distinct - 1) / others
    if share < _DISTINCT:
        return f"只有 {share:.0%} 的画面与前一幅不同：须有活动物入镜，否则分不清重复发送与静止画面"
    if seen.halted > (1 - _DISTINCT) * others:
        return f"活动物在 {seen.halted / others:.0%} 的画面中停住而前后各幅中移动：这些画面重复前一幅"
    return ""


def unmoved(seen: Distinct | None) -> tuple[Reservation, ...]:
    """Why the number of pictures is proved conditionally at best.

    Not all of them show movement, or the movement may have been written into one and the same picture, or be
    that of stored pictures which are played again and again.
    """
    if seen is None or seen.moved is None or seen.decoded < _FEW:
        return ()
    share = seen.moved / (seen.decoded - 1)
    reason = ""
    if share < _MOVING:
        reason = (
            f"只有 {share:.0%} 的画面中有活动物移动，"
            "其余画面分不清是新摄的还是重复前一幅的（须有活动物持续入镜）"
        )
    elif seen.rest is not None and seen.rest.moved < _LITTLE:
        reason = (
            f"画面中只有 {seen.rest.moved:.1%} 的区域有变化，"
            "分不清是活动物还是叠加的时钟或图形（须有人或车辆穿过画面）"
        )
    elif seen.rest is not None and (seen.rest.copied or 0.0) > _ONE_PICTURE:
        reason = (
            f"活动物以外 {seen.rest.copied:.0%} 的区域在两个关键帧间逐位相同，"
            "分不清是实时画面还是在同一幅画面上叠加的活动物"
        )
    elif seen.again_s is not None:
        reason = (
            f"活动物每 {seen.again_s:.1f} s 逐幅重复一次，"
            "分不清是实时画面还是循环播放的旧画面（须有人或车辆穿过画面）"
        )
    return (Reservation(Reserve.UNPROVEN, reason),) if reason else ()


def changed_rate(times: Sequence[float]) -> tuple[Reservation, ...]:
    """Why a mean rate proves little: in one part of the time there were far fewer pictures.

    ``times`` are those of the whole pictures in s. Up to six parts of 2 s or more are compared.
    """
    shown = np.sort(np.asarray(times, np.float64))
    span = float(shown[-1] - shown[0]) if shown.size else 0.0
    parts = min(_PARTS, int((span + _ROUNDING_S) / _PART_S))
    if parts < _FEW:
        return ()
    length, mean = span / parts, (shown.size - 1) / span
    slowest = int(np.histogram(shown, parts)[0].min()) / length
    if slowest >= _SLOWER * mean - 1 / length:
        return ()
    reason = f"帧率在观察期间变化：平均 {mean:.1f} fps，最低的 {length:.1f} s 内为 {slowest:.1f} fps"
    return (Reservation(Reserve.UNPROVEN, reason),)


def resized(sizes: Sequence[tuple[int, int]]) -> tuple[Reservation, ...]:
    """That the pictures did not keep their size, (width, height), while they were counted."""
    if len(sizes) < _FEW:
        return ()
    reason = f"画面尺寸在观察期间变化：{'、'.join(f'{width}×{height}' for width, height in sizes)}"
    return (Reservation(Reserve.UNPROVEN, reason),)


def scattered(scatter: float, most: float) -> tuple[Reservation, ...]:
    """That the arrivals scatter so much that they could not show stamps of a nominal clock."""
    if scatter <= most:
        return ()
    reason = f"到达时刻离散，时间戳的帧率只能核对到 ±{scatter:.1%}（须延长观察）"
    return (Reservation(Reserve.UNPROVEN, reason),)
