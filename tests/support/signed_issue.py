# SPDX-License-Identifier: Apache-2.0
"""An issue that three people signed, and what verify says of it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import (
    NameObject,
    StreamObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.support.authority import PASSPHRASE, Authority, page_with_rooms
from tests.support.run_builder import small_run
from yanshou.cli.main import main
from yanshou.evidence.signed import Standing
from yanshou.model import Verdict
from yanshou.signing.certificates import authorities
from yanshou.signing.check import check
from yanshou.signing.pdf import ROLES

FIRST = Path("report/issues/1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def people(authority: Authority) -> tuple[Path, ...]:
    return tuple(authority.signer(one) for one in ("张三", "李四", "王五"))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose report was issued."""
    builder = small_run(tmp_path_factory.mktemp("issued") / "run")
    builder.session()
    builder.latency(builder.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    builder.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yanshou.reports.pdf.pdf_bytes", lambda _view, _language: page_with_rooms())
        assert main(["report", str(builder.path), "--only", "pdf"]) == 0
    return builder.path


@pytest.fixture(scope="module")
def all_signed(issued: Path, people: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that all three signed."""
    run = tmp_path_factory.mktemp("signed") / "run"
    shutil.copytree(issued, run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YANSHOU_SIGN_PASSPHRASE", PASSPHRASE)
        for role, p12 in zip(ROLES, people, strict=True):
            assert main(["sign", str(run), "--role", role, "--p12", str(p12)]) == 0
    return run


@pytest.fixture
def run(issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANSHOU_SIGN_PASSPHRASE", PASSPHRASE)
    return Path(shutil.copytree(issued, tmp_path / "run"))


@pytest.fixture
def signed(all_signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANSHOU_SIGN_PASSPHRASE", PASSPHRASE)
    return Path(shutil.copytree(all_signed, tmp_path / "run"))


Verified = Callable[..., tuple[int, str]]


@pytest.fixture
def verified(capsys: pytest.CaptureFixture[str]) -> Verified:
    def ask(run: Path, *options: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["--lang", "en", "verify", str(run), *options])
        return code, capsys.readouterr().out

    return ask


def by(run: Path, role: str, p12: Path, *options: str) -> int:
    return main(["--lang", "en", "sign", str(run), "--role", role, "--p12", str(p12), *options])


def standings(data: bytes, authority: Authority | None, **over: Any) -> list[Standing]:
    trusted = authorities([authority.root] if authority else [], over.pop("lists", []))
    return [one.standing for one in check("report.pdf", data, trusted, **over)]


def last(run: Path) -> bytes:
    return (run / FIRST / "report.signed-3.pdf").read_bytes()


# -- what happens to a signed file -------------------------------------------------------------------------


def shadow(data: bytes) -> bytes:
    """Other contents put in the place of the first page's, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    first = writer.find_page_for_modification(0)[0].get_object()
    first[NameObject("/Contents")] = writer.add_object(
        StreamObject(stream_data=b"BT /F1 12 Tf 72 700 Td (passed) Tj ET")
    )
    writer.update_container(first)
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()
