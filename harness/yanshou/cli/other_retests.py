# SPDX-License-Identifier: Apache-2.0
"""Tells a person of other re-tests of the same run: what one of them found is not undone by the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from yanshou.cli.language import _
from yanshou.evidence.retests import OtherRetest, unnamed_retests
from yanshou.model.printable import tell


def tell_of(others: Iterable[OtherRetest]) -> None:
    """One line for each."""
    for one in others:
        said = _("the same run was re-tested in %(folder)s as well, begun %(started)s: both results stand")
        tell(said % {"folder": one.folder, "started": one.started or "?"}, file=sys.stderr)


def tell_of_unnamed(run: Path) -> None:
    """What lies beside a re-test and it does not name; nothing for another run."""
    tell_of(unnamed_retests(run))
