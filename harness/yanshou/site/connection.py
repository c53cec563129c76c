# SPDX-License-Identifier: Apache-2.0
"""The connection of a device, and the rule that a site file contains no secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping

from yanshou.model import Connection, SecretRef
from yanshou.site.vocabulary import SECRET_KINDS, SECRET_NAMES
from yanshou.toml import Table, near
from yanshou.wires import WIRES

PLAIN_SECRET = "a password never stands in a site file."  # noqa: S105 - the message, not a secret
USE_REFERENCE = (
    'Use { env = "NAME" }, { file = "NAME" } or { keyring = "NAME" }, and change the one that stood here.'
)

_IN_ADDRESS = re.compile(r"//[^/@\s]*:[^/@\s]*@")  # rtsp://user:password@host
_NUMBERS = re.compile(r"[0-9.]+")  # looks like an IPv4 address
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?")
_LONGEST_NAME = 253
_LAST_PORT = 65535
_VISA_NETWORK = re.compile(
    r"TCPIP\d*::(?P<host>\[[^\]]+\]|[^:]+)(?:::(?P<port>\d{1,5})::SOCKET|(?:::[A-Za-z][\w,]*)?(?:::INSTR)?)"
)  # (VPP-4.3 4.3.1.1); a number without SOCKET would be the name of a device of a gateway
_LAST_GPIB = 30  # primary address of a device (IEEE 488.1)
_ACCOUNT = re.compile(r"[0-9A-Fa-f]{3,16}")
_BYTE = 255
_OPTIONS = {"baud": (50, 4_000_000), "stop": (1, 2), "bits": (5, 8), "unit": (0, _BYTE)}


def read_connection(table: Table) -> Connection | None:
    """The connection a table describes; None if there is none or its protocol is unknown."""
    if not table.data:
        return None
    protocol = table.text("protocol")
    if protocol not in WIRES:
        what = f"protocol {protocol!r} is not known." if protocol else "protocol is missing."
        table.wrong(what, near(protocol, WIRES), "protocol")
        return None
    table.only({"protocol", *WIRES[protocol].keys})
    _require_address(table, protocol)
    options = _options(table)
    port = table.number("port", 1, _LAST_PORT, whole=True)
    return Connection(
        protocol=protocol,
        host=_host(table),
        port=None if port is None else int(port),
        path=_visa_path(table) if protocol == "visa" else table.text("path"),
        options=options,
        user=table.text("user"),
        secret=read_secret(table, "key" if "key" in WIRES[protocol].keys else "password"),
        code=read_secret(table, "code"),
    )


def read_secret(table: Table, key: str) -> SecretRef | None:
    """The reference under ``key``; a secret written there is refused and not repeated in the message."""
    value = table.data.get(key)
    if value is None:
        return None
    if not isinstance(value, dict):
        table.wrong(PLAIN_SECRET, USE_REFERENCE, key)
        return None
    kind, name = next(iter(value.items()), ("", ""))
    if len(value) != 1 or kind not in SECRET_KINDS or not isinstance(name, str) or not name.strip():
        table.wrong(f"{key} must say in one way where the secret is kept.", USE_REFERENCE, key)
        return None
    return SecretRef(kind, name.strip())


def holds_secret(attributes: Mapping[str, object]) -> Iterable[str]:
    """The attributes that look like a written secret: by their name, or inside an address."""
    for key, value in attributes.items():
        if key.casefold() in SECRET_NAMES or (isinstance(value, str) and _IN_ADDRESS.search(value)):
            yield key


def _require_address(table: Table, protocol: str) -> None:
    known = WIRES[protocol].keys
    for key in ("host", "path", "receiver"):
        needed = key in known and (key != "path" or "host" not in known)
        needed = needed and not (key == "host" and WIRES[protocol].calls)
        if needed and not table.text(key):
            table.wrong(f"a {protocol} connection needs {key}.", f'Add {key} = "…".')


def _host(table: Table) -> str:
    host = table.text("host")
    if "//" in host or "@" in host:
        what = PLAIN_SECRET if _IN_ADDRESS.search(host) else "host must be a name or an address, not a URL."
        table.wrong(what, "Give the host alone; port, user and password have keys of their own.", "host")
        return ""
    if host and not is_host(host):
        table.wrong(
            f"host {host!r} is neither a name nor an address.", "Give one such as 192.168.1.64.", "host"
        )
    return host


def _visa_path(table: Table) -> str:
    """A VISA resource; one that names a host of the network must name a host and port there can be."""
    path = table.text("path")
    if path.casefold().startswith("tcpip"):
        found = _VISA_NETWORK.fullmatch(path)
        port = int(found["port"] or 1) if found else 0
        if found is None or not is_host(found["host"].strip("[]")) or not 1 <= port <= _LAST_PORT:
            what = f"path {path!r} is no VISA address of the network."
            table.wrong(
                what, "Write TCPIP::192.168.1.20::5025::SOCKET or TCPIP::192.168.1.20::INSTR.", "path"
            )
    elif path and "backend" not in table.data and not _is_resource(path):
        what = f"path {path!r} is no VISA address."
        table.wrong(
            what, "Write one such as USB0::0x2A8D::0x1301::MY54500001::INSTR or GPIB0::22::INSTR.", "path"
        )
    return path


def _is_resource(path: str) -> bool:
    """Whether a path names a VISA resource (VPP-4.3 4.3.1.1); a library of a vendor knows aliases as well."""
    from pyvisa import rname  # noqa: PLC0415 - only a site with such an instrument waits for it

    try:
        found = rname.ResourceName.from_string(path)
    except rname.InvalidResourceName:
        return False
    primary = getattr(found, "primary_address", "0")
    return primary.isdecimal() and int(primary) <= _LAST_GPIB


def is_host(text: str) -> bool:
    """Whether ``text`` is an IP address or the name of a host (RFC 1123); ``192.168.1.400`` is neither."""
    if _NUMBERS.fullmatch(text) or ":" in text:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            return False
        return True
    labels = text.removesuffix(".").split(".")
    return len(text) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)


def _options(table: Table) -> dict[str, object]:
    for key, (low, high) in _OPTIONS.items():
        table.number(key, low, high, whole=key != "stop")
    table.number("timeout_s", 0.001, 600)
    table.number("listen", 0, _LAST_PORT, whole=True)
    if (own := table.text("listen_host")) and not is_host(own):
        table.wrong(f"listen_host {own!r} is no address.", "Give one of this computer.", "listen_host")
    table.choice("parity", {"N", "E", "O"}, "N")
    table.flag("tls", default=False)
    account = table.text("account")
    if account and not _ACCOUNT.fullmatch(account):
        table.wrong(f"account {account!r} is no account.", "Give 3 to 16 hexadecimal digits.", "account")
    fixed = {"protocol", "host", "port", "path", "user", "password", "code", "key"}
    return {key: value for key, value in table.data.items() if key not in fixed}
