# SPDX-License-Identifier: Apache-2.0
"""Signatures by hand at the end of a session: kept with their digest, printed with tester and witness."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from tests.support import suite_run
from tests.support.signatures import NAME, drawn
from tests.support.suite_run import Ran, typing
from yanshou.evidence import verify
from yanshou.model import utc_now
from yanshou.operator import Answer, Question, SignatureQuestion, TerminalOperator
from yanshou.reports import load
from yanshou.reports.pdf import pdf_bytes
from yanshou.reports.raw_record.workbook import raw_record_xlsx

pytest_plugins = ["pytester"]

catalogue, ran, site = suite_run.catalogue, suite_run.ran, suite_run.site
SUITE = """
@measures("papers_kept", operator=True)
def test_papers(record):
    record.logical(conforms=True)
"""


@pytest.fixture
def signing(site: Path) -> Path:
    """A site that asks for signatures."""
    path = site / "site.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[operator]\n", "[operator]\nsignatures = true\n", 1), encoding="utf-8")
    (site / "name.png").write_bytes(drawn(*NAME))
    return site


def test_the_signature_is_kept_with_its_digest_and_printed_where_the_tester_stands(
    ran: Callable[..., Ran], signing: Path, monkeypatch: pytest.MonkeyPatch
):
    typing(monkeypatch, str(signing / "name.png"))
    done = ran(SUITE)
    (event,) = done.of("signature")
    digest = hashlib.sha256(drawn(*NAME)).hexdigest()
    assert (event["role"], event["person"], event["photo"], event["unable"]) == ("tester", "张三", digest, "")
    assert digest in {one["sha256"] for one in done.of("evidence")}
    assert event["head"] == done.of("evidence")[-1]["prev"]  # what was signed for is all that stood before
    assert done.events[-1]["kind"] == "session_ended"
    assert verify(done.run).intact
    view = load(done.run)
    cover = openpyxl.load_workbook(io.BytesIO(raw_record_xlsx(view))).worksheets[0]
    (line,) = (row for row in cover.iter_rows(values_only=True) if row[0] == "检测人签名")
    assert "张三" in line[1]
    assert digest[:16] in line[1]
    assert len(cover._images) == 1
    pages = PdfReader(io.BytesIO(pdf_bytes(view))).pages
    (page,) = (
        one for one in pages if "现场签名" in one.extract_text() and "检测人签名" in one.extract_text()
    )
    assert len(page.images) == 1


def test_who_does_not_sign_is_named_with_the_reason(
    ran: Callable[..., Ran], signing: Path, monkeypatch: pytest.MonkeyPatch
):
    typing(monkeypatch, "！在纸质记录上签名")
    done = ran(SUITE)
    assert [(one["unable"], one.get("photo")) for one in done.of("signature")] == [("在纸质记录上签名", None)]
    cover = openpyxl.load_workbook(io.BytesIO(raw_record_xlsx(load(done.run)))).worksheets[0]
    (line,) = (row for row in cover.iter_rows(values_only=True) if row[0] == "检测人签名")
    assert "未签名（在纸质记录上签名）" in line[1]
    assert not cover._images


def test_who_ends_the_run_at_a_signature_is_asked_for_no_other(
    ran: Callable[..., Ran], signing: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    class Hurried(TerminalOperator):
        def ask(self, question: Question) -> Answer:
            if not isinstance(question, SignatureQuestion):
                return Answer(question.key, value=True, person=self.name, at=utc_now())
            asked.append(question.key)
            raise KeyboardInterrupt

    hurried = Hurried("张三", "李四")
    monkeypatch.setattr("yanshou.fixtures.running.operator_of", lambda *_, **__: hurried)
    done = ran(SUITE)
    assert asked == ["SITE.signature.tester"]
    assert [(one["role"], one["unable"]) for one in done.of("signature")] == [
        ("tester", "interrupted"),
        ("witness", "interrupted"),
    ]
    assert (done.events[-1]["kind"], done.events[-1]["reason"]) == ("session_ended", "complete")
    assert verify(done.run).intact


def test_a_signature_that_was_changed_is_not_printed_and_the_folder_says_so(
    ran: Callable[..., Ran], signing: Path, monkeypatch: pytest.MonkeyPatch
):
    typing(monkeypatch, str(signing / "name.png"))
    done = ran(SUITE)
    (event,) = done.of("signature")
    blob = done.run / "blobs" / event["photo"][:2] / event["photo"]
    blob.chmod(0o600)
    blob.write_bytes(b"no picture")
    assert not verify(done.run).intact
    cover = openpyxl.load_workbook(io.BytesIO(raw_record_xlsx(load(done.run)))).worksheets[0]
    assert not cover._images
