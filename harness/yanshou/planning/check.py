# SPDX-License-Identifier: Apache-2.0
"""Everything about a site folder that can be checked without touching a wire."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yanshou.model import Site
from yanshou.model.trouble import Mistake
from yanshou.operator import read_answers
from yanshou.planning.draws import draw_mistakes
from yanshou.planning.ready import ready_mistakes
from yanshou.planning.scope import check_agreement
from yanshou.site import SITE_FILE, missing_secrets, read_site
from yanshou.standards import Catalogue
from yanshou.standards.names import Names
from yanshou.toml import read_toml

RegisterHook = Callable[[Path, Site | None, date], Iterable[Mistake]]
CatalogueOf = Callable[[Site], Catalogue | Names]
SiteHook = Callable[[Site], Iterable[Mistake]]


def check_site(
    folder: Path,
    today: date,
    *,
    catalogue: CatalogueOf | None = None,
    register: RegisterHook | None = None,
    hooks: Sequence[SiteHook] = (),
) -> list[Mistake]:
    """Every static mistake of a site folder, each once: files, scope, secrets, calibration, wiring.

    ``catalogue`` gives the catalogue of a site, with its overlays; ``register`` is
    ``yanshou.instruments.register_check.register_mistakes``; ``hooks`` are checks of higher layers, such as
    whether a board has the channel it is wired to; they run only if the site can be read.
    """
    site, found = read_site(folder)
    whole = None if found else site
    if register is not None and (site.folder / SITE_FILE).is_file():
        found = [*found, *register(site.folder, whole, today)]
    if whole is not None:
        found = [
            *found,
            *_files(whole),
            *missing_secrets(whole),
            *_answers(whole),
            *draw_mistakes(whole),
            *ready_mistakes(whole),
        ]
        found += check_agreement(whole, catalogue(whole)) if catalogue is not None else []
        for hook in hooks:
            found += hook(whole)
    return sorted(dict.fromkeys(found), key=lambda one: (one.path != SITE_FILE, one.path, one.line or 0))


def as_answer(mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """The answer of ``check --json``."""
    problems = [
        {"file": one.path, "line": one.line, "what": one.what, "remedy": one.remedy} for one in mistakes
    ]
    return {"ok": not problems, "problems": problems}


def _answers(site: Site) -> list[Mistake]:
    """What is wrong in the written answers that a run would take."""
    path = site.folder / str(site.operator.get("answers", "answers.toml"))
    mistakes: list[Mistake] = []
    if site.emulated and site.operator.get("backend") == "scripted" and os.path.lexists(path):
        read_answers(path, mistakes)
    return mistakes


def _files(site: Site) -> Iterator[Mistake]:
    """The files that the site file names and that do not exist."""
    toml = read_toml(site.folder / SITE_FILE, [])
    overlays = site.plan.get("overlays", [])
    named = [("plan", "overlays", name) for name in (overlays if isinstance(overlays, list) else [])]
    if "answers" in site.operator:
        named.append(("operator", "answers", site.operator["answers"]))
    for table, key, name in named:
        if not os.path.lexists(site.folder / str(name)):
            line = toml.line_of_text(str(name), table, key)
            yield Mistake(
                SITE_FILE, line, f"{table}: there is no file {name}.", "Write it, or mend its name."
            )
