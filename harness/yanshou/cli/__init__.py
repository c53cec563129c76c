# SPDX-License-Identifier: Apache-2.0
"""The command line: site file → plan → run → report → verify."""

from yanshou.cli.main import main

__all__ = ["main"]
