# SPDX-License-Identifier: Apache-2.0
"""ONVIF over SOAP: onvif-zeep, tamed for measuring.

The library stays the base (its WSDL files, its service table, its camera class), but nothing outside this
package touches it: parsed WSDL is shared by all devices, nothing waits without end, nothing is logged or
unset behind the caller's back, and an answer that could not be placed is reported instead of read as "none".
"""

from yanshou.protocols.onvif.device import OnvifDevice, Service
from yanshou.protocols.onvif.fault import AnswerUnclear, SoapFault

__all__ = ["AnswerUnclear", "OnvifDevice", "Service", "SoapFault"]
