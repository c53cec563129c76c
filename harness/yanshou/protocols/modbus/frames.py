# SPDX-License-Identifier: Apache-2.0
"""Requests and what may count as their answer (Modbus Application Protocol V1.1b3)."""

from __future__ import annotations

from dataclasses import dataclass

from pymodbus.pdu import ExceptionResponse, ModbusPDU

from yanshou.protocols.modbus.area import Area

_EXCEPTION_BIT = 0x80
_PROFILE = "Compare the addresses of the profile with the maker's document."
_EXCEPTIONS = {  # Modbus Application Protocol V1.1b3, 7: what it is called, and what to do about it
    1: ("illegal function", _PROFILE),
    2: ("illegal data address", _PROFILE),
    3: ("illegal data value", _PROFILE),
    4: ("device failure", "Look at the device itself: it reports that it failed in what it was asked."),
    5: ("acknowledge, not done yet", "It needs longer: wait until it is through, then read its state."),
    6: ("device busy", "Let it finish, end other masters that ask it, or ask it less often."),
    8: ("memory parity error", "Restart the device; when it comes again, have it repaired."),
    10: ("gateway path unavailable", "Check the gateway: its port for this unit number, and its load."),
    11: (
        "gateway target did not respond",
        "Check unit number and power of the device, the line behind the gateway, and the gateway's timeout.",
    ),
}
_NOTHING_DONE = frozenset({1, 2, 3})
_LATER = frozenset({5, 6})
ILLEGAL_ADDRESS = 2


READ_CODES = {Area.COIL: 1, Area.DISCRETE: 2, Area.HOLDING: 3, Area.INPUT: 4}


class LinkFault(Exception):
    """The connection to a device failed; ``remedy`` says what to try."""

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what)


class Unreachable(LinkFault):
    """No connection, or no trustworthy one; the request was not sent."""


class Unsure(LinkFault):
    """The request was sent and no trustworthy answer came: a write may or may not have been carried out.

    ``silent``: not a single byte came back, so that the connection itself may be dead.
    """

    def __init__(self, what: str, remedy: str = "", *, silent: bool = False) -> None:
        self.silent = silent
        super().__init__(what, remedy)


class Refused(LinkFault):
    """The device, or a gateway before it, answered with an exception code.

    Only codes 1 to 3 guarantee that nothing was done; after any other a write may have been carried out.
    """

    def __init__(self, code: int, function: int) -> None:
        self.code = code
        word, remedy = _EXCEPTIONS.get(
            code, ("unknown exception", "Look the code up in the maker's document.")
        )
        verb = "refused" if self.nothing_done else "answered"
        super().__init__(f"{verb} function {function:02d} with exception {code} ({word})", remedy)

    @property
    def nothing_done(self) -> bool:
        """Whether the request was certainly not carried out."""
        return self.code in _NOTHING_DONE

    @property
    def later(self) -> bool:
        """Whether a read may succeed if it is repeated after a while."""
        return self.code in _LATER


@dataclass(frozen=True, slots=True)
class Read:
    """A read of ``count`` points from ``address`` (base 0, as on the wire)."""

    unit: int
    area: Area
    address: int
    count: int

    @property
    def function(self) -> int:
        """The function code sent."""
        return READ_CODES[self.area]

    @property
    def answer_bytes(self) -> int:
        """Length of the data part of the answer."""
        return (self.count + 7) // 8 if self.area.is_bits else 2 * self.count

    @property
    def rtu_length(self) -> int:
        """Length of the whole answer as an RTU frame."""
        return 5 + self.answer_bytes

    def values_of(self, answer: ModbusPDU) -> tuple[int, ...] | None:
        """The points read; None if this cannot be the answer to this read."""
        if self.area.is_bits:
            bits = list(answer.bits)
            return tuple(map(int, bits[: self.count])) if len(bits) == 8 * self.answer_bytes else None
        return tuple(answer.registers) if len(answer.registers) == self.count else None


@dataclass(frozen=True, slots=True)
class Write:
    """A command: the ``values`` from ``address`` on, bits as 0 and 1.

    A ``raw`` coil is written with its one value as the word itself: some boards read it as a length of time,
    where the standard knows only 0xFF00 and 0 (Modbus Application Protocol V1.1b3, 6.5). ``several`` sends
    even one value by the function for several, for devices that know no other.
    """

    unit: int
    area: Area
    address: int
    values: tuple[int, ...]
    raw: bool = False
    several: bool = False

    @property
    def by_several(self) -> bool:
        """Whether the function for several points is used."""
        return self.several or len(self.values) > 1

    @property
    def function(self) -> int:
        """The function code sent: one point or several."""
        single, several = (5, 15) if self.area is Area.COIL else (6, 16)
        return several if self.by_several else single

    @property
    def rtu_length(self) -> int:
        """Length of the whole answer as an RTU frame."""
        return 8

    def values_of(self, answer: ModbusPDU) -> tuple[int, ...] | None:
        """The written values if the answer fits; None if this cannot be the answer."""
        if answer.address != self.address:
            return None
        if self.raw:
            return self.values if [bool(bit) for bit in answer.bits[:1]] == [bool(self.values[0])] else None
        if self.by_several:
            return self.values if answer.count == len(self.values) else None
        echoed = answer.bits if self.area is Area.COIL else answer.registers
        return self.values if [int(value) for value in echoed] == list(self.values) else None


Request = Read | Write


def checked(request: Request, answer: ModbusPDU) -> tuple[int, ...]:
    """Take the values out of ``answer``.

    Raises ``Refused`` for an exception response and ``Unsure`` for an answer to some other question; the
    library itself compares neither function, nor length, nor echo.
    """
    if isinstance(answer, ExceptionResponse):
        if answer.function_code == request.function | _EXCEPTION_BIT:
            raise Refused(answer.exception_code, request.function)
    elif answer.function_code == request.function and (values := request.values_of(answer)) is not None:
        return values
    raise Unsure(
        f"answered function {request.function:02d} at {request.area} {request.address} with something else",
        "Look for a second master or a second device with the same unit number on this bus.",
    )
