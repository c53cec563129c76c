# SPDX-License-Identifier: Apache-2.0
"""The on-screen display of a live picture: whether it is complete, and the offset of its clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.evaluation.health import SCAN_LEAST_S, ViewScan
from yanshou.imaging.health.life import Box
from yanshou.imaging.osd import (
    DateOrder,
    ShownClock,
    StampReading,
    TextLine,
    believed,
    find_faint,
    find_lines,
    find_text,
    mean_of,
    read_line,
    read_shown,
    stamp_of,
    tick_times,
    white_over,
)
from yanshou.metrology import evaluated, logical, rectangular, without_value
from yanshou.metrology.utc import KnownUtc
from yanshou.model import Measurement
from yanshou.model.local_time import UnclearTimeError, moment_of, moments_of
from yanshou.model.stream import Luma

_READ_EVERY_S: Final = 0.7
_MIDDLE_S: Final = 0.5
_PART_SEEN: Final = 3  # pictures of a second in which it is read
_AT_ONCE_S: Final = 0.1  # pictures read as one where the change of the second is not known
_DETECTED_S: Final = ((0.0, 0.4), (1.7, 2.1), (0.0, 60.0))  # where lines are looked for until all are found
_A_CLOCK: Final = "2026-01-01 00:00:00"
_PART: Final = 0.6  # of its usual length a line may have where it was found in part, or is written narrow
_FEWEST: Final = 2
_STANDS_S: Final = 2.0
_TICK_JITTER_S: Final = 0.1
_DIGITS_OF_A_CLOCK: Final = 8
_LIKE: Final = 0.5
_ONE_SORT: Final = re.compile(r"\d\d|[a-z][a-z]")
_TRANSPORT_S: Final = (
    0.5  # the age of a picture on arrival is at most this, unless the plan states another bound
)


@dataclass(frozen=True, slots=True)
class Expected:
    """The inventory's data of a camera's display: name and order of the date; and the site's time zone.

    ``others`` are the names that other cameras show.
    """

    name: str
    order: DateOrder | None
    time_zone: str
    others: tuple[str, ...] = ()

    def named(self, text: str) -> bool:
        """Whether a line of text states the name, and not a longer one that begins, ends or holds with it.

        1 is no part of 12, nor is a name a part of another camera's name.
        """
        bare, name = _bare(text), _bare(self.name)
        for other in sorted(map(_bare, self.others), key=len, reverse=True):
            if name in other and name != other:
                bare = bare.replace(other, "\0")
        places = (found.start() for found in re.finditer(re.escape(name), bare))
        return any(_apart(bare, at, at + len(name)) for at in places)

    def stamp(self, text: str) -> datetime | None:
        """The date and time in a line of text, which may state the name as well."""
        found = stamp_of(text, self.order)
        return found if found is not None else self._beside_name(text)

    def named_beside_clock(self, text: str) -> bool:
        """Whether a line with date and time states the name, too."""
        if self._beside_name(text) is not None:
            return True
        own = not any(map(str.isdigit, self.name))  # all digits of the line are those of date and time
        return own and stamp_of(text, self.order) is not None and self.named(text)

    def _beside_name(self, text: str) -> datetime | None:
        bare, name = _bare(text), _bare(self.name)
        return stamp_of(bare.replace(name, " ", 1), self.order) if name and name in bare else None


class Display:
    """What was read in the pictures of one capture."""

    def __init__(self, scan: ViewScan, expected: Expected) -> None:
        self.scan = scan
        self.expected = expected

    @cached_property
    def text(self) -> list[TextLine]:
        """All that looks like text, in means of some pictures, further ones until clock and name are whole.

        Of what was found in the same place, the line that is one of the two or else the surest counts.
        """
        found: list[TextLine] = []
        for begin, end in _DETECTED_S:
            seen = self._during(begin, end)
            found += find_text(mean_of(seen)) if seen else []
            if any(map(self._whole, found)) and any(map(self.named, found)):
                break
        kept: list[TextLine] = []
        for line in sorted(found, key=lambda one: (self._is_one(one), one.sure), reverse=True):
            if not any(_overlap(line.box, other.box) for other in kept):
                kept.append(line)
        return sorted(kept, key=lambda line: line.box[1])

    def _is_one(self, line: TextLine) -> bool:
        return self._whole(line) or self.named(line)

    def _whole(self, line: TextLine) -> bool:
        return line.legible and self.expected.stamp(line.text) is not None

    def named(self, line: TextLine) -> bool:
        """Whether a line states the camera's name."""
        return line.legible and (
            self.expected.named(line.text) or self.expected.named_beside_clock(line.text)
        )

    @property
    def lines(self) -> list[TextLine]:
        """The lines of text that were read with certainty."""
        return [line for line in self.text if line.legible]

    def unclear(self, wanted: str) -> str:
        """What may be this line and is not legible: not read alike twice, too faint, or white on white.

        Empty if there is none. Only what is long enough for this one counts. While there is one, nothing is
        known to be missing: it may be the one wanted.
        """
        pictures = self._during(0, self.scan.span_s)
        others = [line for line in self.text if line not in (self.clock_line, self.name_line)]
        long = [line for line in others if line.box[2] >= _PART * _length(wanted) * line.box[3]]
        doubtful = [line for line in long if not line.legible or not read_shown(pictures, line.box)]
        seen = self._during(*_DETECTED_S[0])
        if not doubtful and seen:
            doubtful = [line for line in find_faint(seen) if self._may_be(line, wanted)]
        if doubtful:
            return f"但画面中有不能判读的文字（{'、'.join(line.text or '?' for line in doubtful)}）"
        hidden = bool(seen) and white_over(mean_of(seen), _PART * _length(wanted))
        return "但画面中有会掩盖白色文字的过亮区域" if hidden else ""

    def _may_be(self, faint: TextLine, wanted: str) -> bool:
        """Whether a faint line is long enough for what is wanted, and none of those that were found."""
        long = faint.box[2] >= _PART * _length(wanted) * faint.box[3]
        return long and not any(_overlap(faint.box, line.box) for line in self.text)

    @cached_property
    def clock_line(self) -> TextLine | None:
        """The line with a date and time, whether or not it could be read whole."""
        like = [line for line in self.lines if sum(map(str.isdigit, line.text)) >= _DIGITS_OF_A_CLOCK]
        return next(iter([line for line in like if self._whole(line)] or like), None)

    @cached_property
    def ticks(self) -> list[float]:
        """The stream's times at which the second in the picture changed."""
        line = self.clock_line
        return tick_times(self._timed, line.box) if line else []

    @property
    def _ticking(self) -> bool:
        return len(self.ticks) >= _FEWEST

    @cached_property
    def readings(self) -> list[StampReading]:
        """The clock line read in the pictures of each shown second, or at intervals if it does not change."""
        line = self.clock_line
        if line is None or not self._timed:
            return []
        read = self._in_seconds if self._ticking else self._at_intervals
        return list(read(line))

    def _in_seconds(self, line: TextLine) -> Iterator[StampReading]:
        """Each second, also one that was seen in part: a late stream shows few whole ones."""
        first, last = self._timed[0][0], self._timed[-1][0]
        begin, around = (self.ticks[0] - first) % 1 - _MIDDLE_S, _MIDDLE_S - _TICK_JITTER_S
        for number in range(int(self.scan.span_s + _MIDDLE_S - begin) + 1):
            moment = first + begin + number
            seen = self._during(moment - first - around, moment - first + around)
            if len(seen) < _PART_SEEN:
                continue
            shown = self._shown(seen, line)
            whole = first <= moment - around < moment + around <= last
            if shown is not None or whole:  # a part that is not legible says nothing against the others
                yield StampReading(moment, shown)

    def _at_intervals(self, line: TextLine) -> Iterator[StampReading]:
        first, last = self._timed[0][0], self._timed[-1][0]
        for number in range(int((self.scan.span_s + _MIDDLE_S) / _READ_EVERY_S) + 1):
            moment = first + number * _READ_EVERY_S
            seen = self._during(moment - first - _AT_ONCE_S, moment - first + _AT_ONCE_S)
            if moment <= last:
                moment, luma = min(self._timed, key=lambda pair: abs(pair[0] - moment))
                seen = seen or [luma]
            if seen:
                yield StampReading(moment, self._shown(seen, line))

    def _shown(self, seen: Sequence[Luma], line: TextLine) -> datetime | None:
        return self.expected.stamp(read_shown(seen, line.box))

    @cached_property
    def _timed(self) -> list[tuple[float, Luma]]:
        return [(self.scan.seconds(index), luma) for index, luma in self.scan.capture.pictures]

    @property
    def too_short(self) -> str:
        """Why a clock could not be read in the few seconds that were seen; empty if they are enough."""
        seen = self.scan.span_s
        return "" if seen >= SCAN_LEAST_S else f"只收到 {seen:.1f} s 的画面，不足以读出走动的时钟"

    def _during(self, begin: float, end: float) -> list[Luma]:
        """The pictures of a while, in s from the first picture; of the size that most of them have."""
        if not self._timed:
            return []
        first, shape = self._timed[0][0], self._timed[0][1].shape
        return [luma for at, luma in self._timed if begin <= at - first <= end and luma.shape == shape]

    @cached_property
    def clock(self) -> ShownClock | None:
        """The clock that can be believed; None if it is missing or its readings disagree."""
        return believed(self.readings, slack_s=2 * _TICK_JITTER_S if self._ticking else 1.0)

    @property
    def stands(self) -> bool:
        """Whether the same time was read repeatedly over two seconds or more: the clock stands still."""
        read = [reading for reading in self.readings if reading.shown is not None]
        span = read[-1].at - read[0].at if read else 0.0
        return span >= _STANDS_S and len({reading.shown for reading in read}) == 1

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
        """The line that states the camera's name, else the one most like it; None if none is like it."""
        clock, others = self.clock_line, [line for line in self.lines if line is not self.clock_line]
        if clock is not None and self.expected.named_beside_clock(clock.text):
            return clock
        if named := [line for line in others if self.named(line)]:
            return named[0]
        best = max(others, key=lambda line: _likeness(line.text, self.expected.name), default=None)
        return best if best and _likeness(best.text, self.expected.name) >= _LIKE else None


