# SPDX-License-Identifier: Apache-2.0
"""The one import of onvif-zeep, without its side effects.

Importing it calls ``logging.basicConfig`` and silences ``zeep.client``; both are undone here, so that the
log configuration stays the caller's.
"""

from __future__ import annotations

import importlib
import logging
from pathlib import Path
from types import ModuleType
from typing import Any, Final


def _quietly(name: str) -> ModuleType:
    root, zeep_client = logging.getLogger(), logging.getLogger("zeep.client")
    handlers, level, zeep_level = list(root.handlers), root.level, zeep_client.level
    try:
        return importlib.import_module(name)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        zeep_client.setLevel(zeep_level)


_client = _quietly("onvif.client")

ONVIFCamera: Final[Any] = _client.ONVIFCamera
ONVIFService: Final[Any] = _client.ONVIFService
SERVICES: Final[dict[str, dict[str, str]]] = {
    **_client.SERVICES,
    # described by files of the library, which does not list them
    "subscription": {
        "ns": "http://www.onvif.org/ver10/events/wsdl",
        "wsdl": "events.wsdl",
        "binding": "SubscriptionManagerBinding",
    },
    "accesscontrol": {
        "ns": "http://www.onvif.org/ver10/accesscontrol/wsdl",
        "wsdl": "accesscontrol.wsdl",
        "binding": "PACSBinding",
    },
    "doorcontrol": {
        "ns": "http://www.onvif.org/ver10/doorcontrol/wsdl",
        "wsdl": "doorcontrol.wsdl",
        "binding": "DoorControlBinding",
    },
}
WSDL_DIR: Final = Path(str(_client.__file__)).parents[1] / "wsdl"
