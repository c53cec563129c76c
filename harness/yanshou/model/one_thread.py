# SPDX-License-Identifier: Apache-2.0
"""One thread for the linear algebra of NumPy and SciPy.

Their matrices are small here (a window of a picture, a polynomial).  OpenBLAS would share each product among
all processors, and its threads wait for each other in a loop that keeps them busy: examining one picture took
four times the processor time, which what polls a field bus beside it needs.
"""

from __future__ import annotations

import os
from typing import Final

THREADS: Final = "OPENBLAS_NUM_THREADS"
"""The variable that OpenBLAS reads when NumPy is imported."""


def one_thread() -> None:
    """Ask for one thread, in this process and in those it starts.  What the user has set stays."""
    os.environ.setdefault(THREADS, "1")
