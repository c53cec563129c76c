# SPDX-License-Identifier: Apache-2.0
"""A fleet of canned cameras in a process of its own, and the site folder that lists it, for the benches."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support import fleet_site
from tests.support.canned_fleet import Manner

THINK_S = 0.05
OPERATIONS = 8


@dataclass(frozen=True, slots=True)
class Fleet:
    """Its site folder, and where its counts will be once it has ended."""

    site: Path
    cameras: list[object]
    counts: Path


@contextlib.contextmanager
def fleet(
    folder: Path, count: int, keys: str, behaviour: Mapping[int, Manner] | None = None
) -> Iterator[Fleet]:
    """``count`` cameras that think for 50 ms before each answer."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = fleet_site.cameras(count, behaviour)
    site = fleet_site.site_folder(folder / "site", listed, keys)
    spec, picture, counts = folder / "fleet.json", folder / "picture.jpg", folder / "counts.json"
    picture.write_bytes(fleet_site.snapshot())
    rows = [{"id": c.id, "host": c.host, "port": c.port, "manner": c.manner.value} for c in listed]
    spec.write_text(json.dumps(rows), encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.canned_fleet", str(spec), "--think", str(THINK_S)]
    command += ["--password", fleet_site.SECRET, "--picture", str(picture), "--counts", str(counts)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if child.stdout.readline().strip() != "ready":
            raise RuntimeError("the fleet did not start")
        yield Fleet(site, listed, counts)
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


def environment() -> dict[str, str]:
    """This environment, with the fleet's password."""
    return os.environ | {fleet_site.SECRET_VARIABLE: fleet_site.SECRET}
