# SPDX-License-Identifier: Apache-2.0
"""How long a test waits for what has to come."""

from __future__ import annotations

from typing import Final

HUNG_S: Final = 60.0
"""A busy machine takes its time; only what hangs takes so long."""
