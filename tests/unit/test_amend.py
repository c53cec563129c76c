# SPDX-License-Identifier: Apache-2.0
"""A later day of a run with a corrected site file: what stands, what is done again, and what is refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import pytest

from yanshou.cli.main import main
from yanshou.evaluation.pass_rate import count_passed
from yanshou.evidence import Journal, RunFolder, frozen_digests, seal, verify
from yanshou.fixtures import amending, prepare
from yanshou.fixtures.amending import Amendment, amend
from yanshou.fixtures.declared import covered_measurands
from yanshou.fixtures.prepare import Beginning, beginning_of
from yanshou.model import Finding, Measurement, PlanItem, Quantity, UsageError, Verdict
from yanshou.planning import from_json
from yanshou.planning.facts import changed_facts, rests_on, stands
from yanshou.reports import load
from yanshou.site import load_site
from yanshou.standards import as_record
from yanshou.standards import load as load_catalogue

BRANCH = Path(__file__).resolve().parents[2] / "examples" / "bank-branch"
N, C = Verdict.NON_CONFORM, Verdict.CONFORM
ZONE, OTHER, DOOR, CAMERA = (
    "alarm_response_time[Z01]",
    "alarm_response_time[V01]",
    "credential_to_lock_time[D01]",
    "live_frame_rate[CAM-1]",
)
GATE = "metal_gate_alarm[GATE-1]"


MEASURED, CATALOGUE = cache(covered_measurands), cache(load_catalogue)


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suites are read once for all tests."""
    for module in (prepare, amending):
        monkeypatch.setattr(module, "covered_measurands", lambda _folder=None: MEASURED())
    monkeypatch.setattr(prepare, "load", lambda overlays: CATALOGUE(tuple(overlays)))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(BRANCH, tmp_path / "site")
    return tmp_path / "site"


def edit(site: Path, old: str, new: str, file: str = "site.toml") -> None:
    path = site / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def _judged(
    journal: Journal, now: Beginning, item: PlanItem, verdict: Verdict, used: tuple[str, ...]
) -> None:
    """The measurement of an item and its findings."""
    measured = Measurement(
        item.measurand, item.device, Quantity.LOGICAL, verdict is C, "", 1, instruments=used
    )
    fields = asdict(measured)
    del fields["reservations"]
    journal.append("measurement", item=item.id, id=f"m{journal.lines + 1}", **fields)
    for name in item.requirements:
        row = now.rows[name]
        found = Finding(
            name, row.standard, row.clause, item.device, item.measurand, verdict is C, "", None, None,
            1, "", row.limit_status.value, "DR-SA", verdict, measurement=f"m{journal.lines}",
        )  # fmt: skip
        journal.append("finding", item=item.id, **asdict(found))


def ran(site: Path, path: Path, instruments: Mapping[str, str] | None = None, **verdicts: Verdict) -> Path:
    """A run of which some items were finished on the first day; ``instruments`` by item."""
    now = beginning_of(site)
    run = RunFolder.begin(
        path,
        plan=json.loads(json.dumps(asdict(now.plan), default=str)) | {"schema": "yanshou-plan/1"},
        catalogue=[as_record(row) for row in now.rows.values()],
        site=now.summary,
        site_folder=site,
    )
    with run.journal() as journal:
        journal.append(
            "run_opened",
            site={"id": now.site.id, "name": now.site.name, "sha256": now.site.sha256},
            plan_sha256=now.plan.sha256,
            catalogue_sha256=now.plan.catalogue_sha256,
            software="test",
            emulated=True,
            decision_rule=now.plan.decision_rule,
            limits_confirmed=False,
            frozen=frozen_digests(path),
        )
        journal.append(
            "session_started",
            resumed=False,
            software="test",
            platform="",
            pid=1,
            operator="张三",
            witness="",
        )
        for item in now.plan.items:
            verdict = verdicts.get(item.measurand, C)
            if item.id not in {ZONE, OTHER, DOOR, CAMERA, GATE}:
                continue
            journal.append(
                "item_started",
                item=item.id,
                attempt=1,
                test="t",
                measurand=item.measurand,
                device=item.device,
            )
            used = ((instruments or {}).get(item.id),) if instruments and item.id in instruments else ()
            _judged(journal, now, item, verdict, used)
            outcome = "done" if verdict is C else "non_conform"
            journal.append("item_finished", item=item.id, attempt=1, outcome=outcome, seconds=1.0)
        journal.append("session_ended", reason="interrupted")
    seal(path)
    return path


def amended(site: Path, run: Path) -> Amendment:
    found = amend(site, run, "第二天")
    assert found is not None
    return found


def rows(run: Path, item: str) -> set[Verdict]:
    return {row.finding.verdict for row in load(run).rows if row.item == item}


