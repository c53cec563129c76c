# SPDX-License-Identifier: Apache-2.0
"""Ports for servers of tests that cannot say which one they got."""

from __future__ import annotations

from yanshou.emulation.ports import reserved_ports


def free_port() -> int:
    """A free port, TCP and UDP, that no other test run on this machine takes."""
    return reserved_ports(1)[0]
