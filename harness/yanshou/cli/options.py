# SPDX-License-Identifier: Apache-2.0
"""The options of every command; help and shell completion import nothing else.

The module ``yanshou.cli.commands.NAME`` of a command is imported when that command runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from yanshou.cli import run_options, shared_options
from yanshou.cli.language import N_, _

# The names in registries that take long to import; tests/unit/test_quick_start.py holds them against these.
CYCLES: Final = 100
LIGHTS: Final = ("day", "night")
SHELLS: Final = ("bash", "zsh", "powershell")
SINGLE_KINDS: Final = ("camera", "recorder", "panel", "door_controller")
SHEETS: Final = ("A3", "A2", "A1")
SYSTEMS: Final = ("linux", "windows")
MEASURED: Final = ("sfr", "grey", "noise", "colour", "geometry", "health", "psnr", "range")
"""What ``measure`` measures: the modules of ``yanshou.cli.measuring``."""


class CommandName(NamedTuple):
    """A command: its line in the help, and the options it takes."""

    help: str
    arguments: Callable[[argparse.ArgumentParser], None]


def _demo(parser: argparse.ArgumentParser) -> None:
    """Options of ``demo``: the folder."""
    parser.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help=_("folder to write to"))


def _init(parser: argparse.ArgumentParser) -> None:
    """DIR and the inventory, or the template."""
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    parser.add_argument(
        "--from", dest="inventory", type=Path, metavar="FILE", help=_("inventory, .csv or .xlsx")
    )
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help=_("write an empty inventory with drop-downs, .xlsx")
    )


def _check(parser: argparse.ArgumentParser) -> None:
    """SITE, what else is asked, and --json."""
    shared_options.site(parser)
    parser.add_argument("--all", action="store_true", help=_("list every problem, also many of one cause"))
    parser.add_argument("--reach", action="store_true", help=_("ask every device whether it answers"))
    parser.add_argument(
        "--bench", action="store_true", help=_("trip each relay of the bench and see which circuit opens")
    )
    shared_options.operator(parser)
    shared_options.emulation(parser, _("start the emulated site for this check"))
    shared_options.as_json(parser)


def _discover(parser: argparse.ArgumentParser) -> None:
    """SITE, where to look, where to write."""
    shared_options.site(parser)
    parser.add_argument(
        "--interface", action="append", metavar="ADDR", help=_("local address to probe from; may be repeated")
    )
    parser.add_argument(
        "--subnet",
        action="append",
        metavar="NET",
        help=_("network to sweep, 192.168.1.0/24; may be repeated"),
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help=_("write the inventory as found, .csv or .xlsx")
    )
    shared_options.emulation(parser, _("start the emulated site for this search"))
    shared_options.as_json(parser)


def _calibrate(parser: argparse.ArgumentParser) -> None:
    """SITE, the run it closes, how many cycles."""
    shared_options.site(parser)
    parser.add_argument("--run", type=Path, metavar="RUN", help=_("run folder that this calibration follows"))
    parser.add_argument(
        "--cycles", type=int, default=CYCLES, metavar="N", help=_("cycles of each loop, at least 100")
    )
    shared_options.operator(parser)
    shared_options.emulation(parser, _("start the emulated site for this calibration"))
    shared_options.formats(parser)
    shared_options.report_language(parser, _("language of the reports"))
    shared_options.not_intact(parser)
    shared_options.as_json(parser)


def _profile(parser: argparse.ArgumentParser) -> None:
    """The views, their files, and where a live device is."""
    parser.add_argument("what", choices=("list", "check", "try"))
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help=_("a profile file, or the name of a shipped profile")
    )
    parser.add_argument(
        "--at",
        metavar="ADDRESS",
        help=_("a live device to read: HOST:PORT, or a serial port; nothing is written"),
    )
    parser.add_argument("--unit", type=int, default=1, help=_("its Modbus unit; default 1"))
    parser.add_argument("--baud", type=int, default=9600, help=_("speed of the serial port; default 9600"))
    parser.add_argument("--parity", choices=("N", "E", "O"), default="N", help=_("parity; default N"))
    parser.add_argument("--rtu", action="store_true", help=_("Modbus RTU frames over TCP"))
    parser.add_argument("--user", default="", help=_("user of an HTTP device"))
    shared_options.password(parser)
    shared_options.as_json(parser)


def _plan(parser: argparse.ArgumentParser) -> None:
    """SITE, --items, --pdf and --json."""
    shared_options.site(parser)
    parser.add_argument(
        "--items", action="store_true", help=_("list samples and items by their ids instead of the visit")
    )
    parser.add_argument(
        "--pdf", type=Path, metavar="FILE", help=_("leave the plan of the visit and the work orders as PDF")
    )
    parser.add_argument("--run", type=Path, metavar="RUN", help=_("only what this run has still to do"))
    parser.add_argument(
        "--lasted", type=Path, nargs="+", default=[], metavar="RUN", help=_("take the times of earlier runs")
    )
    shared_options.report_language(parser, _("language of the PDF"))
    shared_options.as_json(parser)


def _run(parser: argparse.ArgumentParser) -> None:
    """SITE, the run folder, emulation, and arguments for pytest."""
    shared_options.site(parser)
    parser.add_argument("--run", type=Path, metavar="DIR", help=_("run folder, new or to continue"))
    parser.add_argument(
        "--amend",
        metavar="REASON",
        help=_("go on although the site file was corrected; what rests on it is done again"),
    )
    parser.add_argument(
        "--retest",
        type=Path,
        metavar="RUN",
        help=_("test again, after repair, what did not conform in this run (GB 50348-2018 9.1.6)"),
    )
    parser.add_argument(
        "--mended", type=Path, metavar="FILE", help=_("with --retest: the list of what was mended, as TOML")
    )
    shared_options.operator(parser, console=True)
    parser.add_argument(
        "--environment",
        default="",
        metavar="TEXT",
        help=_("environment of this session for the report: temperature, humidity, weather"),
    )
    shared_options.emulation(parser, _("start the emulated site for this run"))
    parser.add_argument(
        "--serial",
        action="store_true",
        help=_("watch no device beside another: slower, with the same verdicts"),
    )
    shared_options.formats(parser)
    shared_options.report_language(parser, _("language of the reports"))
    shared_options.not_intact(parser)
    parser.epilog = _("Arguments after -- are passed to pytest, e.g. -- --yanshou-device=Z07")
    parser.set_defaults(pytest=[])  # filled in by whoever parses: see yanshou.cli.main


def _catalogue(parser: argparse.ArgumentParser) -> None:
    """The three views and the laboratory's overlays."""
    parser.add_argument("what", choices=("list", "show", "coverage"))
    parser.add_argument("pattern", nargs="?", default="", metavar="ID", help=_("id or glob, e.g. IAS-RT-*"))
    parser.add_argument("--overlay", type=Path, action="append", default=[], help=_("laboratory overlay"))
    shared_options.as_json(parser)


