# SPDX-License-Identifier: Apache-2.0
"""Ports for discovery."""

from typing import Final

PORT: Final = 3702
"""WS-Discovery, multicast and unicast, by UDP (OASIS 2005/04)."""
