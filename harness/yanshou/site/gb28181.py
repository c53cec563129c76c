# SPDX-License-Identifier: Apache-2.0
"""``[gb28181]``: the bench as upper platform, and the codes of the devices that register at it.

A code has 20 digits (GB/T 28181 annex E): 8 of the place, 2 of the trade, 3 of the type, 1 of the network and
6 that count. Only types that contradict the inventory are refused: a recorder often has an encoder's type.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from yanshou.model import Device, DeviceKind, OwnPlatform, SecretRef
from yanshou.site.connection import is_host, read_secret
from yanshou.site.vocabulary import OWN_PLATFORM_KEYS
from yanshou.toml import Table, shown

WIRE = "gb28181"
SIP_PORT = 5060
VERSIONS = (2016, 2022)
MEDIA = ("udp", "tcp")

_CODE = re.compile(r"[0-9]{20}", re.ASCII)
_PORTS = (1, 65535)
_TYPES: Mapping[DeviceKind, tuple[range, str]] = {
    DeviceKind.CAMERA: (range(111, 200), "111 to 199 (a camera is 131, a network camera 132)"),
    DeviceKind.RECORDER: (range(111, 300), "111 to 130 or 200 to 299 (a network video recorder is 118)"),
    DeviceKind.PLATFORM: (range(200, 300), "200 to 299 (a signalling server is 200)"),
    DeviceKind.ALARM_LINK: (range(111, 300), "111 to 299 (an alarm controller is 117)"),
}
_PERIPHERAL = range(131, 200)  # cameras, alarm inputs: parts of a recorder, never one


def read_own_platform(top: Table) -> OwnPlatform | None:
    """The table ``[gb28181]``; None if there is none or it cannot be used."""
    if WIRE not in top.data:
        return None
    table = top.inner(WIRE, WIRE)
    table.only(OWN_PLATFORM_KEYS)
    table.require("host", "code")
    host, code = table.text("host"), table.text("code")
    if host and not is_host(host):
        table.wrong(f"host {host!r} is no address.", "Give an address of this computer.", "host")
    if code and (wrong := _code_mistake(code, _TYPES[DeviceKind.PLATFORM])):
        table.wrong(f"code {wrong[0]}", wrong[1], "code")
    port = table.number("port", *_PORTS, whole=True)
    return OwnPlatform(
        host,
        SIP_PORT if port is None else int(port),
        code,
        table.text("realm") or code[:10],
        _media_ports(table),
        table.place(),
        *_identity(table),
    )


def _identity(table: Table) -> tuple[str, SecretRef | None]:
    """The certificate and the key by which the bench proves itself in class A: both or none."""
    certificate, key = table.text("certificate"), read_secret(table, "key")
    if bool(certificate) != ("key" in table.data):
        lacks = "key" if certificate else "certificate"
        other = 'key = { file = "…" }, outside of the site folder' if certificate else 'certificate = "….pem"'
        table.wrong(f"{lacks} is missing: a platform proves itself by both.", f"Add {other}.")
    return certificate, key


def _media_ports(table: Table) -> tuple[int, int] | None:
    pair = table.data.get("media_ports")
    if pair is None:
        return None
    match pair:
        case [int(first), int(last)] if _PORTS[0] <= first <= last <= _PORTS[1]:
            return first, last
    table.wrong("media_ports are no range.", "Write media_ports = [30000, 30999].", "media_ports")
    return None


def check_certificates(
    top: Table, own: OwnPlatform | None, site: Path, devices: Mapping[str, Device]
) -> None:
    """Note certificates of GB 35114 that are not there, or stand where they mean nothing."""
    if own is not None and own.certificate:
        _require_file(top.inner(WIRE, WIRE), site, own.certificate)
    table = top.inner("device", "device")
    for device in devices.values():
        if device.connection is None or device.connection.protocol != WIRE:
            continue
        at = table.inner(device.id, device.id).inner("connection", f"{device.id}: connection")
        name = at.text("certificate")
        if not name:
            if at.text("class_a_form"):
                at.wrong("class_a_form without certificate.", "Add the certificate of the device.")
            continue
        _require_file(at, site, name)
        if "device_id" not in at.data:
            at.wrong("certificate of a device that does not register itself.", "Move it to what registers.")
        if device.attributes.get("gb35114") == "none":
            at.wrong(
                "certificate of a device with gb35114=none.", "State its class (A, B, C) in the inventory."
            )


def _require_file(at: Table, site: Path, name: str) -> None:
    if not (site / name).is_file():
        at.wrong(
            f"there is no file {name}.", "Put the certificate (PEM) into the site folder.", "certificate"
        )


def check_codes(top: Table, own: OwnPlatform | None, devices: Mapping[str, Device]) -> None:
    """Note what is wrong in the connections of devices that register at the bench."""
    table = top.inner("device", "device")
    taken = {} if own is None else {own.code: f"[{WIRE}]"}
    for device in devices.values():
        if device.connection is None or device.connection.protocol != WIRE:
            continue
        at = table.inner(device.id, device.id).inner("connection", f"{device.id}: connection")
        if WIRE not in top.data:
            at.wrong(
                "the site file has no [gb28181], where it would register.",
                'Add [gb28181] with host = "…" (of this computer) and code = "…" (20 digits).',
            )
        _check_form(at, device)
        code = registers_with(device, devices)
        if not code:
            what = "has no device_id, and its parent registers by none."
            at.wrong(what, 'Add device_id = "…" (20 digits), or connect its recorder or platform.')
            continue
        above = devices.get(device.parent)
        own_code = code if above is None or registers_with(above, devices) != code else ""
        for key in filter(None, (own_code, f"{code} {device.connection.options.get('channel', code)}")):
            first = taken.setdefault(key, device.id)
            if first != device.id:
                at.wrong(f"has the code of {first}.", "Give each its own; two would count as one.")
                break


def registers_with(device: Device, devices: Mapping[str, Device]) -> str:
    """The code of the device that registers: its own, else that of its parent; empty if neither has one."""
    for one in (device, devices.get(device.parent)):
        if one is not None and one.connection is not None and one.connection.protocol == WIRE:
            code = one.connection.options.get("device_id")
            if isinstance(code, str) and code:
                return code
    return ""


def _check_form(at: Table, device: Device) -> None:
    for key in ("device_id", "channel"):
        code = at.text(key)
        kind = DeviceKind.CAMERA if key == "channel" else device.kind
        if code and (wrong := _code_mistake(code, _TYPES.get(kind))):
            at.wrong(f"{key} {wrong[0]}", wrong[1], key)
        elif code and kind is DeviceKind.RECORDER and int(code[10:13]) in _PERIPHERAL:
            at.wrong(f"{key} {code}: type {code[10:13]} is no recorder's.", "Compare it at the device.", key)
    _check_choice(at, "version", VERSIONS)
    _check_choice(at, "transport", MEDIA)


def _check_choice(at: Table, key: str, allowed: Collection[object]) -> None:
    value = at.data.get(key)
    if value is not None and value not in allowed:
        choices = ", ".join(map(str, allowed))
        at.wrong(f"{key} cannot be {shown(value)}.", f"It is one of {choices}.", key)


def _code_mistake(code: str, types: tuple[range, str] | None) -> tuple[str, str] | None:
    if not _CODE.fullmatch(code):
        digits = f"it has {len(code)} signs" if code.isascii() and code.isdigit() else "it is no number"
        return f"{code!r} is no code: {digits}.", "A code of GB/T 28181 has 20 digits."
    if types is not None and int(code[10:13]) not in types[0]:
        return (
            f"{code}: its type {code[10:13]} (digits 11 to 13) contradicts the inventory.",
            f"It is due in {types[1]}; mend the code, or the kind of the device.",
        )
    return None
