# SPDX-License-Identifier: Apache-2.0
"""WS-Discovery (OASIS 2005/04, as ONVIF Core 7 uses it): a prober that can be pinned to one interface.

Three probes are sent, because UDP loses some and because recorders and cameras answer to different types.
Only answers to our own messages are kept, by endpoint reference, each read within limits. It works on
loopback, too.
"""

from __future__ import annotations

import contextlib
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

from yanshou.model import RigFault
from yanshou.protocols.discovery.ports import PORT

GROUP: Final = "239.255.255.250"
_TYPES: Final = ("dn:NetworkVideoTransmitter", "tds:Device", "")
_AT_S: Final = (0.15, 0.4)  # when the second and the third probe go out
_MOST: Final = 65_507  # bytes of one UDP datagram
_MOST_MATCHES: Final = 100_000
_ONVIF_TYPES: Final = frozenset({"networkvideotransmitter", "networkvideostorage", "networkvideodisplay"})
_SCOPE: Final = "onvif://www.onvif.org/"
_PROBE: Final = (
    '<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
    "<e:Header><w:MessageID>{id}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe><d:Types>{types}</d:Types></d:Probe></e:Body></e:Envelope>"
)


@dataclass(frozen=True, slots=True)
class Match:
    """One device that answered: its endpoint reference, scopes and addresses, and where it answered from.

    ``scopes`` are ONVIF's, by their first word (``name``, ``hardware``, ``location``, ``mac``).
    """

    epr: str
    xaddrs: tuple[str, ...]
    scopes: Mapping[str, str]
    host: str
    types: tuple[str, ...] = ()

    @property
    def onvif(self) -> bool:
        """Whether it declares itself an ONVIF device, by a type or scope of ONVIF or by its address.

        Printers, computers and other devices of the web services family answer a probe without types, too.
        """
        named = any(one.lower() in _ONVIF_TYPES for one in self.types)
        return named or bool(self.scopes) or any("/onvif/" in one.lower() for one in self.xaddrs)


def probe(interface: str = "", *, port: int = PORT, seconds: float = 3.0) -> list[Match]:
    """All devices that answer within ``seconds`` on the network of ``interface`` (a local address).

    Without an interface the operating system chooses one. RigFault when nothing can be sent from there.
    """
    with _socket(interface) as wire:
        if interface:
            wire.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        wire.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        return _asked(wire, (GROUP, port), interface, seconds)


def ask_host(host: str, *, interface: str = "", port: int = PORT, seconds: float = 1.0) -> list[Match]:
    """The same for one host, by unicast: for networks that do not forward multicast."""
    with _socket(interface) as wire:
        return _asked(wire, (host, port), interface, seconds)


def _socket(interface: str) -> socket.socket:
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        wire.bind((interface, 0))
    except OSError as error:
        wire.close()
        raise RigFault(
            f"nothing can be sent from {interface}: {error.strerror or error}.",
            remedy="Name a local address of this computer, such as that of the port to the camera network.",
        ) from None
    return wire


def _asked(wire: socket.socket, to: tuple[str, int], interface: str, seconds: float) -> list[Match]:
    began = time.monotonic()
    ours: set[str] = set()
    found: dict[str, Match] = {}
    for types, at in zip(_TYPES, (*_AT_S, seconds), strict=True):
        name = f"urn:uuid:{uuid.uuid4()}"
        ours.add(name)
        try:
            wire.sendto(_PROBE.format(id=name, types=types).encode(), to)
        except OSError as error:
            where = interface or "this computer"
            raise RigFault(f"no probe can be sent from {where}: {error.strerror or error}.") from None
        for data, sender in _received(wire, began + min(at, seconds)):
            for match in read_matches(data, ours, sender):
                if len(found) < _MOST_MATCHES:
                    found.setdefault(match.epr or (match.xaddrs or (sender,))[0], match)
    return list(found.values())


def _received(wire: socket.socket, until: float) -> Iterator[tuple[bytes, str]]:
    while (left := until - time.monotonic()) > 0:
        wire.settimeout(left)
        with contextlib.suppress(OSError):  # no answer, or an ICMP error of one host
            data, sender = wire.recvfrom(_MOST)
            yield data, str(sender[0])


def read_matches(data: bytes, ours: set[str], sender: str) -> Iterator[Match]:
    """The matches of one datagram that answers one of our messages; nothing for anything else.

    Names count, namespaces do not: devices mix those of addressing and discovery.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError):
        return
    if (root.findtext(".//{*}RelatesTo") or "").strip() not in ours:
        return
    for one in root.iter("{*}ProbeMatch"):
        yield Match(
            epr=_text(one, "{*}EndpointReference/{*}Address"),
            xaddrs=tuple(_text(one, "{*}XAddrs").split()),
            scopes=_scopes(_text(one, "{*}Scopes").split()),
            host=sender,
            types=tuple(one.rpartition(":")[2] for one in _text(one, "{*}Types").split()),
        )


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _scopes(announced: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for scope in announced:
        if scope.lower().startswith(_SCOPE):
            name, _, value = scope[len(_SCOPE) :].partition("/")
            found.setdefault(name.lower(), unquote(value))
    return found
