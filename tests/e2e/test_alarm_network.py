# SPDX-License-Identifier: Apache-2.0
"""A run of the alarm network: what was watched too shortly, or reports elsewhere, is no pass and no fail."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.rig import Said, faults, journal, set_plan, yanshou
from yanshou.emulation.site.process import EmulatedSite, private_copy

LAB = Path(__file__).parents[2] / "examples" / "alarm-centre"
DEVICES = ("PANEL-1", "LINK-1", "LINK-2", "Z01", "Z02")
SCOPE = ["IAS-LF-04", "IAS-RT-06-NET", "HT-PATH-1", "NET-ATS-02*", "NET-RPT-01"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, Path]:
    """The panel hides its fault, watched for 3 s only; path 1 fails unreported; a message is late."""
    folder = tmp_path_factory.mktemp("network")
    site = private_copy(LAB, folder / "site")
    path = site / "site.toml"
    text = re.sub(r"(?ms)^scope = \[.*?^\]", f"scope = {json.dumps(SCOPE)}", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    set_plan(site, {"repetitions": 1, "block_before_s": 0.3, "block_s": 3.0, "path_wait_s": 6.0})
    script = faults(
        site,
        ("PANEL-1", "comm_fault_hidden"),
        ("LINK-1", "path_loss_unreported", 1),
        ("Z01", "dc09_late", 5.4),
    )
    with EmulatedSite(site, script):
        arguments = (
            "run",
            site,
            "--run",
            folder / "run",
            "--only",
            "json",
            "--",
            *(f"--yanshou-device={one}" for one in DEVICES),
        )
        said = yanshou(*arguments, cwd=folder)
    return said, folder / "run"


@pytest.fixture(scope="module")
def findings(ran: tuple[Said, Path]) -> dict[tuple[str, str], dict[str, object]]:
    """(requirement, device) → finding."""
    results = json.loads((ran[1] / "report" / "results.json").read_text("utf-8"))
    return {(one["requirement"], one["device"]): one for one in results["findings"]}


def test_a_block_that_was_too_short_says_nothing(findings: dict[tuple[str, str], dict[str, object]]) -> None:
    finding = findings["IAS-LF-04", "PANEL-1"]
    assert finding["verdict"] == "not_tested"
    assert "只阻断了 3 s" in str(finding["reason"])


def test_a_report_that_never_came_fails_only_what_was_waited_for(
    findings: dict[tuple[str, str], dict[str, object]],
) -> None:
    assert findings["HT-PATH-1", "LINK-1"]["verdict"] == "non_conform"  # 5 s, waited 6 s
    assert findings["NET-ATS-02-DP4", "LINK-1"]["verdict"] != "conform"  # 90 s


def test_the_time_at_the_centre_is_not_that_at_the_panel(
    ran: tuple[Said, Path], findings: dict[tuple[str, str], dict[str, object]]
) -> None:
    assert findings["IAS-RT-06-NET", "Z01"]["verdict"] == "non_conform"
    assert findings["IAS-RT-06-NET", "Z02"]["verdict"] == "conform"
    measured = [event for event in journal(ran[1]) if event["kind"] == "measurement"]
    at_centre = next(one for one in measured if one["measurand"] == "alarm_notification_time")
    assert any("检测接警机" in text for text in at_centre["deviations"])


def test_a_link_that_reports_elsewhere_is_not_judged(
    findings: dict[tuple[str, str], dict[str, object]],
) -> None:
    finding = findings["NET-RPT-01", "LINK-2"]
    assert finding["verdict"] == "not_applicable"
    assert "LINK-1" in str(finding["reason"])
