# SPDX-License-Identifier: Apache-2.0
"""``yanshou completion SHELL``: prints the script with which a shell completes commands and options."""

from __future__ import annotations

import argparse

from yanshou.cli.completion import script


def run(options: argparse.Namespace) -> int:
    """Return 0."""
    print(script(options.shell))
    return 0
