# SPDX-License-Identifier: Apache-2.0
"""The Allure results and page: only what was judged conform passes, nothing is asked outside."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.big_run import big_run
from tests.support.patience import HUNG_S
from tests.support.peers import require
from tests.support.run_builder import small_run
from yanshou.model import RigFault, Verdict
from yanshou.reports import load, render
from yanshou.reports.allure_page import closed
from yanshou.reports.allure_results import status_of, write_results

STATUS = {
    Verdict.CONFORM: "passed",
    Verdict.NON_CONFORM: "failed",
    Verdict.CONDITIONAL_NON_CONFORM: "failed",
    Verdict.CONDITIONAL_CONFORM: "unknown",
    Verdict.UNJUDGED: "unknown",
    Verdict.INVALID: "broken",
    Verdict.NOT_TESTED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}
BROWSERS_OWN = (
    ".google.com",
    ".googleapis.com",
    ".gvt1.com",
)  # what Chromium looks up for itself, when it has the time; the host rule below keeps it from being reached


def written(run: Path, folder: Path) -> dict[str, dict[str, Any]]:
    folder.mkdir()
    write_results(load(run), folder)
    made = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json")]
    return {f"{one['name']}": one for one in made}


@pytest.mark.parametrize(("verdict", "status"), STATUS.items())
def test_only_conform_is_passed(tmp_path: Path, verdict: Verdict, status: str):
    run = small_run(tmp_path / "run")
    run.latency(run.plan.items[0], [0.8], verdict)
    made = written(run.path, tmp_path / "out")
    assert [one["status"] for one in made.values()] == [status]


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.CONFORM])
def test_one_conforming_row_passes_only_beside_what_takes_nothing_from_it(tmp_path: Path, verdict: Verdict):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    measured = run.measure(one, value=0.8, U=0.003, k=2.0)
    run.judge(one, "IAS-RT-01", Verdict.CONFORM, measured)
    run.judge(one, "IAS-RT-01", verdict, measured, "because")
    run.lines[-1] = run.lines[-1].replace(b'"requirement":"IAS-RT-01"', b'"requirement":"OTHER"')
    run.finish(one)
    rows = list(load(run.path).rows)
    # 依据待核 and 不适用 take nothing from a verdict under another clause; everything else does
    assert (status_of(rows) == "passed") == (verdict in (Verdict.NOT_APPLICABLE, Verdict.UNJUDGED))
    made = written(run.path, tmp_path / "out")
    assert sorted(one["status"] == "passed" for one in made.values()) == [False, True]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("whole")
    run = big_run(folder / "run")
    return run.path, folder / "out", written(run.path, folder / "out")


def test_results_tell_the_whole_run(whole: tuple[Path, Path, dict[str, dict[str, Any]]]):
    _, folder, made = whole
    assert len(made) == 45
    failed = made["Z07 报警控制器响应时间"]
    assert failed["statusDetails"]["message"].startswith(
        "不合格：Z07 报警控制器响应时间  2.4123 s ± 0.0031 s  > 2 s"
    )
    labels = {(one["name"], one["value"]) for one in failed["labels"]}
    assert {
        ("条款", "GB 55029-2022 3.5.1(8)"),
        ("限值状态", "暂定"),
        ("U", "0.0031 s"),
        ("系统", "入侵和紧急报警系统"),
        ("设备", "Z07 双鉴探测器"),
    } <= labels
    assert "<table" in failed["descriptionHtml"]
    kinds = {one["type"] for one in failed["attachments"]}
    assert kinds == {"text/csv", "image/png"}
    assert all((folder / one["source"]).is_file() for one in failed["attachments"])
    unjudged = made["CAM-1 水平分辨力（SFR50）"]
    assert unjudged["status"] == "unknown"
    assert "依据待核" in unjudged["statusDetails"]["message"]


def test_every_attempt_is_a_step(whole: tuple[Path, Path, dict[str, dict[str, Any]]]):
    made = whole[2]
    steps = made["Z03 报警控制器响应时间"]["steps"]
    assert [one["status"] for one in steps] == ["broken", "passed"]
    interrupted = made["Z11 报警控制器响应时间"]["steps"]
    assert [one["status"] for one in interrupted] == ["broken", "passed"]
    assert made["Z12 报警控制器响应时间"]["status"] == "broken"


def test_the_same_run_gives_the_same_results(
    tmp_path: Path, whole: tuple[Path, Path, dict[str, dict[str, Any]]]
):
    path, folder, _ = whole
    written(path, tmp_path / "b")
    a, b = ({one.name: one.read_bytes() for one in made.iterdir()} for made in (folder, tmp_path / "b"))
    assert a == b


def test_texts_are_escaped(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.latency(run.plan.items[0], [0.8], Verdict.INVALID)
    run.lines[-2] = run.lines[-2].replace(
        b'"reason":""', '"reason":"原因 <script>alert(1)</script>"'.encode()
    )
    (run.path / "journal.jsonl").write_bytes(b"")
    run.lines, lines = [], run.lines
    for line in lines:
        event = {
            key: value for key, value in json.loads(line).items() if key not in {"seq", "utc", "mono", "prev"}
        }
        run.event(**event)
    (made,) = written(run.path, tmp_path / "out").values()
    assert "<script>" not in made["descriptionHtml"]
    assert "&lt;script&gt;" in made["descriptionHtml"]


def test_calls_to_the_outside_are_cut_and_forbidden():
    page = (
        '<html><head><title>x</title></head><body><script src="data:text/javascript;base64,AA"></script>'
        '<script async src="https://stats.example/gtag/js?id=G"></script>'
        "<script>window.dataLayer=[]; function gtag(){} gtag('config')</script><p>kept</p></body></html>"
    )
    shut = closed(page)
    assert "stats.example" not in shut
    assert "gtag" not in shut
    assert "data:text/javascript" in shut
    assert "<p>kept</p>" in shut
    assert "default-src 'none'" in shut
    with pytest.raises(RigFault, match="outside itself"):
        closed('<html><head></head><img src="https://stats.example/x.png"></html>')


def test_without_the_generator_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YANSHOU_ALLURE_HOME", str(tmp_path / "empty"))
    run = small_run(tmp_path / "run")
    with pytest.raises(RigFault, match=r"python -m yanshou\.reports\.allure_setup.*--only pdf,json"):
        render(run.path)
    assert (run.path / "report" / "report.pdf").is_file()
    assert not (tmp_path / "empty").exists()


def test_the_lock_file_names_no_registry():
    node = Path(render.__code__.co_filename).parent / "allure_node"
    lock = json.loads((node / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]["node_modules/allure"]["version"] == "3.18.0"
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert all("resolved" not in one for one in packages.values())
    assert all(one.get("integrity") for one in packages.values())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("allure")
    run = big_run(tmp_path_factory.mktemp("allure") / "run")
    return render(run.path, ["allure"])["allure"]


def test_the_page_is_whole_and_closed(page: Path):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)=["']https?:""", text)
    assert "googletagmanager" not in text
    found = re.findall(r'd\("data/test-results/[^"]+"\s*,\s*"([^"]+)"', text)
    results = [json.loads(base64.b64decode(one)) for one in found]
    assert len(results) == 45
    passed = {one["name"] for one in results if one["status"] == "passed"}
    assert len(passed) == 35
    assert "Z07 报警控制器响应时间" not in passed
    assert sorted(path.name for path in page.parent.iterdir()) == ["index.html"]


@pytest.mark.needs("chromium")
def test_a_browser_shows_the_page_and_it_asks_for_nothing(page: Path, tmp_path: Path):
    playwright = pytest.importorskip("playwright.sync_api")
    log, reported = tmp_path / "net.json", []
    args = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={log}"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=require("chromium"), args=args)
        shown = browser.new_page()
        shown.on("console", lambda said: reported.append(said.text))
        shown.on("pageerror", lambda error: reported.append(error.message))
        shown.goto(page.as_uri())
        for text in ("Z07 报警控制器响应时间", "入侵和紧急报警系统"):
            shown.get_by_text(text).first.wait_for(timeout=HUNG_S * 1000)
        browser.close()
    assert reported == []
    log_text = log.read_text(encoding="utf-8", errors="replace")
    asked = {url.split("/")[2] for url in re.findall(r'"url":"(https?://[^"]+)"', log_text)}
    assert {name for name in asked if not name.endswith(BROWSERS_OWN)} == set()
