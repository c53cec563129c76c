# SPDX-License-Identifier: Apache-2.0
"""The services as the library describes them, once for all devices, and the requests written from that.

A request differs from device to device only in its security token. So its envelope is written once and cut
where the token belongs; client and proxies are built once per service instead of once per device.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError

from yanshou.protocols.address import Address
from yanshou.protocols.onvif.documents import document
from yanshou.protocols.onvif.stock import SERVICES, ONVIFService

_SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
_HERE: Final = "token-goes-here"
_MOST_KEPT: Final = 512
_Client: Final[Any] = zeep.Client


class _NoTransport:
    """zeep only builds and reads messages here; :mod:`yanshou.protocols.http` sends them."""

    def load(self, url: str) -> bytes:
        """Refuse: a client of a shared document has nothing to load."""
        raise ValueError(f"nothing is loaded while a device is asked, not even {url}")


_NOTHING: Final = _NoTransport()


@dataclass(frozen=True, slots=True)
class DescribedQuestion:
    """The bytes of an envelope without a token, and those before and after one."""

    plain: bytes
    before: bytes
    after: bytes
    headers: dict[str, str]

    def signed(self, token: bytes) -> bytes:
        """The envelope with a token in its header."""
        return self.before + token + self.after

    @classmethod
    def of(cls, namespace: str, body: etree._Element) -> DescribedQuestion:
        """A request of a service the library does not describe."""
        envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soap-env": _SOAP})
        etree.SubElement(envelope, f"{{{_SOAP}}}Body").append(body)
        name = etree.QName(body).localname
        kind = f'application/soap+xml; charset=utf-8; action="{namespace}/{name}"'
        return cls.written(envelope, {"Content-Type": kind})

    @classmethod
    def written(cls, envelope: etree._Element, headers: Mapping[str, str]) -> DescribedQuestion:
        """From an envelope without a token."""
        plain = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        header = envelope.find(f"{{{_SOAP}}}Header")
        if header is None:
            header = etree.Element(f"{{{_SOAP}}}Header")
            envelope.insert(0, header)
        etree.SubElement(header, _HERE)
        whole = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        before, _, after = whole.partition(f"<{_HERE}/>".encode())
        return cls(plain, before, after, {**headers, "Connection": "keep-alive"})


class Described:
    """One service: the requests and answers of its operations. Shared by all devices, thread-safe."""

    def __init__(self, name: str) -> None:
        entry = SERVICES[name]
        settings = zeep.Settings(strict=False, xml_huge_tree=False, forbid_dtd=True, forbid_external=True)
        self._client = _Client(document(entry["wsdl"]), transport=_NOTHING, settings=settings)
        binding = f"{{{entry['ns']}}}{entry['binding']}"
        stock = ONVIFService("", "", "", __file__, zeep_client=self._client, binding_name=binding)
        self._binding = stock.ws_client._binding  # noqa: SLF001
        self._options = stock.ws_client._binding_options  # noqa: SLF001
        self._kept: dict[tuple[str, str], DescribedQuestion] = {}
        self.name = name
        self.types = self._client.wsdl.types

    def answer(self, operation: str) -> Any:
        """The library's element that answers an operation."""
        return self._binding.get(operation).output.body

    def question(self, operation: str, parameters: dict[str, Any], at: Address) -> DescribedQuestion:
        """The envelope of a request; ValueError if the service has no such operation or parameter."""
        key = (operation, repr(parameters)) if _plain(parameters) else None
        if key is not None and (kept := self._kept.get(key)) is not None:
            return kept
        try:
            addressed = self._binding.get(operation).abstract.wsa_action
            envelope, headers = self._binding._create(  # noqa: SLF001
                operation, (), parameters, client=self._client, options={**self._options, "address": str(at)}
            )
        except (ZeepError, TypeError, ValueError) as error:
            raise ValueError(f"{self.name}.{operation}{tuple(parameters)}: {error}") from error
        made = DescribedQuestion.written(envelope, headers)
        if key is not None and not addressed and len(self._kept) < _MOST_KEPT:
            self._kept[key] = made
        return made


def _plain(value: object) -> bool:
    """Whether parameters that look alike are also written alike."""
    if isinstance(value, dict):
        return all(_plain(one) for one in value.values())
    if isinstance(value, list | tuple):
        return all(_plain(one) for one in value)
    return value is None or isinstance(value, str | int | float)


_services: dict[str, Described] = {}
_lock = threading.Lock()


def described(name: str) -> Described:
    """The service of that name, read at the first call."""
    with _lock:
        if name not in _services:
            _services[name] = Described(name)
        return _services[name]
