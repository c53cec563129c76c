# SPDX-License-Identifier: Apache-2.0
"""The Chinese of the command line: whole, not stale, compiled, and shown without a word of English left."""

from __future__ import annotations

import gettext
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from rich.cells import cell_len

from yanshou.cli import language
from yanshou.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "demo",
    "check",
    "profile",
    "plan",
    "run",
    "report",
    "verify",
    "catalogue",
    "accept",
    "chart",
    "measure",
    "emulate",
    "selftest",
    "survey",
    "init",
    "discover",
    "completion",
)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[.\d]*[a-z%]")


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("yanshou_messages", ROOT / "tests" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
ZH = TOOL.translated()
MESSAGES = [message for message in ZH if message.id]


def _say(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "yanshou.cli", *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**quiet, "COLUMNS": "80", "PYTHONUTF8": "1", **environment},
        timeout=60,
    )


def test_every_message_of_the_code_is_in_the_file_and_no_other() -> None:
    said = {message.id for message in TOOL.said() if message.id}
    assert said == {message.id for message in MESSAGES}, "run `python -m tests.messages`"


def test_every_message_has_its_chinese() -> None:
    assert TOOL.untranslated(ZH) == []


def test_nothing_is_fuzzy_or_obsolete() -> None:
    text = TOOL.PO.read_text(encoding="utf-8")
    assert "fuzzy" not in text
    assert "#~" not in text


def test_the_compiled_file_is_that_of_the_text() -> None:
    with TOOL.MO.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in MESSAGES:
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            assert compiled.ngettext(*message.id, 2) == TOOL.texts_of(message)[0]
    assert TOOL.MO.read_bytes() == TOOL.compiled(ZH), "run `python -m tests.messages`"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message.id)[:40])
def test_the_placeholders_agree(message) -> None:
    english = message.id if isinstance(message.id, str) else message.id[-1]
    for chinese in TOOL.texts_of(message):
        assert sorted(PLACEHOLDER.findall(chinese)) == sorted(PLACEHOLDER.findall(english))


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_chinese_throughout_and_fits_the_terminal(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "zh", *([command] if command else []), "--help"])
    language.speak("en")
    said = capsys.readouterr().out
    assert ended.value.code == 0
    for line in said.splitlines():
        assert cell_len(line) <= 80, line
        # three English words in a row are a sentence nobody translated
        assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", line), line
    assert "usage" not in said
    assert "options" not in said


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
    ],
)
def test_the_language_is_that_of_the_locale(environment: dict[str, str], chinese: bool) -> None:
    assert ("用法" in _say("--help", **environment).stdout) is chinese


@pytest.mark.parametrize("arguments", [("--lang", "en", "check"), ("check", "--lang=en")])
def test_the_language_asked_for_prevails(arguments: tuple[str, ...]) -> None:
    said = _say(*arguments, "--help", LANG="zh_CN.UTF-8")
    assert said.stdout.startswith("usage: yanshou check")


def test_a_wrong_word_is_told_in_one_line_of_the_language() -> None:
    said = _say("--lang", "zh", "plan")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "yanshou plan：缺少参数：SITE。详见 yanshou plan --help\n"


def test_the_language_spoken_is_known() -> None:
    assert language.speak("en") == "en"
    assert language.spoken() == "en"
    assert language.speak("zh") == "zh"
    assert language.spoken() == "zh"
    language.speak("en")
