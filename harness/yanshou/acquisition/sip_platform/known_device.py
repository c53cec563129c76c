# SPDX-License-Identifier: Apache-2.0
"""A device of GB/T 28181 as the platform knows it before it registers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SipDevice:
    """A device that may register: its id in the site file, its code of 20 digits, and its password.

    ``certificate`` (PEM) of a device of class A (GB 35114), and ``form``, the name of what it signs.
    """

    device: str
    code: str
    password: str = field(repr=False)
    certificate: str = ""
    form: str = ""
