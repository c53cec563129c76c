# SPDX-License-Identifier: Apache-2.0
"""The description of a wire, and of a line protocol used on wires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

NETWORK = frozenset({"host", "port", "timeout_s"})
SERIAL = frozenset({"path", "baud", "parity", "stop", "bits", "timeout_s"})
SECRET = frozenset({"password", "code"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One received message; if ``fault`` is set, it was garbled and its contents are unknown.

    ``remedy`` says what to do about the fault, where something is known.
    """

    text: str
    fault: str = ""
    remedy: str = ""


class Framing(Protocol):
    """Cuts a stream of bytes into messages."""

    @property
    def pending(self) -> bool:
        """Whether a message has begun and not ended."""
        ...

    def feed(self, data: bytes) -> list[Heard]: ...
    def encode(self, text: str) -> bytes: ...
    def clear(self) -> None: ...


class Language:
    """A line protocol: how messages are framed, and what a profile may write in them.

    ``profiles`` are the values of ``protocol`` in a profile that select it. ``over_http``: questions are
    paths of a web server, so their answers need no pattern, and records are read by the names of their
    fields. ``plain``: a message is text as a person reads it, with numbers written in decimal digits.
    """

    name = ""
    profiles: tuple[str, ...] = ()
    over_http = False
    plain = False

    def framing(self, eol: str, checksum: str, coding: str) -> Framing:
        """The framing of a stream that ends its messages with ``eol`` and writes them in ``coding``."""
        raise NotImplementedError

    def fault_in_question(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a ``request`` and the remedy; None when it may be sent."""
        return self.fault_in_text(text)

    def fault_in_text(self, text: str) -> tuple[str, str] | None:  # noqa: ARG002 - any text is a line
        """What is wrong with a text that is sent, and the remedy; None when it can be sent."""
        return None


@dataclass(frozen=True, slots=True)
class Wire:
    """One way to connect a device.

    ``name`` is the ``protocol`` of its connection, ``keys`` are the other keys of the connection. ``profile``
    is the ``protocol`` of the profiles whose devices it reaches; empty where no profile is needed. ``port``
    is where a device listens unless its connection says otherwise. ``framed_by_silence``: frames have no
    number, so a late answer looks like the answer to the next question. ``calls``: the device calls the
    bench, so where it is need not be known.
    """

    name: str
    keys: frozenset[str]
    profile: str = ""
    port: int | None = None
    serial: bool = False
    framed_by_silence: bool = False
    calls: bool = False

    @property
    def by_profile(self) -> bool:
        """Whether a profile explains the device's messages; the acquisition process then owns the wire."""
        return bool(self.profile)


def wire_to(wires: Mapping[str, Wire], profile: str, *, serial: bool) -> Wire | None:
    """The first wire that reaches devices with such a profile over a serial line, or over a network."""
    return next((one for one in wires.values() if one.profile == profile and one.serial is serial), None)
