# SPDX-License-Identifier: Apache-2.0
"""The event subscriptions of an emulated ONVIF device: events and states, pulled by a client."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from yanshou.emulation.faults import FaultBook
from yanshou.emulation.video.pull_points import notification
from yanshou.emulation.video.soap import EmulatedSoapFault, el

_MOST_QUEUED = 4_000
_LONGEST_LIFE_S = 600.0


@dataclass(slots=True)
class Subscription:
    """What waits to be pulled; ``until`` is when it ends, in monotonic seconds."""

    until: float
    queue: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_QUEUED))
    delivered: int = 0


class Subscriptions:
    """All subscriptions of one device. ``states`` gives the notifications of all its states now."""

    def __init__(self, device: str, faults: FaultBook, states: Callable[[], list[str]]) -> None:
        self._states = states
        self._turn = Condition()
        self._open: dict[str, Subscription] = {}
        self._silent = faults.find("events_silent", device)
        self._forgotten = faults.find("events_forgotten", device)

    def create(self, life_s: float) -> tuple[str, float]:
        """A new subscription: its token, and how long it lives, in seconds."""
        life = min(life_s, _LONGEST_LIFE_S)
        ends = min(life, self._forgotten.number()) if self._forgotten else life
        token = secrets.token_hex(4)
        with self._turn:
            self._open[token] = Subscription(time.monotonic() + ends)
            self._open[token].queue.extend(self._states())
        return token, life

    def renew(self, token: str, life_s: float) -> float:
        """Prolong a subscription, unless the device is one that forgets; for how long, in seconds."""
        life = min(life_s, _LONGEST_LIFE_S)
        with self._turn:
            found = self._found(token)
            if self._forgotten is None:
                found.until = time.monotonic() + life
        return life

    def end(self, token: str) -> None:
        """End a subscription."""
        with self._turn:
            self._found(token)
            del self._open[token]

    def synchronise(self, token: str) -> None:
        """Send all states anew."""
        states = self._states()
        with self._turn:
            self._found(token).queue.extend(states)
            self._turn.notify_all()

    def tell(self, message: str) -> None:
        """Something happened: every subscription is told."""
        with self._turn:
            for one in self._open.values():
                one.queue.append(message)
            self._turn.notify_all()

    def pull(self, token: str, wait_s: float, limit: int, stopped: Callable[[], bool]) -> list[str]:
        """What waits, at most ``limit``; waits for something, unless ``stopped``."""
        end = time.monotonic() + wait_s
        with self._turn:
            while True:
                one = self._found(token)
                if self._silent is not None and one.delivered >= self._silent.number():
                    one.queue.clear()
                if one.queue or time.monotonic() >= end or stopped():
                    break
                self._turn.wait(min(0.05, max(end - time.monotonic(), 0.0)))
            found = [one.queue.popleft() for _ in range(min(limit, len(one.queue)))]
            one.delivered += len(found)
            return found

    def _found(self, token: str) -> Subscription:
        one = self._open.get(token)
        if one is None or one.until < time.monotonic():
            raise EmulatedSoapFault("no such pull point", "InvalidArgVal", "ResourceUnknown")
        return one


def event_message(
    topic: str, source: tuple[str, str], data: dict[str, str], utc: str, operation: str = ""
) -> str:
    """A notification message; events that are no states have no property operation."""
    message = notification(topic, dict([source]), data, utc, operation)
    return el("wsnt:NotificationMessage", message.replace(' PropertyOperation=""', ""))
