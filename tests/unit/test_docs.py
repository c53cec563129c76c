# SPDX-License-Identifier: Apache-2.0
"""The documents name what is there: commands, options, make targets, files; and nothing of one machine."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from yanshou.cli.main import _parser
from yanshou.drivers.profile import ROLES, load_profile
from yanshou.standards import load

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES,
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "RELEASE.md",
    "SECURITY.md",
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))),
)
FOLDERS = ("docs", "examples", "fixtures", "harness", "instruments", "reports", "test_suites", "tests")

COMMAND = re.compile(r"`yanshou ([a-z][^`]*)`|^ {4}\$ yanshou ([^\n;]+)", re.MULTILINE)
TARGET = re.compile(r"`make ([a-z0-9-]+)|^ {4}make ([a-z0-9-]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)\)")
NAMED = re.compile(r"`((?:" + "|".join(FOLDERS) + r")/[\w./*-]+)`")
BLOCK = re.compile(r"(?m)^ {4}.*\n")
MADE = re.compile(r"(?:New file|新建文件) `([^`]+)`")
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|Users)/|[A-Z]:\\")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _found(pattern: re.Pattern[str], name: str) -> list[str]:
    return [next(part for part in match.groups() if part) for match in pattern.finditer(_text(name))]


def _commands() -> dict[str, argparse.ArgumentParser]:
    actions = _parser()._actions
    return next(one.choices for one in actions if isinstance(one, argparse._SubParsersAction))


def _arguments(line: str) -> Iterator[str]:
    """The words of a command of ours, without its comment and what it passes on to pytest."""
    for word in shlex.split(line, comments=True):
        if word == "--":
            return
        yield word


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_is_one_with_these_options(name: str) -> None:
    commands = _commands()
    for line in _found(COMMAND, name):
        command, *rest = _arguments(line)
        assert command in commands, line
        options = {option for action in commands[command]._actions for option in action.option_strings}
        named = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert named <= options, line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_is_in_the_makefile(name: str) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", _text("Makefile"), re.MULTILINE))
    assert set(_found(TARGET, name)) <= targets


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_target_a_newcomer_needs_is_told(name: str) -> None:
    text = _text(name)
    for command in ("check", "plan", "run", "report", "verify", "catalogue", "selftest"):
        assert f"yanshou {command}" in text
    assert set(_found(TARGET, name)) >= {"demo", "test", "bench", "install"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_named_is_there(name: str) -> None:
    folder = (ROOT / name).parent
    prose = BLOCK.sub("", _text(name))
    made = set(MADE.findall(prose))  # by the reader of the page
    for link in LINK.findall(prose):
        assert "://" in link or (folder / link).exists(), link
    for path in set(NAMED.findall(prose)) - made:
        assert list(ROOT.glob(path.rstrip("/"))), path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_path_of_one_machine_stands_in_it(name: str) -> None:
    assert MACHINE.findall(_text(name)) == []


def test_both_readmes_show_the_same() -> None:
    heads, marks = [], []
    for name in READMES:
        text = _text(name)
        heads.append([len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)])
        links = set(LINK.findall(text)) - set(READMES)
        marks.append(sorted(link.replace(".zh-CN.md", ".md") for link in links))
    assert heads[0] == heads[1]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("name", [*READMES, "CHANGELOG.md"])
def test_the_catalogue_is_as_large_as_told(name: str) -> None:
    """A round figure that the catalogue reaches, and does not outgrow unnoticed."""
    rows = load().requirements.values()
    editions = {(row.standard, row.edition) for row in rows}
    reported = re.search(
        r"over (\d+) (?:rows|requirements) (?:of|from) over (\d+)|(\d+) 余份.*?(\d+) 余条", _text(name)
    )
    assert reported is not None
    first, second = sorted((int(number) for number in reported.groups() if number), reverse=True)
    assert first <= len(rows) < 1.2 * first
    assert second <= len(editions) < 1.2 * second


@pytest.mark.parametrize("name", READMES)
def test_the_profile_shown_can_be_read(name: str, tmp_path: Path) -> None:
    block = re.search(r'^ {4}schema = "yanshou-profile/1"\n(?: {4}.*\n)+', _text(name), re.MULTILINE)
    assert block is not None
    (tmp_path / "my-panel.toml").write_text(re.sub(r"(?m)^ {4}", "", block[0]), encoding="utf-8")
    shown = load_profile("my-panel.toml", tmp_path)
    assert shown.verified is None
    assert {point.role for point in shown.points} <= ROLES


@pytest.mark.parametrize("name", READMES)
def test_the_overlay_shown_confirms_its_row(name: str, tmp_path: Path) -> None:
    block = re.search(r"^ {4}\[\[confirm\]\]\n(?: {4}.*\n)+", _text(name), re.MULTILINE)
    assert block is not None
    overlay = tmp_path / "lab.toml"
    overlay.write_text(re.sub(r"(?m)^ {4}", "", block[0]), encoding="utf-8")
    assert load([overlay]).requirements["IAS-RT-02"].limit_status == "verified"


@pytest.mark.parametrize("name", READMES)
def test_the_test_shown_is_the_one_that_runs(name: str) -> None:
    block = re.search(r"^ {4}@measures\(.*\n(?: {4}.*\n)+", _text(name), re.MULTILINE)
    assert block is not None
    assert re.sub(r"(?m)^ {4}", "", block[0]) in _text("test_suites/intrusion/test_response.py")


def test_the_journal_kinds_told_are_those_written() -> None:
    """``docs/contracts.md`` §4 against the calls that write the journal."""
    reported = set(re.findall(r"^\| ([a-z_]+) \| ", _text("docs/contracts.md"), re.MULTILINE)) - {"kind"}
    written: set[str] = set()
    rooms = ("session", "rig", "equipment", "evidence", "cli")
    for folder in ("fixtures", *(f"harness/yanshou/{room}" for room in rooms)):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            written |= set(re.findall(r'\.(?:append|note|event)\(\s*"([a-z_]+)",\s+(?:\*\*|\w+=)', source))
    assert reported == written


@pytest.mark.parametrize("name", ["docs/design.md", "docs/README.md", "docs/README.zh-CN.md"])
def test_the_picture_of_the_floors_is_that_of_import_linter(name: str) -> None:
    """The boxes from top to bottom against the layers of ``.importlinter``."""
    layers = re.search(r"^layers =\n((?: {4}.*\n)+)", _text(".importlinter"), re.MULTILINE)
    assert layers is not None
    floors = [sorted(re.findall(r"\w+", line)) for line in layers[1].splitlines()]
    boxes = dict(re.findall(r'^ {4}(\w+)\["([^"]+)"\]$', _text(name), re.MULTILINE))
    chain = max(re.findall(r"^ {4}(\w+(?: --> \w+)+)$", _text(name), re.MULTILINE), key=len)
    assert [sorted(re.findall(r"\w+", boxes[box])) for box in chain.split(" --> ")] == floors


def test_the_workflow_gives_commands_that_exist() -> None:
    """What the host of the project runs: commands with their options, and files that are there."""
    workflow = _text(".github/workflows/check.yml")
    commands = _commands()
    given = re.findall(r"^ +yanshou (\w+)(.*)$", workflow, re.MULTILINE)
    assert {name for name, _ in given} >= {"check", "run", "verify"}
    for name, rest in given:
        options = {option for action in commands[name]._actions for option in action.option_strings}
        assert {word for word in rest.split() if word.startswith("--")} <= options, name
    copied = re.search(r"cp -r (examples/[\w-]+) ", workflow)
    assert copied is not None
    site = (ROOT / copied[1] / "site.toml").read_text(encoding="utf-8")
    assert ".pty" not in site, "Windows has no pseudo-terminals"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", ".github/PULL_REQUEST_TEMPLATE.md"])
def test_what_a_contributor_is_told_names_files_that_are_there(name: str) -> None:
    for link in LINK.findall(_text(name)):
        assert "://" in link or (ROOT / link).exists(), link
    assert MACHINE.findall(_text(name)) == []
    for path in NAMED.findall(_text(name)):
        assert list(ROOT.glob(path.rstrip("/"))), path
