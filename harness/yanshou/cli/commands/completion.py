# SPDX-License-Identifier: Apache-2.0
"""``yanshou completion SHELL``: the lines with which a shell completes the commands and options."""

from __future__ import annotations

import argparse

from yanshou.cli.completion import script


def run(options: argparse.Namespace) -> int:
    """Always 0."""
    print(script(options.shell))
    return 0
