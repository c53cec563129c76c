# SPDX-License-Identifier: Apache-2.0
"""Secrets by reference: the site file says where a password is kept, never what it is."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path

from yanshou.model import Connection, Device, SecretRef, Site, UsageError
from yanshou.model.limited import limited_bytes
from yanshou.model.trouble import Mistake
from yanshou.site.vocabulary import SITE_FILE
from yanshou.toml import read_toml

DEMO_PASSWORD = "demo-only"  # noqa: S105 - documented: what emulated devices are opened with
DEMO_CODE = "1234"
DEMO_KEY = b"yanshou-demo-key".hex()
DEMO_SM2_KEY = "f70a6c11a067013e9bac2a7be1e762f65996f5b7148f934ad41cd95bf79e76ef"
KEYRING_SERVICE = "yanshou"


def resolve_secret(ref: SecretRef, site_folder: Path) -> str:
    """The secret itself: an environment variable, the first line of a file, or an entry of the keyring.

    A file is taken relative to the site folder. Raises UsageError that names where it was searched.
    """
    found = _find(ref, site_folder)
    if found:
        return found
    raise UsageError(_what(ref), _remedy(ref), path=SITE_FILE)


def device_secret(site: Site, connection: Connection) -> str:
    """The password of a connection, empty when it has none; an emulated site falls back to ``demo-only``."""
    return connection_secret(connection, site.folder, emulated=site.emulated)


def connection_secret(connection: Connection, folder: Path, *, emulated: bool = False) -> str:
    """The same without a site, with only the ``folder`` that secret files are relative to."""
    if connection.secret is None:
        return ""
    if emulated:
        return _find(connection.secret, folder) or DEMO_PASSWORD
    return resolve_secret(connection.secret, folder)


def device_code(site: Site, connection: Connection) -> str:
    """The user code a panel is set and unset with; empty when it has none, ``1234`` on an emulated site."""
    if connection.code is None:
        return ""
    if site.emulated:
        return _find(connection.code, site.folder) or DEMO_CODE
    return resolve_secret(connection.code, site.folder)


def device_key(site: Site, connection: Connection) -> str:
    """The digits of a device's key; empty when it has none, a published key on an emulated site."""
    if connection.secret is not None and site.emulated:
        return _find(connection.secret, site.folder) or DEMO_KEY
    return device_secret(site, connection)


def platform_key(site: Site) -> str:
    """The private key of the bench as platform (GB 35114), empty without one; a published one when emulated.

    64 hexadecimal digits, or PEM: the whole file where the site file names one.
    """
    ref = site.own_platform.key if site.own_platform else None
    if ref is None:
        return ""
    found = _find(ref, site.folder)
    if not found:
        return DEMO_SM2_KEY if site.emulated else resolve_secret(ref, site.folder)
    if ref.kind == "file" and found.startswith("-----BEGIN"):
        return limited_bytes(site.folder / ref.name).decode("utf-8-sig", "replace")
    return found


def missing_secrets(site: Site) -> list[Mistake]:
    """Every secret the site refers to and this machine lacks, once each; none for an emulated site."""
    if site.emulated:
        return []
    toml = read_toml(site.folder / SITE_FILE, [])
    users: dict[SecretRef, list[Device]] = {}
    for device in site.devices.values():
        for ref in (device.connection.secret, device.connection.code) if device.connection else ():
            if ref is not None:
                users.setdefault(ref, []).append(device)
    own = site.own_platform.key if site.own_platform else None
    lacking = (
        [Mistake(SITE_FILE, toml.line("gb28181", "key"), f"gb28181: {_what(own)}", _remedy(own))]
        if own is not None and not _find(own, site.folder)
        else []
    )
    return lacking + [
        Mistake(
            SITE_FILE, toml.line("device", devices[0].id, "connection"), _whose(devices, ref), _remedy(ref)
        )
        for ref, devices in users.items()
        if not _find(ref, site.folder)
    ]


def _find(ref: SecretRef, folder: Path) -> str:
    if ref.kind == "env":
        return os.environ.get(ref.name, "")
    if ref.kind == "file":
        return _first_line(folder / ref.name)
    return _from_keyring(ref.name)


def _first_line(path: Path) -> str:
    try:
        lines = limited_bytes(path).decode("utf-8-sig").splitlines()
    except (OSError, ValueError):
        return ""  # the caller reports a missing secret, without the content of the file
    return lines[0].strip() if lines else ""


def _from_keyring(name: str) -> str:
    if importlib.util.find_spec("keyring") is None:
        return ""
    keyring = importlib.import_module("keyring")
    try:
        return str(keyring.get_password(KEYRING_SERVICE, name) or "")
    except keyring.errors.KeyringError:  # a keyring that is locked or has no back end counts as missing
        return ""


def _whose(devices: list[Device], ref: SecretRef) -> str:
    return f"{', '.join(device.id for device in devices)}: {_what(ref)}"


def _what(ref: SecretRef) -> str:
    where = {"env": "environment variable", "file": "file", "keyring": "keyring entry"}[ref.kind]
    return f"the secret in {where} {ref.name} is not there."


def _remedy(ref: SecretRef) -> str:
    if ref.kind == "env":
        return f"Set {ref.name} before the run."
    if ref.kind == "file":
        return f"Write it on the first line of {ref.name} in the site folder, readable by you alone."
    if importlib.util.find_spec("keyring") is None:
        return "The keyring package is not installed; install it, or use { env = … }."
    return f"Store it with `keyring set {KEYRING_SERVICE} {ref.name}`."
