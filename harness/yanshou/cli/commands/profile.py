# SPDX-License-Identifier: Apache-2.0
"""``yanshou profile list|check|try``: lists, checks and tries device profiles."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanshou.cli.grouped import plain_lines
from yanshou.cli.language import _, in_own_language
from yanshou.cli.output import print_json, print_table
from yanshou.drivers.field.probe import Place, Role, read_device
from yanshou.drivers.profile import Profile, load_profile, shipped
from yanshou.model import SecretRef, UsageError
from yanshou.model.trouble import Mistake
from yanshou.planning import as_answer


def run(options: argparse.Namespace) -> int:
    """Return 0 if all is well, 2 for a mistake in a profile, 3 if the device does not answer."""
    if options.what == "list":
        return _list(as_json=options.json)
    if not options.files:
        raise UsageError(_("no profile was named."), _("Name at least one FILE."))
    if options.what == "try":
        return _try(options)
    return _check(options.files, as_json=options.json)


def _named(name: str) -> Profile:
    """Read a profile by its file, or by the name of a shipped one."""
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
        print("\n".join(plain_lines(mistakes)))
        print(_("problems: %d") % len(mistakes))
    else:
        print(_("profiles in order: %d") % len(files))
    return 2 if mistakes else 0


def _try(options: argparse.Namespace) -> int:
    """Read every role of a live device once."""
    if len(options.files) != 1 or not options.at:
        raise UsageError(_("one profile and one address are needed."), _("Write try FILE --at ADDRESS."))
    serial = {"baud": options.baud, "parity": options.parity, "unit": options.unit}
    secret = SecretRef("env", options.password_env) if options.password_env else None
    place = Place(options.at, options.rtu, options.user, secret, serial)
    name = options.files[0]
    profile = _named(name)
    roles = list(read_device(name, profile, place, Path.cwd()))
    seconds, requests = sum(one.seconds for one in roles), sum(one.requests for one in roles)
    if options.json:
        shown = [
            {
                "role": one.role,
                "values": dict(one.values),
                "words": dict(one.states),
                "fault": one.fault or None,
            }
            for one in roles
        ]
        print_json({"profile": profile.name, "at": options.at, "roles": shown,
                    "scan": {"seconds": round(seconds, 6), "requests": requests}})  # fmt: skip
    else:
        print_table((_("role"), _("points"), _("shows")), [(r.role, str(r.count), _shown(r)) for r in roles])
        scan = {"requests": requests, "ms": seconds * 1000}
        print(_("one scan of all roles: %(requests)d requests, %(ms).1f ms") % scan)
    return 3 if any(one.fault for one in roles) else 0


def _shown(role: Role) -> str:
    """List the points that show something, by what they show; points at rest are only counted."""
    if role.fault:
        return f"✗ {in_own_language(role.fault)}"
    if not role.states:
        return " ".join(str(value) for value in role.values.values())
    groups: dict[str, list[int]] = {}
    for number, word in role.states.items():
        groups.setdefault(word, []).append(number)
    resting = len(groups.pop("off", []))
    listed = [f"{word}: {', '.join(map(str, numbers))}" for word, numbers in groups.items()]
    return "; ".join([*listed, *([_("off: %d") % resting] if resting else [])])


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
