# SPDX-License-Identifier: Apache-2.0
"""Seals and signatures made elsewhere, or drawn where they do not belong."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.support import signed_issue
from tests.support.authority import PASSPHRASE, Authority, page
from tests.support.signed_issue import FIRST, Verified, last, shadow, standings
from yanshou.cli.main import main
from yanshou.evidence.signed import Standing
from yanshou.signing.certificates import pkcs12_signer
from yanshou.signing.drawn import misplaced
from yanshou.signing.pages import same_pages

authority = signed_issue.authority
people = signed_issue.people
issued = signed_issue.issued
all_signed = signed_issue.all_signed
run = signed_issue.run
signed = signed_issue.signed
verified = signed_issue.verified


# -- sealed elsewhere --------------------------------------------------------------------------------------


def _sealed(
    data: bytes,
    p12: Path,
    box: tuple[int, int, int, int] = (300, 100, 400, 200),
    name: str = "Seal1",
    on_page: int = 0,
    add: dict[str, Any] | None = None,
) -> bytes:
    """The same file with a signature in a field of its own, as a seal service leaves it."""
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=on_page, box=box))
    ((_name, _value, field),) = fields.enumerate_sig_fields(writer, with_name=name)
    field.get_object().update({NameObject(key): value for key, value in (add or {}).items()})
    meta = signers.PdfSignatureMetadata(field_name=name)
    sealed = signers.PdfSigner(meta, pkcs12_signer(p12, PASSPHRASE)).sign_pdf(writer)
    return bytes(sealed.getvalue())


def test_a_file_sealed_elsewhere_is_taken_in_if_it_is_ours_and_a_seal(
    signed: Path, authority: Authority, verified: Verified, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, p12 = tmp_path / "sealed.pdf", authority.signer("检验检测专用章")
    for wrong, said in (
        (page("another report"), "does not begin with the very bytes"),
        (_sealed((signed / FIRST / "report.pdf").read_bytes(), p12), "does not begin with the very bytes"),
        (last(signed), "is a seal or a signature"),
        (shadow(last(signed)), "its seal does not hold"),
        (_sealed(shadow(last(signed)), p12), "its seal does not hold"),
        (last(signed) + b"%", "its seal does not hold"),
    ):
        file.write_bytes(wrong)
        assert main(["--lang", "en", "sign", str(signed), "--import", str(file)]) == 2
        assert said in capsys.readouterr().err
    file.write_bytes(_sealed(last(signed), p12))
    assert main(["sign", str(signed), "--import", str(file)]) == 0
    code, said = verified(signed, "--trust", str(authority.root))
    assert (code, said.count(": valid"), "检验检测专用章" in said) == (0, 4, True)


OVER_A_RESULT, BESIDE = (60, 680, 300, 720), (552, 300, 590, 400)


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ({}, True),
        ({"box": BESIDE, "on_page": 1}, True),
        ({"box": (0, 0, 0, 0), "on_page": 1}, True),
        ({"box": OVER_A_RESULT}, False),
        ({"box": (300, 100, 400, 400)}, False),
        ({"on_page": 1}, False),
        ({"add": {"/F": NumberObject(4 + 8)}}, False),
        ({"add": {"/AA": DictionaryObject()}}, False),
    ],
    ids=["place", "side", "nowhere", "result", "reaches out", "other page", "no zoom", "acts"],
)
def test_a_seal_over_a_result_is_told_though_every_signature_is_valid(
    issued: Path, authority: Authority, where: dict[str, Any], *, right: bool
) -> None:
    issue = (issued / FIRST / "report.pdf").read_bytes()
    data = _sealed(issue, authority.signer("检验检测专用章二"), **where)
    assert same_pages(issue, data)
    assert standings(data, authority, issue=issue) == [Standing.VALID] + [Standing.MISPLACED] * (not right)


def test_a_role_signs_in_its_own_cell_only(issued: Path, authority: Authority) -> None:
    issue = (issued / FIRST / "report.pdf").read_bytes()
    p12, cell = authority.signer("张三"), (51, 213, 149, 241)
    for name, right in (("tester", True), ("reviewer", False), ("approver", False), ("Seal1", False)):
        data = _sealed(issue, p12, cell, name, on_page=1)
        assert (misplaced(issue, data) == ()) is right, name
    assert misplaced(page(), _sealed(page(), p12, cell, "tester", on_page=1)) == ("tester",)


@pytest.mark.parametrize("form", ["/XFA", "/CO", "text field"])
def test_a_form_that_a_viewer_may_show_in_place_of_the_pages_is_told(issued: Path, form: str) -> None:
    issue = (issued / FIRST / "report.pdf").read_bytes()
    writer = IncrementalPdfFileWriter(io.BytesIO(issue))
    field = {"/FT": NameObject("/Tx"), "/T": TextStringObject("result")}
    entries = {"/Fields": ArrayObject()} | ({} if form == "text field" else {form: ArrayObject()})
    if form == "text field":
        made = DictionaryObject({NameObject(key): value for key, value in field.items()})
        entries["/Fields"] = ArrayObject([writer.add_object(made)])
    acro = DictionaryObject({NameObject(key): value for key, value in entries.items()})
    writer.root[NameObject("/AcroForm")] = writer.add_object(acro)
    writer.update_root()
    into = io.BytesIO()
    writer.write(into)
    assert same_pages(issue, into.getvalue())
    assert misplaced(issue, into.getvalue()) == ("result" if form == "text field" else form,)


def _of_another_kind(data: bytes) -> bytes:
    """The last signature of a file under another name, in a container that is no CMS (as GB/T 38540)."""
    at = data.rindex(b"/adbe.pkcs7.detached")
    data = data[:at] + b"/GM.sm2seal.detached" + data[at + 20 :]
    begin = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", begin)
    seal = bytes.fromhex("300602010404014d")  # a sequence that begins with a version, as an SES_Signature
    return data[:begin] + seal.hex().ljust(end - begin, "0").encode() + data[end:]


def test_a_seal_of_a_kind_we_do_not_read_is_told_as_not_checked(
    signed: Path, authority: Authority, verified: Verified, tmp_path: Path
) -> None:
    file = tmp_path / "sealed.pdf"
    data = _of_another_kind(_sealed(last(signed), authority.signer("国密章")))
    file.write_bytes(data)
    assert main(["sign", str(signed), "--import", str(file)]) == 0
    code, said = verified(signed, "--trust", str(authority.root))
    assert (code, said.count("not checked by us"), said.count(": valid")) == (0, 1, 3)
