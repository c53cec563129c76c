# SPDX-License-Identifier: Apache-2.0
"""The register of instruments.

Certificate, due date, range, uncertainty, and the resulting calibration gate.

No conclusion may rest on an instrument that is overdue, without certificate, or used outside its range (GB
50348-2018 9.1.3; ISO/IEC 17025:2017 6.4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanshou.model import Unit, UsageError, convertible, same_unit
from yanshou.model.trouble import Mistake
from yanshou.site import SITE_FILE
from yanshou.toml import Table, is_number, near, read_toml, root
from yanshou.vocabulary.spelling import squeezed

_REQUIRED = ("id", "kind", "name", "serial", "ranges")
_TEXTS = (
    *("id", "kind", "name", "maker", "model", "serial", "certificate", "calibrated_by", "uses"),
    "layout",
)
_KEYS = frozenset(
    {*_TEXTS, "calibrated", "due", "ranges", "manual", "densities", "paper_density", "lab", "scale"}
)
_NAMED_BY = {
    "id": "Give it the number on its label.",
    "serial": "Take it from the certificate: by it the instrument itself is recognised.",
}
_RANGE_KEYS = frozenset({"quantity", "min", "max", "unit", "U", "U_rel", "k"})
_HUGE = 1e300
_LONGEST_D = 3660  # a certificate of more than ten years is a year mistyped

QUANTITIES: Mapping[str, Unit] = MappingProxyType(
    {
        "ac_voltage": Unit.VOLT,
        "air_kerma": Unit.MICROGRAY,
        "air_kerma_rate": Unit.MICROGRAY_PER_HOUR,
        "angle": Unit.DEGREE,
        "dc_current": Unit.AMPERE,
        "dc_voltage": Unit.VOLT,
        "density": Unit.DENSITY,
        "distortion": Unit.PERCENT,
        "dose_rate": Unit.MICROSIEVERT_PER_HOUR,
        "duration": Unit.SECOND,
        "earth_resistance": Unit.OHM,
        "frequency": Unit.HERTZ,
        "glare": Unit.PERCENT,
        "humidity": Unit.PERCENT,
        "illuminance": Unit.LUX,
        "insulation_resistance": Unit.MEGAOHM,
        "interruption": Unit.MILLISECOND,
        "leakage_current": Unit.MILLIAMPERE,
        "length": Unit.METRE,
        "luminance_ratio": Unit.DECIBEL,
        "power": Unit.WATT,
        "pulse_energy": Unit.JOULE,
        "resistance": Unit.OHM,
        "snr_impulse": Unit.DECIBEL,
        "snr_mains": Unit.DECIBEL,
        "snr_random": Unit.DECIBEL,
        "snr_single_frequency": Unit.DECIBEL,
        "sound_level": Unit.DECIBEL_A,
        "temperature": Unit.CELSIUS,
        "time_interval": Unit.MILLISECOND,
        "transmissions": Unit.ONE,
        "utc_offset": Unit.SECOND,
        "video_amplitude": Unit.VOLT,
        "voltage": Unit.VOLT,
    }
)
"""The quantities suites read from instruments, each with a unit it can be converted to."""
_MOST_DENSITY = 5.0
_GREYS, _PATCHES = 11, 24  # of a test chart (imaging.layout), which brings NumPy in
_LIGHTEST, _MOST_CHROMA = 100, 128  # of CIELAB colours that can be printed
_NO_CERTIFICATE = frozenset(
    (
        "",
        "?",
        "？",
        "无",
        "无证书",
        "没有",
        "未知",
        "待定",
        "待办",
        "待补",
        "none",
        "no",
        "na",
        "nil",
        "tbd",
        "unknown",
    )
)
"""What people write, squeezed, where there is no certificate; a dash is squeezed to nothing."""


@dataclass(frozen=True, slots=True)
class Range:
    """What an instrument can measure: ``quantity`` in ``unit`` from ``min`` to ``max``, both included.

    The expanded uncertainty of its certificate is absolute (``U``, in ``unit``) or relative (``U_rel``, a
    share of the reading); ``k`` is its coverage factor.
    """

    quantity: str
    min: float
    max: float
    unit: str
    U: float | None = None
    U_rel: float | None = None
    k: float = 2.0

    def expanded(self, value: float | None) -> float | None:
        """U at ``value`` in ``unit``; without a value the absolute U, or None if U is relative."""
        if self.U is not None:
            return self.U
        return None if value is None or self.U_rel is None else self.U_rel * abs(value)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument of the laboratory by its certificate."""

    id: str
    kind: str
    name: str
    maker: str = ""
    model: str = ""
    serial: str = ""
    certificate: str = ""
    calibrated_by: str = ""
    calibrated: date | None = None
    due: date | None = None
    ranges: tuple[Range, ...] = ()
    manual: bool = False  # a person reads it and types the reading
    uses: str = ""  # the device it is reached through, if that has another id
    layout: str = ""  # of an X-ray test body: the file with its drawing, in the site folder
    place: str = ""
    densities: tuple[float, ...] = ()  # of a test chart's grey steps, light to dark
    paper_density: float | None = None  # of a test chart's bare paper, step 0 of its greys
    lab: tuple[tuple[float, float, float], ...] = ()  # CIELAB (D50) of its colour patches, row by row
    scale: float = 1.0  # of a test chart: mm on the sheet per mm of the A3 drawing, by its scale bar

    def record(self) -> dict[str, Any]:
        """Plain JSON values, for the journal and the report."""
        plain = {key: _plain(value) for key, value in asdict(self).items() if key != "place"}
        plain["ranges"] = [
            {key: value for key, value in asdict(one).items() if value is not None} for one in self.ranges
        ]
        return plain


