# SPDX-License-Identifier: Apache-2.0
"""Writes what happens to the journal, under the item that is running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from yanshou.evidence import BlobStore, Event
from yanshou.evidence.journal import OWN_LINE, Appendable
from yanshou.model import Finding, Instant, Measurement, Reserve, RigFault

T = TypeVar("T")


class ItemJournal:
    """The journal as the session sees it: it knows which item is running.

    When it can no longer be written, ``on_loss`` is called once and must end the run; bringing the bench to
    rest then continues without a record.
    """

    def __init__(self, journal: Appendable, blobs: BlobStore) -> None:
        self._journal = journal
        self._blobs = blobs
        self._lost = False
        self.on_loss: Callable[[RigFault], object] | None = None
        self.item = ""
        self._last: dict[str, float] = {}  # when each device was last stimulated
        self._lines: dict[str, int] = {}  # and in which line of the journal that stands
        self.stimulated = False  # whether anything was stimulated since this was last set to False

    @property
    def head(self) -> str:
        """The SHA-256 of the last line."""
        return self._journal.head

    def note(self, kind: str, **fields: object) -> Event:
        """Write an event of the running item."""
        self.stimulated = self.stimulated or kind == "stimulus"
        return self._kept(lambda: self._journal.append(kind, item=self.item, **fields), {})

    def event(self, kind: str, **fields: object) -> Event:
        """Write an event of the run as a whole."""
        return self._kept(lambda: self._journal.append(kind, **fields), {})

    @contextmanager
    def as_item(self, item: str) -> Iterator[None]:
        """Write under another item what the running one found of it."""
        running, self.item = self.item, item
        try:
            yield
        finally:
            self.item = running

    def stimulus(self, what: str, via: str, instant: Instant) -> Instant:
        """Write a stimulus that was given; returns its instant."""
        self._last[via] = instant.latest
        self._lines[via] = int(self.note("stimulus", what=what, via=via, instant=instant).get("seq", 0))
        return instant

    def last_stimulus(self, via: str) -> float | None:
        """When the device was last stimulated in this session, in seconds of ``now``; None: never."""
        return self._last.get(via)

    def last_line(self, via: str) -> int:
        """The line of the journal with the device's last stimulus; 0 if it had none in this session."""
        return self._lines.get(via, 0)

    def observation(
        self, what: str, via: str, instant: Instant | None, value: object = None
    ) -> Instant | None:
        """Write something that was seen, or waited for in vain (no instant, no value).

        Returns the instant.
        """
        self.note("observation", what=what, via=via, instant=instant, value=value)
        return instant

    def evidence(self, data: bytes, name: str, media_type: str, note: str = "") -> str:
        """Keep a piece of evidence; it is on the disk before the journal names it.  Returns its SHA-256."""
        digest = self._kept(lambda: self._blobs.put(data), "")
        self.note("evidence", sha256=digest, name=name, media_type=media_type, bytes=len(data), note=note)
        return digest

    def _kept(self, write: Callable[[], T], nothing: T) -> T:
        if self._lost:
            return nothing
        try:
            return write()
        except RigFault as fault:
            self._lost = True
            if self.on_loss is not None:
                self.on_loss(fault)
            raise

    def measurement(self, measurement: Measurement) -> str:
        """Write a measurement; returns the id that findings refer to."""
        fields = _fields(measurement)
        del fields["reservations"]  # they stand in the journal by their reason
        for why in Reserve:
            fields[why.value] = tuple(one.text for one in measurement.reservations if one.why is why)
        return str(self.note("measurement", id=OWN_LINE, **fields).get("id", ""))

    def finding(self, finding: Finding) -> None:
        """Write a finding."""
        self.note("finding", **_fields(finding))


def _fields(record: Measurement | Finding) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
