# SPDX-License-Identifier: Apache-2.0
"""What a stimulus may set off depends on the device it hits; what nobody allowed is not given."""

from __future__ import annotations

import pytest

from tests.support.rig import Ran, branch, no_traceback, replace, run

SCOPE = ("IAS-RT-01", "IAS-FN-01", "IAS-FN-04", "IAS-FN-05", "ACS-RT-01")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Siren and locks are allowed, hold-up alarms are not."""
    folder = tmp_path_factory.mktemp("permissions")
    site = branch(folder / "site", scope=SCOPE, keep=["Z01", "Z11", "D01"])
    replace(site / "site.toml", '"hold_up", ', "")
    return run(site, folder / "run")


def test_no_hold_up_zone_is_triggered(ran: Ran) -> None:
    assert not [event for event in ran.happened() if (event["device"], event["what"]) == ("Z11", "loop_open")]
    assert not [event for event in ran.events("stimulus") if event["via"] == "Z11"]
    assert "hold_up" not in {event["action"] for event in ran.events("confirmation")}
    assert no_traceback(ran.said)


def test_it_is_not_tested_with_the_reason_and_the_rest_is(ran: Ran) -> None:
    for requirement in ("IAS-RT-01", "IAS-FN-01", "IAS-FN-05"):
        assert ran.verdicts[requirement, "Z11"] == "not_tested"
        assert "hold_up" in ran.finding(requirement, "Z11")["reason"]
        assert ran.verdicts[requirement, "Z01"] in {"conform", "conditional_conform"}
    assert ran.verdicts["ACS-RT-01", "D01"] == "conform"
