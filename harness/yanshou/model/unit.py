# SPDX-License-Identifier: Apache-2.0
"""The units of the field, a closed list, and how one is converted into another (GB 3100, GB 3102).

A number is compared only with a number of the same unit. Anything not in this list is not a unit. Values are
converted only within one dimension: 0.02 mSv/h is 20 uSv/h, but never ohms.
"""

from __future__ import annotations

import math
import re
import unicodedata
from enum import StrEnum


class UnitError(ValueError):
    """A unit that is not known, or one that cannot be converted into the other."""


class Unit(StrEnum):
    """A unit by its symbol, in ASCII; ``parse`` knows the other spellings."""

    ONE = "1"
    PERCENT = "%"
    SECOND = "s"
    MILLISECOND = "ms"
    MICROSECOND = "us"
    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WEEK = "week"
    MONTH = "month"
    YEAR = "a"
    SECOND_PER_DAY = "s/d"
    SECOND_PER_WEEK = "s/week"
    MINUTE_PER_YEAR = "min/a"
    HERTZ = "Hz"
    KILOHERTZ = "kHz"
    FRAME_PER_SECOND = "fps"
    METRE = "m"
    MILLIMETRE = "mm"
    CENTIMETRE = "cm"
    KILOMETRE = "km"
    METRE_PER_SECOND = "m/s"
    CENTIMETRE_PER_SECOND = "cm/s"
    SQUARE_METRE = "m2"
    DEGREE = "deg"
    RADIAN = "rad"
    CELSIUS = "degC"
    KELVIN = "K"
    VOLT = "V"
    MILLIVOLT = "mV"
    KILOVOLT = "kV"
    AMPERE = "A"
    MILLIAMPERE = "mA"
    MICROAMPERE = "uA"
    WATT = "W"
    MILLIWATT = "mW"
    KILOWATT = "kW"
    AMPERE_HOUR = "Ah"
    MILLIAMPERE_HOUR = "mAh"
    JOULE = "J"
    MILLIJOULE = "mJ"
    OHM = "ohm"
    MILLIOHM = "mohm"
    KILOOHM = "kohm"
    MEGAOHM = "Mohm"
    GIGAOHM = "Gohm"
    LUX = "lx"
    KILOLUX = "klx"
    SIEVERT_PER_HOUR = "Sv/h"
    MILLISIEVERT_PER_HOUR = "mSv/h"
    MICROSIEVERT_PER_HOUR = "uSv/h"
    NANOSIEVERT_PER_HOUR = "nSv/h"
    MILLIGRAY_PER_HOUR = "mGy/h"
    MICROGRAY_PER_HOUR = "uGy/h"
    NANOGRAY_PER_HOUR = "nGy/h"
    MILLIGRAY = "mGy"
    MICROGRAY = "uGy"
    NANOGRAY = "nGy"
    DECIBEL = "dB"
    DECIBEL_A = "dB(A)"
    DENSITY = "D"
    BIT_PER_SECOND = "bit/s"
    KILOBIT_PER_SECOND = "kbit/s"
    MEGABIT_PER_SECOND = "Mbit/s"
    GIGABIT_PER_SECOND = "Gbit/s"
    PIXEL = "px"
    PIXEL_PER_METRE = "px/m"
    CYCLE_PER_PIXEL = "cy/px"
    TV_LINES = "TVL"
    LINE_WIDTHS = "LW/PH"

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The unit that ``text`` spells; UnitError when it spells none.

        Both signs of micro, full-width letters, blanks, Chinese names (微希/小时, 毫欧) and the usual other
        spellings are read; small and capital letters are not exchanged: mW is not MW.
        """
        plain = unicodedata.normalize("NFKC", text).translate(_PLAIN)
        plain = _INVERSE.sub(r"/\1", "".join(plain.split()).replace("每", "/"))
        known = _SPELLED.get(plain) or "/".join(_part(one) for one in plain.split("/"))
        try:
            return cls(known)
        except ValueError:
            raise UnitError(f"{text!r} is no unit known here") from None

    @property
    def dimension(self) -> str:
        """The dimension of a unit. Only units of the same dimension can be converted into each other."""
        return _SCALES.get(self, (self.value, 1.0))[0]


# dimension, and the size of the unit in the dimension's base unit
_SCALES: dict[Unit, tuple[str, float]] = {
    Unit.ONE: ("number", 1.0),
    Unit.PERCENT: ("number", 0.01),
    Unit.MICROSECOND: ("time", 1e-6),
    Unit.MILLISECOND: ("time", 1e-3),
    Unit.SECOND: ("time", 1.0),
    Unit.MINUTE: ("time", 60.0),
    Unit.HOUR: ("time", 3600.0),
    Unit.DAY: ("time", 86_400.0),
    Unit.WEEK: ("time", 604_800.0),
    # a month has no fixed number of days: months and years convert only into each other
    Unit.MONTH: ("calendar", 1.0),
    Unit.YEAR: ("calendar", 12.0),
    Unit.SECOND_PER_DAY: ("rate of a clock", 1 / 86_400.0),
    Unit.SECOND_PER_WEEK: ("rate of a clock", 1 / 604_800.0),
    Unit.MINUTE_PER_YEAR: ("rate of a clock", 60 / (365.25 * 86_400.0)),
    Unit.HERTZ: ("frequency", 1.0),
    Unit.KILOHERTZ: ("frequency", 1e3),
    Unit.MILLIMETRE: ("length", 1e-3),
    Unit.CENTIMETRE: ("length", 1e-2),
    Unit.METRE: ("length", 1.0),
    Unit.KILOMETRE: ("length", 1e3),
    Unit.METRE_PER_SECOND: ("speed", 1.0),
    Unit.CENTIMETRE_PER_SECOND: ("speed", 1e-2),
    Unit.DEGREE: ("angle", math.pi / 180),
    Unit.RADIAN: ("angle", 1.0),
    Unit.MILLIVOLT: ("voltage", 1e-3),
    Unit.VOLT: ("voltage", 1.0),
    Unit.KILOVOLT: ("voltage", 1e3),
    Unit.MICROAMPERE: ("current", 1e-6),
    Unit.MILLIAMPERE: ("current", 1e-3),
    Unit.AMPERE: ("current", 1.0),
    Unit.MILLIWATT: ("power", 1e-3),
    Unit.WATT: ("power", 1.0),
    Unit.KILOWATT: ("power", 1e3),
    Unit.MILLIAMPERE_HOUR: ("charge", 1e-3),
    Unit.AMPERE_HOUR: ("charge", 1.0),
    Unit.MILLIJOULE: ("energy", 1e-3),
    Unit.JOULE: ("energy", 1.0),
    Unit.MILLIOHM: ("resistance", 1e-3),
    Unit.OHM: ("resistance", 1.0),
    Unit.KILOOHM: ("resistance", 1e3),
    Unit.MEGAOHM: ("resistance", 1e6),
    Unit.GIGAOHM: ("resistance", 1e9),
    Unit.LUX: ("illuminance", 1.0),
    Unit.KILOLUX: ("illuminance", 1e3),
    Unit.NANOSIEVERT_PER_HOUR: ("dose equivalent rate", 1e-9),
    Unit.MICROSIEVERT_PER_HOUR: ("dose equivalent rate", 1e-6),
    Unit.MILLISIEVERT_PER_HOUR: ("dose equivalent rate", 1e-3),
    Unit.SIEVERT_PER_HOUR: ("dose equivalent rate", 1.0),
    Unit.NANOGRAY_PER_HOUR: ("kerma rate", 1e-9),
    Unit.MICROGRAY_PER_HOUR: ("kerma rate", 1e-6),
    Unit.MILLIGRAY_PER_HOUR: ("kerma rate", 1e-3),
    Unit.NANOGRAY: ("kerma", 1e-9),
    Unit.MICROGRAY: ("kerma", 1e-6),
    Unit.MILLIGRAY: ("kerma", 1e-3),
    Unit.BIT_PER_SECOND: ("bit rate", 1.0),
    Unit.KILOBIT_PER_SECOND: ("bit rate", 1e3),
    Unit.MEGABIT_PER_SECOND: ("bit rate", 1e6),
    Unit.GIGABIT_PER_SECOND: ("bit rate", 1e9),
}

# NFKC already turns the micro sign into mu, the ohm sign into omega and full width into plain letters
_PLAIN = str.maketrans({"\u03bc": "u", "\u03a9": "ohm", "\u00b7": ".", "\u00b0": "deg", "\u2212": "-"})
_INVERSE = re.compile(r"\.?\b([hs])-1$", re.ASCII)  # uSv.h-1

_SPELLED: dict[str, str] = {
    "": "1", "次": "1", "个": "1", "pct": "%", "percent": "%", "%RH": "%",
    "sec": "s", "秒": "s", "毫秒": "ms", "msec": "ms", "微秒": "us", "分": "min", "分钟": "min", "小时": "h",
    "hr": "h", "天": "d", "日": "d", "day": "d", "days": "d", "周": "week", "月": "month", "个月": "month",
    "年": "a", "year": "a", "s/day": "s/d", "s/周": "s/week", "frame/s": "fps", "帧/s": "fps", "帧/秒": "fps",
    "米": "m", "毫米": "mm", "厘米": "cm", "m^2": "m2", "平方米": "m2", "度": "deg",
    "伏": "V", "毫伏": "mV", "安": "A", "毫安": "mA", "瓦": "W", "千瓦": "kW",
    "Ohm": "ohm", "OHM": "ohm", "欧": "ohm", "kOhm": "kohm", "MOhm": "Mohm", "兆欧": "Mohm",
    "lux": "lx", "Lux": "lx", "勒克斯": "lx", "dBA": "dB(A)", "分贝": "dB",
    "bps": "bit/s", "kbps": "kbit/s", "kb/s": "kbit/s", "Mbps": "Mbit/s", "Mb/s": "Mbit/s", "Gbps": "Gbit/s",
    "pixel": "px", "像素": "px", "lw/ph": "LW/PH", "tvl": "TVL", "电视线": "TVL",
    "百分比": "%", "秒钟": "s", "平米": "m2", "公里": "km", "摄氏度": "degC", "分贝(A)": "dB(A)", "A.h": "Ah",
    "mA.h": "mAh", "FPS": "fps", "PX": "px", "Kbps": "kbit/s",
}  # fmt: skip

_PREFIXES = {"吉": "G", "兆": "M", "千": "k", "厘": "c", "毫": "m", "微": "u", "纳": "n"}
_NAMES = {
    "米": "m", "秒": "s", "分": "min", "分钟": "min", "小时": "h", "时": "h", "天": "d", "日": "d",
    "周": "week",
    "年": "a", "伏": "V", "伏特": "V", "安": "A", "安培": "A", "安时": "Ah", "瓦": "W", "瓦特": "W",
    "欧": "ohm",
    "欧姆": "ohm", "焦": "J", "焦耳": "J", "赫": "Hz", "赫兹": "Hz", "勒": "lx", "勒克斯": "lx", "希": "Sv",
    "希沃特": "Sv", "西弗": "Sv", "戈": "Gy", "戈瑞": "Gy", "比特": "bit", "像素": "px",
}  # fmt: skip


def _part(text: str) -> str:
    """The symbol of one part of a unit, before or after the stroke, with its prefix."""
    if (known := _SPELLED.get(text) or _NAMES.get(text)) is not None:
        return known
    if text[:1] in _PREFIXES and text[1:] in _NAMES:
        return _PREFIXES[text[:1]] + _NAMES[text[1:]]
    return text


_RAISED = re.compile(r"(?<=\d)(?=[\u00b2\u00b3\u00b9\u2070-\u2079\u00bc-\u00be])")  # 10² and 1½
_NUMBER = re.compile(r"(?P<figure>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*(?P<unit>\D.*)?", re.ASCII)


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean the same unit; False when either is not a unit."""
    try:
        return Unit.parse(one) is Unit.parse(other)
    except UnitError:
        return False


