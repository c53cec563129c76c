# SPDX-License-Identifier: Apache-2.0
"""``yanshou console``: one clear line for each mistake, and a certificate of its own."""

from __future__ import annotations

import socket
import ssl
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.rig import here
from yanshou.console.access import Holder
from yanshou.console.certificate import certificate_for
from yanshou.console.roles import TESTER, WITNESS
from yanshou.console.serving import ListenAddress, Serving
from yanshou.emulation.site.process import private_copy
from yanshou.evidence import Journal
from yanshou.fixtures.prepare import prepare
from yanshou.site import read_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was begun, of a site with a tester and a witness."""
    folder = tmp_path_factory.mktemp("console")
    site = private_copy(BRANCH, folder / "site")
    _people(site, 'name = "张三"\nwitness = "李四"')
    return prepare(site, folder / "run").run.path


def _people(site: Path, lines: str) -> None:
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text.replace("[operator]\n", f"[operator]\n{lines}\n"), encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--listen", "0.0.0.0"], "every network"),
        (["--listen", "::"], "every network"),
        (["--listen", "hotspot"], "no IP address"),
        (["--listen", "198.51.100.7", "--port", "0"], "cannot listen at 198.51.100.7"),
        (["--port", "70000"], "cannot listen"),
        (["--person", "12"], "names nobody"),
        (["--person", "李四"], "code for that name"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_in_one_line(run: Path, arguments: list[str], expected: str) -> None:
    said = here("console", run, "--lang", "en", *arguments)
    assert said.code == 2
    assert expected in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_port_in_use_is_told_in_one_line(run: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        said = here("console", run, "--port", held.getsockname()[1])
    assert said.code == 2
    assert "--port" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    said = here("console", tmp_path)
    assert (said.code, len(said.err.strip().splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [("merged", "draw", "over several runs"), ("run_opened", "rejudged", "judged again")],
)
def test_a_run_that_cannot_be_gone_on_with_asks_nothing(
    tmp_path: Path, first: str, then: str, expected: str
) -> None:
    """Phones would wait there for questions that never come."""
    path = prepare(private_copy(BRANCH, tmp_path / "site"), tmp_path / "run").run.path
    with Journal(path / "journal.jsonl") as journal:
        journal.append(first, runs=[])
        journal.append(then)
    said = here("console", path, "--lang", "en")
    assert said.code == 2
    assert expected in said.err


@pytest.mark.parametrize("missing", ["starlette", "segno"])
def test_without_the_extra_it_names_what_to_install(
    run: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else name)
    said = here("console", run)
    assert said.code == 3
    assert "yanshou[console]" in said.err


@pytest.mark.parametrize("people", ["", 'name = "张三"', 'name = "张三"\nwitness = "张三"'])
def test_a_site_that_demands_the_witness_names_two_people(tmp_path: Path, people: str) -> None:
    site = private_copy(BRANCH, tmp_path / "site")
    _people(site, f"{people}\nwitness_confirms = true")
    (mistake,) = read_site(site)[1]
    assert "two people" in mistake.what


def test_the_certificate_is_made_once_for_an_address_and_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "run.console" / "tls.pem"
    first = certificate_for("192.168.43.1", path)
    assert certificate_for("192.168.43.1", path) == first
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
    assert certificate_for("192.168.43.2", path) != first
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    assert len(certificate_for("::1", path).split(":")) == 32


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (ListenAddress("192.168.43.1", 8443, True), "https://192.168.43.1:8443/"),
        (ListenAddress("fd00::1", 443, True), "https://[fd00::1]/"),
        (ListenAddress("10.0.0.1", 80, False), "http://10.0.0.1/"),
    ],
)
def test_the_address_is_written_as_a_browser_sends_it(address: ListenAddress, url: str) -> None:
    assert address.url == url


def test_the_printed_code_is_read_by_a_scanner_and_admits_its_person(tmp_path: Path) -> None:
    people = [Holder("张三", TESTER), Holder("李四", WITNESS)]
    serving = Serving(tmp_path / "run", people, ListenAddress("127.0.0.1", 0, True))
    try:
        for invitation in serving.invitations():
            url = _scanned(invitation.code)
            assert url == invitation.url
            address, _, token = url.partition("#")
            assert address == serving.address.url
            cookie = serving.access.admit(token, "")
            assert cookie
            assert serving.access.holder(cookie) == invitation.holder
    finally:
        serving.close()


_ANGLES = (0, 7, -7, 14, -14)  # as a hand holds a phone: straight on, OpenCV misses one code in sixty


def _scanned(code: str) -> str:
    """What a scanner reads from half blocks: each sign is two modules, one above the other."""
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    lines = [[light[sign] for sign in line] for line in code.splitlines() if line.strip()]
    modules = np.array(lines, np.uint8).transpose(0, 2, 1).reshape(-1, len(lines[0]))
    picture = np.pad(np.kron(modules, np.ones((8, 8), np.uint8)), 64, constant_values=255)
    height, width = picture.shape
    for angle in _ANGLES:
        turned = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        seen = cv2.warpAffine(picture, turned, (width, height), borderValue=(255,))
        if found := str(cv2.QRCodeDetector().detectAndDecode(seen)[0]):
            return found
    return ""
