# SPDX-License-Identifier: Apache-2.0
"""What a row asks of site and device is something a site file and an inventory can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanshou.model import UsageError
from yanshou.reports.messages_field import ATTRIBUTES as PRINTED
from yanshou.standards import load
from yanshou.vocabulary.device import ATTRIBUTES, INHERITED
from yanshou.vocabulary.site import SITE_ATTRIBUTES, SITE_DAYS, SITE_LISTS

ROW = """\
[standard]
id = "LAB 1"
title = { zh = "本室方法", en = "own method" }
rank = "inhouse"

[[requirement]]
id = "LAB-1"
system = "intrusion"
title = { zh = "时间", en = "time" }
asks = { zh = "时间", en = "time" }
measurand = "alarm_response_time"
statistic = "max"
limit = { max = 2, unit = "s" }
limit_status = "provisional"
population = "zone"
applies = %s
"""


def laid(folder: Path, applies: str) -> list[str]:
    """The mistakes of an overlay with a row that asks so."""
    path = folder / "lab.toml"
    path.write_text(ROW % applies, encoding="utf-8")
    try:
        load([path])
    except UsageError as reported:
        return [str(one) for one in reported.mistakes]
    return []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('device = { type = "hold_up" }', ""),
        ('device = { type = ["hold_up", "24h"] }', ""),
        ('device = { technology = "radio" }', ""),
        ('device = { type = "holdup" }', "'hold_up'"),
        ('device = { type = "紧急" }', "'hold_up'"),
        ('device = { type = ["hold_up", "panic button"] }', "panic button"),
        ('device = { typ = "hold_up" }', "typ"),
        ('device = { "类型" = "hold_up" }', "Write type"),
        ("device = { battery_ah = 7 }", "battery_ah"),
        ("device = { perimeter = 1 }", "only true or false"),
        ('province = "内蒙古"', ""),
        ('province = "内蒙古自治区"', "Write '内蒙古'"),
        ('province = "内蒙谷"', "内蒙古"),
        ('sector = ["bank", "bnak"]', "Did you mean bank"),
        ("risk_grade = [1, 4]", "from 1 to 3"),
        ("risk_grade = true", "cannot be True"),
        ("high_risk = 1", "only true or false"),
        ("high_rsik = true", "Did you mean high_risk"),
        ("sector = []", "empty list"),
        ('system = "video"', ""),
        ('system = "vidoe"', "Did you mean video"),
        ("system = [[[]]]", "system cannot be a list"),
    ],
)
def test_a_condition_nothing_can_meet_is_a_mistake(tmp_path: Path, asked: str, expected: str):
    found = laid(tmp_path, f"{{ {asked} }}")
    assert len(found) == bool(expected)
    if expected:
        assert expected in found[0]
        assert found[0].startswith("lab.toml:16  requirement LAB-1 applies")


def test_each_attribute_of_a_site_has_its_words_in_the_report():
    assert PRINTED.keys() == {*SITE_ATTRIBUTES, *SITE_DAYS, *SITE_LISTS}


def test_what_is_taken_from_the_panel_is_an_attribute_of_it():
    assert {one.name for one in ATTRIBUTES} >= INHERITED
