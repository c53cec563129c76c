# SPDX-License-Identifier: Apache-2.0
"""Signing an issue, and what `verify` says of a signed one after whatever happened to it."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from tests.support.authority import PASSPHRASE, Authority, page, page_with_rooms
from tests.support.run_builder import small_run
from yanshou.cli.main import main
from yanshou.evidence import RunFolder, VerifyResult, seal, verify
from yanshou.evidence.answer import lines
from yanshou.evidence.signed import CheckedSignature, Standing
from yanshou.model import Verdict
from yanshou.signing.certificates import authorities, pkcs12_signer
from yanshou.signing.check import check
from yanshou.signing.drawn import misplaced
from yanshou.signing.pages import same_pages
from yanshou.signing.pdf import ROLES, sign

FIRST = Path("report/issues/1")
CHANGES = 200


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


def test_three_people_sign_in_order_and_verify_names_them(
    signed: Path, authority: Authority, people: tuple[Path, ...], verified: Verified
) -> None:
    code, said = verified(signed, "--trust", str(authority.root))
    assert code == 0
    assert [said.count(one) for one in (": valid", "张三", "李四", "王五")] == [3, 2, 2, 2]
    files = [(signed / FIRST / name).read_bytes() for name in ("report.pdf", "report.signed-1.pdf")]
    assert files[1].startswith(files[0])
    events = [one for one in RunFolder.existing(signed).events() if one["kind"] == "signed"]
    assert [one["role"] for one in events] == list(ROLES)
    assert events[1]["former"] == events[0]["file"]
    assert events[1]["former_sha256"] == events[0]["sha256"]
    assert {"subject", "serial", "sha256"} <= events[0]["certificate"].keys()
    journal = (signed / "journal.jsonl").read_text(encoding="utf-8")
    assert PASSPHRASE not in journal


def test_without_a_root_nobody_is_called_trusted(signed: Path, verified: Verified) -> None:
    code, said = verified(signed)
    assert (code, said.count("was not checked: name the authority"), said.count(": valid")) == (0, 3, 0)


def test_without_pyhanko_it_says_what_was_not_checked(
    signed: Path, verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    code, said = verified(signed)
    assert (code, "signature not checked: install yanshou[sign]" in said) == (0, True)


@pytest.mark.parametrize("role", ["reviewer", "批准"])
def test_the_order_is_kept(
    run: Path, people: tuple[Path, ...], role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, role, people[0]) == 2
    assert "the tester signs before" in capsys.readouterr().err
    assert not (run / FIRST / "report.signed-1.pdf").exists()


def test_nobody_signs_twice_and_nobody_by_a_wrong_passphrase(
    signed: Path,
    people: tuple[Path, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert by(signed, "tester", people[0]) == 2
    assert "has signed issue 1" in capsys.readouterr().err
    monkeypatch.setenv("YANSHOU_SIGN_PASSPHRASE", "a wrong one")
    assert by(signed, "tester", people[0]) == 2
    said = capsys.readouterr().err
    assert "passphrase is another one" in said
    assert "a wrong one" not in said


def test_an_expired_certificate_does_not_sign(
    run: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, "tester", authority.signer("过期", days=(-30, -1))) == 2
    assert "is valid from" in capsys.readouterr().err


def test_a_run_that_went_on_after_its_issue_is_issued_again_first(
    run: Path, people: tuple[Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with RunFolder.existing(run).journal() as journal:
        journal.append("calibration", phase="after", loops=[], drift=[])
    seal(run)
    assert by(run, "tester", people[0]) == 2
    assert "gone on with after issue 1" in capsys.readouterr().err


# -- what happens to a signed file -------------------------------------------------------------------------


def _shadow(data: bytes) -> bytes:
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


def _hidden_layer(data: bytes) -> bytes:
    """A setting of the document that a reader may act upon."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root[NameObject("/OpenAction")] = ArrayObject()
    writer.update_root()
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def _turned(data: bytes) -> bytes:
    return data[:200] + bytes([data[200] ^ 1]) + data[201:]


