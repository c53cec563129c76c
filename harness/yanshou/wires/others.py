# SPDX-License-Identifier: Apache-2.0
"""Wires whose devices need no profile: cameras, recorders, meters, clocks, alarm links and persons."""

from __future__ import annotations

from yanshou.wires.wire import NETWORK, Wire

_ONVIF = {"user", "password", "tls", "tls_verify", "path", "profile", "transport", "rtsp_port", "alarm_job"}

WIRES = (
    Wire("onvif", NETWORK | _ONVIF, port=80),
    Wire("visa", frozenset({"path", "backend", "timeout_s"})),
    Wire("ntp", NETWORK, port=123),
    Wire("dc09-receiver", NETWORK | {"account", "key"}),
    Wire("dc09-account", frozenset({"receiver", "alternate", "account", "key"})),
    Wire("manual", frozenset()),
)