def osd_complete(display: Display) -> Measurement:
    """Whether the picture shows date, time and the camera's name; invalid if it cannot be read reliably."""
    missing: list[str] = []
    unread: list[str] = []
    if display.clock_line is None:
        _absent("无日期和时间", display.unclear(_A_CLOCK), missing, unread)
    elif display.stands:
        missing.append(f"画面时钟停走（{display.clock_line.text}）")
    elif display.clock is None:
        unread.append(display.too_short or f"日期时间读数不一致或不完整（{display.clock_line.text}）")
    line, name = display.name_line, display.expected.name
    if line is None:
        shown = "、".join(one.text for one in display.lines if one is not display.clock_line)
        absent = f"未见标识“{name}”" + (f"，所见文字：{shown}" if shown else "")
        _absent(absent, display.unclear(name), missing, unread)
    elif not display.named(line):
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
        unclear = display.too_short or (f"画面时钟不可读（{line.text}）" if line else "")
        return _unknown(display, unclear or "画面无时钟")
    if len(display.ticks) < _FEWEST:
        return _unknown(display, "观察期间画面时钟走动不足两次")
    try:
        offsets = [_offset(display, clock, tick, reference) for tick in display.ticks]
    except UnclearTimeError:
        return _unknown(display, "画面时钟处于夏令时切换的一小时内，不能确定其时刻")
    scan = display.scan
    frame = display.scan.span_s / max(1, len(scan.capture.pictures) - 1)
    value = sum(offsets) / len(offsets) + transport_s / 2 + frame / 2
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

    def __init__(self, time_zone: str, order: DateOrder | None = None, name: str = "") -> None:
        self._zone = ZoneInfo(time_zone)
        self._expected = Expected(name, order, time_zone)

    def __call__(self, picture: Luma) -> datetime | None:
        """The time in UTC; None if it is not legible, or means two moments or none."""
        for line in find_lines(picture):
            found = self._expected.stamp(line.text)
            if found is not None and found == self._expected.stamp(read_line(picture, line.box)):
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


def _absent(what: str, unclear: str, missing: list[str], unread: list[str]) -> None:
    """Note what was not seen: as missing, or as not known while something in its size is not legible."""
    if unclear:
        unread.append(f"{what}，{unclear}")
    else:
        missing.append(what)


def _overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have a part in common."""
    (left, top, width, height), (x, y, w, h) = one, other
    return left < x + w and x < left + width and top < y + h and y < top + height


def _length(text: str) -> float:
    """The length of a line of text over its height: Chinese characters are square, others half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)


def _unknown(display: Display, reason: str) -> Measurement:
    return without_value("osd_clock_offset", display.scan.camera, "s", reason)


def _bare(text: str) -> str:
    """Without blanks and in half-width forms, because OCR loses blanks and mixes widths."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _apart(text: str, begin: int, end: int) -> bool:
    """Whether neither a number nor a Latin word goes on beyond this part of a text."""
    pairs = (text[max(0, begin - 1) : begin + 1], text[end - 1 : end + 1])
    return not any(_ONE_SORT.fullmatch(pair) for pair in pairs)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other)).ratio()
