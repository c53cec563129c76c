# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure psnr REFERENCE FILE…``: compares clips with the reference sequence that was played."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yanshou.equipment.reference import read_reference
from yanshou.imaging.psnr import psnr, ranged
from yanshou.model import UsageError

Roi = tuple[int, int, int, int]


def measure(path: Path, _rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Refuse a single file, which has nothing to be compared with."""
    what = "is one file: PSNR compares a received clip with the reference."
    raise UsageError(what, "Write `yanshou measure psnr REFERENCE FILE`.", path=path)


def together(paths: Sequence[Path], _rois: Sequence[Roi], _: argparse.Namespace) -> list[dict[str, Any]]:
    """Compare all other files with the first one, the reference."""
    reference = read_reference(paths[0])
    answers = []
    for path in paths[1:]:
        clip = read_reference(path)
        pictures = [ranged(one, clip.range, reference.range) for one in clip.pictures]
        found = psnr(reference.pictures, pictures, reference.range)
        exact = found.value == float("inf")
        answers.append(
            {
                "psnr_db": None if exact else found.value,
                "identical": exact,
                "least_db": None if exact else min(found.pictures, default=None),
                "gain_and_level_taken_out_db": None if exact else found.evened,
                "shift_px": list(found.shift),
                "clipped": found.clipped,
                "pictures": len(clip.pictures),
                "aligned": list(found.aligned),
                "gates": list(found.gates),
                "reference": str(paths[0]),
                "reference_sha256": reference.sha256,
                "file": str(path),
            }
        )
    return answers
