# SPDX-License-Identifier: Apache-2.0
"""Completion of commands, options and file names in bash, zsh and PowerShell, by argcomplete.

``yanshou completion SHELL`` prints what a shell has to read once; from then on the shell calls ``yanshou``
with its own variables set whenever somebody presses Tab, and ``complete`` answers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import argcomplete
from argcomplete.completers import BaseCompleter
from argcomplete.shell_integration import shellcode


def script(shell: str) -> str:
    """Return the script that makes the shell complete ``yanshou``."""
    return shellcode(["yanshou"], shell=shell)


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell's request and end the process."""
    argcomplete.autocomplete(parser, always_complete_options=False, default_completer=_Files())


class _Files(BaseCompleter):
    """Completes files and folders; argcomplete's own completer needs bash, which Windows lacks."""

    def __call__(self, prefix: str, **_asked: object) -> Iterator[str]:
        """Return those that begin with ``prefix``; hidden ones only if ``prefix`` begins with a dot."""
        before, slash, begun = prefix.replace("\\", "/").rpartition("/")
        try:
            entries = sorted(Path(before + slash).expanduser().iterdir())
        except (OSError, RuntimeError):  # no such folder, no such user
            return
        for entry in entries:
            if entry.name.startswith(begun) and (begun or not entry.name.startswith(".")):
                yield f"{before}{slash}{entry.name}{'/' if entry.is_dir() else ''}"
