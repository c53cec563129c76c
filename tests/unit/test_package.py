# SPDX-License-Identifier: Apache-2.0
"""The laboratory's key and the package of a run: made the same way each time, checked to the last byte."""

from __future__ import annotations

import io
import json
import random
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.run_builder import small_run
from yanshou.cli.main import main
from yanshou.evidence import seal, verify
from yanshou.evidence.laboratory import PASSPHRASE, create_key, read_key, read_public
from yanshou.evidence.manifest import seal_as_it_is
from yanshou.evidence.package import SUMS, unpack, verify_package
from yanshou.model import UsageError, Verdict

SECRET = "only-for-tests"
CHANGES = 300


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "lab.key"
    create_key(path, "")
    return path


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run whose folder holds the least that can be packed."""
    builder = small_run(tmp_path_factory.mktemp("runs") / "run")
    builder.session()
    builder.latency(builder.plan.items[0], [0.4, 0.5, 0.6], Verdict.CONFORM)
    builder.close()
    shutil.rmtree(builder.path / "site")
    seal_as_it_is(builder.path)
    return builder.path


@pytest.fixture
def run(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "run"))


@pytest.fixture
def package(run: Path, key: Path) -> Path:
    assert main(["pack", str(run), "--key", str(key)]) == 0
    return run.with_name("run.zip")


Verified = Callable[..., tuple[int, str]]


@pytest.fixture
def verified(capsys: pytest.CaptureFixture[str]) -> Verified:
    def ask(path: Path, *options: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["--lang", "en", "verify", str(path), *options])
        output = capsys.readouterr()
        return code, output.out + output.err

    return ask


def public(key: Path) -> str:
    return str(key.with_name(key.name + ".pub"))


# -- the laboratory's key ----------------------------------------------------------------------------------


def test_a_key_is_made_once_and_opened_by_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "lab.key"
    mark = create_key(path, SECRET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "ENCRYPTED" in path.read_text()
    assert len(mark) == 64
    with pytest.raises(UsageError, match="another passphrase"):
        read_key(path, "another one")
    with pytest.raises(UsageError, match="there is a file"):
        create_key(path, SECRET)
    assert read_key(path, SECRET).public == read_public(path.with_name("lab.key.pub"))


def test_the_command_shows_the_key_that_is_there_and_asks_nobody_without_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lab.key"
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["key", str(path)]) == 2
    monkeypatch.setenv(PASSPHRASE, SECRET)
    assert main(["key", str(path), "--json"]) == 0
    capsys.readouterr()
    assert main(["key", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made"] is False


def test_each_session_signs_its_manifest_where_a_key_is_named(
    run: Path, key: Path, verified: Verified, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, said = verified(run, "--key", public(key))
    assert (code, "the manifest is NOT signed" in said) == (1, True)
    monkeypatch.setenv("YANSHOU_KEY", str(key))
    seal(run)
    assert "signed by the laboratory's key" in verified(run, "--key", public(key))[1]
    assert "compare it with what the laboratory told you" in verified(run)[1]
    other = tmp_path / "other.key"
    create_key(other, "")
    code, said = verified(run, "--key", public(other))
    assert (code, "signed by ANOTHER key" in said) == (1, True)
    monkeypatch.delenv("YANSHOU_KEY")
    seal(run)  # a later session without the key leaves no signature that looks like its own
    assert "the manifest is NOT signed" in verified(run, "--key", public(key))[1]


def test_a_key_that_cannot_be_read_is_told_and_the_manifest_is_written(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANSHOU_KEY", str(run / "nowhere"))
    (run / "manifest.json").unlink()
    with pytest.raises(UsageError, match="no key can be read"):
        seal(run)
    monkeypatch.delenv("YANSHOU_KEY")
    assert verify(run).intact


def test_a_run_is_not_begun_with_a_key_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YANSHOU_KEY", str(tmp_path / "nowhere"))
    assert main(["run", str(tmp_path), "--run", str(tmp_path / "new")]) == 2
    assert "no key can be read there" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_was_made_anew_is_intact_but_not_the_laboratorys(
    package: Path, run: Path, key: Path, verified: Verified
) -> None:
    (run / "plan.json").write_text("{}")
    for ending in ("", ".sig", ".pub"):
        (run / f"manifest.json{ending}").unlink()
    seal(run)
    assert verified(run)[0] == 0
    assert verified(run, "--key", public(key))[0] == 1
    assert package.is_file()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_and_sha256sum_say_the_same(package: Path, key: Path, tmp_path: Path) -> None:
    into = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(into)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=into, check=True)
    arguments = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"]
    for name in (SUMS, "run/manifest.json"):
        asked = [*arguments, public(key), "-in", name, "-sigfile", f"{name}.sig"]
        subprocess.run(asked, cwd=into, check=True, capture_output=True)


# -- the package -------------------------------------------------------------------------------------------


def test_a_package_is_the_same_each_time_and_holds_what_checks_it(
    package: Path, run: Path, key: Path, verified: Verified, tmp_path: Path
) -> None:
    again = tmp_path / "again.zip"
    assert main(["pack", str(run), "--key", str(key), "--out", str(again)]) == 0
    assert again.read_bytes() == package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        assert {
            "verify.html", "VERIFY.txt", "schema/results-1.schema.json", SUMS, "run/journal.jsonl",
        } <= set(archive.namelist())  # fmt: skip
    code, said = verified(package, "--key", public(key))
    assert (code, "signed by the laboratory's key" in said) == (0, True)


def test_a_folder_that_is_not_intact_is_not_packed(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "report").mkdir(exist_ok=True)
    (run / "report" / "more.txt").write_text("x")
    assert main(["pack", str(run)]) == 2
    assert "not intact: report/more.txt" in capsys.readouterr().err
    assert not run.with_name("run.zip").exists()


def test_every_changed_byte_of_a_package_is_found(package: Path, key: Path, tmp_path: Path) -> None:
    data, chosen = package.read_bytes(), random.Random(13)
    wanted, changed = read_public(Path(public(key))), tmp_path / "changed.zip"
    near_the_end = range(len(data) - 4000, len(data))  # the directory of the archive
    places = [chosen.randrange(len(data)) for _ in range(CHANGES // 2)]
    places += [chosen.choice(near_the_end) for _ in range(CHANGES // 2)]
    for number, place in enumerate(places):
        turned = bytearray(data)
        turned[place] ^= chosen.randrange(1, 256)
        changed.write_bytes(turned)
        folder = tmp_path / str(number)
        folder.mkdir()
        problems = unpack(changed, folder)
        assert problems or not verify_package(changed, folder, wanted).intact, place
        shutil.rmtree(folder)


def _archive(entries: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for entry, data in entries:
            archive.writestr(entry, data)
    return into.getvalue()


def _entry(name: str, mode: int = stat.S_IFREG | 0o644, kind: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr, entry.compress_type = mode << 16, kind
    return entry


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([(_entry("../outside"), b"x")], "its name leads elsewhere"),
        ([(_entry("/etc/outside"), b"x")], "its name leads elsewhere"),
        ([(_entry("run\\..\\..\\outside"), b"x")], "its name leads elsewhere"),
        ([(_entry("C:outside"), b"x")], "its name leads elsewhere"),
        ([(_entry("run/name. "), b"x")], "its name leads elsewhere"),
        ([(_entry("run/a"), b"x"), (_entry("run/A"), b"y")], "its name comes twice"),
        ([(_entry("run/a", stat.S_IFLNK | 0o777), b"/etc/passwd")], "a link"),
        ([(_entry("run/", stat.S_IFDIR | 0o755), b"")], "no file, or an empty folder"),
        ([(_entry("run/bomb", kind=zipfile.ZIP_DEFLATED), bytes(1_000_000))], "compressed"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0][0].filename,
)
def test_a_hostile_archive_is_refused_before_anything_is_unpacked(
    entries: list[tuple[zipfile.ZipInfo, bytes]], said: str, tmp_path: Path, verified: Verified
) -> None:
    package = tmp_path / "hostile.zip"
    package.write_bytes(_archive(entries))
    code, reported = verified(package)
    assert (code, said in reported) == (1, True)
    folder = tmp_path / "into"
    folder.mkdir()
    assert unpack(package, folder)
    assert not list(folder.iterdir())


def test_a_package_that_somebody_unpacked_is_verified_as_one(
    package: Path, key: Path, tmp_path: Path, verified: Verified
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    assert verified(folder, "--key", public(key))[0] == 0
    (folder / "VERIFY.txt").write_text("sha256sum is not needed", encoding="utf-8")
    code, said = verified(folder)
    assert (code, "VERIFY.txt" in said) == (1, True)


def test_what_is_no_archive_or_not_there_is_told(tmp_path: Path, verified: Verified) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    assert verified(tmp_path / "text.zip")[0] == 1
    assert verified(tmp_path / "nowhere.zip")[0] == 2


def test_an_encrypted_package_opens_with_each_of_its_keys_and_no_other(
    run: Path, tmp_path: Path, verified: Verified, capsys: pytest.CaptureFixture[str]
) -> None:
    identities = [tmp_path / name for name in ("lab.txt", "recovery.txt", "other.txt")]
    recipients = []
    for path in identities:
        capsys.readouterr()
        assert main(["key", str(path), "--age", "--json"]) == 0
        recipients.append(json.loads(capsys.readouterr().out)["recipient"])
    assert main(["--lang", "en", "pack", str(run), "--encrypt-to", recipients[0]]) == 0
    assert "add a recovery key" in capsys.readouterr().err
    listed = tmp_path / "recipients.txt"
    listed.write_text(f"# laboratory and recovery\n{recipients[0]}\n{recipients[1]}\n")
    assert main(["pack", str(run), "--encrypt-to", str(listed)]) == 0
    package = run.with_name("run.zip.age")
    assert b"run_opened" not in package.read_bytes()
    codes = [verified(package, "--identity", str(one))[0] for one in identities]
    assert codes == [0, 0, 2]
    assert "the package is encrypted" in verified(package)[1]
    turned = bytearray(package.read_bytes())
    turned[-20] ^= 1
    package.write_bytes(turned)
    assert verified(package, "--identity", str(identities[0]))[0] == 2
    assert main(["pack", str(run), "--encrypt-to", "ssh-rsa AAAA"]) == 2
