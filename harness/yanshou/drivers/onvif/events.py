# SPDX-License-Identifier: Apache-2.0
"""The events of an ONVIF device as they are pulled: an event log, and whether nothing can be missing in it.

A device forgets subscriptions, and an answer may be lost on its way. Both leave a gap: what happened in it is
unknown. A subscription may also go on answering and deliver nothing more. Therefore "no event came" is only
said after the device has sent its states anew when asked to (SetSynchronizationPoint).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from yanshou.drivers.onvif.camera import OnvifEndpoint
from yanshou.drivers.onvif.hurry import Hurry
from yanshou.model import Device, Instant, RigFault, now
from yanshou.protocols.onvif import SoapFault
from yanshou.protocols.onvif.pull_point import Notification, PulledSubscription

LIFE_S: Final = 120.0
_REST_S: Final = 0.2  # how long a pull waits: an event lies between two pulls, which is its uncertainty
_POLL_S: Final = 0.1
_RETRY_S: Final = 0.5
_GAP_S: Final = 3.0
_PROOF_S: Final = 3.0  # from the synchronisation point to the first state
_DRAINED_S: Final = 30.0  # until everything was fetched that waited at the device
_PAUSE_S: Final = 0.05  # before the next pull of a device that answers at once although nothing came


@dataclass(frozen=True, slots=True)
class PulledEvent:
    """An event and the instant in which it could first be pulled; with a ``gap`` there is none.

    A gap says why events may have been missed between the one before it and the one after it.
    """

    notification: Notification | None
    arrived: Instant
    gap: str = ""


class OnvifEvents(OnvifEndpoint):
    """Subscribes when it is made, on a connection of its own, and pulls until it is closed.

    ``wanted`` says of a notification whether it is kept; the others prove only that the device delivers.
    Events and gaps are numbered from 1.
    """

    def __init__(self, device: Device, password: str, wanted: Callable[[Notification], bool]) -> None:
        super().__init__(device, password)
        self._wanted = wanted
        self._turn = threading.Condition()
        self._ended = threading.Event()
        self._kept: list[PulledEvent] = []
        self._pulled = self._proven = self._wish = 0.0
        self._hurry = Hurry(self._turn)
        self._failing = ""
        self._most = 1  # notifications that the device has sent in one answer
        self._came = 0.0  # when the last ones came
        self._point: PulledSubscription | None = None
        self._subscribe()
        self._puller = threading.Thread(target=self._forever, name=f"events {device.id}", daemon=True)
        self._puller.start()

    def close(self) -> None:
        """End the subscription and the connection."""
        self._ended.set()
        self._puller.join(_REST_S + _GAP_S)
        if self._point is not None and not self._puller.is_alive():
            self._point.end()
        super().close()

    def newest(self) -> int:
        """The number of the newest event once all that waits now was pulled; RigFault without an answer."""
        self._until(lambda asked: self._pulled >= asked, _GAP_S)
        return len(self._kept)

    def event(self, number: int) -> PulledEvent | None:
        """An event or a gap by its number; None if there is none."""
        return self._kept[number - 1] if 1 <= number <= len(self._kept) else None

    def require_whole(self, since: int) -> None:
        """Raise RigFault unless every event after number ``since`` was delivered."""
        asked = now()
        with self._turn:
            self._wish = asked
        self._until(lambda _: self._proven >= asked, _GAP_S + _PROOF_S)
        if gap := next((one.gap for one in self._kept[since:] if one.gap), ""):
            raise self._unknown(gap)

    # -- within ---------------------------------------------------------------------------------------------

    def _until(self, done: Callable[[float], bool], within: float) -> None:
        asked = now()
        with self._hurry:
            while not done(asked):
                if now() > max(asked, min(self._came, asked + _DRAINED_S)) + within:
                    raise self._unknown(self._failing or "it answers no pull")
                self._turn.wait(_POLL_S)

    def _unknown(self, why: str) -> RigFault:
        what = f"{why.rstrip('.')}: events may be missing, and none can be said not to have come."
        return RigFault(what, device=self.device.id, remedy="Check the connection and measure again.")

    def _forever(self) -> None:
        while not self._ended.is_set():
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it was
                with self._turn:
                    self._failing = error.what if isinstance(error, RigFault) else repr(error)
                    self._turn.notify_all()
                self._ended.wait(_RETRY_S)

    def _subscribe(self) -> None:
        asked = now()
        self._point = PulledSubscription(self.onvif, LIFE_S)
        self._asked, self._renewed, self._answered = asked, asked, True
        self._synchronised = asked  # a new subscription sends all states by itself
        self._stated = False  # a state came since then
        self._renews = True

    def _step(self) -> None:
        if self._point is None:
            self._subscribe()
        assert self._point is not None
        try:
            self._keep_alive(self._point)
            self._pull(self._point)
        except SoapFault as fault:
            self._lost(f"the subscription was lost ({fault.what.rstrip('.')})")
            raise
        except RigFault as fault:
            if self._answered:  # an answer with events may have been on its way
                self._note_gap(f"a pull got no answer ({fault.what.rstrip('.')})")
            self._answered = False
            raise
        self._answered = True

    def _keep_alive(self, point: PulledSubscription) -> None:
        if self._renews and now() > self._renewed + point.life_s / 3:
            self._renew(point)
        if self._wish > self._synchronised:
            asked = now()
            point.synchronise()
            self._synchronised, self._stated = asked, False
        unproven = self._proven < self._synchronised < now() - _PROOF_S and not self._stated
        if unproven and self._wish > self._proven:
            self._lost("the subscription answers and no longer delivers the states of the device")

    def _renew(self, point: PulledSubscription) -> None:
        try:
            point.renew()
        except SoapFault as fault:
            if "ActionNotSupported" not in fault.subcodes:
                raise
            self._renews = False  # then pulling keeps it alive
            self.note(fault.what)
        self._renewed = now()

    def _pull(self, point: PulledSubscription) -> None:
        if self._point is None:
            return
        asked = now()
        found = point.pull(_POLL_S if self._hurry else _REST_S)
        arrived = Instant(min(self._asked, asked), now())
        # The device sends what waits at once, as many as it sends at the most: fewer are all there are.
        self._most = max(self._most, len(found))
        with self._turn:
            self._kept += [PulledEvent(one, arrived) for one in found if self._wanted(one)]
            self._stated = self._stated or any(one.is_state for one in found)
            self._came = arrived.latest if found else self._came
            if len(found) < self._most:
                self._pulled = asked
                self._proven = max(self._proven, self._synchronised) if self._stated else self._proven
            self._asked, self._failing = asked, ""
            self._turn.notify_all()
        if not found and arrived.latest - asked < _PAUSE_S:
            self._ended.wait(_PAUSE_S)

    def _lost(self, why: str) -> None:
        self._note_gap(why)
        self._point = None

    def _note_gap(self, why: str) -> None:
        at = now()
        with self._turn:
            self._kept.append(PulledEvent(None, Instant(self._asked, at), why))
        self.note(why)
