# SPDX-License-Identifier: Apache-2.0
"""How long a visit to a hotel of 24 zones, 6 doors and 60 cameras takes: estimated, and run twice.

The estimates are those that ``yanshou plan`` prints.  Then the emulated hotel is run for real, once one item
after the other (``--serial``) and once side by side in two lanes.  The waits of its plan (600 s of latching,
60 s of frames) are divided by ``--factor`` in both runs, so the watches are real but short; all else takes
the time it takes, with emulated devices and no person.  What is compared:

- the time of the visit as it was run, from the first item to the last;
- that time with the waits put back to their full length.  Each watch in the journal counts, one after the
  other, also where the two lanes watched at the same time: side by side it is an upper bound;
- the verdict of every finding, and U by measurand (geometric mean).

The playback of the recorders is in the estimates and not in the runs, unless ``--playback`` is given: it
keeps the processor busy for many minutes where the emulation makes the pictures of 60 channels
beside it.
``--estimates`` runs nothing; ``--keep DIR`` keeps the runs.  The runs mostly wait and may be made beside
other work, which lengthens what is no wait in both.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.both_ways import BothWays, OneWay, run_both_ways, shortened
from tests.benchmarks.figure import Figure, tell
from tests.benchmarks.hotel import PLAYBACK, WAITS, build_hotel
from yanshou.fixtures.declared import covered_measurands
from yanshou.fixtures.prepare import beginning_of
from yanshou.planning import lanes_for
from yanshou.planning.covered import Together
from yanshou.planning.duration import seconds
from yanshou.planning.lanes import LEAST_S

_SHOWN = 8
_FACTOR = 20.0
_MOST_MIN, _MOST_U = 60.0, 1.1
_READERS = 2  # a stream is received once by each of two readers
_RECEIVED, _BESIDE = "live_frame_rate", "stream beside others"


def main(argv: Sequence[str] = ()) -> int:
    """Print the estimates, then the figures of the two runs; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--factor", type=float, default=_FACTOR, help="by which waits are divided")
    parser.add_argument("--estimates", action="store_true", help="run nothing")
    parser.add_argument("--playback", action="store_true", help="play the recorders in the runs, too")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the runs stay")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yanshou-hotel-") as temporary:
        folder = options.keep or Path(temporary)
        figures = _estimates(build_hotel(folder / "whole"))
        if not options.estimates:
            site = build_hotel(folder / "hotel", without=() if options.playback else (PLAYBACK,))
            shortened(site, {name: usual / options.factor for name, usual in WAITS.items()})
            lanes = f"--yanshou-spare={LEAST_S / options.factor:g}"
            figures += _measured(run_both_ways(site, folder, together=[lanes]), options.factor)
    return tell("visit", figures)


def _estimates(site_folder: Path) -> list[Figure]:
    covered = covered_measurands()
    now = beginning_of(site_folder)
    items, site = now.plan.items, now.site
    each = now.plan.estimated_s
    alone = sum(seconds(site, covered[item.measurand]) * item.repetitions for item in items)
    lanes = lanes_for(items, site, covered, each)
    longest: dict[str, float] = dict.fromkeys((item.measurand for item in items), 0.0)
    for item in items:
        longest[item.measurand] += each[item.id]
    for name, lasting in sorted(longest.items(), key=lambda one: one[1], reverse=True)[:_SHOWN]:
        print(f"{name:44} {lasting / 60:8.1f} min")
    return [
        Figure("estimated, one after the other", alone / 60, "min"),
        Figure("estimated, watches side by side", sum(each.values()) / 60, "min"),
        Figure("estimated, in lanes", lanes.seconds / 60, "min"),
        Figure("items beside the bench", len(lanes.all_beside), "items"),
        Figure("items in all", len(items), "items"),
    ]


def _measured(both: BothWays, factor: float) -> list[Figure]:
    different = both.differing()
    print("\n".join(different), end="\n" if different else "")
    for name, ratio in both.u_ratios().items():
        print(f"U side by side over one by one: {name:30} {ratio:8.3f}")
    serial, together = both.serial, both.together
    full = {way: (ran.seconds + (factor - 1) * waited(ran, factor)) / 60 for way, ran in both.named()}
    return [
        Figure("waits divided by", factor, ""),
        Figure("run, one after the other", serial.seconds / 60, "min"),
        Figure("run, side by side in lanes", together.seconds / 60, "min"),
        Figure("run, factor", both.time_ratio, ""),
        Figure("of it watches, one after the other", waited(serial, factor) / 60, "min"),
        Figure("of it watches, side by side", waited(together, factor) / 60, "min"),
        Figure("with full waits, one after the other", full["serial"], "min"),
        Figure("with full waits, side by side, at most", full["together"], "min", at_most=_MOST_MIN),
        Figure("with full waits, factor", full["serial"] / full["together"], ""),
        Figure("findings", len(serial.verdicts), "", at_least=1),
        Figure("differing verdicts", len(different), "", at_most=0),
        Figure("U, side by side over one by one", both.u_ratio(), "", at_most=_MOST_U),
    ]


def waited(ran: OneWay, factor: float) -> float:
    """The seconds of all watches of the plan's waits in this run, one after the other, by its journal."""
    hold_s, window_s = (WAITS[name] / factor for name in ("hold_s", "frame_rate_window_s"))
    return hold_s * len(set(_latching(ran))) + window_s * _READERS * _receptions(ran)


def _latching(ran: OneWay) -> Iterator[tuple[str, frozenset[str]]]:
    """Each watch of alarms once: its measurand and the zones that were watched over the same time."""
    for event in ran.of("observation"):
        if event["what"] == "alarm held":
            yield event["item"].partition("[")[0], frozenset({event["via"], *event["value"]["beside"]})


def _receptions(ran: OneWay) -> int:
    """How often streams were received, those received at the same time once; what fell short counts again."""
    received = {one["item"] for one in ran.of("item_finished") if one["item"].startswith(f"{_RECEIVED}[")}
    beside = {one["item"] for one in ran.of("observation") if one["what"] == _BESIDE}
    alone = len(received - beside)
    return alone + math.ceil(len(received) / Together.STREAMS.at_once) if beside else alone
