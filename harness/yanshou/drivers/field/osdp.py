# SPDX-License-Identifier: Apache-2.0
"""OSDP lines of the bench: a card source behind the reader's cable, and a listener on a reader's line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yanshou.acquisition.osdp import OsdpListener, OsdpReaderLine
from yanshou.drivers.field.credential import ProfileCredential
from yanshou.drivers.field.points import ModbusLink
from yanshou.model import Device, Instant, UsageError
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.model.site import mistake_of
from yanshou.protocols.osdp import GREATEST_ADDRESS, read_key


def keys_of(device: Device, secret: str, addresses: Iterable[int]) -> dict[int, bytes | None]:
    """The secure channel base key of each address: ``secret`` is one for all, or ``1=HEX 2=HEX``.

    None for an address without a key. Raises ``UsageError``, which never quotes a key.
    """
    wanted = sorted(set(addresses))
    if not all(number <= GREATEST_ADDRESS for number in wanted):
        what = f"OSDP has the addresses 0 to {GREATEST_ADDRESS}, not {wanted[-1]}."
        raise UsageError([mistake_of(device, what, "Correct the wiring of its readers.")])
    try:
        if "=" not in secret:
            one = read_key(secret) if secret else None
            return dict.fromkeys(wanted, one)
        pairs = [part.partition("=") for part in secret.split()]
        named = {int(number): read_key(key) for number, _, key in pairs}
    except ValueError as error:
        remedy = "Write the 32 digits where the site file says it is kept, or 1=DIGITS 2=DIGITS by address."
        raise UsageError([mistake_of(device, f"{_cause(error)}.", remedy)]) from None
    return {number: named.get(number) for number in wanted}


def _cause(error: ValueError) -> str:
    """Our own words; those of ``int`` would quote a part of the secret."""
    text = str(error)
    return text if text.startswith("its key") else "an address of its keys is no number"


class OsdpCredential(ProfileCredential):
    """A card source: the bench is the reader with the address ``number`` of the line.

    The instant ends with the controller's next command, which proves that it received the whole credential.
    """

    def __init__(
        self,
        link: ModbusLink,
        number: int,
        permit: Callable[[str], None],
        permit_duress: Callable[[], None],
        join: Callable[[], OsdpReaderLine],
    ) -> None:
        super().__init__(link, number, permit, permit_duress)
        self._line = link
        self._join = join

    def send(self, credential: str) -> Instant:
        """Report what ``credential`` describes; see ``protocols.card``."""
        parts = self.parts(credential)
        self.ask_permission(credential)
        within = self._line.bus.timeout_s
        return self._join().present(self._number, parts, within=within)

    def facts(self) -> ReaderLineFacts:
        """What the controller did on the line to this reader so far."""
        return self._join().facts(self._number)


class OsdpReaderTap:
    """A ``ContactInput`` and ``ReaderLineWitness``: the line to the reader ``number``, only listened to.

    It is active while the reader reports a credential, which is seen when the report is complete. None is
    returned only if the line was heard all the time.
    """

    def __init__(self, device: Device, number: int, listener: OsdpListener) -> None:
        self._device = device
        self._number = number
        self._listener = listener

    @property
    def name(self) -> str:
        return f"{self._device.id}/{self._number}"

    def is_active(self) -> bool:
        return False  # polls run on it all the time, and no report is seen before its end

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        return self.wait_active(since=since, within=within)

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        return self._listener.report(self._number, since=since, within=within)

    def facts(self) -> ReaderLineFacts:
        return self._listener.facts(self._number)
