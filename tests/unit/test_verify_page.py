# SPDX-License-Identifier: Apache-2.0
"""``verify.html`` of a package, opened from the disk in chromium: intact, altered, signed by whom."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.peers import require
from tests.support.run_builder import small_run
from yanshou.cli.main import main
from yanshou.evidence import seal
from yanshou.evidence.laboratory import create_key
from yanshou.evidence.manifest import seal_as_it_is
from yanshou.evidence.package import SUMS
from yanshou.model import Verdict

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.needs("chromium")
CHANGES = 20


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "lab.key"
    create_key(path, "")
    return path


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    builder = small_run(tmp_path_factory.mktemp("runs") / "检测")
    builder.session()
    builder.latency(builder.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    builder.close()
    shutil.rmtree(builder.path / "site")
    seal_as_it_is(builder.path)
    assert main(["pack", str(builder.path), "--key", str(key)]) == 0
    return builder.path.with_name("检测.zip")


@pytest.fixture(scope="module")
def page(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[playwright.Page]:
    """The page as it lies in the package, with every request it makes."""
    into = tmp_path_factory.mktemp("page")
    with zipfile.ZipFile(package) as archive:
        archive.extract("verify.html", into)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])
        shown = browser.new_page()
        shown.asked = []
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.goto((into / "verify.html").as_uri())
        yield shown
        browser.close()


Answer = Callable[..., tuple[str, str, str]]


@pytest.fixture
def asked(page: playwright.Page) -> Answer:
    """Choose files in the page; its verdict, what it says of the signature, and its problems."""

    def ask(
        archive: Path | None = None, folder: Path | None = None, key: Path | None = None
    ) -> tuple[str, ...]:
        page.evaluate("for (const one of document.querySelectorAll('input')) one.value = ''")
        if key is not None:
            page.set_input_files("#key", key)
        page.evaluate("element('verdict').className = ''")
        page.set_input_files("#archive" if archive else "#folder", archive or folder)
        page.wait_for_selector("#verdict.good, #verdict.bad")
        return (
            page.get_attribute("#verdict", "class"),
            page.inner_text("#signature"),
            page.inner_text("#problems"),
        )

    return ask


def unpacked(package: Path, into: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(into)
    return into


def public(key: Path) -> Path:
    return key.with_name(key.name + ".pub")


def test_an_intact_package_is_intact_as_archive_and_as_folder_without_a_network(
    package: Path, key: Path, asked: Answer, page: playwright.Page, tmp_path: Path
) -> None:
    verdict, signature, problems = asked(package)
    assert (verdict, "compare it" in signature, problems) == ("good", True, "")
    verdict, signature, problems = asked(package, key=public(key))
    assert (verdict, "signed by the laboratory's key" in signature, problems) == ("good", True, "")
    folder = unpacked(package, tmp_path / "folder")
    assert asked(folder=folder, key=public(key))[0] == "good"
    assert asked(folder=folder / "run", key=public(key))[0] == "good"
    assert [url for url in page.asked if not url.startswith("file:")] == []


def test_the_key_of_somebody_else_is_told(package: Path, asked: Answer, tmp_path: Path) -> None:
    create_key(tmp_path / "other.key", "")
    verdict, signature, problems = asked(package, key=public(tmp_path / "other.key"))
    assert (verdict, "ANOTHER key" in signature, problems) == ("bad", True, "")


def test_every_changed_byte_of_a_packages_content_is_found(
    package: Path, key: Path, asked: Answer, tmp_path: Path
) -> None:
    data, chosen = package.read_bytes(), random.Random(7)
    with zipfile.ZipFile(package) as archive:
        entries = archive.infolist()
    for _ in range(CHANGES):
        entry = chosen.choice(entries)
        place = entry.header_offset + 30 + len(entry.filename.encode()) + chosen.randrange(entry.file_size)
        turned = bytearray(data)
        turned[place] ^= chosen.randrange(1, 256)
        (tmp_path / "changed.zip").write_bytes(turned)
        assert asked(tmp_path / "changed.zip", key=public(key))[0] == "bad", (entry.filename, place)


def _alter(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")


def _alter_and_list(folder: Path, name: str) -> None:
    """A change, and a list that was made to fit."""
    _alter(folder, name)
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    lines = (folder / SUMS).read_text().splitlines(keepends=True)
    (folder / SUMS).write_text(
        "".join(f"{digest}  {name}\n" if line[66:-1] == name else line for line in lines)
    )


def _journal_cut(folder: Path) -> None:
    """A journal without its last line, and manifest and list that were made to fit but for its head."""
    run = folder / "run"
    lines = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (run / "journal.jsonl").write_bytes(b"".join(lines[:-1]))
    manifest = json.loads((run / "manifest.json").read_bytes())
    entry = next(one for one in manifest["files"] if one["path"] == "journal.jsonl")
    entry["sha256"] = hashlib.sha256((run / "journal.jsonl").read_bytes()).hexdigest()
    (run / "manifest.json").write_text(json.dumps(manifest))
    _alter_and_list(folder, "run/manifest.json")
    _alter_and_list(folder, "run/journal.jsonl")


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda folder: _alter(folder, "run/plan.json"), "run/plan.json: 已改动 changed"),
        (lambda folder: (folder / "run/plan.json").unlink(), "run/plan.json: 缺失 missing"),
        (lambda folder: (folder / "more.txt").write_text("x"), "more.txt: 清单中没有"),
        (lambda folder: (folder / "run/more.txt").write_text("x"), "run/more.txt: 清单中没有"),
        (lambda folder: (folder / SUMS).unlink(), "SHA256SUMS: 缺失"),
        (lambda folder: _alter_and_list(folder, "verify.html"), "SHA256SUMS.sig: 签名与文件不符"),
        (lambda folder: _alter_and_list(folder, "run/plan.json"), "run/plan.json: 已改动"),
        (_journal_cut, "run/journal.jsonl: 记录链断开"),
    ],
    ids=["changed", "missing", "extra", "extra in run", "no list", "list", "manifest", "journal"],
)
def test_what_was_altered_is_named(
    alter: Callable[[Path], object], said: str, package: Path, asked: Answer, tmp_path: Path
) -> None:
    folder = unpacked(package, tmp_path / "folder")
    alter(folder)
    verdict, _signature, problems = asked(folder=folder)
    assert (verdict, said in problems) == ("bad", True), problems


def test_an_archive_of_another_form_is_refused(package: Path, asked: Answer, tmp_path: Path) -> None:
    compressed = tmp_path / "compressed.zip"
    with zipfile.ZipFile(package) as archive, zipfile.ZipFile(compressed, "w", zipfile.ZIP_DEFLATED) as other:
        for entry in archive.infolist():
            other.writestr(entry.filename, archive.read(entry))
    assert asked(compressed)[0] == "bad"
    (tmp_path / "longer.zip").write_bytes(package.read_bytes() + b"x")
    assert asked(tmp_path / "longer.zip")[0] == "bad"


def test_a_run_made_anew_is_intact_but_not_the_laboratorys(
    package: Path, key: Path, asked: Answer, tmp_path: Path
) -> None:
    run = unpacked(package, tmp_path / "folder") / "run"
    (run / "plan.json").write_text("{}")
    for ending in ("", ".sig", ".pub"):
        (run / f"manifest.json{ending}").unlink()
    seal(run)
    assert asked(folder=run)[:2] == ("good", "清单未签名 the manifest is NOT signed")
    verdict, signature, problems = asked(folder=run, key=public(key))
    assert (verdict, "NOT signed" in signature, problems) == ("bad", True, "")
