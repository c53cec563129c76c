# SPDX-License-Identifier: Apache-2.0
"""Opening the bench so that it closes safely: no relay moves before the watchdog knows the way back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.permission import StimulusPermission
from yanshou.model import RigFault, Site
from yanshou.rig.watchdog import Watchdog


@contextlib.contextmanager
def opened_bench(
    site: Site,
    *,
    permit: Callable[[], None],
    gate: StimulusPermission,
    log: Path | None = None,
    told: Callable[[str], object] = lambda _: None,
    doubted: Callable[[RigFault], None] = lambda _: None,
    bounds: Mapping[str, float] = MappingProxyType({}),
    away: Callable[[list[str]], object] = lambda _: None,
) -> Iterator[Bench]:
    """The bench of ``site``, all relays at rest before and after; ``told`` hears how it is scheduled.

    ``permit`` is asked before every stimulus, ``doubted`` told of each that may have been given although its
    answer failed; ``bounds`` are the calibrated ones of its contacts.  ``gate`` is asked for each
    stimulus by what it reaches, ``away`` told which relays an earlier run left away
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
        bench = Bench(site, acquisition, bounds, gate)
        watchdog = opened.enter_context(Watchdog(bench.relays(), log=log))
        guard.append(watchdog)
        if left := bench.away_from_rest():  # an earlier run may have died together with its watchdog
            away(left)
        _first_rest(bench, watchdog, left)
        opened.callback(bench.rest)
        yield bench


def _first_rest(bench: Bench, watchdog: Watchdog, left: Sequence[str]) -> None:
    """All relays at rest; a board that is silent is named, and nothing of this run is left to undo."""
    try:
        bench.rest()
    except RigFault as fault:
        watchdog.close()
        moved = "Only what an earlier run left open was closed." if left else "Nothing was moved."
        raise RigFault(
            f"{fault.what.removeprefix(f'{fault.device} ').rstrip('.')}. {moved}",
            device=fault.device,
            remedy="Check its supply, cable and address; cut its supply if an earlier run may have left a "
            "circuit open.",
        ) from fault
