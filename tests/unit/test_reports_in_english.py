# SPDX-License-Identifier: Apache-2.0
"""Every Chinese sentence that the program composes for a page has its English, found in the code itself."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yanshou.operator.messages import CATALOGUE
from yanshou.reports.in_english import FINDINGS, in_english
from yanshou.reports.messages import Messages

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
COMPOSING = (
    "test_suites",
    "fixtures",
    "instruments",
    *(
        f"harness/yanshou/{one}"
        for one in ("drivers", "equipment", "evaluation", "imaging", "metrology", "planning", "rig")
    ),
)
IN_BOTH = {"Text", "both", "_both", "of_place"}
"""What is called with a sentence in each language."""
READ = {"compile", "fullmatch", "maketrans"}
"""What is called with a pattern that is looked for, not printed."""
OTHERWISE = {
    "asking.py:_NOTHING": "what a person may type",
    "duty.py:_OPEN_END": "what a person may type",
    "present.py:pattern": "what a person may type",
    "registry.py:_NO_CERTIFICATE": "what a register may hold",
    "stamp.py:_DAYS_ZH": "what is read in a picture",
    "stamp.py:_noon": "what is read in a picture",
    "private_places.py:PRIVATE_PLACES": "names of places that are looked for",
    "private_places.py:_OUTSIDE": "names of places that are looked for",
    "ready.py:_device": "the name of a column",
    "running.py:why": "what pytest prints of a test that is run by hand",
    "clocks.py:_table": "a table kept as evidence",
    "drift.py:head": "a table kept as evidence",
    "recorded.py:table": "a table kept as evidence",
    "tables.py:head": "a table kept as evidence",
    "tables.py:gap_table": "a table kept as evidence",
    "codec.py:gate": "the Chinese half of a sentence in both languages",
    "grain.py:zh": "the Chinese half of a sentence in both languages",
    "profile.py:_skew_text": "the Chinese half of a sentence in both languages",
    "make.py:_not_stated": "the Chinese half of a sentence in both languages",
}
"""Chinese that is no sentence of a page, by module and the name it has or the function it stands in."""
_END = "，；、：。"


def _shapes(node: ast.expr) -> list[str]:
    """A literal as it may be printed: each of its alternatives, and 1 for what it takes from elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return _shapes(one) + _shapes(other)
        case ast.BoolOp(op=ast.Or(), values=values):
            return [shape for one in values for shape in _shapes(one)]
        case ast.JoinedStr(values=parts):
            return ["".join(one) for one in itertools.product(*map(_shapes, parts))]
        case ast.FormattedValue(value=inside):
            return _shapes(inside)
        case _:
            return ["1"]


def _known(shape: str) -> bool:
    """Whether it has English; what it ends with may be nothing, or a list of its own."""
    text = shape.strip(_END)
    found = (in_english(one) for one in (shape, text, text.removesuffix("1").rstrip(_END), f"{text}：1"))
    return any(one and not CHINESE.search(one) for one in found)


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def sentences(tree: ast.Module) -> Iterator[tuple[int, str, list[str]]]:
    """Line, names around it, and shapes of every Chinese literal that is printed."""
    around = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant | ast.JoinedStr) or isinstance(around[node], ast.JoinedStr):
            continue
        shapes = [one for one in _shapes(node) if CHINESE.search(one)]
        outside = [node, *_outwards(node, around)]
        calls = {_called(one) for one in outside[:4]}
        aside = isinstance(outside[1], ast.Expr) or calls & (IN_BOTH | READ)
        if shapes and not aside and "evidence" not in calls:
            yield node.lineno, " ".join(filter(None, map(_name, outside))), shapes


