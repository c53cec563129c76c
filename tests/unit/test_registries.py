# SPDX-License-Identifier: Apache-2.0
"""What has to stand in several places stands in all of them; each test names what is missing where."""

from __future__ import annotations

import argparse
import ast
import functools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.places import EXAMPLES, ROOT, SUITES, TESTS
from yanshou.cli.main import _parser
from yanshou.cli.selftest import read_defects
from yanshou.emulation.fault_kinds import all_kinds
from yanshou.fixtures.declared import covered_measurands
from yanshou.instruments.registry import load_instruments
from yanshou.model import FigureKind
from yanshou.planning import make_plan, overlays_of
from yanshou.reports.messages import MESSAGES, Messages
from yanshou.reports.plots.kinds import DRAWERS, kind_figure
from yanshou.reports.survey import messages as survey_messages
from yanshou.site import load_site
from yanshou.site.vocabulary import PLAN_KEYS, PLAN_NUMBERS
from yanshou.standards import load

HARNESS, FIXTURES, REPORTS = ROOT / "harness/yanshou", ROOT / "fixtures", ROOT / "reports/yanshou/reports"
ASKING = {"parameter", "duration", "times"}
OF_PLAN = ("plan.parameters.get", "plan.number", "site.plan.get")
STATED_ELSEWHERE = {"draws", "method", "classes", "retest_of", "rests_on"}
"""Parameters of a plan that planning adds; no site file states them."""
STREAMS, ONVIF, SEARCHES = (
    "unit/test_bad_streams.py",
    "unit/test_onvif_drivers.py",
    "unit/test_search_trouble.py",
)
OSDP = "unit/test_osdp_bench.py"
GB, GB_MEDIA = "unit/test_emulation_gb28181_sip.py", "unit/test_emulation_gb28181_media.py"
DEVICES, WIRING_CHECK = "e2e/test_bad_devices.py", "e2e/test_wiring_check.py"
_UNTESTED = f"{DEVICES}::test_what_cannot_be_measured_is_a_rig_fault_and_stays_untested"
_SILENT = f"{WIRING_CHECK}::test_dead_relays_and_unknown_wires_are_silent"
_BROKEN = f"{ONVIF}::test_broken_answers_are_rig_faults"
_LIES = f"{SEARCHES}::test_local_time_labelled_as_utc_and_a_summary_that_lies"
_GARBAGE = f"{STREAMS}::test_garbage_and_a_description_that_lies_are_survived"
_ANEW = f"{STREAMS}::test_time_stamps_that_begin_anew_give_no_rate_and_eight_k_on_paper_is_no_picture"
ONVIF_ACCESS = "unit/test_onvif_access.py"
JUDGED_BY_TEST = {
    "change_resolution": f"{STREAMS}::test_a_change_of_resolution_is_seen",
    "contact_delay": "e2e/test_calibration.py::test_the_latency_holds_the_truth_of_the_contact",
    "dc09_clock": "unit/test_alarm_links.py::test_a_clock_that_is_off_is_set_by_the_nak",
    "events_forgotten": f"{ONVIF_ACCESS}::test_a_dead_subscription_is_unknown_and_no_missing_event",
    "garbage": _GARBAGE,
    "gb_length_short": f"{GB}::test_a_length_that_counts_line_ends_once_is_seen",
    "gb_mislabelled": f"{GB}::test_utf_8_under_another_name_is_read_and_told",
    "gb_never_logs_out": f"{GB}::test_a_device_that_never_logs_out",
    "gb_part_twice": f"{GB}::test_a_doubled_part_counts_once",
    "gb_ptz_other": f"{GB}::test_a_preset_command_that_reaches_other_cameras",
    "gb_ptz_others_too": f"{GB}::test_a_preset_command_that_reaches_other_cameras",
    "gb_retry": f"{GB}::test_a_refused_registration_is_tried_again_as_set_or_as_planted",
    "gb_says_offline": f"{GB}::test_a_channel_that_is_said_to_be_off_plays",
    "gm_broken_certificate": "unit/test_class_a.py::"
    "test_a_device_that_does_not_prove_itself_is_not_registered",
    "gm_decoded_randoms": "unit/test_class_a_suite.py::test_a_device_of_another_reading_is_not_judged",
    "label_shift": _LIES,
    "loop_wired_to": f"{WIRING_CHECK}::test_a_zone_on_the_relay_of_another_is_found_from_both_sides",
    "motion_jpeg": f"{STREAMS}::test_motion_jpeg_is_said_clearly",
    "no_recording_service": f"{ONVIF}::test_a_recorder_without_profile_g_is_a_rig_fault",
    "no_replay_stamps": f"{SEARCHES}::test_replay_without_time_stamps_is_invalid_and_says_so",
    "no_sender_reports": "unit/test_stream_declared.py::test_reports_of_another_clock_give_no_age",
    "no_snapshot": f"{ONVIF}::test_a_camera_without_snapshot_gives_its_key_frame",
    "no_utc": f"{ONVIF}::test_a_clock_without_utc_is_read_by_local_time",
    "notifies_after": "e2e/test_alarm_lab.py::test_entry_time_and_notification_are_timed",
    "release_shakes_zone": "e2e/test_lanes.py::test_what_nobody_declared_is_found_and_what_met_it_done_alone",
    "open_access": f"{ONVIF}::test_a_camera_open_to_everybody_is_measured_without_a_password",
    "osdp_default_key": f"{OSDP}::test_a_controller_without_the_right_key_gets_no_card",
    "osdp_plain": f"{OSDP}::test_a_controller_without_the_right_key_gets_no_card",
    "osdp_rekeys": f"{OSDP}::test_a_controller_that_re_keys_a_reader_by_itself_is_told",
    "osdp_wrong_key": f"{OSDP}::test_a_controller_without_the_right_key_gets_no_card",
    "panel_late": f"{DEVICES}::test_a_late_answer_never_becomes_the_next_one",
    "panel_refuses": _UNTESTED,
    "panel_silent": _UNTESTED,
    "relay_dead": _SILENT,
    "relay_dies": f"{DEVICES}::test_a_relay_board_that_died_with_a_loop_open_is_told_loudly",
    "replay_refused": f"{ONVIF}::test_a_recorder_that_cannot_replay_is_a_rig_fault",
    "reset_timestamps": _ANEW,
    "rtsp_silent": f"{STREAMS}::test_a_server_that_never_answers_ends_in_time",
    "search_trouble": f"{SEARCHES}::test_a_search_that_never_completes_is_a_fault_and_no_list",
    "session_limit": f"{STREAMS}::test_a_camera_with_one_session_is_asked_one_after_the_other",
    "sets_itself": f"{WIRING_CHECK}::test_a_set_partition_stops_the_check",
    "second_payload": "unit/test_live_reception.py::"
    "test_a_second_payload_of_the_same_source_is_no_loss_and_tears_no_picture",
    "soap_garbage": _BROKEN,
    "soap_hang": _BROKEN,
    "stop_stream": f"{ONVIF}::test_a_stream_that_stops_is_told",
    "strict_clock": f"{ONVIF}::test_a_camera_far_off_in_time_is_still_signed_for",
    "summary_days": _LIES,
    "unsets_itself": _UNTESTED,
    "vignette": "unit/test_imaging_chart.py::test_evenness_sees_a_vignette",
    "wrong_description": _GARBAGE,
    "wrong_password": _UNTESTED,
}
"""Kinds that no example plants, because they break what is said on a wire and not a requirement."""
measured = functools.cache(covered_measurands)
PLANTED = re.compile(r'kind\s*=\s*\\?"(\w+)')
SITES = sorted(path.parent.name for path in EXAMPLES.glob("*/defects.toml"))


