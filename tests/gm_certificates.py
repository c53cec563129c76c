# SPDX-License-Identifier: Apache-2.0
"""Writes the certificates of the example ``gb35114-gate``: ``python -m tests.gm_certificates``.

Their private keys are published: the emulated devices make theirs of their codes, the bench has DEMO_SM2_KEY.
"""

from __future__ import annotations

from tests.support.places import EXAMPLES
from yanshou.emulation.gb28181.certificate_text import certificate, demo_key
from yanshou.site import load_site
from yanshou.site.secrets import DEMO_SM2_KEY

ISSUER = ("demo issuer", demo_key("demo issuer"))


def main() -> None:
    """Write the certificate of the platform and of each device that has one."""
    site = load_site(EXAMPLES / "gb35114-gate")
    assert site.own_platform is not None
    keys = {site.own_platform.certificate: (site.own_platform.code, bytes.fromhex(DEMO_SM2_KEY))}
    for device in site.devices.values():
        options = device.connection.options if device.connection else {}
        if "certificate" in options:
            code = str(options["device_id"])
            keys[str(options["certificate"])] = (code, demo_key(code))
    for name, (code, key) in keys.items():
        (site.folder / name).write_text(certificate(code, key, ISSUER), encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
