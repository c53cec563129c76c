# SPDX-License-Identifier: Apache-2.0
"""A survey folder: settings and inventory frozen first, then one journal line per device asked.

A device with a line in the journal is not asked again, however the survey was interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from yanshou.evidence import Journal, read_events
from yanshou.evidence.durable import write_whole
from yanshou.fleet.result import Record, not_asked
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import Subject, subjects
from yanshou.model import Site, UsageError
from yanshou.model.limited import read_json, why

FROZEN: Final = "survey.json"
JOURNAL: Final = "journal.jsonl"
FORMAT: Final = "yanshou-survey/1"


@dataclass(frozen=True, slots=True)
class _Head:
    site: str
    name: str
    sha256: str
    settings: Settings


class Survey:
    """One survey, new or continued; open while devices are asked."""

    def __init__(self, path: Path, site: Site, settings: Settings) -> None:
        self.path = path
        self.site = site
        self.settings = settings
        self.subjects = subjects(site)
        self._journal: Journal | None = None
        self._done: set[str] = set()

    @classmethod
    def open(cls, path: Path, site: Site, settings: Settings) -> Self:
        """Begin a survey at ``path``, or continue the one in that folder.

        A continued survey keeps its own settings, above all the end of its window. Raises UsageError if the
        folder holds something else, or a survey of another site.
        """
        if (path / FROZEN).is_file():
            head = read_head(path)
            if head.sha256 != site.sha256:
                what = f"{path} is a survey of a site that has changed since, or of another one."
                raise UsageError(what, "Go on with the same site file, or name a new folder.")
            return cls(path, site, head.settings)
        if path.exists() and any(path.iterdir()):
            raise UsageError(f"{path} is not empty.", "Name a new folder, or a survey to go on with.")
        made = cls(path, site, settings)
        made._freeze()
        return made

    def _freeze(self) -> None:
        frozen = {
            "format": FORMAT,
            "site": self.head(),
            "settings": self.settings.as_record(),
            "devices": [one.id for one in self.subjects],
        }
        write_whole(self.path / FROZEN, json.dumps(frozen, ensure_ascii=False, indent=1).encode())

    def __enter__(self) -> Self:
        self._journal = Journal(self.path / JOURNAL)
        self._done = {str(one["device"]) for one in results_of(self.path)}
        self._journal.append("survey_started", resumed=bool(self._done), devices=len(self.subjects))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._journal is not None:
            whole = len(self._done) == len(self.subjects)
            self._journal.append("survey_ended", reason="complete" if whole else "interrupted")
            self._journal.close()
            self._journal = None

    @property
    def waiting(self) -> list[Subject]:
        """The devices not asked yet, in inventory order."""
        return [one for one in self.subjects if one.id not in self._done]

    @property
    def done(self) -> int:
        """How many devices have a result."""
        return len(self._done)

    def keep(self, result: Record) -> None:
        """Write one result durably; a second result of the same device is ignored."""
        device = str(result["device"])
        if device in self._done:
            return
        assert self._journal is not None
        self._journal.append("device_asked", result=result)
        self._done.add(device)

    def head(self) -> dict[str, str]:
        """The site as the files of the survey name it."""
        return {"id": self.site.id, "name": self.site.name, "sha256": self.site.sha256}

    def results(self) -> list[Record]:
        """The result of every device in inventory order; devices not asked have a result that says so."""
        known = {str(one["device"]): one for one in results_of(self.path)}
        return [
            known.get(one.id) or not_asked(one, "the survey was interrupted before") for one in self.subjects
        ]


def read_head(path: Path) -> _Head:
    """The settings and site a survey folder was begun with; UsageError if it is not one."""
    try:
        frozen: dict[str, Any] = read_json(path / FROZEN)
        site: Mapping[str, str] = frozen["site"]
        settings = Settings.from_record(frozen["settings"])
        return _Head(site["id"], site["name"], site["sha256"], settings)
    except (OSError, ValueError) as error:
        raise _no_survey(path, why(error)) from None
    except (KeyError, TypeError, AttributeError):
        raise _no_survey(path, f"{FROZEN} is not whole") from None


def _no_survey(path: Path, what: str) -> UsageError:
    return UsageError(f"{path} is no survey folder ({what}).", "Name one, or a new folder.")


def results_of(path: Path) -> Iterator[Record]:
    """The results in the journal of a survey folder, in order; none if it was not begun."""
    if not (path / JOURNAL).exists():
        return
    for event in read_events(path / JOURNAL):
        if event["kind"] == "device_asked":
            yield event["result"]
