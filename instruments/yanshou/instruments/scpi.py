# SPDX-License-Identifier: Apache-2.0
"""SCPI instruments (SCPI-1999, IEEE 488.2) through PyVISA, as tables of what they can measure.

    class Multimeter(ScpiInstrument):
        dc_current = reading("MEAS:CURR:DC?", unit="A", within=(0, 10))

On opening, ``*IDN?`` must answer and its serial number must be the one of the calibration certificate; after
each reading the error queue is drained, so that a refused command can never pass for a value.  After a
question without an answer the line is opened anew, so that a late answer never passes for the next one.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any, Self, overload

from yanshou.instruments.scpi_text import NoNumber, means_no_error, plain, value_of
from yanshou.model import Connection, RigFault

_OVERLOAD, _NO_NUMBER = 9.9e37, 9.91e37  # SCPI-1999 vol. 1, 7.2.1.4: infinity and not-a-number
_MANY_ERRORS = 30
_LEADS = "Check range and leads."


class reading:  # noqa: N801 - it reads as a keyword of the tables below
    """One quantity an instrument measures.

    The query, its unit, and the range in which a reply is plausible.
    """

    def __init__(self, query: str, *, unit: str, within: tuple[float, float]) -> None:
        self.query = query
        self.unit = unit
        self.within = within
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instrument: None, owner: type) -> reading: ...
    @overload
    def __get__(self, instrument: ScpiInstrument, owner: type) -> float: ...
    def __get__(self, instrument: ScpiInstrument | None, owner: type) -> float | reading:
        if instrument is None:
            return self
        reply = instrument.query(self.query)
        instrument.drain_errors(self.query)
        instrument.raw = reply
        return self._number(reply, instrument.resource)

    def _number(self, reply: str, device: str) -> float:
        kind = next((one for one in ("DC", "AC") if f":{one}" in self.query), "")
        try:
            value = value_of(reply, self.unit, kind)
        except NoNumber as error:
            raise RigFault(f"{self.query} answered {reply!r}, {error}.", device=device) from None
        if math.isnan(value) or value == _NO_NUMBER:
            raise RigFault(f"{self.name} has no reading (not a number).", device=device, remedy=_LEADS)
        if abs(value) >= _OVERLOAD:
            raise RigFault(f"{self.name} is overloaded.", device=device, remedy=_LEADS)
        low, high = self.within
        if not low <= value <= high:
            raise RigFault(
                f"{self.name} reads {value:g} {self.unit}, outside {low:g}…{high:g}.",
                device=device,
                remedy=_LEADS,
            )
        return value


class ScpiInstrument:
    """An opened instrument; RigFault if it does not answer, is another one, or queues an error.

    ``resource`` is a VISA resource name; ``serial`` the number on the certificate; ``backend`` the VISA
    library as PyVISA names it: ``@py``, ``@ivi`` (NI-VISA, Keysight ...) or the path of one. Every answer is
    waited for at most ``timeout_s`` seconds.
    """

    def __init__(
        self, resource: str, *, serial: str = "", backend: str = "@py", timeout_s: float = 5.0
    ) -> None:
        self.resource = resource
        self.raw = ""
        self._serial, self._backend, self._timeout_ms = serial, backend, int(timeout_s * 1000)
        self._visa: Any = None
        self.identity = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the instrument; the VISA library is shared with others and stays open."""
        visa, self._visa = self._visa, None
        if visa is not None:
            import pyvisa  # noqa: PLC0415 - a run without an instrument does without

            with contextlib.suppress(pyvisa.Error, OSError):  # a dead connection is closed already
                visa.close()

    def query(self, command: str) -> str:
        """One command's answer, trimmed; ``raw`` keeps it, or after a reading that one's, for the record."""
        if self._visa is None:
            self._open()
        return self._ask(command)

    def drain_errors(self, after: str = "") -> None:
        """Empty the error queue; RigFault with its first entry when there was any (SCPI-1999 21.8).

        After an entry the connection is opened anew: what was taken for one may be a second answer.
        """
        found: list[str] = []
        for _ in range(_MANY_ERRORS):
            entry = self.query("SYST:ERR?")
            if means_no_error(entry):
                break
            found.append(entry or "SYST:ERR? answered nothing")
        if found:
            self.close()
            raise RigFault(f"{after or 'a command'} was refused: {found[0]}.", device=self.resource)

    def _open(self) -> tuple[str, str, str, str]:
        """Open the connection and verify the instrument."""
        import pyvisa  # noqa: PLC0415 - a run without an instrument does without

        try:
            self._visa = pyvisa.ResourceManager(self._backend).open_resource(
                self.resource,
                open_timeout=self._timeout_ms,
                read_termination="\n",
                write_termination="\n",
                timeout=self._timeout_ms,
            )
        except Exception as error:  # back ends raise anything, even bare Exception
            raise RigFault(
                f"cannot be opened with {self._backend or 'the default VISA library'}: {error}.",
                device=self.resource,
                remedy="Check cable, address and VISA library.",
            ) from error
        try:
            return self._identify()
        except BaseException:
            self.close()
            raise

    def _ask(self, command: str) -> str:
        import pyvisa  # noqa: PLC0415 - as above

        try:
            self._visa.write(command)
            # latin-1 keeps every byte unchanged
            answer = self._visa.read(encoding="latin-1").encode("latin-1") if command.endswith("?") else b""
        except (pyvisa.Error, OSError) as error:
            self.close()
            raise RigFault(
                f"{command} was not answered: {error}.",
                device=self.resource,
                remedy="Is it switched on, connected, and the only one at this address?",
            ) from error
        text = plain(answer)
        if text is None:
            self.close()
            raise RigFault(
                f"{command} answered bytes that are no text: {answer!r}.",
                device=self.resource,
                remedy="Set its interface to SCPI and its language to English; on a serial line, the same "
                "speed and parity at both ends.",
            )
        self.raw = text
        return self.raw

    def _identify(self) -> tuple[str, str, str, str]:
        """Maker, model, serial number, firmware from ``*IDN?`` (IEEE 488.2, 10.14)."""
        self._ask("*CLS")
        fields = [field.strip() for field in self._ask("*IDN?").split(",")]
        if len(fields) < 3 or not fields[1]:  # noqa: PLR2004 - maker, model, serial at the least
            raise RigFault(
                f"*IDN? answered {self.raw!r}.", device=self.resource, remedy="Is it the right address?"
            )
        if self._serial and fields[2] != self._serial:
            raise RigFault(
                f"is serial number {fields[2] or '(none)'}, the certificate is for {self._serial}.",
                device=self.resource,
                remedy="Take the instrument of the certificate, or enter the right certificate.",
                final=True,
            )
        maker, model, number, firmware = (*fields, "")[:4]
        return maker, model, number, firmware


class Multimeter(ScpiInstrument):
    """Digital multimeter, SCPI-1999 measurement instructions (MEASure subsystem)."""

    dc_voltage = reading("MEAS:VOLT:DC?", unit="V", within=(-1000, 1000))
    ac_voltage = reading("MEAS:VOLT:AC?", unit="V", within=(0, 750))
    dc_current = reading("MEAS:CURR:DC?", unit="A", within=(-10, 10))
    resistance = reading("MEAS:RES?", unit="Ohm", within=(0, 1e9))

    @classmethod
    def of(cls, connection: Connection, serial: str) -> Self:
        """The multimeter of a ``visa`` connection, with its VISA library and its time limit."""
        return cls(
            connection.path,
            serial=serial,
            backend=str(connection.options.get("backend", "@py")),
            timeout_s=float(str(connection.options.get("timeout_s", 5.0))),
        )
