# SPDX-License-Identifier: Apache-2.0
"""``yanshou survey SITE``: asks every camera and recorder, or continues an interrupted survey."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from yanshou.cli.commands.run import emulated, next_folder
from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.evidence import reports_as_found, seal
from yanshou.model import UsageError
from yanshou.model.version import version
from yanshou.site import load_site

if TYPE_CHECKING:
    from yanshou.fleet.survey import Survey


_MOST_LINES = 20


def run(options: argparse.Namespace) -> int:
    """Return 0 if nothing was found, 1 for a finding against the installation, 3 if something is unknown."""
    from yanshou.fleet.settings import Settings  # noqa: PLC0415 - brings the decoders in
    from yanshou.fleet.survey import Survey  # noqa: PLC0415

    _agree(options)
    site = load_site(options.site, same_address=True)
    settings = Settings.of(site)
    if options.no_stream:
        settings = settings.without_stream()
    path = options.out or next_folder(Path("surveys"))
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        survey = Survey.open(path, site, settings)
        _ask(survey, options)
    return _finish(survey, options)


def _agree(options: argparse.Namespace) -> None:
    if options.faults and not options.emulate:
        raise UsageError("--faults needs --emulate: faults are planted in the emulated site only.")
    if (options.engine == "dask") != bool(options.scheduler):
        raise UsageError("--engine dask and --scheduler URL go together.")


def _ask(survey: Survey, options: argparse.Namespace) -> None:
    stop = Event()
    with survey, _shown(survey, quiet=options.json) as tick:

        def keep(result: dict[str, Any]) -> None:
            survey.keep(result)
            tick()

        from yanshou.fleet.registered import ask_registered  # noqa: PLC0415 - as above

        others = ask_registered(survey.site, survey.waiting, survey.settings, keep)
        if options.engine == "dask":
            from yanshou.fleet.cluster import Tls, ask_all_on  # noqa: PLC0415 - an optional extra

            tls = Tls(options.tls_ca, options.tls_cert, options.tls_key) if options.tls_ca else None
            ask_all_on(options.scheduler, tls, others, survey.settings, survey.site.folder, keep)
        else:
            from yanshou.fleet.threads import ask_all  # noqa: PLC0415

            ask_all(others, survey.settings, survey.site.folder, keep, stop)


@contextlib.contextmanager
def _shown(survey: Survey, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show a progress bar of devices with a result; nothing if a program reads the output."""
    if quiet:
        yield lambda: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task(_("asked"), total=len(survey.subjects), completed=survey.done)
        yield lambda: progress.advance(task)


def _finish(survey: Survey, options: argparse.Namespace) -> int:
    from yanshou.reports.survey import document, write_files  # noqa: PLC0415 - brings the typesetter in

    settings = survey.settings.as_record()
    results = document(survey.head(), settings, f"yanshou {version()}", survey.results())
    found = reports_as_found(survey.path)
    made = write_files(results, survey.path / "report", options.report_lang)
    seal(survey.path, found)
    if options.json:
        print_json(results)
    else:
        _show(results, made)
    return 1 if results["summary"]["against"] else 3 if results["summary"]["unknown"] else 0


def _show(results: Mapping[str, Any], made: Mapping[str, Path]) -> None:
    from yanshou.reports.survey.messages import SurveyMessages  # noqa: PLC0415
    from yanshou.reports.survey.tables import finding_rows, lines  # noqa: PLC0415

    messages, counts = SurveyMessages(spoken()), results["summary"]
    keys = ("devices", "clean", "against", "unknown")
    print(f"{results['site']['name']}  " + "   ".join(f"{messages(key)} {counts[key]}" for key in keys))
    head, *rows = lines(list(finding_rows(results, messages)))
    chosen = (0, 1, 4, 6)
    if rows:
        shown = [[row[place] for place in chosen] for row in rows[:_MOST_LINES]]
        print_table([head[place] for place in chosen], shown)
    if len(rows) > _MOST_LINES:
        print(messages("more", count=len(rows)))
    for name in ("survey.html", "survey.pdf", "survey.xlsx", "results.json"):
        print(f"  {made[name]}")
