# SPDX-License-Identifier: Apache-2.0
"""The on-screen display of a live picture: whether it is complete, and the offset of its clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.evaluation.health import ViewScan
from yanshou.imaging.health.life import tick_times
from yanshou.imaging.osd import (
    DateOrder,
    ShownClock,
    StampReading,
    TextLine,
    believed,
    find_lines,
    read_line,
    stamp_of,
)
from yanshou.metrology import evaluated, logical, rectangular, without_value
from yanshou.metrology.utc import KnownUtc
from yanshou.model import Measurement
from yanshou.model.local_time import UnclearTimeError, moment_of, moments_of
from yanshou.model.stream import Luma

_READ_EVERY_S: Final = 0.7
_MIDDLE_S: Final = 0.5
_FEWEST: Final = 2
_STANDS_S: Final = 2.0
_TICK_JITTER_S: Final = 0.1
_DIGITS_OF_A_CLOCK: Final = 8
_LIKE: Final = 0.5
_TRANSPORT_S: Final = (
    0.5  # the age of a picture on arrival is at most this, unless the plan states another bound
)


@dataclass(frozen=True, slots=True)
class Expected:
    """The inventory's data of a camera's display: name and order of the date; and the site's time zone."""

    name: str
    order: DateOrder | None
    time_zone: str


class Display:
    """What was read in the pictures of one capture."""

    def __init__(self, scan: ViewScan, expected: Expected) -> None:
        self.scan = scan
        self.expected = expected

    @cached_property
    def lines(self) -> list[TextLine]:
        """All lines of text in the first picture."""
        pictures = self.scan.capture.pictures
        return find_lines(pictures[0][1]) if pictures else []

    @cached_property
    def clock_line(self) -> TextLine | None:
        """The line with a date and time, whether or not it could be read whole."""
        like = [line for line in self.lines if sum(map(str.isdigit, line.text)) >= _DIGITS_OF_A_CLOCK]
        whole = [line for line in like if stamp_of(line.text, self.expected.order)]
        return next(iter(whole or like), None)

    @cached_property
    def ticks(self) -> list[float]:
        """The stream's times at which the second in the picture changed."""
        line = self.clock_line
        return _regular(tick_times(self._timed, line.box)) if line else []

    @cached_property
    def readings(self) -> list[StampReading]:
        """The clock line read in the middle of each shown second, or at intervals if it does not change."""
        line, timed = self.clock_line, list(self._timed)
        if line is None or not timed:
            return []
        first, last = timed[0][0], timed[-1][0]
        wanted = [tick + _MIDDLE_S for tick in self.ticks if tick + _MIDDLE_S <= last]
        if len(wanted) < _FEWEST:
            count = int((last - first) / _READ_EVERY_S) + 1
            wanted = [first + number * _READ_EVERY_S for number in range(count)]
        made = []
        for moment in wanted:
            at, luma = min(timed, key=lambda pair: abs(pair[0] - moment))
            made.append(StampReading(at, stamp_of(read_line(luma, line.box), self.expected.order)))
        return made

    @property
    def _timed(self) -> Iterator[tuple[float, Luma]]:
        return ((self.scan.seconds(index), luma) for index, luma in self.scan.capture.pictures)

    @cached_property
    def clock(self) -> ShownClock | None:
        """The clock that can be believed; None if it is missing or its readings disagree."""
        return believed(self.readings)

    @property
    def stands(self) -> bool:
        """Whether the same time was read repeatedly over two seconds or more: the clock stands still."""
        read = [reading for reading in self.readings if reading.shown is not None]
        span = read[-1].at - read[0].at if read else 0.0
        return span >= _STANDS_S and len({reading.shown for reading in read}) == 1 and not self.ticks

    def crops(self) -> list[tuple[str, Luma]]:
        """The clock line and the name line as pictures for the evidence, without the rest of the scene."""
        pictures = self.scan.capture.pictures
        if not pictures:
            return []
        made = []
        for name, line in (("clock", self.clock_line), ("name", self.name_line)):
            if line is not None:
                left, top, width, height = line.box
                made.append((name, pictures[0][1][top : top + height, left : left + width]))
        return made

    @cached_property
    def name_line(self) -> TextLine | None:
        """The line most similar to the camera's name; None if none is similar."""
        others = [line for line in self.lines if line is not self.clock_line]
        best = max(others, key=lambda line: _likeness(line.text, self.expected.name), default=None)
        return best if best and _likeness(best.text, self.expected.name) >= _LIKE else None


