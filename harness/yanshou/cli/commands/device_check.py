# SPDX-License-Identifier: Apache-2.0
"""``yanshou device-check HOST``: judges one device on one wire, without bench and person, for a CI."""

from __future__ import annotations

import argparse
import contextlib
import getpass
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from yanshou.cli.commands.report import write_reports
from yanshou.cli.commands.run import run_tests
from yanshou.cli.language import _
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import DeviceKind, Plan, UsageError
from yanshou.model.limited import parse_json
from yanshou.planning import CoveredMeasurand, make_plan, ready_mistakes
from yanshou.site import load_site
from yanshou.site.single import DEVICE, SingleDevice, write_single
from yanshou.standards import load

_LAST_PORT = 65_535
_REPORTS = ["json", "junit"]
_NO_CHART = {"chart": "none"}  # nobody is there to hang one up


def run(options: argparse.Namespace) -> int:
    """The exit code of the findings; ``OUT/run/report`` holds ``junit.xml`` and ``results.json``."""
    site, path = options.out / "site", options.out / "run"
    if path.exists():
        raise UsageError(f"{path} exists.", "Name another folder with --out, or remove it.")
    device = _device(options)
    write_single(site, device)
    _require_ready(site)
    covered = covered_measurands()
    plan = make_plan(load_site(site), load(()), load_instruments(site), covered=covered)
    scope = _by_machine(plan, covered, options.only or ["*"])
    if not scope:
        raise UsageError(
            f"nothing asked of this {device.kind.value} is tested without bench, instruments and persons.",
            "Describe it in a site folder with its bench, and use `yanshou run`.",
        )
    write_single(site, device, scope)
    run_tests(site, path)
    code = write_reports(path, _REPORTS, "zh")
    print(_("results for a CI: %(path)s") % {"path": path / "report" / "junit.xml"})
    return code


def _by_machine(plan: Plan, covered: Mapping[str, CoveredMeasurand], only: Sequence[str]) -> list[str]:
    """The requirements on the device that ask no person, move nothing and need no instrument."""
    found: dict[str, bool] = {}
    for item in plan.items:
        own = covered[item.measurand]
        alone = item.device == DEVICE and not (own.operator or own.instruments or item.intrusive)
        for name in item.requirements:
            found[name] = found.get(name, True) and alone
    return sorted(
        name for name, alone in found.items() if alone and any(fnmatchcase(name, one) for one in only)
    )


def _require_ready(site: Path) -> None:
    if mistakes := ready_mistakes(load_site(site)):
        raise UsageError(mistakes)


def _device(options: argparse.Namespace) -> SingleDevice:
    host, port = _address(options.host)
    kind = DeviceKind(options.kind)
    video = kind in {DeviceKind.CAMERA, DeviceKind.RECORDER}
    if not video and not options.profile:
        raise UsageError(
            f"a {kind.value} needs --profile: it says which register or message means what.",
            "`yanshou profile list` shows those that are there; docs/how-to has how to write one.",
        )
    connection: dict[str, object] = {
        "protocol": options.wire or ("onvif" if video else "modbus-tcp"),
        "host": host,
    }
    given = {"port": port, "unit": options.unit, "user": options.user}
    connection |= {key: value for key, value in given.items() if value not in (None, "")}
    if options.password_env:
        connection["password"] = {"env": options.password_env}
    return SingleDevice(
        kind,
        connection,
        options.person or _account(),
        options.profile,
        options.name,
        options.model,
        (_NO_CHART if kind is DeviceKind.CAMERA else {}) | _pairs(options.attribute, "--attribute"),
        {key: _number(value) for key, value in _pairs(options.plan, "--plan").items()},
    )


def _address(text: str) -> tuple[str, int | None]:
    """Host and port of ``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or (":" in host and not host.startswith("[")):
        return text.strip("[]"), None
    if not port.isdecimal() or not 0 < int(port) <= _LAST_PORT:
        raise UsageError(f"{text}: {port!r} is no port.", f"Write HOST or HOST:PORT, 1 to {_LAST_PORT}.")
    return host.strip("[]"), int(port)


def _pairs(arguments: Sequence[str], option: str) -> dict[str, str]:
    """``KEY=VALUE``, as often as it was given."""
    pairs = [word.partition("=") for word in arguments]
    for key, equals, _value in pairs:
        if not (key.strip() and equals):
            raise UsageError(f"{option} {key}: no value is given.", f"Write {option} KEY=VALUE.")
    return {key.strip(): value.strip() for key, _equals, value in pairs}


def _number(text: str) -> object:
    """A value of the plan: a number or true/false as JSON writes it, else the text."""
    with contextlib.suppress(ValueError, UsageError):
        return parse_json(text.encode())
    return text


def _account() -> str:
    """The account that runs the command stands for the person who answers for the test."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("this account has no name.", "Name a person with --person.") from error
