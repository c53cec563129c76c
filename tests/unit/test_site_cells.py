# SPDX-License-Identifier: Apache-2.0
"""The small languages of inventory cells, and the places of keys in a TOML text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model.trouble import Mistake
from yanshou.site.cells import CellError, parse_attributes, parse_target, parse_wiring
from yanshou.toml import parse_toml


def test_attributes_are_typed():
    text = (
        "technology=wired; battery_ah=17; supply_v=12.5；networked=是; live=false; card=0042; view=现金 柜台"
    )
    assert parse_attributes(text) == {
        "technology": "wired",
        "battery_ah": 17,
        "supply_v": 12.5,
        "networked": True,
        "live": False,
        "card": "0042",
        "view": "现金 柜台",
    }


@pytest.mark.parametrize("text", ["a", "a=", "=b", "a=1; a=2", "1a=2", "a b=c"])
def test_a_malformed_part_is_named(text: str):
    with pytest.raises(CellError):
        parse_attributes(text)


@pytest.mark.parametrize(
    ("text", "board", "channel", "is_input"),
    [
        ("RELAY-2/6", "RELAY-2", 6, False),
        ("RELAY-1/di0", "RELAY-1", 0, True),
        ("CARD-1/1", "CARD-1", 1, False),
        ("DMM-1", "DMM-1", None, False),
    ],
)
def test_the_end_of_a_wire(text: str, board: str, channel: int | None, is_input: bool):
    target = parse_target(text)
    assert (target.board, target.channel, target.input) == (board, channel, is_input)
    assert str(target) == text


@pytest.mark.parametrize(
    "text", ["RELAY-2/", "RELAY-2/di", "RELAY-2/-1", "RELAY 2/1", "/3", "RELAY-2/3/4", "继电器/1"]
)
def test_a_wire_that_ends_nowhere_is_refused(text: str):
    with pytest.raises(CellError):
        parse_wiring(f"loop={text}")


@given(st.text())
def test_any_cell_is_read_or_refused(text: str):
    for parse in (parse_attributes, parse_wiring):
        try:
            parse(text)
        except CellError:
            continue


TOML = """# a comment = 1
[site] # head
id = "x # not a comment"
long = '''
[plan]
'''
list = [
  "a", # ]
  "b",
]
after.dotted = 1
[[instrument]]
id = "A"
[[instrument]]
id = "B"
[instrument.inner]
z = 1
[device."CAM.1"]
port = 1
"""


def test_keys_are_found_on_their_lines():
    mistakes: list[Mistake] = []
    toml = parse_toml("t.toml", TOML, mistakes)
    assert not mistakes
    assert toml.line("site", "id") == 3
    assert toml.line("plan") is None
    assert toml.line_of_text("b", "site", "list") == 9
    assert toml.line("site", "after", "dotted") == 11
    assert (toml.line("instrument", 0, "id"), toml.line("instrument", 1, "id")) == (13, 15)
    assert toml.line("instrument", 1, "inner", "z") == 17
    assert toml.line("device", "CAM.1", "port") == 19
    assert toml.line("device", "CAM.1", "absent") == 18
