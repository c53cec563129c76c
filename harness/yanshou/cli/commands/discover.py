# SPDX-License-Identifier: Apache-2.0
"""``yanshou discover SITE``: compares the devices found on the network with the inventory."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from yanshou.cli.commands.run import emulated
from yanshou.cli.language import N_, _
from yanshou.cli.output import print_json, print_table
from yanshou.fleet.discovery import Outcome, discover
from yanshou.fleet.inventory_file import write_inventory
from yanshou.fleet.scope import Scope
from yanshou.model import UsageError
from yanshou.site import load_site

_KINDS: Final[Mapping[str, str]] = {
    "missing": N_("not found"),
    "extra": N_("not in the inventory"),
    "moved": N_("has another address"),
    "other_device": N_("another device at this address"),
    "firmware": N_("other firmware"),
    "default_password": N_("default password still set"),
    "unreadable": N_("names an address nobody can read"),
    "open_access": N_("answers without a password"),
    "refused": N_("refuses the password of the site file"),
}


def run(options: argparse.Namespace) -> int:
    """Return 0 if all is as in the inventory, 1 if something differs, 3 if a device refused its password."""
    if options.faults and not options.emulate:
        raise UsageError("--faults needs --emulate: faults are planted in the emulated site only.")
    site = load_site(options.site)
    scope = Scope.of(site)
    scope = replace(
        scope,
        interfaces=tuple(options.interface or scope.interfaces),
        subnets=tuple(options.subnet or scope.subnets),
    )
    with emulated(options.site, options.faults) if options.emulate else contextlib.nullcontext():
        outcome = discover(site, scope)
    if options.write:
        write_inventory(options.write, site, outcome)
    if options.json:
        print_json(_answer(outcome))
    else:
        _show(outcome, options.write)
    kinds = {one.kind for one in outcome.differences}
    return 1 if kinds - {"refused"} else 3 if kinds else 0


def _answer(outcome: Outcome) -> dict[str, object]:
    """Return the answer of ``--json``."""
    found = [asdict(one) | {"device": name} for name, one in outcome.known.items()]
    found += [asdict(one) | {"device": ""} for one in outcome.extra]
    return {
        "found": found,
        "differences": [asdict(one) for one in outcome.differences],
    }


def _show(outcome: Outcome, written: Path | None) -> None:
    print(
        _("found: %(found)d   as in the inventory: %(known)d   differences: %(differences)d")
        % {
            "found": len(outcome.known) + len(outcome.extra),
            "known": len(outcome.known),
            "differences": len(outcome.differences),
        }
    )
    rows = [
        (one.device or "?", _(_KINDS[one.kind]), one.address, one.reported, one.expected)
        for one in outcome.differences
    ]
    if rows:
        print_table((_("device"), _("difference"), _("address"), _("found there"), _("inventory")), rows)
    if written:
        print(f"  {written}")
