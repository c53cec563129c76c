# SPDX-License-Identifier: Apache-2.0
"""Whether a line whose form no profile knows may be about the zone that is waited for.

A line that may be leaves open whether an event came; a line that is plainly about something else does not.
What is set aside here is only what cannot be the number of a zone: a date near today and the time beside it,
a number behind the name of another thing (``USER 07``), a measured value, an address of a network.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

_THINGS = {
    "zone": "ZONES?|ZN|防区|探测器|探头",
    "partition": "PARTITIONS?|PART|SUBSYS(?:TEM)?|分区|子系统",
    "": "USERS?|USR|OPERATOR|KEYPAD|PRINTER|PAGE|VER(?:SION)?|FW|FIRMWARE|SEQ(?:UENCE)?|RECORD|REC"
    "|ACC(?:OUN)?T|PHONE|TEL"
    "|用户(?:编号|号)?|操作员|键盘|打印机|版本|序号|流水号|记录号|账号|电话",
}
_BETWEEN = r"[ \t]*(?:NO\.?|号|#)?[ \t]*[:=#]?[ \t]*"
_ASIDE = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?"  # an IP address
    r"|\d+[.,]\d+[ ]?(?:VDC|VAC|V|MA|AH|A|HZ|W|°C|%)(?![A-Z0-9])|\d+[ ]?%"  # a measured value
)
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{8}|\d{6}"
_STAMP = re.compile(rf"(?<!\d)({_DATE})(?:[ T,;]*(?:{_TIME}|\d{{6}}))?(?![\d:])")
_ALONE = re.compile(r"(?<![\d:])(\d\d):(\d\d):(\d\d)(?![\d:])")
_NEAR = timedelta(days=1)
_SOON = timedelta(minutes=5)
_ORDERS = ("%Y %m %d", "%y %m %d", "%d %m %Y", "%d %m %y", "%m %d %Y", "%m %d %y")
_RUN = 4  # so many digits without a gap may hold a zone beside its state, its partition or a code
_WIDTH = 3  # the digits of a zone there
_LONGEST = 400  # signs of a line with a date; a longer one is no report of an event
_MOST_DIGITS = 18
_ALARM = re.compile(
    r"(?<![A-Z])(?:ALARM|ALM|BURG|INTRU|PANIC|HOLD.?UP|TAMPER)|报警|告警|警情|入侵|紧急|防拆|劫持|盗警"
)
_SET = re.compile(r"(?<![A-Z])(?:DIS)?ARM(?:ED|ING)?(?![A-Z])|(?<![A-Z])(?:UN)?SET(?![A-Z])|布防|撤防|设防")
_SHOWN_BY = {"zone_": _ALARM, "partition_alarm": _ALARM, "partition_armed": _SET}
_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = re.compile(
    r"(?:第|防区|探测器|探头|分区|子系统|门)([零〇一二两三四五六七八九十百]+)|([零〇一二两三四五六七八九十百]+)(?:号|防区|路|区)"
)


@dataclass(frozen=True, slots=True)
class LineSubject:
    """What a line of unknown form may be about: the numbers in it that are not plainly of something else.

    ``runs`` are the longer ones, which may hold several. ``unnamed``: it tells of what the role shows without
    any number, since a device may name its zones in words.
    """

    numbers: frozenset[int]
    runs: tuple[str, ...]
    unnamed: bool

    def may_be(self, number: int) -> bool:
        """Whether it may be the ``number``-th thing."""
        return (
            number in self.numbers or self.unnamed or any(f"{number:0{_WIDTH}d}" in run for run in self.runs)
        )


def subject_of(line: str, role: str, at: datetime) -> LineSubject:
    """What a line of unknown form, heard at ``at``, may be about, if it is about a thing of ``role``."""
    text = unicodedata.normalize("NFKC", line).upper()
    text = _ASIDE.sub(" ", text)
    if len(text) <= _LONGEST:
        text = _without_stamps(text, at)
    rest = _of_something_else(role).sub(" ", text)
    runs = re.findall(r"\d+", rest)
    numbers = {int(run[-_MOST_DIGITS:]) for run in runs}
    numbers |= {_value(one or other) for one, other in _NUMERAL.findall(rest)}
    return LineSubject(
        frozenset(numbers),
        tuple(run for run in runs if len(run) >= _RUN),
        not numbers
        and any(role.startswith(one) and pattern.search(rest) for one, pattern in _SHOWN_BY.items()),
    )


@cache
def _of_something_else(role: str) -> re.Pattern[str]:
    """Finds a number behind the name of a thing that is not the one ``role`` belongs to."""
    others = "|".join(names for thing, names in _THINGS.items() if not thing or not role.startswith(thing))
    return re.compile(rf"(?<![A-Z])(?:{others}){_BETWEEN}\d+(?:\.\d+)*")


def _without_stamps(text: str, at: datetime) -> str:
    """The text without dates near ``at`` and the time beside them, and without a time of now alone."""
    dated = _STAMP.sub(lambda found: " " if _is_near(found[1], at) else found[0], text)
    return _ALONE.sub(lambda found: " " if _is_now(found, at) else found[0], dated)


def _is_near(date: str, at: datetime) -> bool:
    parts = re.findall(r"\d+", date)
    whole = parts[0] if len(parts) == 1 else ""
    if whole:  # 20261130 or 261130
        parts = [whole[:-4], whole[-4:-2], whole[-2:]]
    for order in _ORDERS:
        try:
            day = datetime.strptime(" ".join(parts), order).replace(tzinfo=at.tzinfo)
        except ValueError:
            continue
        if abs(day - at.replace(hour=0, minute=0, second=0, microsecond=0)) <= _NEAR:
            return True
    return False


def _is_now(time: re.Match[str], at: datetime) -> bool:
    hour, minute, second = (int(part) for part in time.groups())
    try:
        then = at.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return False
    return abs(then - at) <= _SOON


def _value(numeral: str) -> int:
    """The number that Chinese numerals write: 七 7, 十二 12, 二十 20, 一百零七 107, 一二 12."""
    if not set(numeral) & {"十", "百"}:
        return int("".join(str(_NUMERALS[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign in ("十", "百"):
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _NUMERALS[sign]
    return total + digit
