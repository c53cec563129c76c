# SPDX-License-Identifier: Apache-2.0
"""The Allure page: one HTML file that loads nothing from outside.

Allure 3 builds a call to a statistics service into every page and cannot be told not to; the call is removed
here, and a content security policy forbids any other. The generator runs in an empty folder with a bare
environment, so that no configuration, history, repository or CI variable of the machine enters the page.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from yanshou.model import RigFault
from yanshou.reports.allure_history import history
from yanshou.reports.allure_results import write_results
from yanshou.reports.allure_setup import decoded, find_allure, node
from yanshou.reports.latin_signs import latin_signs
from yanshou.reports.messages import Messages
from yanshou.reports.view import RunView

_SECONDS = 300
# Node ends when the pipe on its standard input does: whoever asked for the page is gone
_GUARD = "process.stdin.on('end', () => process.exit(3)).resume(); process.stdin.unref?.();"
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
_TAG_LOADER = re.compile(r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>")
_TAG_CALL = re.compile(r"<script>(?:(?!</script>).)*?\bgtag\((?:(?!</script>).)*?</script>", re.DOTALL)
_OUTSIDE = re.compile(
    r"googletagmanager|<(?:script|img|link|iframe|source)\b[^>]{0,300}?\b(?:src|href)=[\"']https?:"
)
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "style-src 'unsafe-inline' data: blob:; "
    "img-src data: blob:; media-src data: blob:; font-src data: blob:; frame-src 'self' data: blob: about:; "
    "connect-src data: blob:; worker-src blob: data:; form-action 'none'"
)

_HISTORY = "history.jsonl"


def allure_page(view: RunView, folder: Path, language: str, pool: Executor) -> Callable[[], Path]:
    """Write ``allure-results/`` and let the generator make a page of it in a process of its own.

    What is returned waits for it, writes ``allure/index.html`` in ``folder`` and returns its path; it raises
    RigFault if the page could not be made.
    """
    try:
        cli = find_allure()
    except RigFault as fault:
        return partial(_failed, fault)
    results = folder / "allure-results"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    write_results(view, results, language)
    past, config = history(view, Messages(language)), json.dumps(_config(view, language), ensure_ascii=False)
    return partial(_written, pool.submit(_generated, cli, results, past, config), folder)


def _failed(fault: RigFault) -> NoReturn:
    raise fault


def _written(page: Future[str], folder: Path) -> Path:
    text = closed(page.result())
    target = folder / "allure" / "index.html"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def closed(page: str) -> str:
    """Remove calls to the outside and add the policy; RigFault if any call is left."""
    page = _TAG_CALL.sub("", _TAG_LOADER.sub("", page))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    page, put = re.subn(r"<head>", f"<head>\n    {policy}", page, count=1)
    if not put or _OUTSIDE.search(page):
        raise RigFault(
            "the Allure page would ask for something outside itself.",
            remedy="Use the Allure of the lock file: run `python -m yanshou.reports.allure_setup`.",
        )
    return page


def _generated(cli: Path, results: Path, past: str, written: str) -> str:
    with tempfile.TemporaryDirectory(prefix="yanshou-allure-", ignore_cleanup_errors=True) as name:
        cwd = Path(name)
        config, output = cwd / "yanshou-allurerc.json", cwd / "out"
        if past:
            (cwd / _HISTORY).write_text(past, encoding="utf-8")
        config.write_text(written, encoding="utf-8")
        arguments = [
            str(cli),
            "generate",
            str(results.resolve()),
            "-c",
            str(config),
            "--cwd",
            name,
            "-o",
            str(output),
        ]
        _run(arguments, cwd)
        pages = sorted(output.rglob("index.html"))
        if not pages:
            raise RigFault(
                "Allure wrote no page.", remedy="Make the other reports with --only pdf,json,junit."
            )
        return pages[0].read_text(encoding="utf-8")


def _run(arguments: list[str], cwd: Path) -> None:
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {"HOME": str(cwd), "USERPROFILE": str(cwd), "ALLURE_NO_ANALYTICS": "true", "NO_COLOR": "1"}
    guard = cwd / "guard.cjs"
    guard.write_text(_GUARD, encoding="utf-8")
    ours, held = os.pipe()  # nobody writes; the system closes our end with this process
    try:
        done = node().node(
            ["--require", str(guard), *arguments],
            return_completed_process=True,
            cwd=cwd,
            env=environment,
            stdin=ours,
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise RigFault(
            f"Allure did not finish within {_SECONDS} s.", remedy="Try again on an idle machine."
        ) from None
    finally:
        os.close(ours)
        os.close(held)
    if done.returncode:
        said = decoded(done.stderr or done.stdout)
        raise RigFault(
            f"Allure failed: {said[-500:]}", remedy="Make the other reports with --only pdf,json,junit."
        )


def _config(view: RunView, language: str) -> dict[str, Any]:
    messages = Messages(language)
    clause = "条款" if language == "zh" else "clause"
    groups = {
        "does_not_conform": (messages("h.nonconform"), ["failed"]),
        "broken": (f"{messages('junit.rig')} / {messages('h.invalid')}", ["broken"]),
        "unknown": (messages("h.unjudged"), ["unknown"]),
        "skipped": (messages("h.untested"), ["skipped"]),
    }
    mark = f"（{messages('watermark')}）" if view.emulated else ""
    title = f"{messages('console.title')} {view.site.name} {view.run}{mark}"
    name = title if language == "zh" else latin_signs(title)
    past = {"historyPath": _HISTORY, "appendHistory": False} if view.first else {}
    return {
        "name": name,
        **past,
        "hideLabels": [
            "host",
            "thread",
            "framework",
            "language",
            "package",
            "parentSuite",
            "suite",
            "subSuite",
        ],
        "variables": {messages("c.note"): messages("allure.note")},
        "categories": [
            {"name": title, "matchers": {"statuses": statuses}, "groupBy": [{"label": clause}]}
            for title, statuses in groups.values()
        ],
        "plugins": {
            "awesome": {
                "options": {
                    "reportName": name,
                    "singleFile": True,
                    "reportLanguage": language,
                    "theme": "light",
                    "stepTreeExpansion": "expanded",
                }
            }
        },
    }
