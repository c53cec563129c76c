# SPDX-License-Identifier: Apache-2.0
"""Alarms of several zones and panels are watched over the same time; each zone has the verdict of its own."""

from __future__ import annotations

import pytest

from tests.support.rig import Ran, branch, faults, run

HOLD_S = 10.0
ZONES = ("Z01", "Z02", "Z07", "V01", "V02")
DROPS = (("Z02", "self_reset", 6.0), ("V01", "self_reset", 6.0))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("together")
    site = branch(folder / "site", scope={"IAS-FN-05"}, keep=set(ZONES), plan={"hold_s": HOLD_S})
    return run(site, folder / "run", script=faults(site, *DROPS))


def test_the_zones_whose_alarm_goes_are_found_and_no_other(ran: Ran) -> None:
    assert ran.of("non_conform") == {("IAS-FN-05", zone) for zone, *_ in DROPS}
    assert len(ran.of("conditional_conform")) == len(ZONES) - len(DROPS)


def test_two_watches_serve_all_zones(ran: Ran) -> None:
    spent = {event["item"]: event["seconds"] for event in ran.events("item_finished")}
    first, *others = (spent[f"no_self_reset[{zone}]"] for zone in ZONES)
    assert first >= 2 * HOLD_S
    assert max(others) < HOLD_S


def test_the_journal_of_each_item_names_the_zones_beside_it(ran: Ran) -> None:
    noted = [one for one in ran.events("observation") if one["what"] == "alarm held"]
    assert {one["via"] for one in noted} == set(ZONES)
    beside = {one["via"]: set(one["value"]["beside"]) for one in noted}
    assert beside["Z01"] == {"V01"}, "the first zone of each panel is watched without others of its panel"
    assert beside["Z02"] == {"Z07", "V02"}
