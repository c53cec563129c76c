# SPDX-License-Identifier: Apache-2.0
"""The sample of a site is drawn once and kept, so nobody can redraw until they like the sample.

``draw.json`` stands in the site folder and travels with it into every run folder. Each entry is one draw: its
seed, when, why it was made, and the devices there were with kind and model. A later draw needs a reason in
``[plan] redraw``; it is added, and earlier draws are never replaced. Devices that were added, removed,
renamed or given another kind or model since are reported with it.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yanshou.model import Site, UsageError, utc_now
from yanshou.model.limited import read_json, why
from yanshou.model.trouble import Mistake
from yanshou.site import SITE_FILE
from yanshou.toml import read_toml

DRAW_FILE = "draw.json"
_SCHEMA = "yanshou-draw/1"
_SEEDS = 2**31
_Draw = Mapping[str, Any]


def draw_mistakes(site: Site) -> list[Mistake]:
    """What prevents drawing a sample: an unreadable file of draws, or another seed without a reason."""
    try:
        kept = _kept(site)
    except UsageError as error:
        return list(error.mistakes)
    stated = site.plan.get("seed")
    if kept and stated is not None and stated != kept[-1]["seed"] and not _asked_again(site, kept):
        line = read_toml(site.folder / SITE_FILE, []).line("plan", "seed")
        what = (
            f"plan: seed {stated} is not the one that was drawn by ({kept[-1]['seed']}, {kept[-1]['utc']})."
        )
        remedy = 'Restore it; a new draw needs its reason: redraw = "…" in [plan].'
        return [Mistake(SITE_FILE, line, what, remedy)]
    return []


def with_draw(site: Site) -> Site:
    """The site with the seed of its current draw, and all its draws so far under ``draws`` of its plan.

    The first draw, and one for which ``redraw`` gives a reason that is not in the file yet, is written to
    ``draw.json``. An emulated site that states its seed needs no file. Raises UsageError when the site cannot
    be drawn.
    """
    if mistakes := draw_mistakes(site):
        raise UsageError(mistakes)
    kept = _kept(site)
    stated = site.plan.get("seed")
    if not kept and site.emulated and stated is not None:
        return site
    if not kept or _asked_again(site, kept):
        seed = stated if isinstance(stated, int) else secrets.randbelow(_SEEDS)
        reason = str(site.plan.get("redraw", "")).strip() if kept else "first draw"
        kept = [*kept, {"seed": seed, "utc": utc_now(), "reason": reason, "devices": _lots(site)}]
        _write(site, kept)
    draws = [{key: one[key] for key in ("seed", "utc", "reason")} for one in kept]
    draws[-1] |= _moved(site, kept[-1])
    plan = {**site.plan, "seed": kept[-1]["seed"], "draws": draws}
    return replace(site, plan=plan)


def _lots(site: Site) -> dict[str, str]:
    """The kind and model of each device, by which lots are formed and ranked."""
    return {name: f"{one.kind.value}/{one.model}" for name, one in sorted(site.devices.items())}


def _moved(site: Site, last: _Draw) -> dict[str, list[str]]:
    """The devices that were added or removed since the draw, or are of another kind or model now, if any."""
    then, now = last.get("devices", _lots(site)), _lots(site)
    changed = {"added": sorted(now.keys() - set(then)), "removed": sorted(set(then) - now.keys())}
    if isinstance(then, dict):  # a list in files of earlier versions
        changed["other"] = sorted(name for name in now.keys() & then.keys() if now[name] != then[name])
    return {key: ids for key, ids in changed.items() if ids}


def _asked_again(site: Site, kept: Sequence[_Draw]) -> bool:
    reason = str(site.plan.get("redraw", "")).strip()
    return bool(reason) and reason not in {one["reason"] for one in kept}


def _kept(site: Site) -> list[_Draw]:
    path = site.folder / DRAW_FILE
    if not os.path.lexists(path):  # a link to nothing is one that somebody has to mend
        return []
    try:
        content = read_json(path)
        draws = content.get("draws") if isinstance(content, dict) else None
        if not isinstance(draws, list) or content.get("schema") != _SCHEMA or not draws:
            raise ValueError("it is no list of draws")  # noqa: TRY301 - reported like any other damage
        if not all(_whole(one) for one in draws):
            raise ValueError("one of its draws is not whole")  # noqa: TRY301 - as above
    except (OSError, ValueError) as error:
        remedy = "Restore the file as it was written: it says by which seed the site was drawn."
        raise UsageError(f"cannot be read: {why(error)}.", remedy, path=path) from None
    return list(draws)


def _whole(one: object) -> bool:
    return (
        isinstance(one, dict)
        and set(one) - {"devices"} == {"seed", "utc", "reason"}
        and isinstance(one.get("devices", []), list | dict)
        and all(isinstance(name, str) for name in one.get("devices", []))
        and type(one["seed"]) is int
        and isinstance(one["utc"], str)
        and isinstance(one["reason"], str)
    )


def _write(site: Site, draws: Sequence[_Draw]) -> None:
    path = site.folder / DRAW_FILE
    text = json.dumps({"schema": _SCHEMA, "draws": list(draws)}, ensure_ascii=False, indent=2)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        what = f"the draw cannot be kept: {error.strerror or error}."
        raise UsageError(what, "Make the site folder writable, or state a seed.", path=path) from None
