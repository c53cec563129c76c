# SPDX-License-Identifier: Apache-2.0
"""The signatures of the three roles are drawn in the signature block, and nowhere else on any page.

Looked at by poppler, which draws the page; the file stays PDF/A in what signing could change.
"""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image

from tests.support.authority import PASSPHRASE, Authority
from tests.support.peers import require
from tests.support.run_builder import small_run
from yanshou.evidence.signed import Standing
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.pdf import pdf_bytes
from yanshou.reports.signature_appearance import signature_appearance
from yanshou.signing.certificates import authorities, pkcs12_signer, short_subject
from yanshou.signing.check import check
from yanshou.signing.pdf import ROLES, rooms, sign

pytestmark = pytest.mark.needs("pdftoppm")
DPI = 72
SPREAD = 2  # a border of the room is drawn over by at most so many pixels


def _pages(data: bytes, folder: Path) -> list[np.ndarray]:
    """Every page in grey."""
    path = folder / "report.pdf"
    path.write_bytes(data)
    for old in folder.glob("page*.png"):
        old.unlink()
    command = [require("pdftoppm"), "-r", str(DPI), "-gray", "-png", str(path), str(folder / "page")]
    subprocess.run(command, check=True, capture_output=True)
    return [np.asarray(Image.open(one).convert("L")) for one in sorted(folder.glob("page*.png"))]


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    run = small_run(tmp_path_factory.mktemp("runs") / "run")
    run.session()
    run.latency(run.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    run.close()
    return pdf_bytes(load(run.path))


def test_each_role_is_drawn_in_its_own_room_and_nothing_else_changes(issue: bytes, tmp_path: Path) -> None:
    authority, data = Authority(tmp_path / "authority"), issue
    room = rooms(issue)
    assert list(room) == list(ROLES)
    before = _pages(data, tmp_path)
    for role, person in zip(ROLES, ("张三", "李四", "王五"), strict=True):
        signer = pkcs12_signer(authority.signer(person), PASSPHRASE)
        assert signer.signing_cert is not None
        subject = short_subject(signer.signing_cert)
        size = (room[role].width, room[role].height)
        appearance = signature_appearance(
            role, person, subject, datetime(2026, 11, 29, 8, 5, tzinfo=UTC), size
        )
        data = sign(data, role, signer, shown=appearance).data
        after = _pages(data, tmp_path)
        place = room[role]
        moved = [number for number, one in enumerate(after, 1) if (one != before[number - 1]).any()]
        assert moved == [place.page]
        rows, columns = np.nonzero(after[place.page - 1] != before[place.page - 1])
        assert place.y - SPREAD <= rows.min() <= rows.max() <= place.y + place.height + SPREAD
        assert place.x - SPREAD <= columns.min() <= columns.max() <= place.x + place.width + SPREAD
        before = after
    trusted = authorities([authority.root], [])
    assert [one.standing for one in check("", data, trusted, issue=issue)] == [Standing.VALID] * 3
    widgets = [one.get_object() for one in pypdf.PdfReader(io.BytesIO(data)).pages[place.page - 1]["/Annots"]]
    for widget in widgets:
        assert (widget["/Subtype"], widget["/F"] & 0b111 == 0b100) == ("/Widget", True)  # printed, not hidden
        drawn = pypdf.PdfReader(io.BytesIO(appearance)).pages[0].extract_text()
    for said in ("王五", "批准", "2026-11-29 08:05:00 +0000", "CN=王五", "O=示范检测有限公司"):
        assert said in drawn.replace("\n", "")


def test_a_file_that_says_no_room_is_signed_without_a_picture(tmp_path: Path) -> None:
    from tests.support.authority import page

    signer = pkcs12_signer(Authority(tmp_path).signer("张三"), PASSPHRASE)
    assert rooms(page()) == {}
    assert b"/Tx BMC" not in sign(page(), "tester", signer, shown=b"not used").data