def _outwards(node: ast.AST, around: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while (node := around.get(node)) is not None:
        yield node


def _name(node: ast.AST) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.FunctionDef(name=name):
            return name
        case ast.keyword(arg="pattern" | "remedy" as name):
            return str(name)
        case _:
            return ""


def _unknown(path: Path) -> list[str]:
    return [
        f"{path.name}:{names}:{line}: {shape}"
        for line, names, shapes in sentences(ast.parse(path.read_text("utf-8")))
        if not any(f"{path.name}:{one}" in OTHERWISE for one in names.split())
        for shape in shapes
        if not _has_half(shape) and not _known(shape)
    ]


def _has_half(shape: str) -> bool:
    """Whether its second half is in English."""
    _, both, english = shape.partition("/ ")
    return bool(both) and not CHINESE.search(english)


@pytest.mark.parametrize("folder", COMPOSING)
def test_every_sentence_of_the_program_has_its_english(folder: str):
    """Add it to one of ``reports/yanshou/reports/messages_findings_*.py``."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    assert paths
    assert [one for path in paths for one in _unknown(path)] == []


def test_every_exemption_is_still_needed():
    found = {
        f"{path.name}:{one}"
        for folder in COMPOSING
        for path in sorted((ROOT / folder).rglob("*.py"))
        for _, names, shapes in sentences(ast.parse(path.read_text("utf-8")))
        if not all(map(_known, shapes))
        for one in names.split()
    }
    assert OTHERWISE.keys() - found == set()


PLANTED = """
def test_it(record, wrong, seen, held):
    "说明，不印出"
    record.because("未知一")
    record.logical(conforms=held, because="" if held else "未知二")
    wrong.append(f"{seen}未知三")
    said = f"{seen} s" + (f"，{seen}未知四" if held else "，未知五")
    record.cannot(f"已知：{'未知六' if held else '未知七'}")
    record.invalid("未知八 / known")
    record.evidence(seen, "name", "media", "未知九")
    text = {"a": "未知十"}[seen]
"""


def test_a_sentence_is_found_wherever_it_is_composed():
    found = [shape for _, _, shapes in sentences(ast.parse(PLANTED)) for shape in shapes]
    unknown = {sign for sign in "一二三四五六七八九十" if any(f"未知{sign}" in one for one in found)}
    assert unknown == set("一二三四五六七八十")
    assert not any(_known(one) for one in found if not _has_half(one))
    assert not any("说明" in one for one in found)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("缺少：位置、时间（年四位至秒）", "missing: place, time (year of four digits, to the second)"),
        (
            "胁迫凭证未释放门锁；离开后有权凭证未释放门锁",
            (
                "the duress credential did not release the lock; after leaving, a credential with the right "
                "did not release the lock"
            ),
        ),
        ("应答为 ACK，未带时间", "the answer was ACK, without the time"),
        (
            "验收报告 YS-7（验收办，2026-03-02）早于试运行结束 2026-04-01",
            (
                "record of acceptance YS-7 (验收办, 2026-03-02) came before the end of the trial run on "
                "2026-04-01"
            ),
        ),
        ("防拆显示为入侵、无", "tamper shown as intrusion, none"),
        ("普通·有线", "ordinary, wired"),
        ("仅有中文的一句", ""),
        ("没有见过的一句", ""),
        ("未显示：Z07；没有见过的一句", ""),
    ],
)
def test_a_sentence_is_put_into_english_part_by_part(chinese: str, english: str):
    assert in_english(chinese) == english


def test_what_one_part_does_not_know_is_not_passed_off_as_english():
    said = Messages("en").reason("not tested: 未显示：Z07；没有见过的一句")
    assert said == "not tested: the reason stands in the journal in Chinese"


def test_what_stands_before_a_sentence_in_english_is_no_part_of_it():
    said = Messages("en").reason("watched or repeated less than usual: 帧率观察 4 s，短于通常的 60 s")
    assert said == "watched or repeated less than usual: frame rate watched: 4 s instead of 60 s"


def test_each_half_is_taken_of_reasons_that_were_joined():
    joined = "位置 A：所见不符 / position A: not the same；画面没有颜色 / the picture has no colour"
    assert Messages("zh").reason(joined) == "位置 A：所见不符；画面没有颜色"
    assert Messages("en").reason(joined) == "position A: not the same; the picture has no colour"
    whole = "第一；第二 / the first; the second one"
    assert Messages("zh").reason(whole) == "第一；第二"
    assert Messages("en").reason(whole) == "the first; the second one"


NAMED = re.compile(
    r"doc\.\w+|party\.\w+|counted\.\w+|certificates\.found\.\w+|role\.\w+|leak\.place\.\w+|assessor\.trade\.\w+"
    r"|handover\.(function|performance|construction|technique|documents)|neighbour\.missing|gb28181\.way\.\w+"
    r"|register\.(identity|reason|period|consent)|view\.(?!none)\w+|group\.(?!plan|report|none)\w+"
    r"|centre\.(entrance|inside|inward|outward|hold_up\.words|cables\.(?!photo)\w+|call\.\w+)"
)


def test_what_a_suite_puts_in_from_its_questions_has_english():
    named = {name: text.zh for name, text in CATALOGUE.items() if NAMED.fullmatch(name)}
    assert len(named) > 80
    assert [name for name, zh in named.items() if not in_english(zh) or CHINESE.search(in_english(zh))] == []


def test_every_template_says_in_english_what_it_says_in_chinese():
    field = re.compile(r"\{k?(\d)\}")
    for chinese, english in FINDINGS.items():
        assert sorted(field.findall(chinese)) == sorted(field.findall(english)), chinese
        assert english.strip(), chinese
        assert not CHINESE.search(english), chinese
