# SPDX-License-Identifier: Apache-2.0
"""The bench's receiver refuses nobody's time stamp with a clock of its own that is off."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import RigFault
from yanshou.rig.host_clock import host_clock_offset
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
LAB = BRANCH.with_name("alarm-centre")


def test_a_clock_that_is_off_is_told_and_one_that_is_right_is_measured(tmp_path: Path) -> None:
    site = private_copy(BRANCH, tmp_path / "site")
    with EmulatedSite(site, video=False):
        offset = host_clock_offset(load_site(site))
        assert offset is not None
        assert abs(offset) < 0.5
    script = tmp_path / "faults.toml"
    script.write_text('[[fault]]\ndevice = "NTP-1"\nkind = "ntp_offset"\nvalue = 30\n', "utf-8")
    with EmulatedSite(site, script, video=False), pytest.raises(RigFault, match=r"\+30\.0 s away from NTP-1"):
        host_clock_offset(load_site(site))


def test_without_a_time_server_it_is_unchecked() -> None:
    assert host_clock_offset(load_site(LAB)) is None
