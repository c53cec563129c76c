# SPDX-License-Identifier: Apache-2.0
"""Which requirements the plan covers: the scope agreed with the client, and which of it applies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import cast

from yanshou.model import Device, DeviceKind, Requirement, Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.planning.covered import both
from yanshou.planning.lots import Lots
from yanshou.planning.sampling import GB50348
from yanshou.site import SITE_FILE, site_device
from yanshou.standards import Applicability, Catalogue, applies, decisive, looser_rows, undated
from yanshou.standards.names import Names
from yanshou.toml import near, read_toml

_UNCITED = "contract_cites"


_AGREED_OF = ("accepted_estimates", "largest_u_of")
"""Keys of ``[plan]`` with an agreement about single measurands."""


@dataclass(frozen=True, slots=True)
class ScopeCase:
    """One requirement applied to one site.

    ``devices`` are those it applies to; ``unknown`` says per device (``""``: the site) which attribute would
    have to be stated to decide; ``reason`` says why it does not apply, if so.
    """

    row: Requirement
    devices: tuple[Device, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def check_agreement(site: Site, catalogue: Catalogue | Names) -> list[Mistake]:
    """Ids of the scope, and measurands in agreements, that the catalogue does not know.

    Also the rows of an overlay that would loosen what another row asks at this site, and the entries of a
    re-test about devices that it does not have.
    """
    toml = read_toml(site.folder / SITE_FILE, [])
    mistakes: list[Mistake] = []
    for entry in site.scope:
        if not any(fnmatchcase(one, entry) for one in catalogue.requirements):
            what = f"scope names {entry}, which is not in the catalogue."
            line = toml.line_of_text(entry, "plan", "scope")
            mistakes.append(Mistake(SITE_FILE, line, what, _nearest(entry, catalogue.requirements)))
    for key in _AGREED_OF:
        named = site.plan.get(key, ())
        for name in named if isinstance(named, list | dict) else ():
            if name not in catalogue.measurands:
                what = f"{key} names {name}, which is no measurand of the catalogue."
                at = toml.line("plan", key, name) if isinstance(named, dict) else None
                line = at or toml.line_of_text(str(name), "plan", key)
                mistakes.append(Mistake(SITE_FILE, line, what, near(str(name), catalogue.measurands)))
    mistakes += Lots(site, 0, str(site.plan.get("sampling", GB50348))).retest_mistakes()
    if isinstance(catalogue, Catalogue):
        mistakes += looser_rows(catalogue.requirements.values(), site)
        mistakes += _undated(site, catalogue)
    return mistakes


def _undated(site: Site, catalogue: Catalogue) -> Iterator[Mistake]:
    """What the contract cites without its edition: clauses of the edition would silently not apply."""
    toml = read_toml(site.folder / SITE_FILE, [])
    cited = [str(one) for one in cast("Sequence[object]", site.attributes.get("contract_cites", ()))]
    for name, editions in undated(catalogue.requirements.values(), cited).items():
        what = f"contract_cites names {name} without its edition, and none of it is in force."
        line = toml.line_of_text(name, "attributes", "contract_cites")
        yield Mistake(SITE_FILE, line, what, f"Write {' or '.join(editions)}.")


def require_agreement(site: Site, catalogue: Catalogue) -> None:
    """Raise UsageError with every entry of the agreed scope that the catalogue does not know."""
    mistakes = check_agreement(site, catalogue)
    if mistakes:
        raise UsageError(mistakes)


def in_scope(row: Requirement, site: Site) -> bool:
    """Whether the client ordered it; an empty scope orders everything that applies."""
    return not site.scope or any(fnmatchcase(row.id, entry) for entry in site.scope)


def consider(row: Requirement, site: Site) -> ScopeCase:
    """Find the devices of the site that a requirement applies to, and those for which this is unknown."""
    whole = _whole_site(row, site)
    if whole is not None:
        return whole
    candidates = [one for one in site.devices.values() if one.kind in row.population]
    if not candidates:
        kinds = ", ".join(row.population)
        return ScopeCase(row, reason=both(f"现场无此类设备（{kinds}）", f"the site has no {kinds}"))
    kinds_of = [(one, decisive(row, site, one)) for one in candidates]
    first = {key: one for one, key in reversed(kinds_of)}
    answers = {key: applies(row, site, one) for key, one in first.items()}
    needed = {key: _needed(row, site, one, answers[key]) for key, one in first.items()}
    return ScopeCase(
        row,
        devices=tuple(one for one, key in kinds_of if answers[key].matches),
        unknown=tuple((one.id, _of(one, needed[key])) for one, key in kinds_of if needed[key]),
        reason=next((answers[key].reason for _, key in kinds_of if not answers[key].matches), ""),
    )


def _of(device: Device, missing: Sequence[str]) -> str:
    """The missing attributes that a device of the same kind lacks, named as this device's."""
    bare = ((name, name.rpartition(".")[2]) for name in missing)
    return ", ".join(key if name == key else f"{device.id}.{key}" for name, key in bare)


def _whole_site(row: Requirement, site: Site) -> ScopeCase | None:
    """The case of a requirement on the site itself, or of one the site as a whole already decides."""
    answer = applies(row, site)
    if not answer.matches:
        missing = ", ".join(_needed(row, site, None, answer))
        return ScopeCase(row, unknown=(("", missing),) if missing else (), reason=answer.reason)
    if DeviceKind.SITE in row.population:
        return ScopeCase(row, devices=(site_device(site),))
    return None


def _needed(row: Requirement, site: Site, device: Device | None, answer: Applicability) -> tuple[str, ...]:
    """The attributes that alone keep the requirement from applying.

    None when another condition fails anyway.

    A superseded or foreign standard that nobody mentions counts as not cited.
    """
    if not answer.missing or _UNCITED in answer.missing:
        return ()
    open_row = replace(row, applies=_without(row.applies, answer.missing))
    return answer.missing if applies(open_row, site, device).matches else ()


def _without(conditions: Mapping[str, object], missing: tuple[str, ...]) -> dict[str, object]:
    bare = {name.rpartition(".")[2] for name in missing}
    of_device = {name.rpartition(".")[2] for name in missing if "." in name}
    left = {key: value for key, value in conditions.items() if key.removesuffix("_before") not in bare}
    left = {key: value for key, value in left.items() if key.removesuffix("_from") not in bare}
    asked = conditions.get("device")
    if isinstance(asked, Mapping):
        left["device"] = {key: value for key, value in asked.items() if key not in of_device}
    return left


def _nearest(entry: str, known: Collection[str]) -> str:
    return f"{near(entry, known)} `yanshou catalogue list` shows all.".strip()