def _laid_over(data: bytes) -> bytes:
    """Something laid over the first page that is no field of a signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    first = writer.find_page_for_modification(0)[0].get_object()
    over = DictionaryObject(
        {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp")}
    )
    held = first["/Annots"] if "/Annots" in first else ArrayObject()
    first[NameObject("/Annots")] = ArrayObject([*held, writer.add_object(over)])
    writer.update_container(first)
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


@pytest.mark.parametrize("alter", [_shadow, _hidden_layer, _laid_over])
def test_pages_that_were_altered_are_told_without_any_signature(
    signed: Path, alter: Callable[[bytes], bytes]
) -> None:
    issue = (signed / FIRST / "report.pdf").read_bytes()
    assert same_pages(issue, issue)
    assert same_pages(issue, last(signed))
    assert not same_pages(issue, alter(issue))
    assert not same_pages(issue, alter(last(signed)))


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        (_turned, {Standing.BROKEN, Standing.UNREADABLE}),
        (lambda data: data + b"\n% more\n", {Standing.NOT_WHOLE}),
        (_shadow, {Standing.CHANGED_AFTER, Standing.OTHER_PAGES}),
        (_hidden_layer, {Standing.CHANGED_AFTER, Standing.OTHER_PAGES}),
        (lambda data: data[: len(data) // 2], {Standing.UNREADABLE}),
    ],
    ids=["turned bit", "bytes after the end", "shadow", "setting", "cut"],
)
def test_whatever_is_done_after_signing_has_its_word(
    signed: Path, authority: Authority, alter: Callable[[bytes], bytes], expected: set[Standing]
) -> None:
    issue = (signed / FIRST / "report.pdf").read_bytes()
    found = set(standings(alter(last(signed)), authority, issue=issue))
    assert found & expected
    assert set(standings(last(signed), authority, issue=issue)) == {Standing.VALID}


def test_room_beside_a_signature_that_is_not_zero_is_found(signed: Path, authority: Authority) -> None:
    data = last(signed)
    at = data.rindex(b"0" * 64) + 32
    assert Standing.BROKEN in standings(data[:at] + b"7" + data[at + 1 :], authority)


def _in_the_container(data: bytes, place: int, mask: int) -> bytes:
    """A byte changed in the container of the last signature, which no signature covers."""
    at = data.rindex(b"/Contents <") + len(b"/Contents <") + 2 * place
    byte = int(data[at : at + 2], 16) ^ mask
    return data[:at] + f"{byte:02x}".encode() + data[at + 2 :]


def _container(data: bytes) -> bytes:
    begin = data.rindex(b"/Contents <") + len(b"/Contents <")
    return bytes.fromhex(data[begin : data.index(b">", begin)].decode())


def test_what_no_signature_covers_is_held_by_something_else(all_signed: Path, authority: Authority) -> None:
    """Somebody has the PDF alone: version, algorithms, certificates beside the signature."""
    data = last(all_signed)
    container = _container(data)
    ends = container.index(b"\x31\x0f\x30\x0d")  # the list of digest algorithms, after the version
    der = Certificate.load(pem.unarmor(authority.root.read_bytes())[2]).dump()
    beside = container.index(der)
    places = {3: 128, ends - 1: 1, ends + 5: 1, ends + 15: 1, ends + 17: 1}
    places |= {beside + number: 1 for number in range(8, len(der), 41)}
    passed = [
        place
        for place, mask in places.items()
        if standings(_in_the_container(data, place, mask), authority)[-1] is Standing.VALID
    ]
    assert passed == []
    letter = data.index(b"A", data.rindex(b"/Contents <") + len(b"/Contents <"))
    assert standings(data[:letter] + b"a" + data[letter + 1 :], authority)[-1] is Standing.BROKEN
    assert standings(data, authority) == [Standing.VALID] * 3


def test_a_file_that_hides_its_signatures_or_calls_them_otherwise_is_told(
    all_signed: Path, authority: Authority
) -> None:
    data = last(all_signed)
    at = data.rindex(b"/ETSI.CAdES.detached")
    assert standings(data[:at] + b"/ETSI.CAdES.detachee" + data[at + 20 :], authority)[-1] is Standing.BROKEN
    (*_, root) = re.finditer(rb"/Root (\d) 0 R", data)
    another = b"%d" % PdfReader(io.BytesIO(data)).pages[0].indirect_reference.idnum
    hidden = data[: root.start(1)] + another + data[root.end(1) :]
    assert standings(hidden, authority) == [Standing.UNSIGNED]
    assert standings(page(), authority) == [Standing.UNSIGNED]


def test_a_signed_pdf_is_verified_alone(
    all_signed: Path, authority: Authority, verified: Verified, tmp_path: Path
) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(last(all_signed))
    code, said = verified(file, "--trust", str(authority.root))
    assert (code, said.count(": valid")) == (0, 3)
    code, said = verified(file)
    assert (code, said.count("was not checked: name the authority")) == (0, 3)
    assert verified(file, "--seal", "0" * 64)[0] == 2
    file.write_bytes(page())
    code, said = verified(file, "--json")
    assert (code, json.loads(said)["signatures"][0]["standing"]) == (1, "unsigned")


def test_a_time_stamp_that_is_not_of_this_signature_breaks_it(authority: Authority) -> None:
    with authority.stamps() as url:
        data = sign(page(), "tester", pkcs12_signer(authority.signer("盖时间戳的人"), PASSPHRASE), url).data
    assert standings(data, authority) == [Standing.VALID]
    container = _container(data)
    token = container.rindex(bytes.fromhex("060b2a864886f70d0109100104"))  # id-ct-TSTInfo, in the token
    stated = container.index(bytes.fromhex("0420"), token) + 2  # the digest that was stamped
    for place in (token + 20, stated):
        assert standings(_in_the_container(data, place, 1), authority) != [Standing.VALID]


def test_a_certificate_that_had_ended_is_told(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.signing.pdf.require_valid", lambda _certificate: None)
    old = pkcs12_signer(authority.signer("过期二", days=(-30, -1)), PASSPHRASE)
    assert standings(sign(page(), "tester", old).data, authority) == [Standing.EXPIRED]


def test_the_institutions_name_in_a_certificate_of_ones_own_is_told(
    authority: Authority, tmp_path: Path
) -> None:
    own = pkcs12_signer(authority.self_made("张三"), PASSPHRASE)
    assert standings(sign(page(), "tester", own).data, authority) == [Standing.SELF_MADE]
    other = pkcs12_signer(Authority(tmp_path).signer("张三"), PASSPHRASE)
    assert standings(sign(page(), "tester", other).data, authority) == [Standing.UNTRUSTED]


def test_a_revoked_certificate_is_told(authority: Authority) -> None:
    p12 = authority.signer("已吊销")
    data = sign(page(), "tester", pkcs12_signer(p12, PASSPHRASE)).data
    assert standings(data, authority, lists=[authority.revocations([p12])]) == [Standing.REVOKED]
    assert standings(data, authority, lists=[authority.revocations()]) == [Standing.VALID]


def _forge(run: Path, data: bytes, name: str = "report.signed-3.pdf", **fields: Any) -> None:
    """Another file in the place of a signed one, and a journal that is made to fit, line by line."""
    import hashlib

    (run / FIRST / name).write_bytes(data)
    lines, head = [], "0" * 64
    for line in (run / "journal.jsonl").read_bytes().splitlines():
        event = json.loads(line)
        if event["kind"] == "signed" and event["file"].endswith(name):
            event |= {"sha256": hashlib.sha256(data).hexdigest()} | fields
        event["prev"] = head
        lines.append(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())
        head = hashlib.sha256(lines[-1]).hexdigest()
    (run / "journal.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    from yanshou.evidence.manifest import seal_as_it_is

    seal_as_it_is(run)


def test_a_signature_over_another_file_is_told(
    signed: Path, people: tuple[Path, ...], authority: Authority, verified: Verified
) -> None:
    other = page("another report")
    for role, p12 in zip(ROLES, people, strict=True):
        other = sign(other, role, pkcs12_signer(p12, PASSPHRASE)).data
    (signed / FIRST / "report.signed-3.pdf").write_bytes(other)
    code, said = verified(signed, "--trust", str(authority.root))
    assert (code, "report.signed-3.pdf: changed" in said) == (1, True)
    _forge(signed, other)
    code, said = verified(signed, "--trust", str(authority.root))
    assert code == 1
    assert "does not begin with the bytes of the file that was signed" in said
    assert "the pages are NOT those of the issue" in said


def test_another_certificate_than_the_journals_is_told(
    signed: Path, authority: Authority, verified: Verified
) -> None:
    other = pkcs12_signer(authority.signer("赵六"), PASSPHRASE)
    second = (signed / FIRST / "report.signed-2.pdf").read_bytes()
    _forge(signed, sign(second, "approver", other).data)
    code, said = verified(signed, "--trust", str(authority.root))
    assert (code, "made with ANOTHER certificate" in said) == (1, True)


def test_a_signature_that_the_journal_does_not_know_or_that_is_gone_is_told(
    signed: Path, authority: Authority, verified: Verified
) -> None:
    _forge(signed, last(signed), fields=["seal"])
    code, said = verified(signed, "--trust", str(authority.root))
    assert (code, "does NOT know this signature" in said, "in the journal, and NOT in the file" in said) == (
        1, True, True,
    )  # fmt: skip


def test_a_signed_file_that_the_journal_does_not_know_is_told(run: Path, verified: Verified) -> None:
    (run / FIRST / "report.signed-1.pdf").write_bytes(page())
    seal(run)
    code, said = verified(run)
    assert (code, "the journal does not know it" in said) == (1, True)


def test_every_changed_byte_of_a_signed_run_is_found(signed: Path, authority: Authority) -> None:
    """Anywhere in the folder; and in the signed PDF alone, where no journal helps: see the benchmark."""
    chosen = random.Random(11)
    files = [one for one in sorted(signed.rglob("*")) if one.is_file() and one.name != "journal.jsonl.lock"]
    assert verify(signed).intact
    for path in [*files, *chosen.choices(files, k=CHANGES)]:
        data = path.read_bytes()
        turned, place = bytearray(data), chosen.randrange(len(data))
        turned[place] ^= chosen.randrange(1, 256)
        path.write_bytes(turned)
        assert not verify(signed).intact, (path, place)
        path.write_bytes(data)


def test_every_standing_has_a_word_of_its_own_in_both_languages() -> None:
    from yanshou.cli.language import _ as spoken
    from yanshou.cli.language import speak

    for language in ("zh", "en"):
        speak(language)
        said = [
            "\n".join(
                lines(VerifyResult(True, (), 0, 0, "", ""), spoken, None, [CheckedSignature("f", "", one)])
            )
            for one in Standing
        ]
        assert len(set(said)) == len(said)


# -- time stamps -------------------------------------------------------------------------------------------


def test_a_time_stamp_is_added_at_once_or_later_and_outlives_the_certificate(
    run: Path, authority: Authority, people: tuple[Path, ...], verified: Verified
) -> None:
    with authority.stamps() as url:
        assert by(run, "tester", people[0], "--tsa", url) == 0
        assert by(run, "reviewer", people[1]) == 0
        lists = ["--trust", str(authority.root), "--crl", str(authority.revocations())]
        assert main(["sign", str(run), "--complete", "--tsa", url, *lists]) == 0
    events = [one for one in RunFolder.existing(run).events() if one["kind"] == "signed"]
    assert [one["level"] for one in events] == ["B-T", "B-B", "B-LTA"]
    code, said = verified(run, "--trust", str(authority.root))
    assert (code, said.count(": valid"), said.count("time stamp]")) == (0, 3, 3)


def test_where_no_time_stamp_can_be_had_it_is_signed_without_and_told(
    run: Path, people: tuple[Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, "tester", people[0], "--tsa", "http://127.0.0.1:9/") == 0
    assert "gave no time stamp" in capsys.readouterr().err
    assert main(["sign", str(run), "--complete", "--tsa", "http://127.0.0.1:9/"]) == 2
    assert not (run / FIRST / "report.signed-2.pdf").exists()


def test_a_list_out_of_date_proves_nothing(
    signed: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    old = authority.revocations(days=-1)
    options = [
        "--complete",
        "--tsa",
        "http://127.0.0.1:9/",
        "--trust",
        str(authority.root),
        "--crl",
        str(old),
    ]
    assert main(["sign", str(signed), *options]) == 2
    assert "was to be renewed" in capsys.readouterr().err


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
        (_shadow(last(signed)), "its seal does not hold"),
        (_sealed(_shadow(last(signed)), p12), "its seal does not hold"),
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
