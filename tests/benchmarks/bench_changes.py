# SPDX-License-Identifier: Apache-2.0
"""How many of 10,000 single changed bytes are found: in a signed run folder, its package, and its signed PDF.

The folder and the package are changed anywhere, archive headers among them, and verified as ``yanshou
verify`` does. The signed PDF is judged twice: beside its journal, as it is handed over, and by its signatures
alone, as somebody has it who was sent nothing but the file and names the authority.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, tell
from tests.support.authority import PASSPHRASE, Authority, page_with_rooms
from tests.support.run_builder import small_run
from yanshou.cli.main import main as yanshou
from yanshou.evidence import verify
from yanshou.evidence.laboratory import create_key, read_public
from yanshou.evidence.manifest import seal_as_it_is
from yanshou.evidence.package import unpack, verify_package
from yanshou.evidence.signed import NOT_AGAINST
from yanshou.model import Verdict
from yanshou.signing.certificates import authorities
from yanshou.signing.check import check
from yanshou.signing.pdf import ROLES

CHANGES = 10_000
SEED = 20261129


def main(argv: Sequence[str] = ()) -> int:
    """The share found of each; 1 when one change is not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--changes", type=int, default=CHANGES, help="how many of each")
    parser.add_argument("--seed", type=int, default=SEED, help="another one for each batch")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yanshou-bench-") as name:
        folder = Path(name)
        authority = Authority(folder / "authority")
        run, package = _signed_run(folder, authority), folder / "run.zip"
        wanted, signed = read_public(folder / "lab.key.pub"), run / "report/issues/1/report.signed-3.pdf"
        trusted = authorities([authority.root], [])
        counts = [
            _found(options, _files(run), lambda _path: not verify(run, wanted).intact),
            _found(options, [package], lambda path: _package_refused(path, wanted)),
            _found(options, [signed], lambda _path: not verify(run, wanted).intact),
            _found(
                options,
                [signed],
                lambda path: any(
                    one.standing not in NOT_AGAINST for one in check("", path.read_bytes(), trusted)
                ),
            ),
        ]
    whole = options.changes
    return tell(
        "changes",
        [
            Figure("found in the run folder", counts[0], "", at_least=whole),
            Figure("found in the package", counts[1], "", at_least=whole),
            Figure("found in the signed PDF of the folder", counts[2], "", at_least=whole),
            Figure("found in the signed PDF alone", counts[3], "", at_least=whole),
        ],
    )


def _signed_run(folder: Path, authority: Authority) -> Path:
    """A small run that three people signed, each drawn in a cell of the report, packed beside it."""
    builder = small_run(folder / "run")
    builder.session()
    builder.latency(builder.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    builder.close()
    shutil.rmtree(builder.path / "site")
    seal_as_it_is(builder.path)
    create_key(folder / "lab.key", "")
    os.environ |= {"YANSHOU_KEY": str(folder / "lab.key"), "YANSHOU_SIGN_PASSPHRASE": PASSPHRASE}
    from yanshou.reports import pdf

    typeset, pdf.pdf_bytes = pdf.pdf_bytes, lambda _view, _language: page_with_rooms()
    try:
        commands = [["report", str(builder.path), "--only", "pdf"]]
        commands += [
            ["sign", str(builder.path), "--role", role, "--p12", str(authority.signer(role))]
            for role in ROLES
        ]
        for text in [*commands, ["pack", str(builder.path)]]:
            assert yanshou(text) == 0, text
    finally:
        pdf.pdf_bytes = typeset
        del os.environ["YANSHOU_KEY"]
    return builder.path


def _files(run: Path) -> list[Path]:
    return [one for one in sorted(run.rglob("*")) if one.is_file() and one.stat().st_size]


def _found(options: argparse.Namespace, files: Sequence[Path], finds: Callable[[Path], bool]) -> int:
    """How many of so many single changed bytes are found; every file is changed, large ones more often."""
    chosen, changes, found = random.Random(options.seed), options.changes, 0
    sizes = [one.stat().st_size for one in files]
    each = chosen.choices(files, weights=sizes, k=max(0, changes - len(files)))
    for path in [*files, *each][:changes]:
        for _changed in _turned(path, chosen):
            found += finds(path)
    return found


def _turned(path: Path, chosen: random.Random) -> Iterator[int]:
    """One byte of a file changed while it is looked at, then put back."""
    data = path.read_bytes()
    place = chosen.randrange(len(data))
    path.write_bytes(data[:place] + bytes([data[place] ^ chosen.randrange(1, 256)]) + data[place + 1 :])
    yield place
    path.write_bytes(data)


def _package_refused(package: Path, wanted: bytes) -> bool:
    folder = package.with_name("unpacked")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return bool(unpack(package, folder)) or not verify_package(package, folder, wanted).intact


if __name__ == "__main__":
    raise SystemExit(main())
