# SPDX-License-Identifier: Apache-2.0
"""Zones of several panels are watched over the same time; each has the verdict of its own."""

from __future__ import annotations

import pytest

from tests.support.rig import Ran, branch, faults, run

HOLD_S = 10.0
ZONES = ("Z01", "Z02", "Z07", "V01", "V02")
DROPS = (("Z02", "self_reset", 6.0), ("V01", "self_reset", 6.0))
ANSWERS = (("Z07", "answers_when_unset"),)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("together")
    site = branch(
        folder / "site",
        scope={"IAS-FN-01", "IAS-FN-03", "IAS-FN-05", "IAS-FN-06"},
        keep=set(ZONES),
        plan={"hold_s": HOLD_S},
    )
    return run(site, folder / "run", script=faults(site, *DROPS, *ANSWERS))


def test_the_zones_that_are_broken_are_found_and_no_other(ran: Ran) -> None:
    broken = {(name, zone) for zone, *_ in DROPS for name in ("IAS-FN-03", "IAS-FN-05")}
    broken |= {("IAS-FN-06", zone) for zone, *_ in ANSWERS}
    assert ran.of("non_conform") == broken
    held = {(name, zone) for zone in ZONES for name in ("IAS-FN-03", "IAS-FN-05")}
    assert ran.of("conditional_conform") == held - broken
    assert (
        ran.of("conform") == {(name, zone) for zone in ZONES for name in ("IAS-FN-01", "IAS-FN-06")} - broken
    )


def test_two_watches_serve_all_zones(ran: Ran) -> None:
    spent = {event["item"]: event["seconds"] for event in ran.events("item_finished")}
    first, *others = (spent[f"no_self_reset[{zone}]"] for zone in ZONES)
    assert first >= 2 * HOLD_S
    assert max(others) < HOLD_S


def test_what_was_triggered_for_one_item_is_not_triggered_for_another(ran: Ran) -> None:
    given = {event["seq"]: event for event in ran.events("stimulus") if event["what"] == "open_loop"}
    shared = ran.events("shared_stimulus")
    assert {event["via"] for event in shared} == set(ZONES)
    assert {event["item"].partition("[")[0] for event in shared} == {"missed_alarms"}
    assert all(given[event["line"]]["instant"] == event["instant"] for event in shared)
    assert not [event for event in given.values() if event["item"].startswith("missed_alarms")]


def test_the_journal_of_each_item_names_the_zones_beside_it(ran: Ran) -> None:
    noted = [one for one in ran.events("observation") if one["what"] == "alarm held"]
    assert {one["via"] for one in noted} == set(ZONES)
    beside = {one["via"]: set(one["value"]["beside"]) for one in noted}
    assert beside["Z01"] == {"V01"}, "the first zone of each panel is watched without others of its panel"
    assert beside["Z02"] == {"Z07", "V02"}