def _accept(parser: argparse.ArgumentParser) -> None:
    """SITE, the cameras, the light."""
    shared_options.site(parser)
    parser.add_argument(
        "--device", action="append", metavar="ID", help=_("only this camera; may be repeated")
    )
    parser.add_argument("--light", choices=LIGHTS, default="day", help=_("light of the accepted view"))
    shared_options.operator(parser)
    parser.add_argument("--emulate", action="store_true", help=_("start the emulated site for this command"))
    shared_options.as_json(parser)


def _chart(parser: argparse.ArgumentParser) -> None:
    """Size, colour frame, serial number and the file."""
    parser.add_argument("--size", choices=SHEETS, default="A3", help=_("paper size"))
    parser.add_argument(
        "--colour-frame", action="store_true", help=_("leave a place for a bought ColorChecker")
    )
    parser.add_argument("--serial", default="", metavar="N", help=_("serial number printed on it"))
    parser.add_argument(
        "--sequence",
        metavar="WxH",
        help=_("write the reference sequence of PSNR tests instead, for a player"),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("file to write"))


def _measure(parser: argparse.ArgumentParser) -> None:
    """What, the files, the regions and the tone."""
    parser.add_argument("what", choices=MEASURED, help=_("what is measured"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_("picture or clip"))
    parser.add_argument(
        "--roi", action="append", default=[], metavar="X,Y,W,H", help=_("region in px; may be given again")
    )
    parser.add_argument(
        "--linear",
        action="store_true",
        help=_("the codes are proportional to light; otherwise the sRGB curve is reversed"),
    )
    parser.add_argument(
        "--densities",
        default="",
        metavar="D,…",
        help=_("for range: the density of each region, from light to dark"),
    )
    shared_options.as_json(parser)


def _device_check(parser: argparse.ArgumentParser) -> None:
    """HOST, what it is, how it is reached, and the folder of the results."""
    parser.add_argument("host", metavar="HOST[:PORT]", help=_("address of the device"))
    parser.add_argument("--kind", choices=SINGLE_KINDS, default="camera", help=_("kind of device"))
    parser.add_argument("--wire", default="", metavar="PROTOCOL", help=_("wire, default that of the kind"))
    parser.add_argument(
        "--profile", default="", metavar="NAME", help=_("profile of a panel or door controller")
    )
    parser.add_argument("--unit", type=int, metavar="N", help=_("unit on a Modbus line"))
    parser.add_argument("--user", default="", help=_("user of the device"))
    shared_options.password(parser)
    parser.add_argument("--name", default="", metavar="NAME", help=_("its name, as it stands on the picture"))
    parser.add_argument("--model", default="", metavar="NAME", help=_("model, as the report names it"))
    parser.add_argument(
        "--only", action="append", default=[], metavar="ID", help=_("id or glob, e.g. NET-*; may be repeated")
    )
    parser.add_argument(
        "--attribute", action="append", default=[], metavar="KEY=VALUE", help=_("attribute of the inventory")
    )
    parser.add_argument(
        "--plan", action="append", default=[], metavar="KEY=VALUE", help=_("parameter of the plan")
    )
    parser.add_argument("--person", default="", metavar="NAME", help=_("who answers for the test"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("folder of the results"))


def _emulate(parser: argparse.ArgumentParser) -> None:
    """SITE, the fault script and the truth log."""
    shared_options.site(parser)
    parser.add_argument("--faults", type=Path, metavar="FILE", help=_("fault script"))
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help=_("log of what the emulated devices really did")
    )


def _selftest(parser: argparse.ArgumentParser) -> None:
    """SITE, a choice of defects, and where to keep the runs."""
    parser.add_argument(
        "site",
        nargs="?",
        type=shared_options.site_folder,
        metavar="SITE",
        help=_("default: the bank branch"),
    )
    parser.add_argument("--all", action="store_true", help=_("all example sites, one after the other"))
    parser.add_argument("--only", metavar="ID", help=_("only defects of this kind or requirement"))
    parser.add_argument("--no-healthy", action="store_true", help=_("leave out the run without defects"))
    parser.add_argument("--keep", type=Path, metavar="DIR", help=_("keep the runs in this folder"))
    parser.add_argument(
        "--jobs",
        type=int,
        choices=range(1, 9),
        metavar="N",
        help=_(
            "so many runs at the same time, 1 to 8; default: one for each processor, or as the site states"
        ),
    )
    shared_options.as_json(parser)


def _survey(parser: argparse.ArgumentParser) -> None:
    """SITE, the survey folder, the engine, emulation."""
    shared_options.site(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help=_("survey folder, new or to continue"))
    parser.add_argument("--no-stream", action="store_true", help=_("open no stream; take snapshots"))
    parser.add_argument(
        "--engine", choices=("threads", "dask"), default="threads", help=_("how the devices are asked")
    )
    parser.add_argument("--scheduler", metavar="URL", help=_("Dask scheduler, tls://HOST:PORT"))
    for name, text in (
        ("ca", _("certificate of the authority")),
        ("cert", _("own certificate")),
        ("key", _("own private key")),
    ):
        parser.add_argument(f"--tls-{name}", type=Path, metavar="FILE", help=text)
    shared_options.emulation(parser, _("start the emulated site for this survey"))
    shared_options.report_language(parser, _("language of the reports"))
    shared_options.as_json(parser)


def _timecode(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("HTML file to write"))


def _completion(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=SHELLS, help=_("the shell to complete in"))


def _kit(parser: argparse.ArgumentParser) -> None:
    """The folder, the systems, or the check."""
    parser.add_argument("folder", type=Path, metavar="DIR", help=_("new folder of the kit"))
    parser.add_argument(
        "--system",
        action="append",
        choices=SYSTEMS,
        help=_("system to install on, both when not given; may be repeated"),
    )
    parser.add_argument(
        "--verify", action="store_true", help=_("check every file of a kit against its manifest")
    )
    shared_options.as_json(parser)


COMMANDS: Final[Mapping[str, CommandName]] = {
    "demo": CommandName(N_("plan, run, report and verify the emulated bank branch"), _demo),
    "init": CommandName(N_("make a new site folder, from an inventory if there is one"), _init),
    "check": CommandName(N_("check a site folder: files, secrets, wiring, profiles, calibration"), _check),
    "discover": CommandName(
        N_("find devices on the network and show what differs from the inventory"), _discover
    ),
    "calibrate": CommandName(
        N_("calibrate the delay of the bench's relays and inputs by loopback, before and after a run"),
        _calibrate,
    ),
    "profile": CommandName(N_("device profiles: list, check FILE, try FILE --at ADDRESS"), _profile),
    "plan": CommandName(
        N_("show the plan of a site: items, samples, instruments, what cannot be tested and why"), _plan
    ),
    "run": CommandName(
        N_("run the tests of a site, or continue an interrupted run, and write the reports"), _run
    ),
    "console": CommandName(
        N_("show the questions of a run on the phones of the people on site"), run_options.console
    ),
    "report": CommandName(
        N_("write the reports of a run: results.json, junit.xml, PDF and Allure page"), run_options.report
    ),
    "conclude": CommandName(
        N_("write the acceptance page: the tables of the group, the inspection, the conclusion"),
        run_options.conclude,
    ),
    "merge": CommandName(
        N_("put several runs of one order (days, laptops, testers) into one report"), run_options.merge
    ),
    "rectify": CommandName(
        N_("write the rectification notice of a run; record in a re-test what was mended"),
        run_options.rectify,
    ),
    "sign": CommandName(
        N_("sign the PDF of an issue, take in one sealed elsewhere, or add a time stamp"), run_options.sign
    ),
    "key": CommandName(N_("make the laboratory's key once, or show its fingerprint"), run_options.key),
    "pack": CommandName(
        N_("pack a run into one archive with everything to check it, for the client and the six years"),
        run_options.pack,
    ),
    "verify": CommandName(
        N_("verify a run folder: every byte against its manifest and the journal's chain"), run_options.verify
    ),
    "rejudge": CommandName(
        N_("judge the stored measurements of a run again, under a later overlay of the laboratory"),
        run_options.rejudge,
    ),
    "diff": CommandName(
        N_("compare a run with a later one: verdicts, drift against U, devices, limits"), run_options.diff
    ),
    "catalogue": CommandName(N_("the catalogue of requirements: list, show ID, coverage"), _catalogue),
    "accept": CommandName(
        N_("accept the healthy view of cameras as the reference of later view scans"), _accept
    ),
    "chart": CommandName(N_("write the test chart as a PDF to print"), _chart),
    "measure": CommandName(
        N_("measure pictures and clips: sfr, grey, noise, colour, geometry, health, psnr, range"), _measure
    ),
    "device-check": CommandName(
        N_("judge one device on one wire without bench and person, for a maker's CI"), _device_check
    ),
    "emulate": CommandName(N_("run the devices of an emulated site until Ctrl-C"), _emulate),
    "selftest": CommandName(
        N_("plant defects in the emulated site and check that each is found, and nothing else"), _selftest
    ),
    "survey": CommandName(
        N_("ask every camera and recorder: clock, stream, picture, recordings; one page with what was found"),
        _survey,
    ),
    "timecode": CommandName(
        N_("write the page with the screen time code, to be shown before a camera"), _timecode
    ),
    "kit": CommandName(N_("make an installation kit for computers without a network, or check one"), _kit),
    "completion": CommandName(
        N_("print the script that makes a shell complete commands, options and files"), _completion
    ),
}