def test_a_name_a_place_and_an_added_instrument_keep_what_is_finished(site: Path, tmp_path: Path):
    text = (site / "site.toml").read_text("utf-8")
    head, _, rest = text.partition('\n[[instrument]]\nid = "DOSE-1"')
    block, mark, tail = rest.partition("\n[[instrument]]")
    taken = f'\n[[instrument]]\nid = "DOSE-1"{block}'
    (site / "site.toml").write_text(head + mark + tail, "utf-8")
    run = ran(site, tmp_path / "run")
    edit(site, "示范路 1 号", "示范路 3 号")
    edit(site, 'name = "示范银行网点"', 'name = "示范银行新城网点"')
    (site / "site.toml").write_text((site / "site.toml").read_text("utf-8") + taken, "utf-8")
    before = RunFolder.existing(run).finished()
    found = amended(site, run)
    assert found.anew == ()
    assert found.added == ("operator_dose_rate[XR-1]",)
    assert RunFolder.existing(run).finished() == before
    assert {"name", "address", "instruments.DOSE-1"} == {one.what for one in found.changes}
    assert load(run).site.name == "示范银行新城网点"
    assert rows(run, ZONE) == {C}
    seal(run)
    assert verify(run).intact


def test_what_hangs_on_a_corrected_address_is_done_again_and_nothing_else(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run")
    edit(site, "port = 15503", "port = 20799")  # PANEL-1
    found = amended(site, run)
    assert ZONE in found.anew
    assert OTHER not in found.anew  # of the other panel
    assert CAMERA not in found.anew
    assert rows(run, ZONE) == {Verdict.NOT_TESTED}
    assert rows(run, CAMERA) == {C}
    assert load(run).exit_code == 3
    assert ZONE not in RunFolder.existing(run).finished()


def test_a_nonconformity_stands_whatever_is_corrected(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=N)
    edit(site, "port = 15503", "port = 20799")
    assert ZONE in amended(site, run).anew
    assert rows(run, ZONE) == {N}
    assert load(run).exit_code == 1


def test_an_attribute_of_the_whole_site_voids_everything(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=C, live_frame_rate=C)
    edit(site, "hold_s = 0.5", "hold_s = 0.4")
    found = amended(site, run)
    assert {ZONE, OTHER, CAMERA} <= set(found.anew)
    assert not RunFolder.existing(run).finished()


def test_a_voided_item_is_open_in_the_pass_rate(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run")
    edit(site, "port = 15503", "port = 20799")
    amended(site, run)
    folder = RunFolder.existing(run)
    rate = count_passed(from_json(folder.plan()), folder.events(), "sample_pass_rate")
    assert rate is not None
    assert "Z01" in rate.open


def test_another_record_of_an_instrument_voids_what_it_measured(site: Path, tmp_path: Path):
    text = (site / "site.toml").read_text("utf-8")
    name = re.search(r'\[\[instrument\]\]\nid = "([^"]+)"', text)
    assert name is not None
    run = ran(site, tmp_path / "run", {DOOR: name[1]})
    head, tail = text.split(f'id = "{name[1]}"', 1)
    tail = re.sub(r'serial = "[^"]*"', 'serial = "OTHER"', tail, count=1)
    (site / "site.toml").write_text(f'{head}id = "{name[1]}"{tail}', "utf-8")
    found = amended(site, run)
    assert DOOR in found.anew
    assert ZONE not in found.anew


@pytest.mark.parametrize(
    ("instrument", "device"), [("TIME-1", "NTP-1"), ("DMM-1", "DMM-1")], ids=["through another", "itself"]
)
def test_an_instrument_at_another_address_voids_what_it_measured(
    site: Path, tmp_path: Path, instrument: str, device: str
):
    run = ran(site, tmp_path / "run", {DOOR: instrument})
    head, table, rest = (site / "site.toml").read_text("utf-8").partition(f"[device.{device}]\n")
    moved = re.sub(r"1551\d", "15999", rest, count=1)
    assert table
    assert moved != rest
    (site / "site.toml").write_text(f"{head}{table}{moved}", "utf-8")
    found = amended(site, run)
    assert DOOR in found.anew
    assert GATE not in found.anew


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('decision_rule = "DR-SA"', 'decision_rule = "DR-NB"', "decision_rule"),
        ('id = "bank-branch"', 'id = "other"', "site other"),
        ("seed = 20261123", "seed = 1", "the draw"),
        ('"GB 50348-2018 9.1.5"', '"GB 50339-2013 19.0.4"', "the sampling"),
        ('"IAS-RT-01", "IAS-RT-02"', '"IAS-RT-02"', "the scope"),
    ],
)
def test_what_needs_a_new_run_is_refused(site: Path, tmp_path: Path, old: str, new: str, named: str):
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    edit(site, old, new)
    with pytest.raises(UsageError, match=f"needs a new run.*{named}"):
        amend(site, run, "第二天")
    assert not (run / "amended").exists()


def of_one_model(site: Path) -> None:
    """All zones get one model: one lot instead of several, and fewer of them are drawn."""
    inventory = site / "inventory.csv"
    rows = list(csv.reader(inventory.read_text("utf-8").splitlines()))
    model = rows[0].index("model")
    zones = [[*row[:model], "ONE", *row[model + 1 :]] if row[1] == "zone" else row for row in rows]
    with inventory.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(zones)


