# SPDX-License-Identifier: Apache-2.0
"""The main clauses of PDF/A-3 (ISO 19005-3) on the report, unsigned and signed, read by pypdf and fontTools.

Typst, which makes the file, checks them itself. veraPDF is in no package registry we use, so this is a check
of the clauses named below by other readers, and no statement of conformance.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from fontTools.ttLib import TTFont
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from tests.support.authority import PASSPHRASE, Authority
from tests.support.run_builder import small_run
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.pdf import pdf_bytes
from yanshou.reports.signature_appearance import signature_appearance
from yanshou.signing.certificates import pkcs12_signer
from yanshou.signing.pdf import ROLES, rooms, sign

FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Rendition"}
ANNOTATIONS = {"/Link", "/Widget"}


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    run = small_run(tmp_path_factory.mktemp("runs") / "run")
    run.session()
    run.latency(run.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    run.close()
    return pdf_bytes(load(run.path))


@pytest.fixture(scope="module")
def signed(issue: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    authority, data, room = Authority(tmp_path_factory.mktemp("authority")), issue, rooms(issue)
    for role in ROLES:
        size = (room[role].width, room[role].height)
        appearance = signature_appearance(role, "张三", "CN=张三", datetime(2026, 11, 29, tzinfo=UTC), size)
        data = sign(data, role, pkcs12_signer(authority.signer(role), PASSPHRASE), shown=appearance).data
    return data


def _objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Every object that the trailer leads to."""
    waiting, met = [reader.trailer["/Root"]], set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in met:
                continue
            met.add(value.idnum)
            value = value.get_object()
        yield value
        if isinstance(value, DictionaryObject):
            waiting += [value.raw_get(key) for key in value]
        elif isinstance(value, ArrayObject):
            waiting += list(value)


def _font_program(font: DictionaryObject) -> bytes:
    descriptor = font["/FontDescriptor"]
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        if key in descriptor:
            return bytes(descriptor[key].get_data())
    return b""


def _wrong(data: bytes) -> list[str]:
    """The clauses that a file breaks."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    root, found = reader.trailer["/Root"], []
    if reader.is_encrypted or "/Encrypt" in reader.trailer or "/ID" not in reader.trailer:
        found.append("6.1.3 trailer")
    metadata = root["/Metadata"].get_data().decode("utf-8") if "/Metadata" in root else ""
    if not re.search('pdfaid:part(>|=")3', metadata) or not re.search('pdfaid:conformance(>|=")A', metadata):
        found.append("6.6.4 XMP with pdfaid")
    intents = [one.get_object() for one in root.get("/OutputIntents", ())]
    if not any(one["/S"] == "/GTS_PDFA1" and one["/DestOutputProfile"].get_data() for one in intents):
        found.append("6.2.3 output intent")
    if "/StructTreeRoot" not in root or not root["/MarkInfo"]["/Marked"] or not root.get("/Lang"):
        found.append("6.7 tagged, with language")
    if any("/AFRelationship" not in one for one in _files(root)) or "/AF" not in root:
        found.append("6.8 embedded files")
    for one in _objects(reader):
        if isinstance(one, DictionaryObject):
            found += _of_object(one)
    return sorted(set(found))


def _files(root: DictionaryObject) -> list[DictionaryObject]:
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    return [one.get_object() for one in names[1::2]]


def _of_object(one: DictionaryObject) -> Iterator[str]:
    if one.get("/S") in FORBIDDEN or "/JS" in one or "/AA" in one:
        yield "6.5 actions"
    if isinstance(one, StreamObject) and ("/F" in one or "/LZWDecode" in str(one.get("/Filter"))):
        yield "6.1.7 streams"
    if one.get("/Subtype") == "/Image" and (one.get("/Interpolate") or "/Alternates" in one or "/OPI" in one):
        yield "6.2.8 images"
    if "/FontDescriptor" in one and one.get("/Subtype") != "/Type3":
        program = _font_program(one)
        if not program or (not len(TTFont(io.BytesIO(program), lazy=True).keys()) and b"CFF" not in program):
            yield "6.2.11.4 embedded fonts"
    if one.get("/Subtype") == "/Type0" and "/ToUnicode" not in one:
        yield "6.2.11.7 Unicode"
    if one.get("/Type") == "/Annot":
        yield from _of_annotation(one)
    if "/BM" in one and one["/BM"] not in ("/Normal", "/Multiply", "/Compatible"):
        yield "6.2.10 transparency"


def _of_annotation(one: DictionaryObject) -> Iterator[str]:
    if one["/Subtype"] not in ANNOTATIONS:
        yield "6.3.1 annotations"
    hidden = one.get("/F", 0) & 0b100011  # invisible, hidden, no view
    if hidden or (one["/Subtype"] != "/Popup" and not one.get("/F", 0) & 0b100):
        yield "6.3.2 annotations are printed"
    left, bottom, right, top = (float(side) for side in one["/Rect"])
    if one["/Subtype"] == "/Widget" and right > left and top > bottom and list(one.get("/AP", {})) != ["/N"]:
        yield "6.3.3 appearance"


def test_the_report_and_the_signed_report_keep_the_main_clauses(issue: bytes, signed: bytes) -> None:
    assert _wrong(issue) == []
    assert _wrong(signed) == []


def _changed(data: bytes, change: Any) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def _script(writer: pypdf.PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def _without(key: str) -> Any:
    def change(writer: pypdf.PdfWriter) -> None:
        del writer.root_object[key]

    return change


def _without_fonts(writer: pypdf.PdfWriter) -> None:
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/FontDescriptor":
            for key in ("/FontFile2", "/FontFile3"):
                one.pop(key, None)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (_script, "6.5 actions"),
        (_without("/Metadata"), "6.6.4 XMP with pdfaid"),
        (_without("/OutputIntents"), "6.2.3 output intent"),
        (_without("/StructTreeRoot"), "6.7 tagged, with language"),
        (_without("/AF"), "6.8 embedded files"),
        (_without_fonts, "6.2.11.4 embedded fonts"),
        (lambda writer: writer.encrypt("x"), "6.1.3 trailer"),
    ],
)
def test_what_breaks_a_clause_is_found(issue: bytes, change: Any, clause: str) -> None:
    broken = _changed(issue, change)
    if clause == "6.1.3 trailer":
        assert pypdf.PdfReader(io.BytesIO(broken)).is_encrypted
    else:
        assert clause in _wrong(broken)
