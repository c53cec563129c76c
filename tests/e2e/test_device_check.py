# SPDX-License-Identifier: Apache-2.0
"""``yanshou device-check`` on an emulated camera: verdict, JUnit and exit code for a CI."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from tests.support.rig import branch, faults, no_traceback, yanshou
from yanshou.emulation.site.process import EmulatedSite
from yanshou.site import load_site
from yanshou.site.secrets import DEMO_PASSWORD


def test_a_camera_that_sends_too_small_a_picture_fails_the_build(tmp_path: Path) -> None:
    site = branch(tmp_path / "site", scope={"IQ-18"}, keep={"CAM-1"})
    connection = load_site(site).devices["CAM-1"].connection
    assert connection is not None
    address = f"{connection.host}:{connection.port}"
    with EmulatedSite(site, faults(site, ("CAM-1", "resolution", "640x360"))):
        said = yanshou(
            "device-check", address, "--user", "admin", "--password-env", "CI_SECRET", "--only", "IQ-18",
            "--out", tmp_path / "out", cwd=tmp_path, CI_SECRET=DEMO_PASSWORD,
        )  # fmt: skip
    assert no_traceback(said)
    assert said.code == 1
    report = ET.parse(tmp_path / "out" / "run" / "report" / "junit.xml").getroot()
    assert [case.get("name") for case in report.iter("testcase") if case.find("failure") is not None] == [
        "IQ-18[DUT]"
    ]
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or DEMO_PASSWORD.encode() not in path.read_bytes(), path