def convertible(unit: str, into: str) -> bool:
    """Whether a value in ``unit`` can be stated in ``into``."""
    try:
        factor(unit, into)
    except UnitError:
        return False
    return True


def factor(unit: str, into: str) -> float:
    """The factor that converts a value from ``unit`` to ``into``; UnitError if there is none."""
    have, want = Unit.parse(unit), Unit.parse(into)
    if have is want:
        return 1.0
    if have.dimension != want.dimension or have not in _SCALES or want not in _SCALES:
        raise UnitError(f"{have} cannot be stated in {want}")
    # rounded to fifteen digits so that 1e-3/1e-6 is 1000 and a value at its limit stays at its limit
    return float(f"{_SCALES[have][1] / _SCALES[want][1]:.15g}")


def split_number(text: str) -> tuple[float, str]:
    """The number that ``text`` begins with and the unit it is written with; UnitError if it is not a number.

    Full-width digits and a unit without a blank before it are read; a power or a fraction is not.
    """
    text = _RAISED.sub("^", text)
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip())
    if found is None:
        raise UnitError(f"{text!r} is no number")
    figure = float(found["figure"]) + 0.0  # minus zero becomes zero
    if math.isinf(figure):
        raise UnitError(f"{text!r} is too large a number")
    return figure, (found["unit"] or "").strip()


def converted(value: float, unit: str, into: str) -> float:
    """``value`` in ``unit``, stated in ``into``; UnitError when it cannot be."""
    return value * factor(unit, into)
