# SPDX-License-Identifier: Apache-2.0
"""The run folder as a whole: begun once with a frozen plan, gone on with after any interruption."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yanshou.evidence.blobs import BlobStore
from yanshou.evidence.durable import evidence_fault, write_whole
from yanshou.evidence.journal import Event, Journal, plain, read_events
from yanshou.model import UsageError

PLAN, CATALOGUE, SITE, JOURNAL = "plan.json", "catalogue.json", "site.json", "journal.jsonl"
_BEGUN = {"site", SITE, CATALOGUE}  # what stands in a run folder before its plan does
_AGAIN = ("interrupted", "rig_fault")
_COPIED = (".toml", ".csv", ".xlsx", ".json")


class RunFolder:
    """Paths and stores of one run; see ``docs/contracts.md`` §4."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blobs = BlobStore(path / "blobs")

    @classmethod
    def begin(
        cls,
        path: Path,
        *,
        plan: object,
        catalogue: Sequence[object],
        site: Mapping[str, object],
        site_folder: Path,
    ) -> RunFolder:
        """A new run: the plan, the catalogue rows it uses and the site's files are frozen in it.

        The plan is written last: a beginning that failed before it, on a full disk, may be made again.
        """
        if path.exists() and any(one.name not in _BEGUN for one in path.iterdir()):
            raise UsageError(
                f"{path} is not empty.", "Name a new folder, or an interrupted run to go on with."
            )
        run = cls(path)
        try:
            _copy_site(site_folder, path / "site")
        except OSError as error:
            raise evidence_fault(path / "site", error) from error
        for name, content in ((SITE, site), (CATALOGUE, catalogue), (PLAN, plan)):
            write_whole(path / name, json.dumps(plain(content), ensure_ascii=False, indent=1).encode())
        return run

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """A run begun before; UsageError when the folder is none."""
        if not (path / PLAN).is_file():
            raise UsageError(
                f"{path} is no run folder: it has no {PLAN}.", "Begin one with `yanshou run SITE`."
            )
        return cls(path)

    @property
    def started(self) -> bool:
        """Whether a journal stands here already."""
        return (self.path / JOURNAL).exists()

    def journal(self) -> Journal:
        """The journal, opened for appending."""
        return Journal(self.path / JOURNAL)

    def events(self) -> list[Event]:
        """All events so far."""
        return list(read_events(self.path / JOURNAL)) if self.started else []

    def plan(self) -> dict[str, Any]:
        """The frozen plan as written."""
        return _load(self.path / PLAN)

    def catalogue(self) -> list[dict[str, Any]]:
        """The frozen catalogue rows as written."""
        rows: list[dict[str, Any]] = json.loads((self.path / CATALOGUE).read_text(encoding="utf-8"))
        return rows

    def finished(self) -> dict[str, str]:
        """Items that need not be run again, with their outcome.

        What was interrupted, or brought to nothing by a fault of our own bench, is run again when the run
        goes on; what the system under test did wrong never is.
        """
        return {
            event["item"]: event["outcome"]
            for event in self.events()
            if event["kind"] == "item_finished" and event["outcome"] not in _AGAIN
        }


def _copy_site(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.suffix in _COPIED:
            shutil.copyfile(file, into / file.name)


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
