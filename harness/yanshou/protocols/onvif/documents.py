# SPDX-License-Identifier: Apache-2.0
"""Parsed WSDL, one Document per file for all devices of the process.

Parsing costs about a second and 20 MiB per service set; a camera needs only an address and a token of its
own. The bytes are patched while they are loaded, never on disk: ONVIF permits copies, but not modified
copies.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlparse
from urllib.request import url2pathname

import zeep.transports
import zeep.wsdl
from zeep import Settings

from yanshou.protocols.onvif import values
from yanshou.protocols.onvif.stock import WSDL_DIR

# The topic of an event is the text of an element of mixed content, which zeep drops; as a string with
# attributes it is kept.
_TOPIC_TYPE: Final = re.compile(
    rb'<xsd:complexType name="TopicExpressionType" mixed="true">.*?</xsd:complexType>', re.DOTALL
)
_TOPIC_AS_TEXT: Final = (
    b'<xsd:complexType name="TopicExpressionType"><xsd:simpleContent><xsd:extension base="xsd:string">'
    b'<xsd:attribute name="Dialect" type="xsd:anyURI"/><xsd:anyAttribute/>'
    b"</xsd:extension></xsd:simpleContent></xsd:complexType>"
)
# The published media.wsdl writes some SOAP actions as ".../wsdlGetVideoSources/"; devices that dispatch on
# the action do not know those.
_ACTION_SLIP: Final = re.compile(rb'soapAction="(http://www\.onvif\.org/ver10/media/wsdl)(\w+)/"')
_PATCHES: Final = {
    "b-2.xsd": (_TOPIC_TYPE, _TOPIC_AS_TEXT),
    "media.wsdl": (_ACTION_SLIP, rb'soapAction="\1/\2"'),
}

values.install()
_documents: dict[str, Any] = {}
_lock = threading.Lock()


_Transport: Final[Any] = zeep.transports.Transport
_Document: Final[Any] = zeep.wsdl.Document


class _Files(_Transport):  # type: ignore[misc]
    """Loads from the WSDL folder only: parsing must never use the network."""

    def __init__(self) -> None:
        super().__init__()
        self.session.trust_env = False

    def load(self, url: str) -> bytes:
        """The bytes of a local file, patched where the library cannot read it."""
        path = Path(url2pathname(urlparse(url).path)) if urlparse(url).scheme == "file" else Path(url)
        if not path.resolve().is_relative_to(WSDL_DIR.resolve()):
            raise ValueError(f"the WSDL refers to {url}, which is outside the installed set")
        content = path.read_bytes()
        if path.name not in _PATCHES:
            return content
        pattern, text = _PATCHES[path.name]
        return pattern.sub(text, content)


def document(wsdl: str) -> Any:
    """The parsed WSDL of that file name (``media.wsdl``), parsed at the first call.  Thread-safe."""
    with _lock:
        if wsdl not in _documents:
            settings = Settings(strict=False, forbid_external=True)
            _documents[wsdl] = _Document(str(WSDL_DIR / wsdl), _Files(), settings=settings)
        return _documents[wsdl]
