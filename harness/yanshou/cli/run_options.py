# SPDX-License-Identifier: Apache-2.0
"""The options of the commands that take a run folder; as in ``options`` nothing else is imported."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from yanshou.cli import shared_options
from yanshou.cli.language import _

# The names in registries that take long to import; tests/unit/test_quick_start.py holds them against these.
REPORTS: Final = ("results", "junit", "csv", "xlsx", "record", "pdf", "laboratory", "acceptance", "allure")
ROLES: Final = ("tester", "reviewer", "approver", "主检", "审核", "批准")


def report(parser: argparse.ArgumentParser) -> None:
    """RUN, why it is issued again, --only and the language of the report."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--reason",
        default="",
        metavar="WHY",
        help=_("why the report is issued again, from the second issue on"),
    )
    parser.add_argument("--only", metavar="FORMATS", help=",".join(REPORTS))
    parser.add_argument(
        "--docx", type=Path, metavar="TEMPLATE", help=_("fill this Word template of the laboratory, too")
    )
    shared_options.report_language(parser, _("language of the reports"))
    shared_options.not_intact(parser)


def conclude(parser: argparse.ArgumentParser) -> None:
    """RUN, the acceptance file, the language of the page, and --json."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=_("the group, its tables and its conclusion, as TOML")
    )
    shared_options.report_language(parser, _("language of the page"))
    shared_options.as_json(parser)


def merge(parser: argparse.ArgumentParser) -> None:
    """The runs, the folder over them, and its reports."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="RUN")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=_("new folder with the runs and one report")
    )
    parser.add_argument(
        "--as-named",
        default="",
        metavar="REASON",
        help=_("the runs were made in the order named, whatever the clocks of their computers say, and why"),
    )
    shared_options.formats(parser)
    shared_options.report_language(parser, _("language of the reports"))


def rectify(parser: argparse.ArgumentParser) -> None:
    """RUN, the list of what was mended, the deadline, the language."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--mended", type=Path, metavar="FILE", help=_("journal this list of what was mended in a re-test")
    )
    parser.add_argument("--until", default="", metavar="DAY", help=_("deadline printed in the notice"))
    shared_options.report_language(parser, _("language of the notice"))


def verify(parser: argparse.ArgumentParser) -> None:
    """RUN or a package, what it is compared with, and --json."""
    parser.add_argument(
        "path", type=Path, metavar="RUN", help=_("run folder, a package of one (.zip, .age), or a signed PDF")
    )
    parser.add_argument(
        "--seal", metavar="DIGEST", help=_("digest noted outside the folder: the seal, or the journal's end")
    )
    parser.add_argument(
        "--key",
        type=Path,
        metavar="PUB",
        help=_("the laboratory's public key, with which it should be signed"),
    )
    _trusted(parser)
    parser.add_argument(
        "--identity", type=Path, metavar="FILE", help=_("age identity that opens an encrypted package")
    )
    shared_options.as_json(parser)


def _trusted(parser: argparse.ArgumentParser) -> None:
    """Certificates of authorities and their revocation lists, as files."""
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("certificate of an authority that is trusted, PEM or DER; may be given again"),
    )
    parser.add_argument(
        "--crl",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("its list of revoked certificates; may be given again"),
    )


def console(parser: argparse.ArgumentParser) -> None:
    """RUN, where to listen, who answers beside the people of the site file."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--listen",
        default="127.0.0.1",
        metavar="ADDRESS",
        help=_("address of this computer in the hot spot; default 127.0.0.1, this computer alone"),
    )
    parser.add_argument("--port", type=int, default=8443, metavar="N", help=_("port; default 8443"))
    parser.add_argument(
        "--person", action="append", default=[], metavar="NAME", help=_("another person who answers")
    )
    parser.add_argument(
        "--insecure-lan", action="store_true", help=_("without encryption: everybody in the network can read")
    )


def sign(parser: argparse.ArgumentParser) -> None:
    """RUN, the role and the certificate; or a sealed file; or the time stamp."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--role", choices=ROLES, help=_("who signs: tester 主检, reviewer 审核, approver 批准, in this order")
    )
    parser.add_argument("--p12", type=Path, metavar="FILE", help=_("certificate and key as PKCS#12"))
    parser.add_argument("--pkcs11", type=Path, metavar="MODULE", help=_("library of a token (USB key)"))
    parser.add_argument("--token", default="", metavar="LABEL", help=_("label of the token"))
    parser.add_argument(
        "--certificate", default="", metavar="LABEL", help=_("label of the certificate on it")
    )
    parser.add_argument(
        "--person", default="", metavar="NAME", help=_("who signs; default as in the certificate")
    )
    parser.add_argument(
        "--passphrase-env",
        default="YANSHOU_SIGN_PASSPHRASE",
        metavar="NAME",
        help=_("environment variable with the passphrase or PIN; else it is asked"),
    )
    parser.add_argument("--tsa", default="", metavar="URL", help=_("time stamp authority (RFC 3161)"))
    parser.add_argument(
        "--complete", action="store_true", help=_("add a time stamp and proofs to what is signed already")
    )
    parser.add_argument(
        "--import", dest="imported", type=Path, metavar="FILE", help=_("take in the PDF as sealed elsewhere")
    )
    _trusted(parser)
    shared_options.as_json(parser)


def key(parser: argparse.ArgumentParser) -> None:
    """The file, how it is protected, and --json."""
    parser.add_argument("path", type=Path, metavar="FILE")
    parser.add_argument(
        "--no-passphrase", action="store_true", help=_("protect it by the permissions of the file only")
    )
    parser.add_argument("--age", action="store_true", help=_("make an age identity for encrypted packages"))
    shared_options.as_json(parser)


def pack(parser: argparse.ArgumentParser) -> None:
    """RUN, the file, the key, the recipients."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=_("file to write; default RUN.zip beside RUN")
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help=_("the laboratory's key, to sign the manifest with")
    )
    parser.add_argument(
        "--encrypt-to",
        action="append",
        default=[],
        metavar="KEY",
        help=_("age recipient, or a file of them; give the laboratory's and a recovery key"),
    )
    shared_options.as_json(parser)


def rejudge(parser: argparse.ArgumentParser) -> None:
    """RUN, the overlays, who judges again, and --json."""
    shared_options.run_folder(parser)
    parser.add_argument(
        "--overlay", type=Path, action="append", required=True, metavar="FILE", help=_("laboratory overlay")
    )
    parser.add_argument("--person", default="", metavar="NAME", help=_("who judges again"))
    shared_options.report_language(parser, _("language of the reports"))
    shared_options.not_intact(parser)
    shared_options.as_json(parser)


def diff(parser: argparse.ArgumentParser) -> None:
    """The earlier and the later run, and --json."""
    parser.add_argument("then", type=Path, metavar="RUN1", help=_("the earlier run"))
    parser.add_argument("now", type=Path, metavar="RUN2", help=_("the later run of the same site"))
    parser.add_argument("--all", action="store_true", help=_("show what did not change, too"))
    shared_options.as_json(parser)
