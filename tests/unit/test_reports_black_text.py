# SPDX-License-Identifier: Apache-2.0
"""Text of every page is black: a printer of black and white breaks any other ink into dots."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.support.run_builder import small_run
from yanshou.model import Verdict
from yanshou.reports import load
from yanshou.reports.pdf import pdf_bytes
from yanshou.reports.rectification import notice_pdf

TEMPLATES = Path(__file__).resolve().parents[2] / "reports/yanshou/reports/template"
WRITES, FILLS = {b"Tj", b"TJ", b"'", b'"'}, {b"g", b"rg", b"k", b"sc", b"scn"}


def inks(pdf: bytes) -> set[tuple[float, ...]]:
    """What text is filled with, on all pages."""
    found: set[tuple[float, ...]] = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        state: list[tuple[float, ...]] = [(0.0,)]

        def met(operator: bytes, operands: Any, _cm: Any, _tm: Any, state: Any = state) -> None:
            match operator:
                case b"q":
                    state.append(state[-1])
                case b"Q":
                    state.pop()
                case _ if operator in FILLS:
                    state[-1] = tuple(float(one) for one in operands if not isinstance(one, str))
                case _ if operator in WRITES:
                    found.add(state[-1])

        page.extract_text(visitor_operand_before=met)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_text_of_report_and_notice_is_black(tmp_path: Path, language: str):
    run = small_run(tmp_path)
    run.session()
    run.latency(run.plan.items[0], [2.4, 2.5, 2.6], Verdict.NON_CONFORM)
    run.close()
    view = load(run.path)
    for pdf in (pdf_bytes(view, language), notice_pdf(view, language)):
        assert {max(one) for one in inks(pdf)} == {0.0}


def test_no_template_colours_text_but_the_watermark():
    for path in sorted(TEMPLATES.glob("*.typ")):
        coloured = set(re.findall(r"\btext\([^\[\n]*?fill: *([^,)]*)", path.read_text("utf-8")))
        assert coloured <= {'rgb("#00000010"'}, path.name


def test_other_ink_is_seen():
    typst = pytest.importorskip("typst")
    made = typst.compile(b'#text(fill: rgb("#555555"))[x]')
    assert {max(one) for one in inks(made)} != {0.0}
