# SPDX-License-Identifier: Apache-2.0
"""One emulated site run twice, one item after the other and side by side, and its findings compared."""

from __future__ import annotations

import math
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.evidence import read_events

SERIAL = "--yanshou-serial"
_SESSIONS = 3  # a busy machine may bring about a fault of the bench
_LAST_LINES = 12
_READY_S = 300.0  # the hotel starts 71 devices, on a busy machine
Finding = tuple[str, str, str]
"""Clause, measurand and device."""


@dataclass(frozen=True)
class OneWay:
    """What the journal of one run says."""

    folder: Path

    @cached_property
    def events(self) -> list[Mapping[str, Any]]:
        """All lines of the journal."""
        return list(read_events(self.folder / "journal.jsonl"))

    def of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The lines of one kind."""
        return (event for event in self.events if event["kind"] == kind)

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return any(event["reason"] == "complete" for event in self.of("session_ended"))

    @property
    def seconds(self) -> float:
        """From the beginning of the first item to the end of the last, of each session, in all."""
        sessions: list[list[float]] = []
        for event in self.events:
            if event["kind"] == "session_started":
                sessions.append([])
            elif event["kind"] in {"item_started", "item_finished"}:
                sessions[-1].append(event["mono"])
        return sum(max(one) - min(one) for one in sessions if one)

    @property
    def faulty(self) -> list[str]:
        """The items that in the end were not done because of a fault of the bench."""
        last = {event["item"]: event["outcome"] for event in self.of("item_finished")}
        return sorted(item for item, outcome in last.items() if outcome == "rig_fault")

    @property
    def verdicts(self) -> Mapping[Finding, str]:
        """The verdict of each clause on each device, of the last attempt."""
        return {_finding(event): event["verdict"] for event in self.of("finding")}

    @property
    def uncertainties(self) -> Mapping[Finding, float]:
        """U of each finding that has one."""
        found = ((_finding(event), event.get("U")) for event in self.of("finding"))
        return {key: float(u) for key, u in found if isinstance(u, int | float) and u > 0}


def _finding(event: Mapping[str, Any]) -> Finding:
    return event["requirement"], event["measurand"], event["device"]


@dataclass(frozen=True, slots=True)
class BothWays:
    """The two runs of one site."""

    serial: OneWay
    together: OneWay

    def named(self) -> Iterator[tuple[str, OneWay]]:
        """Each with its name."""
        yield "serial", self.serial
        yield "together", self.together

    @property
    def time_ratio(self) -> float:
        """How many times as long the run takes one by one."""
        return self.serial.seconds / self.together.seconds

    def differing(self) -> list[str]:
        """Each finding whose verdict differs, or that one of the runs lacks, in a line."""
        one, other = self.serial.verdicts, self.together.verdicts
        return [
            f"{' '.join(key)}: {one.get(key, 'nothing')} one by one, {other.get(key, 'nothing')} side by side"
            for key in sorted(one.keys() | other.keys())
            if one.get(key) != other.get(key)
        ]

    def u_ratios(self) -> Mapping[str, float]:
        """U side by side over U one by one, by measurand: the geometric mean of its devices.

        U of a few repetitions scatters from run to run by itself, so no single device is compared.
        """
        one, other = self.serial.uncertainties, self.together.uncertainties
        found = defaultdict[str, list[float]](list)
        for key in one.keys() & other.keys():
            found[key[1]].append(other[key] / one[key])
        return {name: statistics.geometric_mean(ratios) for name, ratios in sorted(found.items())}

    def u_ratio(self) -> float:
        """The geometric mean of all measurands; 1 if none of them has a U."""
        ratios = self.u_ratios().values()
        return math.exp(statistics.fmean(math.log(one) for one in ratios)) if ratios else 1.0


def run_both_ways(
    site: Path, folder: Path, *, together: Sequence[str] = (), faults: Path | None = None
) -> BothWays:
    """Run the site twice on freshly started emulations, in copies of its folder; ``together``: options.

    What a fault of the bench hindered, as on a busy machine, is done again by going on with the run.
    Raises RuntimeError with the end of the output if a run does not come to its end.
    """
    ways = {"serial": [SERIAL], "together": list(together)}
    return BothWays(**{name: _run(site, folder / name, options, faults) for name, options in ways.items()})


def _run(site: Path, folder: Path, options: Sequence[str], faults: Path | None) -> OneWay:
    folder.mkdir(parents=True, exist_ok=True)
    own = private_copy(site, folder / "site")
    command = [sys.executable, "-c", _COMMAND, str(own), str(folder / "run"), *options]
    log = folder / "output.txt"
    for _ in range(_SESSIONS):
        with log.open("a", encoding="utf-8") as output, EmulatedSite(own, faults, deadline_s=_READY_S):
            subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
        ran = OneWay(folder / "run")
        if not (ran.folder / "journal.jsonl").is_file() or not ran.complete:
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
            raise RuntimeError("\n".join([f"the run in {folder} did not come to its end:", *last]))
        if not ran.faulty:
            break
    return ran


_COMMAND = """
import sys
from pathlib import Path
from yanshou.cli.commands.run import run_tests
run_tests(Path(sys.argv[1]), Path(sys.argv[2]), arguments=sys.argv[3:])
"""


def shortened(site: Path, waits: Mapping[str, float]) -> None:
    """Write these seconds into [plan] of the site file, over what stands there."""
    path = site / "site.toml"
    text = path.read_text(encoding="utf-8")
    for name, seconds in waits.items():
        line = f"{name} = {seconds:g}"
        text, found = re.subn(rf"(?m)^{name} = [^\n]*$", line, text)
        text = text if found else text.replace("[plan]\n", f"[plan]\n{line}\n")
    path.write_text(text, encoding="utf-8")
