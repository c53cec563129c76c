# SPDX-License-Identifier: Apache-2.0
"""The wheel: it claims nothing but ``yanshou``, carries suites and examples, and works from anywhere."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN_CLI = "import sys; from yanshou.cli import main; sys.exit(main(sys.argv[1:]))"


def run(*command, **more):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **more
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A plain interpreter that sees the wheel and our dependencies, but nothing of the checkout."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    dependencies = sysconfig.get_path("purelib")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(target), str(dependencies))), "LANG": "C.UTF-8"}
    plain = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3.11")
    return lambda *arguments, cwd, code=RUN_CLI: run(plain, "-c", code, *arguments, env=env, cwd=cwd)


def test_the_wheel_installs_yanshou_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"yanshou", "yanshou-0.1.0.dist-info"}
    assert run(sys.executable, "-m", "check_wheel_contents", "--toplevel", "yanshou", wheel).returncode == 0


def test_suites_examples_data_and_fonts_travel_in_it(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "yanshou/suites/intrusion/test_response.py",
        "yanshou/examples/bank-branch/site.toml",
        "yanshou/standards/data/gb-55029-2022.toml",
        "yanshou/drivers/profiles/elmo-modbus-tcp.toml",
        "yanshou/reports/schema/results-1.schema.json",
        "yanshou/cli/locale/zh/LC_MESSAGES/yanshou.mo",
        "yanshou/cli/pytest.ini",
        "yanshou/cli/kit/install.sh",
        "yanshou/cli/kit/install.ps1",
        "yanshou/cli/kit/run.txt",
        "yanshou/cli/kit/README.zh-CN.md",
        "yanshou/docs/offline-kit.zh-CN.md",
    ):
        assert needed in names, needed
    assert any(name.endswith((".ttf", ".otf")) for name in names)
    assert not any("__pycache__" in name or name.endswith(".pty") for name in names)


def test_the_command_line_works_from_any_directory(installed, tmp_path):
    answer = installed("catalogue", "coverage", "--json", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["total"]["automatic"] > 10


PACK = """
import sys
from pathlib import Path
from yanshou.cli.kit import ours
into = Path(sys.argv[1])
ours.copy_documents(into / "kit")
print(ours.checkout(), len(ours.lock()) > 10_000, ours.make_wheel(into).name)
"""


def test_an_installation_packs_the_same_wheel_again_for_a_kit(installed, wheel, tmp_path):
    answer = installed(tmp_path, cwd=tmp_path, code=PACK)
    assert answer.stdout.split() == ["None", "True", wheel.name], answer.stderr
    first, again = zipfile.ZipFile(wheel), zipfile.ZipFile(tmp_path / wheel.name)
    assert set(first.namelist()) == set(again.namelist())
    differing = [name for name in first.namelist() if first.read(name) != again.read(name)]
    assert [name for name in differing if not name.endswith("/RECORD")] == []
    assert (tmp_path / "kit" / "docs" / "offline-kit.md").is_file()
    assert {"LICENSE", "NOTICE", "README.md"} <= {path.name for path in (tmp_path / "kit").iterdir()}


def test_it_stands_beside_the_unrelated_fixtures_package(installed, wheel, tmp_path):
    target = tmp_path / "both"
    done = run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, "fixtures", wheel
    )
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stderr
    assert (target / "fixtures" / "__init__.py").exists()
    assert (target / "yanshou" / "fixtures" / "plugin.py").exists()
    assert not (target / "yanshou" / "__init__.py").exists()
