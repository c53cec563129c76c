# SPDX-License-Identifier: Apache-2.0
"""Platform silent, then refusing: how all devices bear it at once, since each takes minutes.

Silent: a device misses its keepalives, takes the platform as offline and registers anew, again and again.
Once two of its attempts went unanswered the platform refuses two more, and then serves it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yanshou.acquisition.sip_platform import PlatformConduct, ReceivedSip, SipEvent
from yanshou.drivers.gb28181.platform import SitePlatform
from yanshou.evaluation.sip import attempts
from yanshou.model import now

_EACH = 2
_POLL_S = 0.2
_BACK_S = 200.0


@dataclass(frozen=True, slots=True)
class Silence:
    """What one device sent from ``start`` on; ``seconds`` is how long it was watched."""

    start: float
    seconds: float
    entries: tuple[ReceivedSip, ...]


def watch_silence(platform: SitePlatform, devices: Iterable[str], *, within: float) -> dict[str, Silence]:
    """Be silent to these devices (ids), then refuse them, for ``within`` seconds at most; then serve all."""
    names = list(dict.fromkeys(devices))
    mark, start = platform.inner.mark(), now()
    until = start + within
    for name in names:
        platform.inner.conduct(name, PlatformConduct.SILENT)
    watched = set(names)
    try:
        while watched and now() < until:
            match = {"device": sorted(watched), "method": "REGISTER"}
            newest = platform.inner.mark()
            watched -= {name for name in watched if _is_done(platform, name, mark)}
            if watched:
                platform.inner.wait(newest, match, until=min(until, now() + _POLL_S))
    finally:
        for name in names:
            platform.undisturbed(name)
    ended = now()
    found = {name: platform.inner.received(mark, {"device": name}) for name in names}
    _wait_back(platform, names, mark, ended + _BACK_S)
    return {name: Silence(start, ended - start, tuple(found[name])) for name in names}


def _is_done(platform: SitePlatform, name: str, mark: int) -> bool:
    tried = attempts(platform.inner.received(mark, {"device": name, "method": "REGISTER"}))
    unanswered = sum(one.kind is SipEvent.UNANSWERED for one in tried)
    refused = sum(one.kind is SipEvent.REFUSED for one in tried)
    if unanswered >= _EACH and not refused:
        platform.inner.conduct(name, PlatformConduct.REFUSE)
    return refused >= _EACH


def _wait_back(platform: SitePlatform, names: list[str], mark: int, until: float) -> None:
    """Wait until every device that was registered before and tried to register is registered again."""
    for name in names:
        match: dict[str, object] = {"device": name, "kind": SipEvent.REGISTERED.value}
        was = any(one.number <= mark for one in platform.inner.received(0, match))
        if was and attempts(platform.inner.received(mark, {"device": name, "method": "REGISTER"})):
            platform.inner.wait(mark, match, until=until)
