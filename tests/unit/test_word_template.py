# SPDX-License-Identifier: Apache-2.0
"""The report in a laboratory's Word template: its fields are filled, and no template does anything else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from tests.support.big_run import big_run
from yanshou.cli import main
from yanshou.model import RigFault, UsageError
from yanshou.reports import load
from yanshou.reports.document import document
from yanshou.reports.view import RunView
from yanshou.reports.word import START, docx_report, filling
from yanshou.reports.word.fields import NEEDED, fields

HOSTILE = (
    "{{ ''.__class__.__mro__ }}",
    "{{ 报告编号.__class__ }}",
    "{{ 报告编号['__class__'] }}",
    "{{ 报告编号|attr('__class__') }}",
    "{{ 报告编号.format(1) }}",
    "{{ 结果.clear() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ range(1000000000)|length }}",
    "{{ 'a' * 10000000000 }}",
    "{{ 2 ** 999999999 }}",
    "{{ 'a'|center(10000000000) }}",
    "{{ '%999999999d' % 1 }}",
    "{% set x = 'aa' %}{{ x ~ x }}",
    "{% for a in 结果 %}{% for b in 结果 %}{% for c in 结果 %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import '/etc/passwd' as x %}",
    "{% macro f() %}x{% endmacro %}{{ f() }}",
)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    return load(big_run(tmp_path_factory.mktemp("word") / "run", emulated=False).path)


def template(path: Path, *lines: str, rows: tuple[str, ...] = ()) -> Path:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    if rows:
        table = made.add_table(rows=len(rows), cols=1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text
    file = path / "template.docx"
    made.save(str(file))
    return file


def text(data: bytes) -> list[str]:
    made = docx.Document(io.BytesIO(data))
    found = [one.text for one in made.paragraphs]
    return found + [cell.text for table in made.tables for row in table.rows for cell in row.cells]


def test_fields_and_rows_are_filled(view: RunView, tmp_path: Path) -> None:
    file = template(
        tmp_path,
        "编号 {{ 报告编号 }}，{{ 工程名称 }}",
        "{% if 仿真 %}仿真{% else %}实测{% endif %}",
        rows=("{%tr for r in 结果 %}", "{{ r.序号 }}|{{ r.检测结果 }}|{{ r.判定 }}", "{%tr endfor %}"),
    )
    made = text(docx_report(view, file).data)
    assert "编号 待填，示范银行网点" in made
    assert "实测" in made
    rows = [row for part in document(view)["systems"] for row in part["rows"]]
    assert [one for one in made if "|" in one] == [f"{r['no']}|{r['result']}|{r['verdict']}" for r in rows]


def test_the_shipped_template_prints_all_that_a_report_needs(view: RunView) -> None:
    made = docx_report(view, START)
    assert made.left_out == ()
    assert "{{" not in " ".join(text(made.data))
    said = " ".join(text(made.data))
    assert "2.4123 s ± 0.0031 s" in said
    assert view.head in said
    assert docx_report(view, START).data == made.data


def test_what_a_template_leaves_out_is_named(view: RunView, tmp_path: Path) -> None:
    left_out = docx_report(view, template(tmp_path, "{{ 报告编号 }}")).left_out
    assert set(left_out) == set(NEEDED) - {"报告编号"}


def test_an_emulated_run_says_so_in_any_template(tmp_path: Path) -> None:
    emulated = load(big_run(tmp_path / "run").path)
    assert text(docx_report(emulated, template(tmp_path, "{{ 报告编号 }}")).data)[0].startswith("仿真演示")


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_template_is_refused_in_one_line(view: RunView, tmp_path: Path, line: str) -> None:
    with pytest.raises(UsageError) as caught:
        docx_report(view, template(tmp_path, line))
    assert "\n" not in str(caught.value)
    assert "template" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("{{ 报告编码 }}", "报告编号"),
        ("{{ 工程名 }}", "工程名称"),
        ("{% for r in 结果 %}{{ r.检测结论 }}{% endfor %}", "检测结果"),
        ("{{ 结论.未决项 }}", "未决"),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest(
    view: RunView, tmp_path: Path, line: str, nearest: str
) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {nearest}"):
        docx_report(view, template(tmp_path, line))


def test_a_field_not_closed_is_told(view: RunView, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not written right"):
        docx_report(view, template(tmp_path, "{% for r in 结果 %}{{ r.判定 }}"))


def test_texts_of_the_site_are_not_read_as_fields_or_markup(tmp_path: Path) -> None:
    evil = "<w:p>{{ 7*7 }} {% set x=1 %} & \x0b"
    view = load(big_run(tmp_path / "run", name=evil, emulated=False).path)
    made = text(docx_report(view, template(tmp_path, "{{ 工程名称 }}")).data)
    assert made[0].startswith("<w:p>{{ 7*7 }} {% set x=1 %} & ")


def packed(path: Path, change: dict[str, bytes]) -> Path:
    """A template with parts put in or replaced."""
    file = template(path, "{{ 报告编号 }}")
    other = path / "other.docx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            if info.filename not in change:
                new.writestr(info, old.read(info))
        for name, data in change.items():
            new.writestr(name, data)
    return other


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"word/vbaProject.bin": b"x"}, "macros"),
        (
            {
                "word/_rels/settings.xml.rels": b'<Relationships><Relationship Id="r" Type="x/template" '
                b'Target="http://evil/x.dotm" TargetMode="External"/></Relationships>'
            },
            "from elsewhere",
        ),
        ({"word/document.xml": b"<w:document"}, "no Word document"),
        ({"[Content_Types].xml": b""}, "no Word document"),
    ],
)
def test_a_template_with_macros_outside_parts_or_damage_is_refused(
    view: RunView, tmp_path: Path, change: dict[str, bytes], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        docx_report(view, packed(tmp_path, change))


def test_a_template_that_unpacks_to_too_much_is_refused(
    view: RunView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_LARGEST_OPEN", 300_000)
    file = packed(tmp_path, {"word/big.xml": bytes(300_001)})
    with pytest.raises(UsageError, match="too large"):
        docx_report(view, file)


def test_a_file_of_another_kind_is_no_template(view: RunView, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"%PDF-1.7")
    with pytest.raises(UsageError, match="no Word document"):
        docx_report(view, tmp_path / "x.docx")
    with pytest.raises(UsageError, match="Begin with a copy of"):
        docx_report(view, tmp_path / "absent.docx")


def test_without_the_extra_the_remedy_is_told(view: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docxtpl", None)
    with pytest.raises(RigFault, match=r"yanshou\[docx\]"):
        docx_report(view, START)


def test_report_writes_and_keeps_it_and_a_wrong_template_issues_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = big_run(tmp_path / "run")
    before = (run.path / "journal.jsonl").read_bytes()
    wrong = template(tmp_path, "{{ 报告编码 }}")
    assert main(["report", str(run.path), "--only", "pdf", "--docx", str(wrong)]) == 2
    assert "报告编号" in capsys.readouterr().err
    assert (run.path / "journal.jsonl").read_bytes() == before
    right = template(tmp_path, "{{ 报告编号 }} {{ 版次 }}")
    main(["report", str(run.path), "--only", "json", "--docx", str(right)])
    assert (run.path / "report" / "report.docx").is_file()
    assert "判定依据" in capsys.readouterr().err


def test_the_fields_are_those_of_the_formal_report(view: RunView) -> None:
    made, page = fields(view, "zh"), document(view)
    assert made["汇总"] == page["total"]
    assert len(made["设备结果"]) == sum(len(part["rows"]) for part in page["annex"])
    assert made["结论"]["未决"] == page["proposed"]["open"]
