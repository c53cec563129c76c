# SPDX-License-Identifier: Apache-2.0
"""The tables behind a figure, as CSV in UTF-8 with mark: a spreadsheet opens them as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from yanshou.evaluation.coverage import Gap
from yanshou.evaluation.playing import PlaybackProof
from yanshou.model.csv_text import csv_bytes


class ChannelRows(Protocol):
    """What the tables need of the finding for one camera."""

    @property
    def camera(self) -> str: ...
    @property
    def plays(self) -> tuple[PlaybackProof, ...]: ...


def gap_table(lines: Iterable[tuple[str, Sequence[Gap]]]) -> bytes:
    """Every gap of each camera with its length and its excuse."""
    rows = [
        (camera, iso(gap.start), iso(gap.end), f"{gap.seconds:.0f}", gap.excuse)
        for camera, gaps in lines
        for gap in gaps
    ]
    return as_csv(("摄像机", "缺录开始(UTC)", "缺录结束(UTC)", "时长/s", "免计原因"), rows)


def play_table(findings: Iterable[ChannelRows]) -> bytes:
    """Every playback: the time asked for, the time played, and what it proves."""
    rows = [
        (
            finding.camera,
            one.why.value,
            iso(one.play.asked),
            iso(one.play.first) if one.play.first else "",
            iso(one.osd) if one.osd else "",
            str(one.play.decoded),
            str(one.play.damaged),
            " ".join(dict.fromkeys(frame.flags for frame in one.play.frames_played if frame.flags)),
            one.proof.value + ("（边沿有数秒偏差）" if one.blurred else ""),
            one.shown_by,
            one.play.refused,
        )
        for finding in findings
        for one in finding.plays
    ]
    head = (
        "摄像机",
        "取样原因",
        "请求时刻(UTC)",
        "画面时刻(UTC)",
        "叠加时间(UTC)",
        "解码帧数",
        "损坏帧数",
        "标志",
        "结果",
        "实为",
        "设备答复",
    )
    return as_csv(head, rows)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table; text only."""
    return csv_bytes([head, *rows])


def iso(moment: datetime) -> str:
    """A moment in UTC to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def iso_of(seconds: float) -> str:
    """Unix seconds as a moment in UTC to the second."""
    return iso(datetime.fromtimestamp(seconds, UTC))