def trees(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def constants(*folders: Path) -> set[str]:
    """Every constant text of the code, docstrings included."""
    nodes = (node for _, tree in trees(*folders) for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


# -- figures and their drawers


def kinds_brought(tree: ast.Module) -> set[str]:
    nodes = ast.walk(tree)
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FigureKind"
    }


def test_every_kind_of_figure_has_a_drawer_and_somebody_who_brings_it() -> None:
    assert set(DRAWERS) == set(FigureKind)
    folders = (HARNESS / "evaluation", HARNESS / "equipment", SUITES)
    brought = {kind for _, tree in trees(*folders) for kind in kinds_brought(tree)}
    assert brought == {kind.name for kind in FigureKind}


def test_a_figure_is_brought_with_a_kind_that_exists() -> None:
    """A kind written as a text would have no drawer, and nothing would tell."""
    for path, tree in trees(HARNESS / "evaluation", SUITES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    named = isinstance(key, ast.Constant) and key.value == "kind"
                    assert not (named and isinstance(value, ast.Constant)), f"{path.name}:{node.lineno}"


def test_a_figure_without_a_drawer_is_said_in_its_place() -> None:
    row: Any = SimpleNamespace(measurement=SimpleNamespace(details={"figure": {"kind": "no_such_kind"}}))
    drawn = kind_figure(SimpleNamespace(blob=None), row, "en", "svg")  # type: ignore[arg-type]
    assert drawn is not None
    assert drawn.startswith(b"<?xml")


# -- what a plan may state


@functools.cache
def asked_of_plans() -> set[str]:
    """Names that suites and fixtures read from the plan, and those planning reads from the site file."""
    asked: set[str] = set()
    for _, tree in trees(SUITES, FIXTURES, HARNESS / "planning", HARNESS / "session"):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            name, place = node.args[0], ast.unparse(node.func)
            from_plan = node.func.attr in ASKING or place.endswith(OF_PLAN)
            if from_plan and isinstance(name, ast.Constant):
                asked.add(name.value)
    return asked - STATED_ELSEWHERE


def test_every_number_of_a_plan_is_read_by_somebody() -> None:
    assert sorted(PLAN_NUMBERS.keys() - asked_of_plans()) == []


def test_everything_that_is_asked_of_a_plan_can_be_stated_in_a_site_file() -> None:
    waited = {name for covered in measured().values() for name in covered.waits}
    assert sorted((asked_of_plans() | waited) - PLAN_KEYS) == []


@pytest.mark.parametrize("name", ["site-file.md", "site-file.zh-CN.md"])
def test_the_table_of_the_plan_names_each_key_and_no_other(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    table = text.split("### [plan]")[1].split("\n### ")[0]
    heads = re.findall(r"^\| (`[^|]+?) \|", table, re.MULTILINE)
    documented = {key for head in heads for key in re.findall(r"`(\w+)`", head)}
    assert (sorted(PLAN_KEYS - documented), sorted(documented - PLAN_KEYS)) == ([], [])


def test_every_criterion_of_a_suite_stands_in_the_catalogue_and_every_one_there_is_read() -> None:
    calls = (node for _, tree in trees(SUITES, FIXTURES) for node in ast.walk(tree))
    asked = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "criterion"
        and isinstance(node.args[0], ast.Constant)
    }
    measurands = load().measurands
    stated = {key for name in measured() for key in measurands[name].method}
    assert sorted(asked - stated) == []
    assert sorted(stated - constants(SUITES, FIXTURES)) == []


# -- planted defects


def planted_in_examples() -> set[str]:
    """The kinds of the planted defects; each says there what its right verdict is."""
    return {defect.kind for name in SITES for defect in read_defects(EXAMPLES / name)}


def test_every_kind_of_fault_is_planted_in_an_example_or_by_a_named_test() -> None:
    planted = planted_in_examples()
    assert sorted(all_kinds().keys() - planted - JUDGED_BY_TEST.keys()) == []
    assert sorted(JUDGED_BY_TEST.keys() & planted) == [], "an example plants it now"
    assert sorted(JUDGED_BY_TEST.keys() - all_kinds().keys()) == [], "no such kind"


@pytest.mark.parametrize("kind", sorted(JUDGED_BY_TEST))
def test_a_named_test_plants_its_kind_and_asserts_something(kind: str) -> None:
    module, name = JUDGED_BY_TEST[kind].split("::")
    tree = ast.parse((TESTS / module).read_text("utf-8"))
    parts = reached(tree, name)
    assert planted_by(parts) & {kind}, f"{module}::{name} does not plant {kind}"
    nodes = [node for part in parts[:1] for node in ast.walk(part)]
    raises = any(isinstance(node, ast.Attribute) and node.attr == "raises" for node in nodes)
    assert raises or any(isinstance(node, ast.Assert) for node in nodes)


def reached(tree: ast.Module, name: str) -> list[ast.stmt]:
    """The test, then the fixtures, helpers and constants of its module that it uses, directly or not."""
    made: dict[str, ast.stmt] = {}
    for part in tree.body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            made[part.name] = part
        elif isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            made |= {one.id: part for one in targets if isinstance(one, ast.Name)}
    found, asked = [made[name]], [name]
    for one in asked:
        used = [node.id if isinstance(node, ast.Name) else node.arg for node in ast.walk(made[one])
                if isinstance(node, ast.Name | ast.arg)]  # fmt: skip
        for further in used:
            if further in made and further not in asked:
                asked.append(further)
                found.append(made[further])
    return found


def planted_by(parts: list[ast.stmt]) -> set[str]:
    """Every kind that stands in this code: as an argument's name, as a text, or in a fault script."""
    found: set[str] = set()
    for node in (node for part in parts for node in ast.walk(part)):
        if isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value, *PLANTED.findall(node.value)}
    return found


@pytest.mark.parametrize("name", SITES)
def test_a_defect_names_requirements_that_are_planned_at_its_device(name: str) -> None:
    """A row that the site does not test would never be found, and a selftest of other rows would not tell."""
    folder = EXAMPLES / name
    site = load_site(folder)
    plan = make_plan(
        site,
        load(overlays_of(site)),
        load_instruments(folder),
        covered=measured(),
        on=date(2026, 11, 29),
    )
    defects = [one for one in read_defects(folder) if one.kind not in {"plan", "missing_system"}]
    planned = {(row, item.device) for item in plan.items for row in item.requirements}
    lost = [(str(one), one.tested, row) for one in defects for row in one.named
            if (row, one.tested) not in planned]  # fmt: skip
    assert lost == []


# -- the texts of reports


def test_every_message_of_a_report_is_said_in_both_languages() -> None:
    for key, text in MESSAGES.items():
        assert text.zh, key
        assert text.en, key
        assert set(re.findall(r"\{(\w*)", text.zh)) == set(re.findall(r"\{(\w*)", text.en)), key


def dynamic_beginnings() -> set[str]:
    """``fig.mtf.`` of a key put together as ``f"fig.mtf.{square}"``."""
    nodes = (node for _, tree in trees(REPORTS) for node in ast.walk(tree))
    begun = {node.values[0].value for node in nodes if isinstance(node, ast.JoinedStr)
             if node.values and isinstance(node.values[0], ast.Constant)}  # fmt: skip
    return {one for one in begun if isinstance(one, str) and re.fullmatch(r"(\w+\.)+", one)}


TABLES = {f"messages_{subject}.py" for subject in ("figures", "issue", "pages", "rounds")}


def test_every_message_of_a_report_is_used() -> None:
    assert {path.name for path, _ in trees(REPORTS)} >= TABLES
    said = {
        value for path, tree in trees(REPORTS) if path.name not in TABLES
        for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(value := node.value, str)
    }  # fmt: skip
    layouts = "".join(path.read_text("utf-8") for path in (REPORTS / "template").glob("*.typ"))
    said |= set(re.findall(r"\bt\.([\w-]+)", layouts)) | set(re.findall(r't\.at\("([^"]+)"', layouts))
    begun = tuple(dynamic_beginnings())
    assert [key for key in MESSAGES if key not in said and not key.startswith(begun)] == []


def names_called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("messages")):
            continue
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def test_every_message_that_is_called_exists() -> None:
    known = {*MESSAGES, *survey_messages.TEXTS, *survey_messages.STATES}
    called = [(path.name, key) for path, tree in trees(REPORTS) for key in names_called(tree)]
    lost = [(name, key) for name, key in called if key not in known]
    assert lost == []
    layout = (REPORTS / "template" / "report.typ").read_text("utf-8")
    asked = re.findall(r"(?<![\w.])t\.([a-z][\w-]*)\b(?![\w(-])", layout)
    assert sorted(set(asked) - MESSAGES.keys()) == []
    assert Messages("en")("fig.undrawn", kind="x").endswith("(x)")


# -- the commands


@pytest.mark.parametrize("chinese", [True, False])
def test_every_command_stands_in_the_documents_of_each_language(chinese: bool) -> None:
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")]
    ours = [path for path in found if path.name.endswith(".zh-CN.md") == chinese]
    text = "".join(path.read_text("utf-8") for path in ours)
    commands = next(one.choices for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))
    assert [name for name in commands if not re.search(rf"\byanshou {name}\b", text)] == []