def test_more_devices_may_be_asked_for_on_a_later_day(site: Path, tmp_path: Path):
    of_one_model(site)
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    edit(site, '"GB 50348-2018 9.1.5"', '"all"')
    found = amended(site, run)
    assert [(one.what, one.now) for one in found.changes] == [("sampling", "all")]
    assert found.added
    assert not found.dropped


def test_a_seed_that_was_drawn_is_no_change_of_the_site_file(site: Path, tmp_path: Path):
    edit(site, "seed = 20261123", "# no seed")
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    edit(site, 'address = "', 'address = "新 ')
    assert [one.what for one in amended(site, run).changes] == ["address"]


def test_what_a_correction_takes_out_of_the_sample_is_named(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    before = {one["id"] for one in json.loads((run / "plan.json").read_text("utf-8"))["items"]}
    of_one_model(site)
    found = amended(site, run)
    after = {one.id for one in load(run).plan.items}
    assert found.dropped
    assert set(found.dropped) == before - after
    (remark,) = [one.text for one in load(run).deviations if "不再列入检测" in one.text]
    assert all(name in remark for name in found.dropped)


def test_a_device_cannot_leave_the_inventory_of_a_run(site: Path, tmp_path: Path):
    """What was planned on it and not tested yet would vanish from the report."""
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    inventory = site / "inventory.csv"
    lines = inventory.read_text("utf-8").splitlines(keepends=True)
    inventory.write_text("".join(one for one in lines if not one.startswith("XR-1,")), "utf-8")
    with pytest.raises(UsageError, match=r"needs a new run.*without device XR-1"):
        amend(site, run, "第二天")


def test_actions_allowed_on_a_later_day_keep_what_is_finished(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run")
    edit(site, '"siren", "lock_release"', '"siren", "lock_release", "power_cut"')
    assert ZONE not in amended(site, run).anew


def test_another_limit_is_refused(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    (site / "own.toml").write_text(
        '[[confirm]]\nid = "IAS-RT-01"\nby = "张三"\ndate = 2026-11-20\ndocument = "GB 55029"\n', "utf-8"
    )
    edit(site, "[plan]\n", '[plan]\noverlays = ["own.toml"]\n')
    with pytest.raises(UsageError, match=r"needs a new run.*IAS-RT-01"):
        amend(site, run, "第二天")


def test_nothing_changed_is_no_amendment_and_a_reason_is_asked(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    assert amend(site, run, "第二天") is None
    with pytest.raises(UsageError, match="no reason"):
        amend(site, run, " ")


def test_a_changed_file_of_an_amendment_is_found(site: Path, tmp_path: Path):
    run = ran(site, tmp_path / "run", alarm_response_time=C)
    edit(site, 'name = "示范银行网点"', 'name = "示范银行新城网点"')
    amended(site, run)
    seal(run)
    path = run / "amended" / "1" / "plan.json"
    path.write_text(path.read_text("utf-8").replace("DR-SA", "DR-NB", 1), "utf-8")
    assert "amended/1/plan.json" in {one.path for one in verify(run).problems}
    with pytest.raises(UsageError, match="not intact"):
        RunFolder.existing(run)


def test_facts_of_a_device_cover_what_hangs_on_it_and_what_it_is_wired_to(site: Path):
    then = rests_on(load_site(site), {})
    edit(site, "port = 15502", "port = 20798")  # RELAY-2
    now = rests_on(load_site(site), {})
    assert not stands("Z01", then, now)
    assert not stands("PANEL-1", then, now)
    assert not stands("SITE", then, now)
    assert stands("CAM-1", then, now)
    assert not stands("CAM-1", rests_on(load_site(site), {"profile.toml": "a"}), now)
    assert not stands("CAM-1", {}, now)


def test_what_registers_at_the_bench_rests_on_the_name_it_has_there_and_nothing_on_its_address():
    site = load_site(BRANCH.parent / "gb28181-centre")
    assert site.own_platform is not None
    elsewhere = replace(site, own_platform=replace(site.own_platform, host="192.0.2.9", port=5099))
    renamed = replace(site, own_platform=replace(site.own_platform, realm="9900000000"))
    before = rests_on(site, {})
    assert before == rests_on(elsewhere, {})
    registering = {
        name for name, one in site.devices.items() if one.connection and one.connection.protocol == "gb28181"
    }
    assert registering
    for name in registering:
        assert not stands(name, before, rests_on(renamed, {}))
    assert {(one.what, one.rests) for one in changed_facts(site, elsewhere)} == {
        ("gb28181.host", False),
        ("gb28181.port", False),
    }
    assert [(one.what, one.rests) for one in changed_facts(site, renamed)] == [("gb28181.realm", True)]


def test_the_plan_shown_is_the_one_a_run_begins_with(site: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["plan", str(site), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == beginning_of(site).plan.sha256
