# SPDX-License-Identifier: Apache-2.0
"""Instruments as a test sees them: a reading passes the calibration gate, or the result is invalid."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yanshou.drivers.clock.offset import ntp_reference
from yanshou.instruments.registry import Instrument, InstrumentRegistry
from yanshou.metrology.utc import KnownUtc, UtcReference
from yanshou.model import Component, Instant, RigFault, convertible, now, same_unit
from yanshou.model.reading import Reading
from yanshou.protocols.ntp import query
from yanshou.rig.item_journal import ItemJournal

if TYPE_CHECKING:
    from yanshou.instruments.scpi import Multimeter

_UNITS = {"dc_voltage": "V", "ac_voltage": "V", "dc_current": "A", "resistance": "Ohm"}
_HIGHEST = 1e6


@dataclass(frozen=True, slots=True)
class Calibrated:
    """An instrument of the register with its calibration gate.

    ``close_gate`` makes the running measurement invalid.
    """

    instrument: Instrument
    registry: InstrumentRegistry
    item_journal: ItemJournal
    close_gate: Callable[[str], None]

    def check(self, quantity: str, value: float | None, unit: str) -> tuple[float | None, float | None]:
        """U and k of the certificate at ``value``.

        A closed gate makes the result invalid and does not raise, so the value is kept.
        """
        gate = self.registry.gate(self.instrument.id, quantity, value, unit, date.today())  # noqa: DTZ011
        if not gate.ok:
            self.close_gate(gate.reason)
        return gate.U, gate.k

    def component(self, u: float) -> Component:
        """The budget line of this instrument with standard uncertainty ``u``."""
        one = self.instrument
        return Component(f"{one.name} {one.id}", "B", "normal", u, math.inf, f"certificate {one.certificate}")

    def component_of(self, reading: Reading) -> Component:
        """The budget line of one reading: the certificate's U over its k."""
        return self.component(reading.u)

    def useless(self, reading: Reading) -> str:
        """The reason why nothing can be calculated from a reading: instrument, value, range."""
        one = self.instrument
        spans = ", ".join(
            f"{span.min:g}…{span.max:g} {span.unit}"
            for span in one.ranges
            if convertible(span.unit, reading.unit)
        )
        shown = f"{reading.value:g} {reading.unit}"
        return (
            f"仪器 {one.id} 读得 {shown}，不能据此计算（证书量程 {spans}） / "
            f"{one.id} reads {shown}: nothing can be worked out from that (certificate: {spans})"
        )

    def kept(
        self, quantity: str, value: float, unit: str, asked: Instant, raw: str, person: str = ""
    ) -> Reading:
        """Check a reading by its gate and write it to the journal."""
        U, k = self.check(quantity, value, unit)
        self.item_journal.note(
            "observation",
            what=quantity,
            via=self.instrument.id,
            instant=asked,
            value=value,
            unit=unit,
            raw=raw,
        )
        return Reading(value, unit, U, k, self.instrument.id, asked, raw, person)


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter read over its interface."""

    calibrated: Calibrated
    visa: Multimeter

    def read(self, quantity: str, unit: str) -> Reading:
        """One reading of ``quantity`` (``dc_current``, ``dc_voltage`` ...), stated in ``unit``."""
        asked = now()
        value = float(getattr(self.visa, quantity))
        instant = Instant(asked, now())
        reading = self.calibrated.kept(quantity, value, _UNITS[quantity], instant, self.visa.raw)
        return reading.stated_in(unit)

    def component_of(self, reading: Reading) -> Component:
        """The budget line of one reading."""
        return self.calibrated.component_of(reading)

    def component(self, u: float) -> Component:
        """The budget line of this meter with standard uncertainty ``u``."""
        return self.calibrated.component(u)


@dataclass(frozen=True, slots=True)
class ManualMeter:
    """An instrument that a person reads and types: its name, the number with its unit."""

    calibrated: Calibrated
    asks: Callable[..., float]

    def ask(
        self,
        quantity: str,
        unit: str,
        message: str = "",
        *,
        key: str = "",
        low: float = 0.0,
        **fields: object,
    ) -> Reading:
        """One reading, typed by the operator and stated in ``unit``, which is the one the test works in.

        The question is ``message`` of ``yanshou.operator.messages``, that of the quantity unless stated. It
        names the unit of the instrument's certificate, which its display shows, and ``unit`` where that is
        another: then the number is typed with its unit. ``key`` distinguishes several answers to one
        question; ``low`` is the least number that is taken (a temperature may be below zero).

        Raises RigFault if the instrument does not measure the quantity, or only in a unit that cannot be
        converted into ``unit``.
        """
        shown = self._shown_in(quantity, unit)
        asked = now()
        one = self.calibrated.instrument
        named = not same_unit(shown, unit)
        value = self.asks(
            message or quantity,
            key=key,
            unit=shown,
            low=low,
            high=_HIGHEST,
            named=named,
            meter=f"{one.name} {one.id}",
            judged_in=unit if named else "",
            **fields,
        )
        reading = self.calibrated.kept(quantity, value, shown, Instant(asked, now()), str(value))
        return reading.stated_in(unit)

    def component(self, u: float) -> Component:
        """The budget line of this instrument with standard uncertainty ``u``."""
        return self.calibrated.component(u)

    def _shown_in(self, quantity: str, unit: str) -> str:
        """The unit the instrument shows ``quantity`` in: that of its certificate nearest to ``unit``."""
        one = self.calibrated.instrument
        units = [span.unit for span in one.ranges if span.quantity == quantity]
        if not units:
            raise RigFault(f"is not calibrated for {quantity}.", device=one.id, final=True)
        fitting = [name for name in units if convertible(name, unit)]
        if not fitting:
            what = f"is calibrated for {quantity} in {', '.join(sorted(set(units)))}, not in {unit}."
            remedy = "Correct the unit of its range in the register after its certificate."
            raise RigFault(what, remedy=remedy, device=one.id, final=True)
        return next((name for name in fitting if same_unit(name, unit)), fitting[0])

    def component_of(self, reading: Reading) -> Component:
        """The budget line of one reading."""
        return self.calibrated.component_of(reading)


@dataclass(frozen=True, slots=True)
class TimeReference:
    """UTC through the time reference: the host's wall clock corrected by the reference's NTP answer."""

    calibrated: Calibrated
    utc: UtcReference

    @classmethod
    def asked(cls, calibrated: Calibrated, host: str, port: int) -> TimeReference:
        """Ask the reference now."""
        ntp = query(host, port, device=calibrated.instrument.id)
        calibrated.item_journal.note(
            "observation",
            what="utc_offset",
            via=calibrated.instrument.id,
            instant=None,
            value=ntp.offset_s,
            unit="s",
            raw=ntp.state,
        )
        return cls(calibrated, ntp_reference(ntp))

    def known(self) -> KnownUtc:
        """UTC with the budget of the certificate and the NTP exchange; the certificate's gate applies."""
        U, k = self.calibrated.check("utc_offset", None, "s")
        exchange = Component("NTP exchange", "B", "normal", self.utc.U / 2, math.inf, "half the round trip")
        certificate = self.calibrated.component((U or 0.0) / (k or 2.0))
        return KnownUtc(self.utc, (certificate, exchange), self.calibrated.instrument.id)
