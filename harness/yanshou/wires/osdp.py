# SPDX-License-Identifier: Apache-2.0
"""OSDP (IEC 60839-11-5) on an RS-485 line, or through a device server that passes its bytes unchanged."""

from __future__ import annotations

from yanshou.wires.wire import NETWORK, SERIAL, Wire

_KEY = frozenset({"key"})  # the secure channel base key, or one for each address

OSDP = "osdp"
"""The ``protocol`` of a profile: what its messages mean is the standard's, so it has no points."""

WIRES = (
    Wire("osdp-serial", SERIAL | _KEY, OSDP, serial=True),
    Wire("osdp-tcp", NETWORK | _KEY, OSDP, 4001),
)
