# SPDX-License-Identifier: Apache-2.0
"""A run answered by two people in two browsers, with every kind of question a phone shows.

A reload in the middle, the console killed and started again, an item put off, a pause, and two signatures.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.support.peers import require
from tests.support.places import EXAMPLES
from tests.support.ports import free_port
from tests.support.rig import kill_group, private_copy, said, start
from yanshou.evidence import read_events, verify

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.needs("chromium")

TESTER, WITNESS = "张三", "李四"
TYPED = {  # the end of a question's key → what is typed on the phone, as a phone's keyboard gives it
    "body.serial": "TB-A-207",
    "body.certificate": "示校字 2026-0713",
    "body.due": "２０２７－０７－１２",
    "centre.cables.person": "王 五",
}
KINDS = {"confirm", "number", "text", "choice", "photo", "signature", "review"}
PUT_OFF = "SITE.centre.apart"  # the question at which the tester goes to another place first


class Visit:
    """The site, the run and the console as three processes know them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.run = folder, folder / "run"
        site = private_copy(EXAMPLES / "security-check", folder / "site")
        text = (site / "site.toml").read_text(encoding="utf-8")
        text = text.replace('scope = ["SCR-*"]', 'scope = ["SCR-RD-01", "SCR-CAL-01", "CTR-01-CABLE"]')
        text = text.replace("security_grade = 2", "security_grade = 2\nhigh_risk = true")
        people = f'name = "{TESTER}"\nwitness = "{WITNESS}"\nwitness_confirms = true\nsignatures = true'
        text = text.replace('answers = "answers.toml"', people)
        (site / "site.toml").write_text(text.replace('backend = "scripted"', 'backend = "console"'), "utf-8")
        arguments = (
            "run",
            "site",
            "--lang",
            "zh",
            "--run",
            "run",
            "--only",
            "results",
            "--",
            "--yanshou-device=XR-1",
            "--yanshou-device=SITE",
        )
        self.tests = start(*arguments, cwd=folder)
        self.port = free_port()
        self.console: subprocess.Popen[str] | None = None

    def waiting(self) -> dict[str, Any]:
        """The prompt that the run put up, as it stands on the disk; empty once the run has ended."""
        state = self.run.with_name("run.console") / "state.json"
        until = time.monotonic() + 60
        while self.tests.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                if prompt := json.loads(state.read_text("utf-8"))["prompt"]:
                    return dict(prompt)
            assert time.monotonic() < until, "no question"
            time.sleep(0.05)
        return {}

    def serve(self) -> list[str]:
        """Start the console; the address of each person, with the token."""
        self.console = start("console", "run", "--port", self.port, "--lang", "en", cwd=self.folder)
        assert self.console.stdout is not None
        said: list[str] = []
        for line in self.console.stdout:
            said.append(line.strip())
            if line.startswith("each code"):
                break
        assert any(re.fullmatch(r"certificate, SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}", one) for one in said)
        return [one for one in said if one.startswith("https://127.0.0.1:")]

    def kill(self) -> None:
        """End the console as a power cut does."""
        if self.console is not None:
            self.console.kill()
            self.console.communicate()

    def end(self) -> None:
        """End what still runs."""
        self.kill()
        if self.tests.poll() is None:
            kill_group(self.tests, 15)
        self.tests.communicate(timeout=30)


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    made = Visit(tmp_path)
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def phones() -> Iterator[Any]:
    """Makes browsers of the size of a phone."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])

        def phone(url: str) -> Any:
            size = {"width": 390, "height": 844}
            page = browser.new_context(viewport=size, ignore_https_errors=True).new_page()
            page.set_default_timeout(20_000)
            page.goto(url)
            return page

        yield phone
        browser.close()


def test_two_people_answer_a_run_on_two_phones(visit: Visit, phones: Any, tmp_path: Path) -> None:
    photos = [pictured(tmp_path / f"{number}.png", number) for number in range(2)]
    first = visit.waiting()
    tester, witness = map(phones, visit.serve())
    expect(tester, "h1", first["asked"]["zh"])
    expect(witness, "#prompt", "检测人")
    assert first["asked"]["zh"] not in witness.content()
    kinds = answered(visit, tester, witness, photos)
    assert said(visit.tests, 60).code in {0, 1, 3}
    assert set(kinds.values()) == KINDS
    assert {one.rpartition(".")[2] for one in kinds} >= {"beam", "serial", "due", "page", "cables"}
    journal_has(visit, photos)


def pictured(path: Path, seed: int) -> Path:
    """A photograph of its own."""
    pixels = np.random.default_rng(seed).integers(0, 255, (480, 640, 3), np.uint8)
    path.write_bytes(cv2.imencode(".png", pixels)[1])
    return path


def answered(visit: Visit, tester: Any, witness: Any, photos: list[Path]) -> dict[str, str]:
    """Answer on the phones whatever is asked, until the run ends; the kind of each question by its key."""
    kinds: dict[str, str] = {}
    unused = iter(photos)
    while prompt := visit.waiting():
        assert not prompt["refused"], prompt["refused"]
        key, kind = prompt["key"], prompt["kind"]
        phone = witness if key == "SITE.signature.witness" else tester
        shows(phone, prompt)
        if kind in {"number", "text"}:
            fill(
                phone, next((one for end, one in TYPED.items() if key.endswith(end)), "０.２１ μSv/h"), kinds
            )
        if kind == "photo":
            phone.set_input_files("#file", next(unused))
        if kind == "signature":
            sign(phone, kinds)
        if key == PUT_OFF and key not in kinds:
            paused(phone)
            phone.get_by_text("本项稍后再做").click()
            assert visit.waiting()["id"] == prompt["id"]  # a slip does no more than that
            phone.locator("#later-part .main").click()
        elif prompt["witnessed"]:
            both(visit, phone, witness, prompt)
        else:
            phone.locator("#prompt .option" if kind == "choice" else "#prompt .main").first.click()
        kinds[f"{key} {kind}" if kind == "review" else key] = kind
        gone(visit, prompt["id"])
    return kinds


def fill(phone: Any, typed: str, kinds: dict[str, str]) -> None:
    """Type; before the first answer is sent the page is loaded again."""
    phone.fill("#typed", typed)
    if "text" not in kinds.values():
        phone.reload()
        assert phone.input_value("#typed") == typed  # kept, and not sent


def sign(phone: Any, kinds: dict[str, str]) -> None:
    """Draw two strokes; the first to sign taps a dot before, and loads the page again in between."""
    usable(phone)
    box = phone.locator("#paper").bounding_box()
    left, top = box["x"] + 40, box["y"] + 40
    if "signature" not in kinds.values():
        phone.mouse.click(left, top)
        phone.locator("#prompt .main").first.click()
        expect(phone, "#note", "一个点不是签名")
        phone.get_by_text("重写").click()
        usable(phone)
    for down, across in ((60, 200), (120, 150)):
        phone.mouse.move(left, top + down)
        phone.mouse.down()
        phone.mouse.move(left + across, top + down + 20, steps=5)
        phone.mouse.up()
    if "signature" not in kinds.values():
        phone.reload()
    playwright.expect(phone.locator("#prompt .main").first).to_be_enabled()  # what was drawn is still there


def usable(phone: Any) -> None:
    """Wait until taps count: they do not for a moment after a question came."""
    playwright.expect(phone.locator("#prompt")).not_to_have_attribute("inert", "")


def paused(phone: Any) -> None:
    """Pause the run and let it go on; the question waits."""
    phone.locator("#pause").click()
    expect(phone, "#line", f"已暂停，当前项目结束后不再开始新的项目。暂停人：{TESTER}")
    phone.locator("#pause").click()
    playwright.expect(phone.locator("#line")).to_be_hidden()


def both(visit: Visit, phone: Any, witness: Any, prompt: dict[str, Any]) -> None:
    """Release an action on both phones; the console is killed between the two."""
    phone.locator("#prompt .main").first.dblclick()  # the second tap must answer nothing
    expect(phone, "#prompt", "等待见证人")
    visit.kill()
    visit.serve()
    shows(witness, prompt)
    expect(witness, "h1", prompt["asked"]["zh"])
    assert visit.waiting()["id"] == prompt["id"]  # one yes is none
    witness.locator("#prompt .main").first.click()


def gone(visit: Visit, name: str) -> None:
    """Wait until the run has taken the answer."""
    until = time.monotonic() + 60
    while visit.waiting().get("id") == name:
        assert time.monotonic() < until, "the answer was not taken"
        time.sleep(0.05)


def shows(page: Any, prompt: dict[str, Any]) -> None:
    """Wait until the phone has come to this question."""
    playwright.expect(page.locator("#prompt")).to_have_attribute("data-id", prompt["id"], timeout=30_000)


def expect(page: Any, place: str, expected: str) -> None:
    """Wait until the words stand there."""
    playwright.expect(page.locator(place)).to_contain_text(expected, timeout=20_000)


def journal_has(visit: Visit, photos: list[Path]) -> None:
    """Both names, each answer once, the photograph byte for byte; and the folder is sound."""
    events = list(read_events(visit.run / "journal.jsonl"))
    confirmed = [one for one in events if one["kind"] == "confirmation"]
    assert [(one["person"], one["witness"], one["value"]) for one in confirmed] == [(TESTER, WITNESS, True)]
    answers = [one for one in events if one["kind"] == "answer"]
    assert {one["person"] for one in answers} == {TESTER}
    (off,) = (one for one in events if one["kind"] == "put_off")
    assert (off["item"], off["person"]) == ("centre_cables_protected[SITE]", TESTER)
    assert len(answers) == len([one for one in events if one["kind"] == "prompt"]) - 1
    signed = [one for one in events if one["kind"] == "signature"]
    drawn = [(one["role"], one["person"], one["given_by"], one["unable"]) for one in signed]
    assert drawn == [("tester", TESTER, TESTER, ""), ("witness", WITNESS, WITNESS, "")]
    assert {one["photo"] for one in signed} <= {one["sha256"] for one in events if one["kind"] == "evidence"}
    digests = [hashlib.sha256(one.read_bytes()).hexdigest() for one in photos]
    assert [one["photo"] for one in answers if one.get("photo")] == digests
    assert {one["sha256"] for one in events if one["kind"] == "evidence"} >= set(digests)
    assert verify(visit.run).intact
