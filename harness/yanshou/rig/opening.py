# SPDX-License-Identifier: Apache-2.0
"""Opens the bench so that it closes safely.

No relay moves before the watchdog knows the rest state of all of them.
"""

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
    note: Callable[[str], object] = lambda _: None,
    doubted: Callable[[RigFault], None] = lambda _: None,
    bounds: Mapping[str, float] = MappingProxyType({}),
    away: Callable[[list[str]], object] = lambda _: None,
) -> Iterator[Bench]:
    """Open the bench of ``site``, with all relays at rest before and after.

    ``note`` is called with the scheduling that was granted. ``permit`` is called before every stimulus,
    ``gate`` with the terminal that a stimulus uses, ``doubted`` with each stimulus that may have been given
    although its answer failed, ``away`` with the relays that an earlier run left away from rest. ``bounds``
    are the calibrated bounds of the contacts. Once the watchdog is gone no stimulus is given. If opening
    fails, all buses are released.
    """
    guard: list[Watchdog] = []

    def allowed() -> None:
        for watchdog in guard:
            watchdog.require_alive()
        permit()

    with contextlib.ExitStack() as opened:
        acquisition = opened.enter_context(Acquisition(permit=allowed, doubted=doubted))
        note(acquisition.note)
        bench = Bench(site, acquisition, bounds, gate)
        opened.callback(bench.close)
        watchdog = opened.enter_context(Watchdog(bench.relays(), log=log))
        guard.append(watchdog)
        if left := bench.away_from_rest():  # an earlier run may have died together with its watchdog
            away(left)
        _first_rest(bench, watchdog, left)
        opened.callback(bench.rest)
        yield bench


def _first_rest(bench: Bench, watchdog: Watchdog, left: Sequence[str]) -> None:
    """Put all relays at rest; a board that does not answer is named, and nothing was moved yet."""
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