def osd_complete(display: Display) -> Measurement:
    """Whether the picture shows date, time and the camera's name; invalid if it cannot be read reliably."""
    missing, unread = [], []
    if display.clock_line is None:
        missing.append("无日期和时间")
    elif display.stands:
        missing.append(f"画面时钟停走（{display.clock_line.text}）")
    elif display.clock is None:
        unread.append(f"日期时间读数不一致或不完整（{display.clock_line.text}）")
    line, name = display.name_line, display.expected.name
    if line is None:
        shown = "、".join(one.text for one in display.lines if one is not display.clock_line)
        missing.append(f"未见标识“{name}”" + (f"，所见文字：{shown}" if shown else ""))
    elif _bare(name) not in _bare(line.text):
        unread.append(f"标识应为“{name}”，读作“{line.text}”")
    pictures = display.scan.capture.pictures
    invalid = "；".join(unread) if unread and not missing else ""
    if not pictures:
        invalid = display.scan.capture.stopped_early or "没有可解码的画面"
    return logical(
        "osd_complete",
        display.scan.camera,
        conforms=(not missing and not unread) if pictures else None,
        n=len(pictures),
        invalid=invalid,
        details={"because": "；".join(missing)} if missing else {},
    )


def osd_clock_offset(display: Display, reference: KnownUtc, transport_s: float = _TRANSPORT_S) -> Measurement:
    """Shown clock minus reference in s, as its absolute value, by the frames at which the second changes.

    The picture is between 0 and ``transport_s`` old on arrival; without a measured latency that bound is the
    largest component.
    """
    clock, line = display.clock, display.clock_line
    if clock is None or line is None:
        reason = "画面无时钟" if line is None else f"画面时钟不可读（{line.text}）"
        return _unknown(display, reason)
    if len(display.ticks) < _FEWEST:
        return _unknown(display, "观察期间画面时钟走动不足两次")
    try:
        offsets = [_offset(display, clock, tick, reference) for tick in display.ticks]
    except UnclearTimeError:
        return _unknown(display, "画面时钟处于夏令时切换的一小时内，不能确定其时刻")
    value = sum(offsets) / len(offsets) + transport_s / 2
    scan = display.scan
    frame = _span(scan) / max(1, len(scan.capture.pictures) - 1)
    budget = [
        rectangular("one frame period", frame / 2, "the second changes between two frames"),
        rectangular(
            "age of the picture on arrival", transport_s / 2, f"0 to {transport_s:g} s, not measured"
        ),
        *reference.components,
    ]
    return evaluated(
        "osd_clock_offset",
        scan.camera,
        abs(value),
        "s",
        len(offsets),
        budget,
        statistic="max",
        raw=tuple(offsets),
        instruments=(reference.instrument,),
        details={"signed_s": value, "readings": clock.readings, "unread": clock.unread},
    )


class PictureTime:
    """Reads the time written into single pictures of one camera, as ``evaluate.Sight`` wants it.

    Without a second picture to compare, a line is accepted only if two ways of finding it give the same text.
    """

    def __init__(self, time_zone: str, order: DateOrder | None = None) -> None:
        self._zone = ZoneInfo(time_zone)
        self._order = order

    def __call__(self, picture: Luma) -> datetime | None:
        """The time in UTC; None if it is not legible, or means two moments or none."""
        for line in find_lines(picture):
            found = stamp_of(line.text, self._order)
            if found is not None and found == stamp_of(read_line(picture, line.box), self._order):
                meant = moments_of(found, self._zone)
                return meant[0] if len(meant) == 1 else None
        return None


def _offset(display: Display, clock: ShownClock, tick: float, reference: KnownUtc) -> float:
    """The second that began to show at stream time ``tick``, minus UTC at that frame's arrival."""
    shown = moment_of(clock.shown, ZoneInfo(display.expected.time_zone)).timestamp()
    began = shown + round(tick + _MIDDLE_S - clock.at)
    frames = display.scan.capture.frames
    arrival = min(
        (abs(display.scan.seconds(index) - tick), frames[index].arrival) for index in range(len(frames))
    )
    return began - reference.utc(arrival[1])


def _regular(ticks: Sequence[float]) -> list[float]:
    """The changes that are whole seconds apart; people walking behind the characters cause other changes."""

    def whole(seconds: float) -> bool:
        return abs((seconds + 0.5) % 1.0 - 0.5) <= _TICK_JITTER_S

    return max(([one for one in ticks if whole(one - tick)] for tick in ticks), key=len, default=[])


def _span(scan: ViewScan) -> float:
    pictures = scan.capture.pictures
    return scan.seconds(pictures[-1][0]) - scan.seconds(pictures[0][0])


def _unknown(display: Display, reason: str) -> Measurement:
    return without_value("osd_clock_offset", display.scan.camera, "s", reason)


def _bare(text: str) -> str:
    """Without blanks and in half-width forms, because OCR loses blanks and mixes widths."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other)).ratio()
