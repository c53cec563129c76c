# SPDX-License-Identifier: Apache-2.0
"""The caller's side of an OSDP line: the bench as its readers, or listening to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yanshou.acquisition.process import Process
from yanshou.model import Instant, now
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.protocols.bus import Bus
from yanshou.protocols.card import Part, as_data

_REQUEST_S = 20.0


class OsdpReaderLine:
    """The bench answers on the line for the readers of ``keys``, an address each; None means without a key.

    Creating it is a stimulus: from then on the controller sees these readers.
    """

    def __init__(self, process: Process, bus: Bus, keys: Mapping[int, bytes | None]) -> None:
        self._process = process
        self._bus = bus
        key_texts = {str(number): key.hex() if key else "" for number, key in keys.items()}
        process.call("osdp_join", _REQUEST_S, bus=bus.as_json(), keys=key_texts)

    def present(self, address: int, parts: Sequence[Part], *, within: float) -> Instant:
        """Report a credential; raises ``RigFault`` if the controller is not there ``within`` seconds.

        The instant begins with the sending of the last part and ends with the controller's next command,
        which proves that it had received it.
        """
        pair = self._process.call(
            "osdp_present",
            within + _REQUEST_S,
            bus=self._bus.key,
            address=address,
            parts=[as_data(part) for part in parts],
            within=within,
        )
        return Instant(*pair)

    def facts(self, address: int) -> ReaderLineFacts:
        """What the line has shown to this reader so far."""
        return _facts(self._process, self._bus, address)


class OsdpListener:
    """Listens to a line between readers and controller; ``delay_s``: how long a byte may be on the way."""

    def __init__(self, process: Process, bus: Bus, delay_s: float) -> None:
        self._process = process
        self._bus = bus
        process.call("osdp_listen", _REQUEST_S, bus=bus.as_json(), delay_s=delay_s)

    def report(self, address: int, *, since: Instant, within: float) -> Instant | None:
        """When a reader reported a credential; None only if it proved to have nothing to report."""
        pair = self._process.call(
            "osdp_report",
            max(0.0, since.latest + within - now()) + _REQUEST_S,
            bus=self._bus.key,
            address=address,
            since=since.as_pair(),
            within=within,
        )
        return None if pair is None else Instant(*pair)

    def facts(self, address: int) -> ReaderLineFacts:
        """What the line of this reader has shown so far."""
        return _facts(self._process, self._bus, address)


def _facts(process: Process, bus: Bus, address: int) -> ReaderLineFacts:
    return ReaderLineFacts(**process.call("osdp_facts", _REQUEST_S, bus=bus.key, address=address))
