# SPDX-License-Identifier: Apache-2.0
"""What the live pictures of a camera say of the commands that should have turned it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from yanshou.imaging.privacy import pixelate
from yanshou.imaging.view_motion import (
    STILL_SHARE,
    Luma,
    Motion,
    UntoldMotion,
    ViewMotion,
    view_motion,
)
from yanshou.model import Instant

WAYS: Final = {
    Motion.LEFT: "左转",
    Motion.RIGHT: "右转",
    Motion.UP: "上仰",
    Motion.DOWN: "下俯",
    Motion.IN: "放大",
    Motion.OUT: "缩小",
    Motion.STILL: "静止",
}
_WHY: Final = {
    UntoldMotion.NO_PICTURE: "没有可用的实时画面",
    UntoldMotion.NO_DETAIL: "画面过暗、无细节或噪声过大",
    UntoldMotion.REPEATED: "画面各处相似（栅栏、墙面等）",
    UntoldMotion.SCENE_MOVES: "景物自身变化，或移动后无重叠",
    UntoldMotion.SLIGHT: "画面只有微小移动（振动、对焦亦可致）",
    UntoldMotion.MIXED: "画面同时有其他方向的移动",
}
NOT_MOVED: Final = "画面未动"
_INERTIA_S: Final = 0.5  # of a head that is told to stop
_AFTER: Final = 0.6  # share of the rest after a command that delay and inertia may take
_THUMB_PX, _THUMB_BLOCKS = 320, 32
_UNSEEN: Final = ViewMotion(Motion.UNTOLD, why=UntoldMotion.NO_PICTURE)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A decoded picture (luma), and when the last of it arrived, in seconds."""

    at: float
    luma: Luma


@dataclass(frozen=True, slots=True)
class Turn:
    """What the pictures say of one command.

    ``wrong`` is why it was not carried out, "" if it was, None if that cannot be told. ``said`` is what was
    measured, in words.
    """

    wrong: str | None
    said: str