@dataclass(frozen=True, slots=True)
class CalibrationGate:
    """Whether an instrument may be used; if not, ``reason`` says why.

    ``U`` and ``k`` are those of its range.
    """

    ok: bool
    reason: str = ""
    U: float | None = None
    k: float | None = None


@dataclass(frozen=True, slots=True)
class InstrumentRegistry:
    """The instruments by id, in the order of the site file; ``absent`` are not there in this session."""

    instruments: Mapping[str, Instrument]
    absent: frozenset[str] = frozenset()

    def ids_of(self, kind: str) -> tuple[str, ...]:
        """The ids of the instruments of one kind."""
        return tuple(one.id for one in self.instruments.values() if one.kind == kind)

    def reached_as(self, instrument_id: str) -> str:
        """The device of the inventory an instrument is reached through: itself, unless the register says."""
        return self.instruments[instrument_id].uses or instrument_id

    def calibration(self, instrument_id: str, on: date) -> CalibrationGate:
        """Whether the instrument is known, certified and within its calibration on that day."""
        instrument = self.instruments.get(instrument_id)
        if instrument is None:
            return _closed(f"仪器 {instrument_id} 不在台账中", f"{instrument_id} is not in the register")
        return calibration_on(instrument, on)

    def usable(self, instrument_id: str, on: date) -> CalibrationGate:
        """Whether the instrument is there and may be read on that day."""
        if instrument_id in self.absent:
            return _closed(
                f"仪器 {instrument_id} 本次检测不在场", f"{instrument_id} is not there in this session"
            )
        return self.calibration(instrument_id, on)

    def gate(
        self, instrument_id: str, quantity: str, value: float | None, unit: str, on: date
    ) -> CalibrationGate:
        """Whether ``value`` of ``quantity`` in ``unit``, read on that day, may be used, with U and k.

        Without a value (before the reading) only calibration, quantity and unit are checked. Units are not
        converted: a reading in another unit than that of the certificate is refused.
        """
        usable = self.usable(instrument_id, on)
        if not usable.ok:
            return usable
        return _within(self.instruments[instrument_id], quantity, value, unit)


def load_instruments(folder: Path) -> InstrumentRegistry:
    """The ``[[instrument]]`` tables of the site file in ``folder``.  UsageError with every mistake."""
    registry, mistakes = read_instruments(folder)
    if mistakes:
        raise UsageError(mistakes)
    return registry


