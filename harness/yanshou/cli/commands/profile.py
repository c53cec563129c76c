# SPDX-License-Identifier: Apache-2.0
"""``yanshou profile list|check|try``: what a device's addresses and messages mean, as data."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.output import print_json, print_table
from yanshou.cli.words import _
from yanshou.drivers.profile import Profile, load_profile, shipped
from yanshou.model import UsageError
from yanshou.model.trouble import Mistake
from yanshou.planning import as_answer

HELP = "device profiles: list, check FILE"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The views and their files."""
    parser.add_argument("what", choices=("list", "check"))
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help=_("a profile file, or the name of a shipped profile")
    )
    parser.add_argument("--json", action="store_true", help=_("answer as JSON"))


def run(options: argparse.Namespace) -> int:
    """0 when all is well, 2 for a mistake in a profile."""
    if options.what == "list":
        return _list(as_json=options.json)
    if not options.files:
        raise UsageError(_("no profile was named."), _("Name at least one FILE."))
    return _check(options.files, as_json=options.json)


def _named(name: str) -> Profile:
    """The profile of a file, or of a shipped name."""
    if name.endswith(".toml") and not Path(name).is_file():
        raise UsageError([Mistake(name, None, _("there is no such file."), _("Correct the path."))])
    return load_profile(name, Path.cwd())


def _check(files: list[str], *, as_json: bool) -> int:
    mistakes: list[Mistake] = []
    for name in files:
        try:
            _named(name)
        except UsageError as error:
            mistakes += error.mistakes
    if as_json:
        print_json(as_answer(mistakes))
    elif mistakes:
        print("\n".join(str(mistake) for mistake in mistakes))
        print(_("problems: %d") % len(mistakes))
    else:
        print(_("profiles in order: %d") % len(files))
    return 2 if mistakes else 0


def _list(*, as_json: bool) -> int:
    profiles = [load_profile(name, Path.cwd()) for name in shipped()]
    if as_json:
        print_json([_entry(profile) for profile in profiles])
        return 0
    heads = (_("profile"), _("device"), _("protocol"), _("verified by"), _("source of its map"))
    rows = [
        (
            one.name,
            f"{one.vendor} {one.model}",
            one.protocol,
            one.verified.by if one.verified else _("nobody"),
            one.document,
        )
        for one in profiles
    ]
    print_table(heads, rows)
    return 0


def _entry(profile: Profile) -> dict[str, object]:
    verified = profile.verified
    return {
        "name": profile.name,
        "class": profile.device_class,
        "vendor": profile.vendor,
        "model": profile.model,
        "protocol": profile.protocol,
        "document": profile.document,
        "verified": {"by": verified.by, "date": verified.date.isoformat(), "document": verified.document}
        if verified
        else None,
        "roles": [point.role for point in profile.points],
        "commands": [command.name for command in profile.commands],
    }
