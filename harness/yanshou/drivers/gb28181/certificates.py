# SPDX-License-Identifier: Apache-2.0
"""The certificates of GB 35114 that a site file names: of the bench as platform, and of devices."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from pathlib import Path

from yanshou.model import Device, Site, UsageError
from yanshou.model.limited import limited_bytes, why
from yanshou.model.trouble import Mistake
from yanshou.protocols.gb35114 import sm2
from yanshou.protocols.gb35114.certificates import (
    Sm2Certificate,
    UnreadableCertificateError,
    as_pem,
    read_certificate,
    read_private_key,
)
from yanshou.protocols.gb35114.forms import USUAL, forms
from yanshou.site import SITE_FILE, missing_secrets, platform_key
from yanshou.site.gb28181 import WIRE
from yanshou.toml import near, read_toml

_TRIED = b"GB 35114"
_DER = b"\x30"  # a sequence: what certificates in DER begin with


def certificate_mistakes(site: Site) -> list[Mistake]:
    """What is wrong with the certificates that a site file names, found without touching a wire."""
    holders = [one for one in site.devices.values() if _named(one)]
    own = site.own_platform is not None and bool(site.own_platform.certificate)
    if not holders and not own:
        return []
    needed = ("gmssl_pyx", "asn1crypto", *(("gmalg",) if site.emulated else ()))
    if any(importlib.util.find_spec(name) is None for name in needed):
        line = read_toml(site.folder / SITE_FILE, []).line("gb28181")
        what = "GB 35114: the libraries of SM2 are not installed."
        return [Mistake(SITE_FILE, line, what, "Install them: pip install 'yanshou[gm]'.")]
    tried: list[Callable[[], object]] = [partial(device_certificate, site, one) for one in holders]
    tried += [partial(platform_identity, site)] if own and not missing_secrets(site) else []
    found: list[Mistake] = []
    for one in tried:
        try:
            one()
        except UsageError as error:
            found += error.mistakes
    return found


def _named(device: Device) -> bool:
    options = device.connection.options if device.connection else {}
    return device.connection is not None and device.connection.protocol == WIRE and "certificate" in options


def device_certificate(site: Site, device: Device) -> tuple[str, str]:
    """The certificate (PEM) of a device and the name of its form; empty if the site file names none.

    UsageError for a file that is no certificate of SM2, or a form that is not known.
    """
    options = device.connection.options if device.connection else {}
    name, form = str(options.get("certificate", "")), str(options.get("class_a_form", USUAL))
    if not name:
        return "", ""
    if form not in forms():
        raise UsageError(f"{device.id}: class_a_form {form!r} is not known.", near(form, forms()))
    text, _ = _read(site.folder / name)
    return text, form


def platform_identity(site: Site) -> tuple[str, str] | None:
    """The private and the public key of the bench, in hexadecimal digits; None if it has no certificate.

    UsageError if either cannot be read, or they do not belong together.
    """
    own = site.own_platform
    if own is None or not own.certificate:
        return None
    _, certificate = _read(site.folder / own.certificate)
    try:
        key = read_private_key(platform_key(site))
    except UnreadableCertificateError as error:
        raise UsageError(f"[gb28181]: key {error}.", "Give the key of its certificate.") from None
    if not sm2.verify(certificate.public, _TRIED, sm2.sign(key, certificate.public, _TRIED)):
        raise UsageError(
            "[gb28181]: key is not that of its certificate.",
            "Give the certificate and the key that were issued together.",
            path=site.folder / own.certificate,
        )
    return key.hex(), certificate.public.hex()


def _read(path: Path) -> tuple[str, Sm2Certificate]:
    try:
        data = limited_bytes(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read: {why(error)}.", "Mend or replace the file.", path=path) from None
    text = as_pem(data) if data[:1] == _DER else data.decode("ascii", "replace")
    try:
        return text, read_certificate(text)
    except UnreadableCertificateError as error:
        raise UsageError(f"{error}.", "Give the certificate (PEM or DER) of SM2.", path=path) from None
