# SPDX-License-Identifier: Apache-2.0
"""What small emulated sites of tests have in common: head, relay board, door controller, inventory."""

from __future__ import annotations

from pathlib import Path

from tests.support.ports import free_port

HEAD = """\
[site]
id = "{name}"
name = "{name}"
time_zone = "Asia/Shanghai"
rig = "emulated"
"""
DEVICE = """
[device.{id}]
profile = "{profile}"
connection = {{ protocol = "modbus-tcp", host = "127.0.0.1", port = {port}, unit = 1 }}
"""
COLUMNS = "id,kind,system,name,parent,number,attributes,wiring\n"
RELAY_ROW = "RELAY-1,relay_board,site,board,,,,\n"
DOOR_ROWS = """\
ACS-1,door_controller,access_control,controller,,1,,
D01,door,access_control,door,ACS-1,1,,contact=RELAY-1/0; lock_coil=RELAY-1/di0; {reader}
"""


def relay_board() -> str:
    """RELAY-1, the emulated board of 32 relays, on a free port."""
    return DEVICE.format(id="RELAY-1", profile="yanshou-emulated-relay-32", port=free_port())


def door_site(folder: Path, name: str, reader: str, *, devices: str, rows: str) -> Path:
    """The folder of a site with one door, D01 at ACS-1, whose wiring has ``reader``; and more devices."""
    controller = DEVICE.format(id="ACS-1", profile="yanshou-emulated-door-controller", port=free_port())
    text = HEAD.format(name=name) + relay_board() + controller + devices
    (folder / "site.toml").write_text(text, encoding="utf-8")
    inventory = COLUMNS + RELAY_ROW + rows + DOOR_ROWS.format(reader=reader)
    (folder / "inventory.csv").write_text(inventory, encoding="utf-8")
    return folder
