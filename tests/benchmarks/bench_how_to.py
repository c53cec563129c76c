# SPDX-License-Identifier: Apache-2.0
"""Every command of the pages of ``docs/how-to``, selftests among them; minutes each."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.followed import HOW_TO, copied_tree, follow


def main(_arguments: Sequence[str]) -> int:
    """1 when a command of a page fails or prints something else than the page shows."""
    wrong = 0
    for name in HOW_TO:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                given = follow(f"how-to/{name}", copied_tree(Path(folder)), lambda _: True)
            except AssertionError as error:
                wrong, given = wrong + 1, [f"FAILED: {error}"]
        print(f"{name:28} {time.monotonic() - began:5.0f} s  {'; '.join(given)}", flush=True)
    return int(bool(wrong))
