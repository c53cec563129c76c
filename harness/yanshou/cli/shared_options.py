# SPDX-License-Identifier: Apache-2.0
"""The options that several commands take, each written once; as in ``options`` nothing else is imported."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from yanshou.cli.language import LANGUAGES, _

SITE_FILE: Final = "site.toml"


def site_folder(named: str) -> Path:
    """The folder of a site; its site file may be named instead."""
    path = Path(named)
    return path.parent if path.name == SITE_FILE else path


def site(parser: argparse.ArgumentParser) -> None:
    """SITE: the site folder."""
    parser.add_argument("site", type=site_folder, metavar="SITE")


def run_folder(parser: argparse.ArgumentParser) -> None:
    """RUN: the run folder."""
    parser.add_argument("path", type=Path, metavar="RUN")


def as_json(parser: argparse.ArgumentParser) -> None:
    """--json: the answer for a program."""
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def report_language(parser: argparse.ArgumentParser, text: str) -> None:
    """--report-lang, the language of what is printed; ``text`` is its help."""
    parser.add_argument("--report-lang", choices=LANGUAGES, default="zh", help=text)


def formats(parser: argparse.ArgumentParser) -> None:
    """--only: which reports are written."""
    parser.add_argument("--only", metavar="FORMATS", help=_("reports to write, default all"))


def operator(parser: argparse.ArgumentParser, *, console: bool = False) -> None:
    """--operator: who answers; with ``console`` also a phone may."""
    choices = ("terminal", "console", "scripted") if console else ("terminal", "scripted")
    parser.add_argument("--operator", choices=choices, default="", help=_("who answers"))


def emulation(parser: argparse.ArgumentParser, text: str) -> None:
    """--emulate and --faults: the emulated site in place of devices; ``text`` is the help of the first."""
    parser.add_argument("--emulate", action="store_true", help=text)
    parser.add_argument("--faults", type=Path, metavar="FILE", help=_("fault script of the emulated site"))


def password(parser: argparse.ArgumentParser) -> None:
    """--password-env: where the password of a device stands."""
    parser.add_argument(
        "--password-env", metavar="NAME", default="", help=_("environment variable with the password")
    )


def not_intact(parser: argparse.ArgumentParser) -> None:
    """--not-intact: go on with a run folder that is not."""
    parser.add_argument(
        "--not-intact",
        metavar="REASON",
        help=_("continue although the run folder is not intact; journal and report say so"),
    )
