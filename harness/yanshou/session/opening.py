# SPDX-License-Identifier: Apache-2.0
"""Opening the bench so that it closes safely: no relay moves before the watchdog knows the way back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from yanshou.acquisition import Acquisition
from yanshou.drivers.bench import Bench
from yanshou.model import RigFault, Site
from yanshou.session.watchdog import Watchdog


@contextlib.contextmanager
def opened_bench(
    site: Site,
    *,
    permit: Callable[[], None],
    log: Path | None = None,
    told: Callable[[str], object] = lambda _: None,
    doubted: Callable[[RigFault], None] = lambda _: None,
    bounds: Mapping[str, float] = MappingProxyType({}),
    permit_contact: Callable[[str], None] = lambda _: None,
    away: Callable[[list[str]], object] = lambda _: None,
) -> Iterator[Bench]:
    """The bench of ``site``, all relays at rest before and after; ``told`` hears how it is scheduled.

    ``permit`` is asked before every stimulus, ``doubted`` told of each that may have been given although its
    answer failed; ``bounds`` are the calibrated ones of its contacts.  ``permit_contact`` is asked with the
    name of each relay before it leaves its rest state, ``away`` told which relays an earlier run left away
    from it.  A watchdog that is gone stops every stimulus.  What does not open whole gives its buses back.
    """
    guard: list[Watchdog] = []

    def allowed() -> None:
        for watchdog in guard:
            watchdog.require_alive()
        permit()

    with contextlib.ExitStack() as opened:
        acquisition = opened.enter_context(Acquisition(permit=allowed, doubted=doubted))
        told(acquisition.note)
        bench = Bench(site, acquisition, bounds, permit_contact)
        guard.append(opened.enter_context(Watchdog(bench.relays(), log=log)))
        opened.callback(bench.rest)
        if left := bench.away_from_rest():  # an earlier run may have died together with its watchdog
            away(left)
        bench.rest()
        yield bench
