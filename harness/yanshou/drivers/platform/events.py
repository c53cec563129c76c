# SPDX-License-Identifier: Apache-2.0
"""From the JSON of a platform to events: which device, what, when, by the fields of its profile. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from yanshou.drivers.platform.profile import PlatformProfile
from yanshou.model.local_time import UnclearTimeError, moment_of

MOST_EVENTS = 10_000
_LONGEST_NAME = 200


class UnreadableEventsError(ValueError):
    """The JSON holds no events where the profile says so; the message tells what was found."""


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """One event in the platform's own words.

    ``kind`` is one of ``profile.KINDS``, empty for a word the profile does not know; ``device`` is the
    platform's name of the device. ``when`` is None where the time is missing or cannot be read, and
    ``oddity`` says so. ``id`` tells doubled deliveries; without one it is made of everything else.
    """

    id: str
    device: str
    kind: str
    word: str
    when: datetime | None
    plate: str = ""
    oddity: str = ""


def events_of(profile: PlatformProfile, text: str, place: str, zone: tzinfo) -> list[PlatformEvent]:
    """The events of a body, whose list is at ``place`` (empty: the body itself, or one event).

    A time without an offset is taken in ``zone``. Raises UnreadableEventsError.
    """
    try:
        found = value_at(json.loads(text), place) if place else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableEventsError(f"is no JSON ({type(error).__name__})") from None
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise UnreadableEventsError(f"has no list of events at {place or 'its top'}")
    if len(found) > MOST_EVENTS:
        raise UnreadableEventsError(f"has {len(found)} events, at most {MOST_EVENTS} are read")
    if any(not isinstance(one, dict) for one in found):
        raise UnreadableEventsError("has an event that is no object")
    return [_event(profile, one, zone) for one in found]


def value_at(document: object, path: str) -> object:
    """The value at a path of names and list places (``data.list.0``); None where there is none."""
    for part in path.split("."):
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return None
    return document


def _event(profile: PlatformProfile, given: object, zone: tzinfo) -> PlatformEvent:
    texts = {name: _text(value_at(given, path)) for name, path in profile.fields.items()}
    when, oddity = _time(value_at(given, profile.fields.get("time", "")), profile.time_form, zone)
    word, device = texts.get("kind", ""), texts.get("device", "")
    if not device:
        oddity = "names no device"
    made = hashlib.sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return PlatformEvent(
        id=texts.get("id", "") or made,
        device=device,
        kind=profile.kinds.get(word.casefold(), ""),
        word=word,
        when=when,
        plate="".join(texts.get("plate", "").split()).upper(),
        oddity=oddity,
    )


def _text(value: object) -> str:
    """A word or a whole number as text; anything else is no name."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:_LONGEST_NAME]


def _time(value: object, form: str, zone: tzinfo) -> tuple[datetime | None, str]:
    if value is None:
        return None, "has no time"
    try:
        if form in {"epoch_s", "epoch_ms"}:
            number = float(str(value))
            return datetime.fromtimestamp(number / (1000 if form == "epoch_ms" else 1), UTC), ""
        text = str(value)
        read = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
    except (ValueError, OverflowError, OSError):
        return None, f"has a time that is none ({str(value)[:40]!r})"
    if read.tzinfo:
        return read.astimezone(UTC), ""
    try:
        return moment_of(read, zone), ""
    except UnclearTimeError as error:
        return None, f"has the time {error}"
