# SPDX-License-Identifier: Apache-2.0
"""A site with one device of GB 35114 class A, its platform's key and its certificate."""

from __future__ import annotations

from pathlib import Path

from yanshou.emulation.gb28181.certificate_text import certificate, demo_key, public_of
from yanshou.site.secrets import DEMO_SM2_KEY

PLATFORM, CODE = "15010000002000000001", "15010000001180000001"


REALM = PLATFORM[:10]


PASSWORD = "abc-12345"


ISSUER = ("demo issuer", demo_key("demo issuer"))


OWN_KEY = bytes.fromhex(DEMO_SM2_KEY)


ABOVE = certificate(PLATFORM, OWN_KEY, ISSUER)


PEM = certificate(CODE, demo_key(CODE), ISSUER)


IDENTITY = (DEMO_SM2_KEY, public_of(OWN_KEY)[1:].hex())


# -- the site file

SITE = f"""\
[site]
id = "gm"
name = "安全接入（仿真）"
time_zone = "Asia/Shanghai"
rig = "emulated"

[gb28181]
host = "127.0.0.1"
port = 15060
code = "{PLATFORM}"
certificate = "platform.pem"
key = {{ env = "GM_KEY_OF_NOBODY" }}

[device.NVR-1.connection]
protocol = "gb28181"
device_id = "{CODE}"
certificate = "nvr.pem"
"""


INVENTORY = """\
id,kind,system,name,model,location,parent,number,attributes
NVR-1,recorder,video,录像机,R,机房,,,gb28181=true; gb35114=A; keepalive_s=0.3; retry_s=0.3
"""


def written(folder: Path, text: str = SITE, inventory: str = INVENTORY) -> Path:
    (folder / "site.toml").write_text(text, encoding="utf-8")
    (folder / "inventory.csv").write_text(inventory, encoding="utf-8")
    (folder / "platform.pem").write_text(ABOVE, encoding="ascii")
    (folder / "nvr.pem").write_text(PEM, encoding="ascii")
    return folder
