# SPDX-License-Identifier: Apache-2.0
"""The laboratory's own catalogue files that a site names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yanshou.model import Site


def overlays_of(site: Site) -> Sequence[Path]:
    """The laboratory's overlays named in the site file, relative to it."""
    named = site.plan.get("overlays", ())
    return [site.folder / str(name) for name in (named if isinstance(named, list | tuple) else ())]
