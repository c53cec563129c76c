# SPDX-License-Identifier: Apache-2.0
"""Pull points: what a client subscribed to, and which states were sent to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.emulation.video.soap import el, leaf

MOTION = "tns1:VideoSource/MotionAlarm"
JOB_STATE = "tns1:RecordingConfig/JobState"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
"""Dialect of the topics given out."""


@dataclass(frozen=True, slots=True)
class Property:
    """One state that a device reports: topic, source, and the name of its value."""

    topic: str
    source: tuple[tuple[str, str], ...]
    name: str


@dataclass(slots=True)
class PullPoint:
    """A subscription; ``until`` is in monotonic seconds, ``sent`` are the states already sent."""

    until: float
    filters: tuple[str, ...]
    sent: dict[Property, str] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether it has neither ended nor expired."""
        return time.monotonic() < self.until

    def news(self, states: Mapping[Property, str], limit: int) -> list[tuple[Property, str, str]]:
        """Up to ``limit`` states not sent yet: (property, value, property operation)."""
        found: list[tuple[Property, str, str]] = []
        for prop, value in states.items():
            if len(found) < limit and self._wanted(prop.topic) and self.sent.get(prop) != value:
                found.append((prop, value, "Changed" if prop in self.sent else "Initialized"))
                self.sent[prop] = value
        return found

    def _wanted(self, topic: str) -> bool:
        return not self.filters or any(topic_matches(text, topic) for text in self.filters)


def topic_matches(expression: str, topic: str) -> bool:
    """Whether a concrete-set expression names a topic: alternatives by ``|``, subtopics by ``//.``."""
    for alternative in expression.split("|"):
        wanted = alternative.strip()
        if wanted.endswith("//."):
            root = wanted[:-3]
            if topic == root or topic.startswith(root + "/"):
                return True
        elif wanted == topic:
            return True
    return False


def items(tag: str, pairs: Mapping[str, str]) -> str:
    """Simple items of an event's message."""
    return el(tag, *(el("tt:SimpleItem", Name=name, Value=value) for name, value in pairs.items()))


def notification(
    topic: str, source: Mapping[str, str], data: Mapping[str, str], utc: str, operation: str
) -> str:
    """Topic and message of WS-Notification, as in pull points and event searches."""
    message = el(
        "tt:Message",
        items("tt:Source", source),
        items("tt:Data", data),
        UtcTime=utc,
        PropertyOperation=operation,
    )
    return leaf("wsnt:Topic", topic, Dialect=CONCRETE_SET) + el("wsnt:Message", message)
