# SPDX-License-Identifier: Apache-2.0
"""The codec of the package ``siadc09``, loaded when a message is read or written."""

from __future__ import annotations

from typing import Any


def codec() -> Any:
    """Its CRC, ciphers and time stamps; a run without an alarm link does without their libraries."""
    from siadc09 import util  # noqa: PLC0415 - as said

    return util
