# SPDX-License-Identifier: Apache-2.0
"""A platform that speaks JSON over HTTP; a platform profile explains its events and commands."""

from __future__ import annotations

from yanshou.wires.wire import NETWORK, Wire

WIRES = (
    Wire(
        "rest",
        (NETWORK - {"timeout_s"}) | {"user", "password", "tls", "tls_verify", "listen", "listen_host"},
        port=80,
    ),
)
