# SPDX-License-Identifier: Apache-2.0
"""Every wire is named in one file, can be read, and is played by an emulator."""

from __future__ import annotations

import pytest

from yanshou.emulation.messages.panels import EMULATED
from yanshou.protocols.bus import Bus
from yanshou.wires import SPOKEN, WIRES, Wire
from yanshou.wires.wire import wire_to

BY_PROFILE = [wire for wire in WIRES.values() if wire.by_profile]
BY_STANDARD = {"modbus", "osdp"}  # no texts of a profile are spoken on them
REPORTED = {"dc09"}  # a panel that calls a centre: no wire leads to it


def test_each_wire_with_a_profile_is_emulated():
    assert {wire.profile for wire in BY_PROFILE} == {*BY_STANDARD, *EMULATED}


def test_each_language_is_spoken_on_a_wire():
    assert {word for word in SPOKEN if word not in REPORTED} == {
        wire.profile for wire in BY_PROFILE
    } - BY_STANDARD


@pytest.mark.parametrize("wire", BY_PROFILE, ids=lambda wire: wire.name)
def test_a_wire_has_an_address_of_its_kind(wire: Wire):
    assert ("path" in wire.keys) is wire.serial
    assert ("host" in wire.keys) is not wire.serial
    assert (wire.port is None) is wire.serial
    assert wire_to(WIRES, wire.profile, serial=wire.serial) is not None
    assert Bus(wire.name).wire is wire


def test_a_wire_without_profile_makes_no_bus():
    with pytest.raises(ValueError, match="'onvif' is no wire of a bus"):
        Bus("onvif")
