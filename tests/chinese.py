# SPDX-License-Identifier: Apache-2.0
"""Keeps the Chinese of mistakes and faults in step with the code.

``python -m tests.chinese`` takes new sentences into the JSON files of ``yanshou.model.chinese``, drops those
no longer said, and names what still wants its Chinese.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = "words"
FOLDER = ROOT / "harness" / "yanshou" / "model" / "chinese"
PRODUCT = ("harness", "instruments", "fixtures", "reports")
# said in both languages where they stand, or never to a user
EMULATED = r"/emulation/(?:access|dc09|gb28181|messages)/|/emulation/video/(?!faults)"  # what devices say
ELSEWHERE = re.compile(rf"{EMULATED}|/operator/messages/|/reports/messages|/reports/pages?/|_pages?\.py$")
TRANSLATED_THERE = {"_", "N_", "translate", "Text", "add_argument", "add_parser", "compile"}
REPORTING = {
    "Mistake",
    "wrong",
    "fault",
    "_fault",
    "_unread",
    "_wrong",
    "_bad",
    "mistake_of",
    "mistake_at",
    "_cannot",
    "_untold",
}
REPORTING |= {"Unfit", "_Unfit", "Unsure", "Unreachable", "Denied", "Unwatched", "LinkFault", "Refused"}
KEPT = {"what", "remedy", "why", "reason", "fault", "problem", "how", "said", "heard", "afresh"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BOTH = re.compile(r"[^A-Za-z]*[\u4e00-\u9fff][^/]* / ")  # 中文 / English
WORD = re.compile(r"[A-Za-z][a-z']+")


def said() -> dict[str, dict[str, list[str]]]:
    """Every sentence of the code by area (the folder below ``yanshou``), with the places it stands in."""
    found: dict[str, dict[str, list[str]]] = {}
    known: dict[str, str] = {}
    for path in (one for top in PRODUCT for one in sorted((ROOT / top / "yanshou").rglob("*.py"))):
        place = path.relative_to(ROOT).as_posix()
        if ELSEWHERE.search(place):
            continue
        area = path.relative_to(ROOT).parts[2].removesuffix(".py")
        for text, line in _sentences(ast.parse(path.read_text(encoding="utf-8"))):
            where = known.setdefault(text, area)
            found.setdefault(where, {}).setdefault(text, []).append(f"{place}:{line}")
    return found


def _sentences(module: ast.Module) -> Iterator[tuple[str, int]]:
    left_out = set(_left_out(module))
    reported = set(_reported(module))
    for node in ast.walk(module):
        text = "" if node in left_out else template(node)
        bare = re.sub(r"\{\d+\}", " ", text)
        count = len(WORD.findall(bare))
        if " " not in text.strip() or len(CHINESE.findall(text)) > count or BOTH.match(text):
            continue
        if (count >= 3 and text.rstrip()[-1] in ".?!") or (node in reported and count >= 2):
            yield text.strip(), getattr(node, "lineno", 0)


def template(node: ast.AST) -> str:
    """A text of the code with numbers in braces where it is filled in; empty for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            fields = iter(range(len(parts)))
            return "".join(
                str(one.value) if isinstance(one, ast.Constant) else f"{{{next(fields)}}}" for one in parts
            )
    return ""


def _left_out(module: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, parts of longer texts, and what another catalogue translates."""
    for node in ast.walk(module):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                yield text
            case ast.JoinedStr(values=parts):
                yield from (
                    inner for one in parts if isinstance(one, ast.Constant) for inner in ast.walk(one)
                )
                yield from (
                    inner
                    for one in parts
                    if isinstance(one, ast.FormattedValue) and one.format_spec
                    for inner in ast.walk(one.format_spec)
                )
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in TRANSLATED_THERE:
                yield from ast.walk(node)


def _reported(module: ast.Module) -> Iterator[ast.AST]:
    """What goes into an error or a mistake, or is kept under a name that says so."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if (
                name in REPORTING or name.endswith(("Error", "Fault"))
            ):
                yield from ast.walk(node)
            case ast.Assign(targets=[ast.Name(id=name)]) if name in KEPT:
                yield from ast.walk(node)
            case ast.Raise(exc=ast.expr() as raised):
                yield from ast.walk(raised)


def translated() -> dict[str, str]:
    """The sentences of the files with their Chinese."""
    return {
        english: chinese
        for path in sorted(FOLDER.glob("*.json"))
        for english, chinese in json.loads(path.read_text(encoding="utf-8")).items()
    }


def main() -> int:
    """Bring the files up to date; 1 when a sentence wants its Chinese."""
    known, areas = translated(), said()
    for path in FOLDER.glob("*.json"):
        if path.stem not in {*areas, BY_HAND}:
            path.unlink()
    wanting = 0
    for area, texts in areas.items():
        content = {text: known.get(text, "") for text in sorted(texts)}
        written = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{area}.json").write_text(written, encoding="utf-8")
        for text in (text for text, chinese in content.items() if not chinese):
            wanting += 1
            sys.stderr.write(f"not translated: {text}  ({texts[text][0]})\n")
    return int(bool(wanting))


if __name__ == "__main__":
    sys.exit(main())
