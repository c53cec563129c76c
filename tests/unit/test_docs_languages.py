# SPDX-License-Identifier: Apache-2.0
"""Pages that stand in two languages say the same, and both name the words the code reads."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.schemas import TABLE, device_rows
from yanshou.drivers.profile import (
    CLASSES,
    COMMAND_KEYS,
    COMMANDS,
    EVENTS,
    POINT_KEYS,
    PROTOCOLS,
    ROLES,
    STATES,
    TARGETS,
    TRANSPORT_KEYS,
    load_profile,
)
from yanshou.drivers.profile.speech import _MESSAGE_KEYS, FIELD_KEYS, SPEECH_SECTIONS
from yanshou.drivers.profile.speech import COMMAND_KEYS as SPOKEN_COMMAND_KEYS
from yanshou.drivers.profile.speech import POINT_KEYS as SPOKEN_POINT_KEYS
from yanshou.fleet.scope import _KEYS as DISCOVER_KEYS
from yanshou.fleet.settings import KEYS as SURVEY_KEYS
from yanshou.model import DeviceKind
from yanshou.protocols.speech import HOLES
from yanshou.site import vocabulary
from yanshou.vocabulary.site import SITE_ATTRIBUTES, SITE_DAYS, SITE_LISTS, SITE_SYSTEMS
from yanshou.vocabulary.values import Flag, Grade, WordValue
from yanshou.wires import WIRES
from yanshou.wires.lines import CHECKSUMS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAIRS = sorted(
    path.relative_to(DOCS).as_posix().removesuffix(".zh-CN.md") for path in DOCS.rglob("*.zh-CN.md")
)
WHOLE = ("README", "live-video", "profiles", "site-file", "survey", "tutorial")
LANGUAGES = ("", ".zh-CN")

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[\u4e00-\u9fff][^`。；]{8,}[。；]")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"(?m)(?:^ {4,}.*\n)+(?:\n(?:^ {4,}.*\n)+)*|^```\w*\n(?:.*\n)*?```\n")
FIRST = re.compile(r" {4}(?:[\w.]+ = |\$ .*|\[[\w./]+\]+|[{}/#|])", re.ASCII)
WORD = re.compile(r"[\w.*-]+", re.ASCII)


def _text(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def _prose(name: str) -> str:
    return BLOCK.sub("", _text(name))


def _blocks(text: str) -> list[list[str]]:
    """Of each code block what its lines assign, command or list; other lines may be words of the language."""
    return [
        [match[0] if (match := FIRST.match(line)) else "" for line in block.splitlines()]
        for block in BLOCK.findall(text)
    ]


def _tables(text: str) -> list[list[tuple[int, str]]]:
    """Of each row how many cells it has, and what its first cell names in code."""
    tables = re.findall(r"(?m)(?:^\|.*\n)+", text)
    return [
        [(row.count("|"), " ".join(CODE.findall(row.split("|")[1]))) for row in table.splitlines()]
        for table in tables
    ]


def _codes(text: str) -> set[str]:
    return {code for code in CODE.findall(text) if not CHINESE.search(code)}


def _named(name: str) -> set[str]:
    """Every word that a page shows as code, in its text or in its blocks."""
    text = _text(name)
    shown = [*CODE.findall(text), *BLOCK.findall(text), *re.findall(r"(?m)^#+ .*", text)]
    return {part for code in shown for word in WORD.findall(code) for part in (word, *word.split("."))}


def test_these_pages_stand_in_both_languages() -> None:
    assert set(WHOLE) <= set(PAIRS)


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_have_the_same_parts(name: str) -> None:
    english, chinese = _text(name), _text(f"{name}.zh-CN")
    heads = [
        [len(mark) for mark in re.findall(r"^(#+) ", BLOCK.sub("", one), re.MULTILINE)]
        for one in (english, chinese)
    ]
    assert heads[0] == heads[1]
    assert _tables(english) == _tables(chinese)
    assert _blocks(english) == _blocks(chinese)
    assert english.count("\n- ") == chinese.count("\n- ")
    assert _codes(_prose(name)) == _codes(_prose(f"{name}.zh-CN"))


@pytest.mark.parametrize("name", PAIRS)
def test_each_page_is_whole_in_its_own_language(name: str) -> None:
    page = name.rpartition("/")[2]
    assert f"[中文]({page}.zh-CN.md)" in _text(name)
    assert f"[English]({page}.md)" in _text(f"{name}.zh-CN")
    assert SENTENCE.findall(_prose(name)) == []
    for part in re.split(r"\n\n+", _prose(f"{name}.zh-CN")):
        assert CHINESE.search(part) or len(CODE.sub("", part)) < 60, part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "vocabulary",
    [
        pytest.param(vocabulary.TABLES, id="tables"),
        pytest.param(vocabulary.SITE_KEYS, id="site"),
        pytest.param(vocabulary.PARTIES, id="parties"),
        pytest.param(vocabulary.LABORATORY, id="laboratory"),
        pytest.param(vocabulary.PLAN_KEYS, id="plan"),
        pytest.param(vocabulary.RETEST_KEYS, id="retest"),
        pytest.param(vocabulary.SAMPLING_RULES, id="sampling"),
        pytest.param(vocabulary.DECISION_RULES, id="rules"),
        pytest.param(vocabulary.INTRUSIVE, id="intrusive"),
        pytest.param(vocabulary.OPERATOR_KEYS, id="operator"),
        pytest.param(vocabulary.BACKENDS, id="backends"),
        pytest.param(vocabulary.MAINTENANCE_KEYS, id="maintenance"),
        pytest.param(vocabulary.SECRET_KINDS, id="secrets"),
        pytest.param({kind.value for kind in DeviceKind}, id="kinds"),
        pytest.param({system.value for system in SITE_SYSTEMS}, id="systems"),
        pytest.param(set(vocabulary.COLUMNS.values()) - {"note"}, id="columns"),
    ],
)
def test_the_site_file_is_told_whole(language: str, vocabulary: Collection[str]) -> None:
    shown = _text(f"site-file{language}")
    named = _named(f"site-file{language}")
    assert {word for word in vocabulary if word not in named and f"`{word}`" not in shown} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_attributes_of_a_site_are_told_with_their_values_and_no_others(language: str) -> None:
    section = _text(f"site-file{language}").partition("### [attributes]\n")[2].partition("\n### ")[0]
    reported: dict[str, str] = {}
    for row in re.findall(r"(?m)^\|.*", section)[2:]:
        first, second = row.strip("|").split("|")
        reported |= dict.fromkeys(CODE.findall(first), second.strip())
    assert reported.keys() == {*SITE_ATTRIBUTES, *SITE_DAYS, *SITE_LISTS}
    for name, value in SITE_ATTRIBUTES.items():
        match value:
            case Grade():
                assert reported[name].startswith(f"{value.low}–{value.high}")
            case WordValue() if name != "province":  # every reader knows these
                assert set(CODE.findall(reported[name])) == set(value.allowed)
            case Flag():
                assert CODE.findall(reported[name]) == ["true", "false"]
    assert set(CODE.findall(reported["required_systems"])) == SITE_LISTS["required_systems"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_attributes_of_devices_are_told_as_the_vocabulary_has_them(language: str) -> None:
    """``python -m tests.schemas`` writes the table."""
    table = TABLE.search(_text(f"site-file{language}"))
    assert table is not None
    assert table[0] == device_rows(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wire_has_its_line_with_all_its_keys(language: str) -> None:
    table = re.search(r"(?m)^\| protocol \|(?:.*\n)+?\n", _text(f"site-file{language}"))
    assert table is not None
    reported: dict[str, set[str]] = {}
    for row in table[0].splitlines()[2:]:
        first, *rest = row.strip("|").split("|")
        keys = set(
            re.findall(r"`([a-z_]+)`", " ".join(re.sub(r"（[^）]*）|\([^)]*\)", "", cell) for cell in rest))
        )
        for name in CODE.findall(first):
            reported[name] = keys
            assert WIRES[name].port is None or str(WIRES[name].port) in row
    assert reported == {name: set(wire.keys) for name, wire in WIRES.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_survey_is_told_whole(language: str) -> None:
    assert set(SURVEY_KEYS | DISCOVER_KEYS) <= _named(f"survey{language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "vocabulary",
    [
        pytest.param(CLASSES, id="classes"),
        pytest.param(PROTOCOLS, id="protocols"),
        pytest.param(ROLES, id="roles"),
        pytest.param(COMMANDS, id="commands"),
        pytest.param(TARGETS, id="targets"),
        pytest.param(STATES, id="states"),
        pytest.param(EVENTS, id="events"),
        pytest.param(HOLES, id="holes"),
        pytest.param(CHECKSUMS, id="checksums"),
        pytest.param(TRANSPORT_KEYS, id="transport"),
        pytest.param(POINT_KEYS | SPOKEN_POINT_KEYS | FIELD_KEYS, id="points"),
        pytest.param(COMMAND_KEYS | SPOKEN_COMMAND_KEYS | {"wire", "pulse_s"}, id="commands' keys"),
        pytest.param(_MESSAGE_KEYS, id="messages"),
        pytest.param(SPEECH_SECTIONS, id="sections"),
    ],
)
def test_the_profile_is_told_whole(language: str, vocabulary: Collection[str]) -> None:
    assert set(vocabulary) - _named(f"profiles{language}") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_profile_of_a_maker_has_its_line(language: str) -> None:
    folder = DOCS.parent / "harness/yanshou/drivers/profiles"
    shipped = {path.stem for path in folder.glob("*.toml") if not path.stem.startswith("yanshou-")}
    assert set(re.findall(r"(?m)^\| `([\w-]+)` \|.*\|.*\|.*\|$", _text(f"profiles{language}"))) >= shipped


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_profile_shown_can_be_read(language: str, tmp_path: Path) -> None:
    shown = [block for block in BLOCK.findall(_text(f"profiles{language}")) if "yanshou-profile/1" in block]
    protocols = set()
    for block in shown:
        (tmp_path / "shown.toml").write_text(re.sub(r"(?m)^ {4}", "", block), encoding="utf-8")
        protocols.add(load_profile("shown.toml", tmp_path).protocol)
    assert protocols >= {"modbus", "serial-line", "satel", "isapi", "dc09", "contact"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_the_floors_is_the_contract_of_imports(language: str) -> None:
    contract = (DOCS.parent / ".importlinter").read_text(encoding="utf-8")
    layers = re.search(r"(?m)^layers =\n((?: {4}.*\n)+)", contract)
    assert layers is not None
    floors = [sorted(re.split(r"\s*[|:]\s*", line.strip())) for line in layers[1].splitlines()]
    page = _text(f"README{language}")
    names = dict(re.findall(r'^ {4}(\w+)\["([^"]+)"\]$', page, re.MULTILINE))
    drawn = re.search(r"^ {4}(\w+(?: --> \w+){5,})$", page, re.MULTILINE)
    assert drawn is not None
    assert [sorted(names[one].split(" · ")) for one in drawn[1].split(" --> ")] == floors
    rows = re.findall(r"(?m)^\| (`\w+`(?:[,、] ?`\w+`)*) \|", page)
    assert [sorted(CODE.findall(row)) for row in rows] == floors


def test_every_term_of_the_glossary_has_both_languages_and_a_source() -> None:
    rows = re.findall(r"(?m)^\|(.+)\|(.+)\|(.*)\|(.+)\|$", _text("glossary"))
    terms = [row for row in rows if row[0].strip() not in ("中文", "---")]
    assert len(terms) > 50
    for chinese, english, _, source in terms:
        assert CHINESE.search(chinese), chinese
        assert english.strip(), chinese
        assert not CHINESE.search(english), english
        assert source.strip(), chinese
    assert len({chinese for chinese, *_ in terms}) == len(terms)
