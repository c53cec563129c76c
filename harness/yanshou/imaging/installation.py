# SPDX-License-Identifier: Apache-2.0
"""Whether the image library is the tested one: two distributions of it overwrite each other silently."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from yanshou.model import UsageError

DISTRIBUTIONS: Final = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)


def opencv_installed() -> dict[str, str]:
    """Name and version of every OpenCV distribution in this environment."""
    found = {}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def check_opencv() -> str:
    """The one installed OpenCV as ``name version``; UsageError if there is none or more than one."""
    found = [f"{name} {number}" for name, number in opencv_installed().items()]
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} distributions of OpenCV are installed ({', '.join(found) or 'none'}); "
            "they share one folder, so which code runs is left to chance.",
            "Uninstall all of them, then install opencv-python alone.",
        )
    return found[0]
