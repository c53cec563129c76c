# SPDX-License-Identifier: Apache-2.0
"""What a shell is told when somebody presses Tab."""

import os
import shutil
import subprocess
import sys

import pytest

from yanshou.cli import main
from yanshou.cli.options import COMMANDS, SHELLS


@pytest.fixture
def reported(tmp_path):
    """What the shell is told for a line typed so far, asked as argcomplete's scripts ask."""
    (tmp_path / "银行网点").mkdir()
    (tmp_path / "bank.csv").touch()
    (tmp_path / ".hidden").touch()

    def tab(line):
        answer = tmp_path / ".answer"
        env = os.environ | {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, "-m", "yanshou.cli"]
        done = subprocess.run(command, env=env, cwd=tmp_path, check=False, capture_output=True, timeout=60)
        assert (done.returncode, done.stdout) == (0, b"")
        return {one.strip() for one in answer.read_text(encoding="utf-8").split("\n")}

    return tab


def test_commands_options_choices_and_files_are_offered(reported):
    assert reported("yanshou ") == set(COMMANDS)
    assert reported("yanshou cat") == {"catalogue"}
    assert {"--help", "--lang", "--json"} <= reported("yanshou verify --")
    assert reported("yanshou calibrate --report-lang ") == {"zh", "en"}
    assert reported("yanshou catalogue sh") == {"show"}
    assert reported("yanshou verify b") == {"bank.csv"}
    assert reported("yanshou verify ") == {"bank.csv", "银行网点/"}
    assert reported("yanshou verify .h") == {".hidden"}


def test_a_folder_that_is_not_there_offers_nothing(reported):
    assert reported("yanshou verify nowhere/x") == {""}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_given_a_script_that_names_the_command(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "yanshou" in script
    assert ("Register-ArgumentCompleter" in script) is (shell == "powershell")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_a_command_with_the_script(tmp_path, capsys):
    assert main(["completion", "bash"]) == 0
    (tmp_path / "yanshou").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m yanshou.cli "$@"\n')
    (tmp_path / "yanshou").chmod(0o755)
    script = (
        f"{capsys.readouterr().out}\n"
        "COMP_LINE='yanshou ver' COMP_POINT=11 COMP_TYPE=9 COMP_WORDS=(yanshou ver) COMP_CWORD=1\n"
        "complete -p yanshou >&2 && _python_argcomplete yanshou ver yanshou\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, encoding="utf-8", check=False, timeout=60, env=env
    )
    assert done.stdout.split() == ["verify"], done.stderr
