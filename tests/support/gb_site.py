# SPDX-License-Identifier: Apache-2.0
"""A small site whose devices register at the bench by GB/T 28181."""

from __future__ import annotations

from pathlib import Path

PLATFORM = "15010000002000000001"
RECORDER = "15010000001180000001"
CAMERA = "15010000001320000001"
ALONE = "15010000001320000009"

SITE = f"""\
[site]
id = "gb"
name = "国标联网（仿真）"
time_zone = "Asia/Shanghai"
rig = "emulated"

[gb28181]
host = "127.0.0.1"
port = 15060
code = "{PLATFORM}"

[device.NVR-1]
connection = {{ protocol = "gb28181", device_id = "{RECORDER}", password = {{ env = "GB_PASSWORD" }} }}

[device.CAM-1]
connection = {{ protocol = "gb28181", channel = "{CAMERA}" }}

[device.CAM-2.connection]
protocol = "gb28181"
device_id = "{ALONE}"
version = 2016
transport = "tcp"
host = "10.0.0.7"
"""

INVENTORY = """\
id,kind,system,name,model,location,parent,number,attributes
NVR-1,recorder,video,录像机,R,机房,,,gb28181=true
CAM-1,camera,video,大厅,C,大厅,NVR-1,1,gb28181=true
CAM-2,camera,video,门口,C,门口,,,gb28181=true; ptz=true
"""


def write_gb_site(folder: Path, text: str = SITE, inventory: str = INVENTORY) -> Path:
    """Write the site folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text(inventory, encoding="utf-8")
    return folder
