# SPDX-License-Identifier: Apache-2.0
"""``--serial`` and lanes side by side give the same verdicts: a small bank branch with something broken.

``python -m tests.benchmarks serial`` compares whole examples.
"""

from __future__ import annotations

from itertools import accumulate

import pytest

from tests.benchmarks.both_ways import BothWays, OneWay, run_both_ways
from tests.support.rig import branch, faults

SCOPE = {"IAS-FN-03", "IAS-FN-05", "IAS-FN-06", "IAS-RT-01", "ACS-RT-01", "ACS-AL-02", "NET-08", "LNK-01"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> BothWays:
    folder = tmp_path_factory.mktemp("serial")
    site = branch(
        folder / "site",
        scope=SCOPE,
        keep={"Z06", "Z07", "V01", "CAM-1", "CAM-2", "D01", "D02", "LINK-1"},
    )
    script = faults(site, ("Z06", "alarm_delay", 2.4), ("D02", "lock_delay", 3.0), ("V01", "self_reset", 0.2))
    return run_both_ways(site, folder, together=["--yanshou-spare=1"], faults=script)


def test_the_verdicts_are_the_same_and_what_is_broken_is_found(both: BothWays) -> None:
    assert not both.differing()
    against = {
        (key[0], key[2]) for key, verdict in both.together.verdicts.items() if verdict == "non_conform"
    }
    assert against >= {("IAS-RT-01", "Z06"), ("ACS-RT-01", "D02"), ("IAS-FN-05", "V01")}


def test_side_by_side_several_items_were_under_way_at_once(both: BothWays) -> None:
    assert _at_once(both.serial) == 1
    assert _at_once(both.together) >= 2


def _at_once(ran: OneWay) -> int:
    """How many items were under way at the same time at most."""
    steps = {"item_started": 1, "item_finished": -1}
    return max(accumulate(steps.get(one["kind"], 0) for one in ran.events))
