# SPDX-License-Identifier: Apache-2.0
"""ONVIF over SOAP, using onvif-zeep in a form fit for measuring.

Only this package uses the library (its WSDL files, its service table, its camera class). Parsed WSDL is
shared by all devices, nothing waits without end, logging is left to the caller, and content the library
cannot interpret is reported instead of being read as "none".
"""

import importlib
import sys
from typing import Any


def _without_asynchronous_client() -> None:
    """Import zeep without httpx, which it would bring in for a client nobody uses here: 6 MiB a process."""
    modules: dict[str, Any] = sys.modules
    if "httpx" in modules:
        return
    modules["httpx"] = None  # importing it fails, which zeep expects
    try:
        importlib.import_module("zeep.transports")
    finally:
        del modules["httpx"]


_without_asynchronous_client()

from yanshou.protocols.onvif.device import OnvifDevice, Service  # noqa: E402 - after the line above
from yanshou.protocols.onvif.fault import AnswerUnclear, SoapFault  # noqa: E402

__all__ = ["AnswerUnclear", "OnvifDevice", "Service", "SoapFault"]
