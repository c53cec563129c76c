# SPDX-License-Identifier: Apache-2.0
"""The run folder as a whole: begun once with a frozen plan, resumed after any interruption."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yanshou.evidence.amendments import AMENDED, digests_of, frozen_at, voided_by
from yanshou.evidence.blobs import BlobStore
from yanshou.evidence.durable import evidence_fault, write_whole
from yanshou.evidence.journal import Event, Journal, plain, read_events
from yanshou.evidence.soundness import require_sound, sha256_of
from yanshou.model import UsageError, limited
from yanshou.model.journal_fields import require_readable

PLAN, CATALOGUE, SITE, JOURNAL = "plan.json", "catalogue.json", "site.json", "journal.jsonl"
FIRST_RUN = "first.json"
_BEGUN = {"site", SITE, CATALOGUE, FIRST_RUN}  # files a run folder holds before its plan is written
_AGAIN = ("interrupted", "rig_fault")
_COPIED = (".toml", ".csv", ".xlsx", ".json")
# not part of the site's description, or not read by a run
_NOT_COMPARED = frozenset({"calibration.json", "defects.toml", "faults.toml", "fleet-faults.toml"})


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
        first: Mapping[str, object] | None = None,
    ) -> RunFolder:
        """A new run: the plan, the catalogue rows it uses and the site's files are frozen in it.

        A re-test also keeps what the ``first`` run found.

        The plan is written last, so a beginning that failed earlier (a full disk) can be repeated.
        """
        if path.exists() and any(one.name not in _BEGUN for one in path.iterdir()):
            raise UsageError(
                f"{path} is not empty.", "Name a new folder, or an interrupted run to go on with."
            )
        run = cls(path)
        write_frozen(path, plan=plan, catalogue=catalogue, site=site, site_folder=site_folder, first=first)
        return run

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """A run begun earlier; UsageError if the folder is not a run or was changed since."""
        if not (path / PLAN).is_file():
            raise UsageError(
                f"{path} is no run folder: it has no {PLAN}.", "Begin one with `yanshou run SITE`."
            )
        require_sound(path)
        return cls(path)

    @property
    def started(self) -> bool:
        """Whether the folder already has a journal."""
        return (self.path / JOURNAL).exists()

    @property
    def frozen(self) -> Path:
        """The folder of the plan, rows and site that hold now: the run's, or of its last amendment."""
        return self.path / frozen_at(self.events())

    @property
    def site_copy(self) -> Path:
        """The copy of the site's files as they hold now."""
        return self.frozen / "site"

    def journal(self) -> Journal:
        """The journal, opened for appending; nobody else can open it meanwhile."""
        return Journal(self.path / JOURNAL)

    @contextmanager
    def held(self) -> Iterator[Journal | None]:
        """The journal, kept from everybody else while the folder is changed; None where there is none yet.

        What a line of the journal is to say is read after this, and files it names are written after this.
        """
        if not self.started:
            yield None
            return
        with self.journal() as journal:
            yield journal

    def events(self) -> list[Event]:
        """All events, without a line that a power cut tore; UsageError for lines that are unknown here."""
        if not self.started:
            return []
        events = list(read_events(self.path / JOURNAL, torn_allowed=True))
        require_readable(events, self.path / JOURNAL)
        return events

    def plan(self) -> dict[str, Any]:
        """The frozen plan as written."""
        return _load(self.frozen / PLAN)

    def site(self) -> dict[str, Any]:
        """The site as it was read when the run began."""
        return _load(self.frozen / SITE)

    def catalogue(self) -> list[dict[str, Any]]:
        """The frozen catalogue rows as written."""
        rows: list[dict[str, Any]] = _read(self.frozen / CATALOGUE)
        return rows

    def finished(self) -> dict[str, str]:
        """Items that need not be run again, with their outcome.

        What an amendment of the site file voided is run again.

        An item that was interrupted or ended with a rig fault is run again when the run is resumed; a
        non-conforming item never is.
        """
        found: dict[str, str] = {}
        for event in self.events():
            if event["kind"] == "item_finished" and event["outcome"] not in _AGAIN:
                found[event["item"]] = event["outcome"]
            for item in voided_by(event):
                found.pop(item, None)
        return found

    def amend(
        self,
        *,
        plan: object,
        catalogue: Sequence[object],
        site: Mapping[str, object],
        site_folder: Path,
        **recorded: object,
    ) -> None:
        """Freeze another plan, its rows and the site's files, and journal that with the ``recorded`` fields.

        The line is written last, so an amendment that failed earlier (a full disk) is none and can be
        repeated.
        """
        number = sum(event["kind"] == "site_amended" for event in self.events()) + 1
        folder = f"{AMENDED}{number}"
        if (self.path / folder).exists():
            shutil.rmtree(self.path / folder)
        write_frozen(self.path / folder, plan=plan, catalogue=catalogue, site=site, site_folder=site_folder)
        with self.journal() as journal:
            journal.append("site_amended", number=number, **recorded, frozen=digests_of(self.path, folder))


def write_frozen(
    path: Path,
    *,
    plan: object,
    catalogue: Sequence[object],
    site: Mapping[str, object],
    site_folder: Path,
    first: Mapping[str, object] | None = None,
) -> None:
    """Write what is frozen before the first stimulus; the plan last, for it makes the folder a run."""
    try:
        _copy_site(site_folder, path / "site")
    except OSError as error:
        raise evidence_fault(path / "site", error) from error
    before = ((FIRST_RUN, first),) if first else ()
    for name, content in ((SITE, site), (CATALOGUE, catalogue), *before, (PLAN, plan)):
        write_whole(path / name, json.dumps(plain(content), ensure_ascii=False, indent=1).encode())


def site_digests(folder: Path, outside: Iterable[Path] = ()) -> dict[str, str]:
    """SHA-256 of what a run reads of the site: its files, the accepted views, and overlays kept elsewhere.

    Calibrations are not included, because loops are calibrated every day and frozen in the journal.
    """
    inside = {path.relative_to(folder).as_posix(): path for path in _site_files(folder)}
    elsewhere = {
        path.as_posix(): path for path in outside if not path.resolve().is_relative_to(folder.resolve())
    }
    return {
        name: sha256_of(path)
        for name, path in sorted({**inside, **elsewhere}.items())
        if name not in _NOT_COMPARED and path.is_file()
    }


def _site_files(folder: Path) -> Iterator[Path]:
    """The files of a site folder that describe the site, including its folders of references."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).parts[:-1]
        if path.is_file() and path.suffix in _COPIED and (not below or below[0] == "accepted"):
            yield path


def _copy_site(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for file in _site_files(folder):
        copy = into / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = _read(path)
    return content


def _read(path: Path) -> Any:
    """A JSON file of the run folder; UsageError when it is absent or damaged."""
    try:
        return limited.read_json(path, limited.LARGEST_KEPT)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot be read: {limited.why(error)}.", "Run `yanshou verify` on the run folder.", path=path
        ) from None
