# SPDX-License-Identifier: Apache-2.0
"""What a visit to a site takes: work by system and place, people to be warned, and the time of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yanshou.model.requirement import Text

Places = Mapping[str, tuple[str, ...]]
"""Devices by the place where they stand, both in the order a person would write them."""


@dataclass(frozen=True, slots=True)
class VisitTask:
    """One measurand on all its devices.

    ``clauses`` are printed names of standard and clause, ``machine_s`` the time in which nobody is needed,
    ``person_s`` the time a person of the laboratory reads, walks, looks and writes; both in seconds.
    """

    measurand: str
    title: Text
    system: str
    clauses: tuple[str, ...]
    places: Places
    actions: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    machine_s: float = 0.0
    person_s: float = 0.0

    @property
    def devices(self) -> int:
        """On how many devices."""
        return sum(len(ids) for ids in self.places.values())


@dataclass(frozen=True, slots=True)
class Visit:
    """The whole visit. ``warned`` holds each action others hear, see or feel, and where it is taken.

    ``cannot`` holds what is not tested: title of the requirement, why, and on how many devices (0: the site).
    """

    site: str
    address: str
    tasks: tuple[VisitTask, ...]
    warned: Mapping[str, Places] = field(default_factory=dict)
    cannot: tuple[tuple[Text, str, int], ...] = ()

    @property
    def machine_s(self) -> float:
        """The time in which nobody is needed, in seconds."""
        return sum(task.machine_s for task in self.tasks)

    @property
    def person_s(self) -> float:
        """The time that a person of the laboratory works, in seconds."""
        return sum(task.person_s for task in self.tasks)

    def by_place(self) -> dict[str, dict[str, list[VisitTask]]]:
        """What a person does: place, device, tasks, in the order of the plan."""
        found: dict[str, dict[str, list[VisitTask]]] = {}
        for task in self.tasks:
            if task.person_s:
                for place, ids in task.places.items():
                    for one in ids:
                        found.setdefault(place, {}).setdefault(one, []).append(task)
        return found


_NUMBERED = re.compile(r"(.*?)(\d+)")
_RUN = 3  # devices with following numbers from which on the first and the last are enough


def named(ids: Iterable[str]) -> str:
    """Devices in few words: ``Z01–Z05 Z09 CAM-1 CAM-2``. Only numbers that follow each other are joined."""
    runs: list[list[str]] = []
    for one in ids:
        if runs and _follows(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return " ".join(f"{run[0]}–{run[-1]}" if len(run) >= _RUN else " ".join(run) for run in runs)


def natural(name: str) -> tuple[str | int, ...]:
    """A key that sorts Z2 before Z10.

    Texts and numbers alternate, so they are never compared with each other.
    """
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))


def _follows(one: str, other: str) -> bool:
    first, second = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    if first is None or second is None or len(one) > len(other):
        return False
    return first[1] == second[1] and int(first[2]) + 1 == int(second[2])


def lasting(seconds: float) -> tuple[int, int]:
    """Hours and minutes, a begun minute counted whole."""
    return divmod(-int(-seconds // 60), 60)