def read_instruments(folder: Path) -> tuple[InstrumentRegistry, list[Mistake]]:
    """What can be read of the register, and every mistake in it."""
    folder = folder.parent if folder.name == SITE_FILE else folder
    mistakes: list[Mistake] = []
    toml = read_toml(folder / SITE_FILE, mistakes)
    instruments: dict[str, Instrument] = {}
    taken: dict[str, Instrument] = {}  # by an id in small letters
    bodies: dict[tuple[str, ...], Instrument] = {}
    for table in root(toml, mistakes).rows("instrument"):
        instrument = _instrument(table)
        first = taken.setdefault(instrument.id.casefold(), instrument)
        if first is not instrument:
            table.wrong(f"stands in {first.place} too.", "Give each instrument an id of its own.", "id")
        body = tuple(map(squeezed, (instrument.kind, instrument.maker, instrument.model, instrument.serial)))
        other = bodies.setdefault(body, instrument) if body[-1] else instrument
        if other is not instrument and first is instrument:
            what = f"is {other.id} once more: kind, maker, model and serial are the same."
            table.wrong(what, "Keep the entry with the certificate that holds.", "serial")
        instruments.setdefault(instrument.id, instrument)
    return InstrumentRegistry(instruments), mistakes


def _closed(zh: str, en: str) -> CalibrationGate:
    return CalibrationGate(ok=False, reason=f"{zh} / {en}")


def calibration_on(instrument: Instrument, on: date) -> CalibrationGate:
    """Whether the instrument has a certificate that is valid on a day."""
    name = instrument.id
    if squeezed(instrument.certificate) in _NO_CERTIFICATE:
        return _closed(f"仪器 {name} 无校准证书", f"{name} has no calibration certificate")
    if instrument.calibrated is None or instrument.due is None:
        return _closed(
            f"仪器 {name} 未给出校准日期或到期日", f"{name}: date of calibration or due date not stated"
        )
    if on < instrument.calibrated:
        day = instrument.calibrated
        return _closed(f"仪器 {name} 的校准日期 {day} 晚于检测日", f"{name} is calibrated only from {day}")
    if on > instrument.due:
        day = instrument.due
        return _closed(f"仪器 {name} 校准证书已于 {day} 到期", f"{name}: calibration expired {day}")
    return CalibrationGate(ok=True)


def _within(instrument: Instrument, quantity: str, value: float | None, unit: str) -> CalibrationGate:
    name = instrument.id
    able = [one for one in instrument.ranges if one.quantity == quantity]
    if not able:
        return _closed(f"仪器 {name} 的证书不含 {quantity}", f"{name} is not calibrated for {quantity}")
    same = [one for one in able if same_unit(one.unit, unit)]
    if not same:
        units = ", ".join(sorted({one.unit for one in able}))
        return _closed(
            f"仪器 {name} 的 {quantity} 单位为 {units}，不是 {unit}", f"{name} reads {units}, not {unit}"
        )
    fitting = [one for one in same if value is None or one.min <= value <= one.max]
    if not fitting or (value is not None and not math.isfinite(value)):
        spans = ", ".join(f"{one.min:g}…{one.max:g} {one.unit}" for one in same)
        return _closed(
            f"{value} {unit} 超出仪器 {name} 的量程 {spans}", f"{value} {unit} is out of {name}'s range"
        )
    used = _coarsest(fitting, value)
    return CalibrationGate(ok=True, U=used.expanded(value), k=used.k)


def _coarsest(fitting: Sequence[Range], value: float | None) -> Range:
    """The range with the largest standard uncertainty at the value; a relative U has none before the reading.

    Where ranges overlap, the reading does not say which of them the instrument was set to.
    """

    def standard(one: Range) -> float:
        expanded = one.expanded(value)
        return math.inf if expanded is None else expanded / one.k

    return max(fitting, key=standard)


def _instrument(table: Table) -> Instrument:
    table.only(_KEYS)
    table.require(*_REQUIRED)
    texts = {key: table.text(key) for key in _TEXTS}
    for key, remedy in _NAMED_BY.items():
        if key in table.data and not texts[key]:
            table.wrong(f"{key} is empty.", remedy, key)
    calibrated, due = table.day("calibrated"), table.day("due")
    if calibrated and due and due < calibrated:
        table.wrong(f"due {due} lies before calibrated {calibrated}.", "Correct one of them.", "due")
    if calibrated and due and (due - calibrated).days > _LONGEST_D:
        what = f"due {due} lies more than ten years after calibrated {calibrated}."
        table.wrong(what, "Correct the year.", "due")
    densities = _densities(table)
    return Instrument(
        **texts,
        calibrated=calibrated,
        due=due,
        ranges=tuple(_ranges(table)),
        manual=table.flag("manual", default=False),
        densities=densities,
        paper_density=_paper_density(table, densities),
        lab=_lab(table),
        scale=table.number("scale", 0.5, 5.0) or 1.0,
        place=table.place(),
    )


