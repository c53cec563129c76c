# SPDX-License-Identifier: Apache-2.0
"""Parses the command line, runs the command, and reports trouble as one line and an exit code.

Exit codes: 0 all findings conform; 1 at least one non-conformity; 2 wrong use or a bad site file; 3 rig
fault, inconclusive or untested items left.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from yanshou.cli.language import LANGUAGES, _, in_own_language, speak
from yanshou.cli.options import COMMANDS

if TYPE_CHECKING:
    from yanshou.model.trouble import UsageError

USAGE, FAULT = 2, 3
COMPLETING = "_ARGCOMPLETE"
"""Set in the environment by a shell that asks what may come next."""


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the error and how to get help, and exit with 2."""
        self.exit(
            USAGE, _("%(prog)s: %(what)s. See %(prog)s --help") % {"prog": self.prog, "what": message} + "\n"
        )


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> NoReturn:
        """Print the version and exit."""
        from yanshou.model.version import version  # noqa: PLC0415 - takes longer than the rest of the help

        print(f"yanshou {version()}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _utf8()
    speak(_language(given))
    parser = _parser()
    if COMPLETING in os.environ:
        from yanshou.cli.completion import complete  # noqa: PLC0415 - only a shell asks for it

        complete(parser)
    return _answered(_parsed(parser, given))


def _answered(options: argparse.Namespace) -> int:
    """Run the command; report trouble as one line and an exit code."""
    from yanshou.model.collecting import collect_seldom  # noqa: PLC0415 - shell completion does without
    from yanshou.model.one_thread import one_thread  # noqa: PLC0415
    from yanshou.model.printable import tell  # noqa: PLC0415
    from yanshou.model.trouble import RigFault, UsageError  # noqa: PLC0415
    from yanshou.model.whole_imports import import_whole  # noqa: PLC0415

    import_whole()
    one_thread()
    collect_seldom()
    try:
        # the module of the command that was asked for, and of no other
        module = options.command.replace("-", "_")
        return int(importlib.import_module(f"yanshou.cli.commands.{module}").run(options))
    except UsageError as error:
        _tell_usage(error, as_json=getattr(options, "json", False))
        return USAGE
    except RigFault as fault:
        tell(f"{_('rig fault')}: {in_own_language(str(fault))}", file=sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        print(_("interrupted"), file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:  # a disk that is full or gone, a file that is not ours to read
        tell(f"{_('rig fault')}: {error.strerror or error} {error.filename or ''}".rstrip(), file=sys.stderr)
        return FAULT


def _parser() -> _Parser:
    shared = _Parser(add_help=False)  # --lang may stand before the command or after it
    shared.add_argument("--lang", choices=LANGUAGES, help=_("language: zh or en; default that of the system"))
    about = _("Acceptance tests of installed security systems.")
    parser = _Parser(prog="yanshou", description=about, parents=[shared])
    parser.add_argument("--version", action=_Version, nargs=0, help=_("show the version"))
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True, parser_class=_Parser)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, parents=[shared], help=_(command.help), description=_(command.help))
        command.arguments(sub)
        sub.set_defaults(command=name)
    return parser


def _parsed(parser: _Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the options; arguments after ``--`` are passed to pytest.

    argparse itself would give a repeated positional argument only what directly follows SITE.
    """
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:cut])
    if cut < len(arguments):
        if not hasattr(options, "pytest"):
            parser.error(_("only `yanshou run` passes arguments on to pytest (--)"))
        options.pytest = arguments[cut + 1 :]
    return options


def _tell_usage(error: UsageError, *, as_json: bool) -> None:
    if as_json:
        from yanshou.cli.output import print_json  # noqa: PLC0415 - shell completion does without

        problems = [
            {"file": one.path, "line": one.line, "what": one.what, "remedy": one.remedy}
            for one in error.mistakes
        ]
        print_json({"ok": False, "problems": problems})
    else:
        from yanshou.cli.grouped import mistake_lines  # noqa: PLC0415
        from yanshou.model.printable import tell  # noqa: PLC0415

        tell(*mistake_lines(error.mistakes), file=sys.stderr)


def _language(arguments: Sequence[str]) -> str | None:
    """Return the language asked for, which is needed before the help texts are made."""
    ours = list(itertools.takewhile(lambda word: word != "--", arguments))
    asked = [after for word, after in itertools.pairwise(ours) if word == "--lang"]
    asked += [word.removeprefix("--lang=") for word in ours if word.startswith("--lang=")]
    return asked[-1] if asked and asked[-1] in LANGUAGES else None


def _utf8() -> None:
    """Switch the streams to UTF-8, so that a Windows console shows Chinese correctly."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
