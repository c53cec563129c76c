# SPDX-License-Identifier: Apache-2.0
"""In which role a person answers on the console."""

from typing import Final

TESTER: Final = "tester"
"""Answers the questions of the run."""
WITNESS: Final = "witness"
"""Confirms intrusive actions beside the tester, and sees what is done; answers nothing else."""