def _densities(table: Table) -> tuple[float, ...]:
    listed = table.data.get("densities", [])
    good = isinstance(listed, list) and all(is_number(one) and 0 <= one <= _MOST_DENSITY for one in listed)
    if not good or any(b <= a for a, b in pairwise(listed)):
        table.wrong("densities must rise from light to dark.", "Take them from the certificate.", "densities")
        return ()
    if listed and len(listed) != _GREYS:
        what = f"densities has {len(listed)} values; the chart has {_GREYS} grey steps."
        table.wrong(what, "Give one for each step, light to dark.", "densities")
    return tuple(float(one) for one in listed)


def _paper_density(table: Table, densities: Sequence[float]) -> float | None:
    stated = table.number("paper_density", 0.0, _MOST_DENSITY)
    if stated is not None and densities and stated >= densities[0]:
        what = f"paper_density {stated:g} is not below {densities[0]:g}, the lightest of densities."
        table.wrong(what, "Bare paper is lighter than every printed step.", "paper_density")
        return None
    return stated


def _lab(table: Table) -> tuple[tuple[float, float, float], ...]:
    listed = table.data.get("lab", [])
    rows_ok = isinstance(listed, list) and all(
        isinstance(row, list) and len(row) == 3 and all(map(is_number, row))  # noqa: PLR2004
        for row in listed
    )
    if not rows_ok:
        table.wrong("lab must be a list of [L*, a*, b*].", "Take it from the certificate.", "lab")
        return ()
    if listed and len(listed) != _PATCHES:
        what = f"lab has {len(listed)} patches; the chart has {_PATCHES}."
        table.wrong(what, "Give one for each patch, in the order of the certificate.", "lab")
    for L, a, b in listed:
        if not (0 <= L <= _LIGHTEST and max(abs(a), abs(b)) <= _MOST_CHROMA):
            what = (
                f"lab: [{L:g}, {a:g}, {b:g}] is no colour of a print: L* is 0 to 100, a* and b* within 128."
            )
            table.wrong(what, "Take it from the certificate.", "lab")
    return tuple((float(row[0]), float(row[1]), float(row[2])) for row in listed)


def _ranges(table: Table) -> Iterator[Range]:
    listed = table.data.get("ranges", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        table.wrong(
            "ranges must be a list of tables.", "Write ranges = [{ quantity = …, min = …, … }].", "ranges"
        )
        return
    for index, one in enumerate(listed):
        inner = Table(
            table.toml, (*table.path, "ranges"), one, table.mistakes, f"{table.label} range {index + 1}"
        )
        found = _range(inner)
        if found is not None:
            yield found


def _range(table: Table) -> Range | None:
    table.only(_RANGE_KEYS)
    table.require("quantity", "min", "max", "unit", "k")
    low, high = table.number("min", -_HUGE, _HUGE), table.number("max", -_HUGE, _HUGE)
    U, U_rel = table.number("U", 0, _HUGE), table.number("U_rel", 0, 10)
    k = table.number("k", 1, 10)
    if (U is None) == (U_rel is None):
        table.wrong("a range needs either U or U_rel.", "Take it from the certificate.")
    if 0 in (U, U_rel):
        table.wrong("an uncertainty is never zero.", "Take it from the certificate.")
    if low is not None and high is not None and low >= high:
        table.wrong(f"min {low:g} is not below max {high:g}.", "Correct one of them.")
    if low is None or high is None or k is None:
        return None
    _known_unit(table)
    return Range(table.text("quantity"), low, high, table.text("unit"), U, U_rel, k)


def _known_unit(table: Table) -> None:
    """A quantity the suites read, in a unit it can be converted to; any other range is a mistake."""
    quantity, unit = table.text("quantity"), table.text("unit")
    if quantity not in QUANTITIES:
        table.wrong(f"quantity {quantity!r} is read by no test.", near(quantity, QUANTITIES), "quantity")
    elif not convertible(unit, QUANTITIES[quantity]):
        what = f"unit {unit!r} is none of {quantity}."
        table.wrong(
            what, f"Take it from the certificate, as {QUANTITIES[quantity]} or what it converts to.", "unit"
        )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
