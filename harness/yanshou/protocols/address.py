# SPDX-License-Identifier: Apache-2.0
r"""Reads addresses that a device or a file names, and pins them to the device that was asked.

A device reports addresses of its services, streams, pictures and redirections. Two readers may find different
hosts in the same text (``http://A:1\@B:2/x``), and a password would then go to the wrong one. So every
address from outside is read here, into parts that every reader understands alike, and requests go only to the
host of the site file: see :func:`pinned`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote

PORTS: Final = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
_FORM: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)([^#]*)", re.DOTALL)
_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?")
_TWICE: Final = re.compile(r"([^:]*):(\d+)(?::\2)+")  # host:8106:8106, as some firmware writes it
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_UNHEARD: Final = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")  # characters an authority must not hold
_SAFE: Final = "/?:@!$&'()*+,;=-._~%[]"
_LONGEST, _LONGEST_NAME, _LONGEST_PORT, _MOST_PORT = 4096, 253, 5, 65_535


class NoAddress(ValueError):
    """The text is not an address, or two readers may understand it differently; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """``scheme://host:port`` followed by path and query (escaped).

    ``host`` has no brackets and is empty if the text names none. User and password in the text are dropped.
    """

    scheme: str
    host: str
    port: int | None = None
    target: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and effective port; port 0 if the scheme has no usual one."""
        return self.scheme, bare_host(self.host), self.port or PORTS.get(self.scheme, 0)

    @property
    def netloc(self) -> str:
        """``host`` or ``host:port``, as it stands in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


@lru_cache(maxsize=4096)
def read_address(text: str) -> Address:
    """The parts of an absolute address; raises NoAddress.

    A port that is written twice is read once.  Letters other than ASCII are escaped in a path and written by
    IDNA in a host.
    """
    said = text.strip(" \t\r\n\0")
    form = _FORM.match(said) if len(said) <= _LONGEST else None
    if form is None or _CONTROL.search(said):
        raise NoAddress("it is no address.")
    authority = form[2].rpartition("@")[2]
    if _UNHEARD.search(form[2]):
        raise NoAddress("its host holds signs that no host has.")
    host, port = _split(authority)
    target = quote(form[3].replace("\\", "%5C"), safe=_SAFE)
    return Address(form[1].lower(), host, port, f"/{target}" if target.startswith("?") else target)


def read_reference(text: str, base: Address) -> Address:
    """An address that may omit parts of ``base``, as in a redirection; raises NoAddress."""
    said = text.strip(" \t\r\n\0")
    if _FORM.match(said):
        return read_address(said)
    if said.startswith("//"):
        return read_address(f"{base.scheme}:{said}")
    folder = base.target.partition("?")[0].rpartition("/")[0]
    path = said if said.startswith("/") else f"{folder}/{said}"
    return read_address(f"{base.scheme}://{base.netloc}{path}")


def pinned(named: Address, own: Address, *, keep_port: bool = False) -> Address:
    """Replace the host of an address that a device reported by the host it was reached at (``own``).

    A device behind a NAT, or with a stale address or none (0.0.0.0), reports a wrong host. The port is then
    that of ``own`` as well, because NAT also changes ports, unless ``keep_port``. If the site file asks for
    TLS, an address without TLS is asked with TLS at the port of the site file.
    """
    if own.scheme == "https" and named.scheme == "http":
        return replace(own, target=named.target)
    if keep_port or bare_host(named.host) == bare_host(own.host):
        return replace(named, host=own.host)
    return replace(own, target=named.target)


def bare_host(host: str) -> str:
    """A host for comparison: in lower case, IPv6 without its zone."""
    return (host.partition("%")[0] if ":" in host else host).casefold()


def _split(authority: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        inner, closed, rest = authority[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise NoAddress("its bracket is not closed.")
        return _six(inner), _port(rest[1:])
    if twice := _TWICE.fullmatch(authority):
        return _name(twice[1]), _port(twice[2])
    if authority.count(":") > 1:
        return _six(authority), None
    host, _, port = authority.partition(":")
    return _name(host), _port(port)


def _six(text: str) -> str:
    digits, _, zone = text.replace("%25", "%", 1).partition("%")
    try:
        six = str(IPv6Address(digits))
    except ValueError:
        raise NoAddress(f"{text[:60]!r} is no IPv6 address.") from None
    if zone and not _LABEL.fullmatch(zone):
        raise NoAddress(f"{text[:60]!r} is no IPv6 address.")
    return f"{six}%{zone}" if zone else six


def _port(text: str) -> int | None:
    if not text:
        return None
    whole = text.isascii() and text.isdigit() and len(text.lstrip("0")) <= _LONGEST_PORT
    if not whole or not 0 < int(text) <= _MOST_PORT:
        raise NoAddress(f"{text[:20]!r} is no port.")
    return int(text)


def _name(host: str) -> str:
    """A name or an IPv4 address in ASCII; empty stays empty."""
    try:
        ascii_only = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise NoAddress(f"{host[:60]!r} is no host.") from None
    labels = ascii_only.removesuffix(".").split(".") if ascii_only else []
    if len(ascii_only) > _LONGEST_NAME or not all(_LABEL.fullmatch(one) for one in labels):
        raise NoAddress(f"{host[:60]!r} is no host.")
    return ascii_only