@dataclass(frozen=True, slots=True, eq=False)
class CommandedView:
    """The pictures of a camera during some commands, with a rest before the first and after each.

    ``commands``: from the sending of the first message of a command to the last; ``ends``: the ends of the
    rests that follow them. No pictures where the stream did not come.
    """

    shots: Sequence[Shot]
    commands: Sequence[Instant]
    ends: Sequence[float]

    def rest(self, number: int) -> ViewMotion:
        """How the view moved in the later part of the rest after a command; -1: in the rest before the first.

        The earlier part is left to the delay of the stream and to the inertia of the head.
        """
        if number < 0:
            return _moved([one for one in self.shots if one.at <= self.commands[0].earliest])
        since = self.ends[number] - self.rest_s(number)
        return _moved([one for one in self.shots if since <= one.at <= self.ends[number]])

    def rest_s(self, number: int) -> float:
        """How long the rest after a command is watched, in seconds."""
        return (1 - _AFTER) * (self.ends[number] - self.commands[number].latest)

    def moved(self, first: int, last: int) -> ViewMotion:
        """How the view moved from before command ``first`` to the end of the rest after ``last``."""
        return _moved(self._from_to(first, last))

    def frozen(self, number: int) -> bool:
        """Whether no picture from before a command to the end of its rest differs from the first."""
        shots = self._from_to(number, number)
        return all(np.array_equal(one.luma, shots[0].luma) for one in shots)

    def delay_s(self, number: int) -> float:
        """How long after a command the first picture shows another view, in seconds."""
        shots = self._from_to(number, number)
        low, high = 0, len(shots) - 1
        while high - low > 1:
            middle = (low + high) // 2
            stood = _moved([shots[0], shots[middle]]).motion is Motion.STILL
            low, high = (middle, high) if stood else (low, middle)
        return shots[high].at - self.commands[number].earliest

    def strip(self, first: int, last: int) -> bytes:
        """A JPEG of the coarsened pictures before ``first``, in the middle, and at the end; b"" for none."""
        shots = self._from_to(first, last)
        if not shots:
            return b""
        height, width = shots[0].luma.shape
        size = (_THUMB_PX, round(height * _THUMB_PX / width))
        shown = [shots[0], shots[len(shots) // 2], shots[-1]]
        sized = [np.asarray(cv2.resize(one.luma, size), np.uint8) for one in shown]
        row = np.hstack([pixelate(one, _THUMB_BLOCKS) for one in sized])
        done, jpeg = cv2.imencode(".jpg", row)
        return bytes(jpeg) if done else b""

    def _from_to(self, first: int, last: int) -> list[Shot]:
        """The last picture before a command, and all up to the end of a rest."""
        before = [one for one in self.shots if one.at <= self.commands[first].earliest]
        after = [one for one in self.shots if self.commands[first].earliest < one.at <= self.ends[last]]
        return [*before[-1:], *after] if before else []


def _moved(shots: Sequence[Shot]) -> ViewMotion:
    return view_motion([one.luma for one in shots]) if shots else _UNSEEN


def turn(way: str, seen: CommandedView, number: int) -> Turn:
    """Whether command ``number`` moved the view ``way`` (left, right, up, down, in, out) and then stopped.

    Nothing is told where the view did not stand still before the command: then the movement may be another's.
    """
    wanted = Motion(way)
    if number >= len(seen.commands):
        return Turn(None, f"命令{WAYS[wanted]}，{_text(_UNSEEN)}")
    before = seen.rest(number - 1)
    if before.motion is not Motion.STILL:
        return Turn(None, f"命令{WAYS[wanted]}之前画面未静止：{_text(before)}")
    moved, rest = seen.moved(number, number), seen.rest(number)
    said = f"命令{WAYS[wanted]}，画面{_text(moved)}"
    if moved.motion is Motion.UNTOLD:
        return Turn(None, said)
    if moved.motion is Motion.STILL:
        return (
            Turn(None, f"{said}，各幅完全相同，码流可能停滞")
            if seen.frozen(number)
            else Turn(NOT_MOVED, said)
        )
    if moved.motion is not wanted:
        return Turn(f"画面实为{WAYS[moved.motion]}", said)
    if rest.motion is Motion.STILL and _would_show(moved, seen, number):
        return Turn("", said)
    delay_s = seen.delay_s(number)
    said += f"，停止命令后{_text(rest)}，画面比命令晚约 {delay_s:.1f} s"
    settled = seen.ends[number] - seen.rest_s(number) - seen.commands[number].latest >= delay_s + _INERTIA_S
    return Turn("停止命令后画面仍在移动" if rest.motion is wanted and settled else None, said)


def _would_show(moved: ViewMotion, seen: CommandedView, number: int) -> bool:
    """Whether the movement, had it gone on, would have been seen in the rest after its stop."""
    sent = seen.commands[number]
    size = max(abs(moved.pan), abs(moved.tilt), abs(moved.zoom - 1) / 2)
    return size * seen.rest_s(number) / (sent.latest - sent.earliest) >= 2 * STILL_SHARE


def returned(seen: CommandedView, left: int, called: int) -> Turn:
    """Whether the view that command ``left`` left is back after command ``called``.

    Nothing is told where the view was not seen to leave.
    """
    if called >= len(seen.commands):
        return Turn(None, _text(_UNSEEN))
    before, away = seen.rest(left - 1), seen.moved(left, left)
    if before.motion is not Motion.STILL:
        return Turn(None, f"离开之前画面未静止（{_text(before)}）")
    if away.motion in {Motion.STILL, Motion.UNTOLD}:
        return Turn(None, f"未测得离开（{_text(away)}）")
    back, rest = seen.moved(left, called), seen.rest(called)
    said = f"离开：{_text(away)}；调用后与设置时相比：{_text(back)}"
    if back.motion is Motion.UNTOLD or rest.motion is not Motion.STILL:
        return Turn(None, f"{said}，之后{_text(rest)}")
    return Turn("" if back.motion is Motion.STILL else "未回到同一画面", said)


def _text(found: ViewMotion) -> str:
    """The movement in words, with its figures where they are known."""
    if not found.known:
        return f"无法判定（{_WHY[found.why]}）" if found.why else "无法判定"
    figures = f"水平 {100 * found.pan:+.1f} %、垂直 {100 * found.tilt:+.1f} % 画面宽，变倍 {found.zoom:.2f}"
    kind = WAYS.get(found.motion) or (_WHY[found.why] if found.why else "")
    return f"{kind}（{figures}）"
