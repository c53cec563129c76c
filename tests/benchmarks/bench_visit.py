# SPDX-License-Identifier: Apache-2.0
"""How long a visit to a hotel of 24 zones, 6 doors and 60 cameras is thought to take, and where it goes.

These are the estimates that ``yanshou plan`` prints: no visit is run, nothing is measured, and no bar is held
against them.  One after the other: every item and every watch by itself.  Side by side: what is watched
together is waited for once.  Two lanes: cameras and recorders beside the bench as well.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from tests.benchmarks.hotel import build_hotel
from yanshou.fixtures.declared import covered_measurands
from yanshou.fixtures.prepare import beginning_of
from yanshou.planning import lanes_for
from yanshou.planning.duration import seconds

_SHOWN = 8


def main(_argv: Sequence[str]) -> int:
    """Print the estimates and the measurands that take longest; always 0."""
    covered = covered_measurands()
    with tempfile.TemporaryDirectory(prefix="yanshou-hotel-") as folder:
        now = beginning_of(build_hotel(Path(folder) / "site"))
    items, site = now.plan.items, now.site
    each = now.plan.estimated_s
    alone = sum(seconds(site, covered[item.measurand]) * item.repetitions for item in items)
    lanes = lanes_for(items, site, covered, each)
    longest = Counter[str]()
    for item in items:
        longest[item.measurand] += each[item.id]
    for name, lasting in longest.most_common(_SHOWN):
        print(f"{name:44} {lasting / 60:8.1f} min")
    return tell(
        "visit",
        [
            Figure("estimated, one after the other", alone / 60, "min"),
            Figure("estimated, watches side by side", sum(each.values()) / 60, "min"),
            Figure("estimated, in two lanes", lanes.lasting(each) / 60, "min"),
            Figure("items beside the bench", len(lanes.beside), "items"),
            Figure("items in all", len(items), "items"),
        ],
    )
