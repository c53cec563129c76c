# SPDX-License-Identifier: Apache-2.0
"""What an overlay asks of a device is something an inventory can say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from yanshou.planning.conditions import condition_mistakes
from yanshou.planning.scope import check_agreement
from yanshou.site import load_site
from yanshou.standards import load

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"type": "hold_up"}, ""),
        ({"type": ["hold_up", "24h"]}, ""),
        ({"technology": "radio"}, ""),
        ({"type": "holdup"}, "'hold_up'"),
        ({"type": "紧急"}, "'hold_up'"),
        ({"type": ["hold_up", "panic button"]}, "panic button"),
        ({"typ": "hold_up"}, "typ"),
        ({"类型": "hold_up"}, "Write type"),
        ({"battery_ah": 7}, "battery_ah"),
    ],
)
def test_a_condition_no_device_can_meet_is_a_mistake(asked: dict[str, object], told: str):
    whole = load()
    row = replace(whole.requirements["IAS-RT-01"], id="LAB-1", applies={"device": asked})
    laid = replace(whole, requirements={"LAB-1": row}, overlays=("lab.toml",))
    found = [*condition_mistakes(laid)]
    assert len(found) == bool(told)
    if told:
        assert told in f"{found[0].what} {found[0].remedy}"
        assert "LAB-1" in found[0].what
        assert found[0].path == "lab.toml"
        assert found[0] in check_agreement(load_site(BRANCH), laid)


def test_the_shipped_rows_are_in_order_under_an_overlay():
    assert not [*condition_mistakes(replace(load(), overlays=("lab.toml",)))]
