# SPDX-License-Identifier: Apache-2.0
"""What `verify` says of a signed issue after whatever happened to it."""

from __future__ import annotations

import io
import json
import random
import re
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
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from tests.support import signed_issue
from tests.support.authority import PASSPHRASE, Authority, page
from tests.support.signed_issue import FIRST, Verified, last, shadow, standings
from yanshou.evidence import VerifyResult, seal, verify
from yanshou.evidence.answer import lines
from yanshou.evidence.signed import CheckedSignature, Standing
from yanshou.signing.certificates import pkcs12_signer
from yanshou.signing.pages import same_pages
from yanshou.signing.pdf import ROLES, sign

authority = signed_issue.authority
people = signed_issue.people
issued = signed_issue.issued
all_signed = signed_issue.all_signed
run = signed_issue.run
signed = signed_issue.signed
verified = signed_issue.verified


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


@pytest.mark.parametrize("alter", [shadow, _hidden_layer, _laid_over])
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
        (shadow, {Standing.CHANGED_AFTER, Standing.OTHER_PAGES}),
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


CHANGES = 200


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
