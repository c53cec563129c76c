# SPDX-License-Identifier: Apache-2.0
"""Which requirements apply to a site and a device, and which of two limits is the stricter.

Conditions are data with a closed vocabulary, not expressions. An attribute the site does not state never
matches; it is named, so that no clause is skipped silently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from yanshou.model import (
    Device,
    DeviceKind,
    Limit,
    LimitStatus,
    Obligation,
    Requirement,
    Site,
    System,
    UnitError,
    factor,
)
from yanshou.model.trouble import Mistake
from yanshou.standards.citations import is_cited, is_edition_of, plain
from yanshou.standards.records import standard_name
from yanshou.standards.vocabulary import RANKS
from yanshou.vocabulary.device import INHERITED


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a requirement applies; if not, ``missing`` names the attributes that are not stated.

    ``reason`` is written as reports print it, Chinese first, then English.  An attribute of a device is
    named ``Z07.technology``, one of the site by its key.
    """

    matches: bool
    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Unmet:
    """One condition that does not hold; ``missing`` names the attribute when it is not stated at all."""

    zh: str
    en: str
    missing: str = ""


def applies(requirement: Requirement, site: Site, device: Device | None = None) -> Applicability:
    """Decide whether this requirement applies to the site and, if given, to this device of it.

    Without a device, or with the site itself as one, the conditions on device attributes stay open: the
    answer is about the site alone.
    """
    if device is not None and device.kind is DeviceKind.SITE:
        device = None
    unmet = list(_unmet(requirement, site, device))
    if not unmet:
        return Applicability(matches=True)
    missing = tuple(dict.fromkeys(one.missing for one in unmet if one.missing))
    reason = f"{'；'.join(one.zh for one in unmet)} / {'; '.join(one.en for one in unmet)}"
    return Applicability(matches=False, missing=missing, reason=reason)


def decisive(requirement: Requirement, site: Site, device: Device) -> tuple[str, ...]:
    """What ``applies`` looks at in this device; it answers alike for all devices where this is equal.

    Only the ids differ in its ``missing`` and ``reason``.  A site has many devices and few kinds of them, so
    a plan asks once for each.
    """
    asked = requirement.applies.get("device")
    keys = asked if isinstance(asked, Mapping) else ()
    # repr tells the grade 1 from the yes True
    return (device.kind, device.system, *(repr(_stated(key, device, site)) for key in keys))


def binding(rows: Iterable[Requirement], site: Site, device: Device | None = None) -> tuple[Requirement, ...]:
    """Those of ``rows`` that apply, the prevailing one first: by rank, then by the stricter limit."""
    chosen = [row for row in rows if applies(row, site, device).matches]
    return tuple(sorted(chosen, key=lambda row: (row.rank, _breadth(row.limit))))


def is_looser(limit: Limit | None, than: Limit | None) -> bool:
    """Whether ``limit`` permits a value that ``than`` does not; no limit permits everything.

    A limit in a unit that cannot be converted to the other's counts as looser.
    """
    if than is None:
        return False
    if limit is None:
        return True
    try:
        limit = _in_unit(limit, than.unit)
    except UnitError:
        return True
    if than.equals is not None or limit.equals is not None:
        return not _point_inside(limit, than)
    low, high = _range(limit)
    inner_low, inner_high = _range(than)
    if low < inner_low or high > inner_high:
        return True
    shared_end = (low == inner_low and math.isfinite(low)) or (high == inner_high and math.isfinite(high))
    return than.exclusive and not limit.exclusive and shared_end


def _in_unit(limit: Limit, unit: str) -> Limit:
    """The limit stated in another unit; UnitError if that is impossible."""
    by = factor(limit.unit, unit)
    if by == 1.0:
        return limit
    equals = limit.equals
    number = isinstance(equals, int | float) and not isinstance(equals, bool)
    return replace(
        limit,
        unit=unit,
        min=None if limit.min is None else limit.min * by,
        max=None if limit.max is None else limit.max * by,
        equals=float(equals) * by if number and equals is not None else equals,
    )


def looser_rows(rows: Iterable[Requirement], site: Site | None = None) -> tuple[Mistake, ...]:
    """Rows that would loosen what another row of the same measurand asks.

    These are contract rows that are looser than a row of higher rank, and rows that a laboratory adds to a
    standard of the catalogue and that are looser than a row of that standard. With a site, the rows that
    apply to it are compared; without one, only those others that must apply wherever the row does.
    Unverified limits are ignored.
    """
    known = list(rows)
    homes: dict[tuple[str, str], str] = {}
    for row in known:  # those of the catalogue come first
        homes.setdefault((row.standard, row.edition), row.source)
    added = [row for row in known if row.source != homes[row.standard, row.edition]]
    contract = [row for row in known if row.rank == RANKS["contract"]]
    pairs = [(row, other) for row in contract for other in known if other.rank < row.rank]
    pairs += [(row, other) for row in added for other in known if _of_one_standard(row, other)]
    return tuple(
        _looser_mistake(row, other)
        for row, other in pairs
        if _same_matter(row, other, site) and is_looser(row.limit, other.limit)
    )


def _of_one_standard(row: Requirement, other: Requirement) -> bool:
    same = (row.standard, row.edition) == (other.standard, other.edition)
    return same and row.source != other.source


def undated(rows: Iterable[Requirement], cited: Sequence[str]) -> dict[str, list[str]]:
    """What a contract cites without the edition that the rows need, and the editions there are of it.

    A standard that is in force need not be cited; what the catalogue does not have is nobody's mistake.
    """
    known = list(rows)
    wanted = {str(name) for row in known for name in _listed(_conditions(row).get("cites", []))}
    current = {plain(row.standard) for row in known if row.in_force and row.rank != RANKS["foreign"]}
    found = {}
    for one in cited:
        editions = [name for name in sorted(wanted) if is_edition_of(name, one)]
        if editions and plain(one) not in current and not any(is_cited(name, one) for name in wanted):
            found[one] = editions
    return found


def _conditions(row: Requirement) -> dict[str, object]:
    """The conditions of a row; one that is superseded or foreign binds only if the contract cites it."""
    conditions = dict(row.applies)
    if not row.in_force or row.rank == RANKS["foreign"]:
        conditions.setdefault("cites", standard_name(row.standard, row.edition))
    return conditions


def _unmet(row: Requirement, site: Site, device: Device | None) -> Iterator[_Unmet]:
    if device is not None and device.kind not in row.population:
        kinds = ", ".join(row.population)
        en = f"{device.id} is a {device.kind}, the clause speaks of {kinds}"
        yield _Unmet(f"{device.id} 属 {device.kind}，本条针对 {kinds}", en)
    for key, wanted in _conditions(row).items():
        if key == "system":
            yield from _system(wanted, site, device)
        elif key == "cites":
            yield from _cites(wanted, site)
        elif key == "device":
            yield from _device(wanted, site, device)
        elif key.startswith("commissioned_"):
            yield from _commissioned(key, wanted, site)
        else:
            yield from _attribute(key, wanted, site.attributes)


def _system(wanted: object, site: Site, device: Device | None) -> Iterator[_Unmet]:
    names = _listed(wanted)
    if device is not None:
        if device.system not in names:
            en = f"{device.id} belongs to {device.system}, not to {_shown(wanted)}"
            yield _Unmet(f"{device.id} 属 {device.system}，不属 {_shown(wanted, '或')}", en)
        return
    named = _listed(site.attributes.get("required_systems", []))
    present = any(one in names for one in (System.SITE, *named))
    if not present and not any(one.system in names for one in site.devices.values()):
        yield _Unmet(f"本工程无 {_shown(wanted, '或')} 子系统", f"the site has no {_shown(wanted)} system")


def _cites(wanted: object, site: Site) -> Iterator[_Unmet]:
    if "contract_cites" not in site.attributes:
        en = f"it is not stated whether the contract cites {_shown(wanted)}"
        yield _Unmet(f"未说明合同是否引用 {_shown(wanted, '或')}", en, "contract_cites")
        return
    cited = [str(one) for one in _listed(site.attributes["contract_cites"])]
    if not any(is_cited(str(name), one) for name in _listed(wanted) for one in cited):
        yield _Unmet(f"合同未引用 {_shown(wanted, '或')}", f"the contract does not cite {_shown(wanted)}")


def _device(wanted: object, site: Site, device: Device | None) -> Iterator[_Unmet]:
    if device is None or not isinstance(wanted, Mapping):
        return
    stated = {key: _stated(key, device, site) for key in wanted}
    for key, value in wanted.items():
        for unmet in _attribute(key, value, stated):
            missing = f"{device.id}.{key}" if unmet.missing else ""
            yield _Unmet(f"{device.id}：{unmet.zh}", f"{device.id}: {unmet.en}", missing)


def _stated(key: str, device: Device, site: Site) -> object:
    """Its own attribute, or that of its parent if it holds for the whole branch (wired, bus ...), or None."""
    if key in device.attributes or key not in INHERITED:
        return device.attributes.get(key)
    parent = site.devices.get(device.parent)
    return parent.attributes.get(key) if parent else None


def _commissioned(key: str, wanted: object, site: Site) -> Iterator[_Unmet]:
    stated = site.attributes.get("commissioned")
    if isinstance(stated, datetime):
        stated = stated.date()
    if not isinstance(stated, date) or not isinstance(wanted, date):
        yield _Unmet("未说明投用日期", "the date of commissioning is not stated", "commissioned")
    elif (stated < wanted) != (key == "commissioned_before"):
        side, zh = ("before", "之前") if key == "commissioned_before" else ("from", "及以后")
        en = f"commissioned {stated}, the clause asks {side} {wanted}"
        yield _Unmet(f"投用于 {stated}，本条针对 {wanted} {zh}", en)


def _attribute(key: str, wanted: object, stated: Mapping[str, object]) -> Iterator[_Unmet]:
    if key not in stated or stated[key] in (None, "", []):
        zh = f"未说明 {key}（本条要求 {_shown(wanted, '或')}）"
        yield _Unmet(zh, f"{key} is not stated (the clause asks {_shown(wanted)})", key)
    elif not any(_same(key, one, value) for one in _listed(wanted) for value in _listed(stated[key])):
        zh = f"{key} 为 {_shown(stated[key], '、')}，本条要求 {_shown(wanted, '或')}"
        yield _Unmet(zh, f"{key} is {_shown(stated[key])}, the clause asks {_shown(wanted)}")


def _same(key: str, wanted: object, stated: object) -> bool:
    if isinstance(wanted, bool) or isinstance(stated, bool):
        return wanted is stated  # 1 is a grade, not a yes
    if key == "province":  # 内蒙古 and 内蒙古自治区 are the same place
        return str(stated).startswith(str(wanted)) or str(wanted).startswith(str(stated))
    return wanted == stated


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _shown(value: object, between: str = "or") -> str:
    return f" {between} ".join(str(one) for one in _listed(value))


def _range(limit: Limit) -> tuple[float, float]:
    low = -math.inf if limit.min is None else limit.min
    return low, math.inf if limit.max is None else limit.max


def _breadth(limit: Limit | None) -> float:
    """A figure that grows as the limit loosens; only used to order rows of one measurand."""
    if limit is None:
        return math.inf
    low, high = _range(limit)
    return high if math.isfinite(high) else -low


def _point_inside(limit: Limit, than: Limit) -> bool:
    """Tell whether ``than`` permits the single value ``limit`` asks for."""
    if than.equals is not None or limit.equals is None:
        return limit.equals == than.equals
    if isinstance(limit.equals, str | bool):
        return False
    low, high = _range(than)
    inside = low < limit.equals < high
    return inside or (not than.exclusive and limit.equals in (low, high))


def _same_matter(row: Requirement, higher: Requirement, site: Site | None) -> bool:
    """Tell whether both rows judge the same figure of the same devices."""
    if higher.limit_status is LimitStatus.UNVERIFIED or higher.limit is None:
        return False
    if higher.obligation is Obligation.ADVICE:  # advice does not bind a contract
        return False
    one_clause = _of_one_standard(row, higher) and row.clause == higher.clause
    if row.measurand != higher.measurand or (row.statistic != higher.statistic and not one_clause):
        return False
    if site is None:
        return _implied(row, higher)
    return any(
        applies(row, site, one).matches and applies(higher, site, one).matches for one in _tested(row, site)
    )


def _tested(row: Requirement, site: Site) -> list[Device | None]:
    """List what the row is judged on: the devices of its populations, and the site itself."""
    devices: list[Device | None] = [one for one in site.devices.values() if one.kind in row.population]
    return [*devices, None] if DeviceKind.SITE in row.population else devices


def _implied(row: Requirement, higher: Requirement) -> bool:
    """Whether the higher row applies to every site and device the row applies to."""
    if not higher.in_force or not set(row.population) & set(higher.population):
        return False
    return all(_covers(wanted, row.applies.get(key)) for key, wanted in higher.applies.items())


def _covers(wanted: object, narrower: object) -> bool:
    if narrower is None:
        return False
    if isinstance(wanted, Mapping):
        inner = narrower if isinstance(narrower, Mapping) else {}
        return all(_covers(value, inner.get(key)) for key, value in wanted.items())
    return all(one in _listed(wanted) for one in _listed(narrower))


def _looser_mistake(row: Requirement, higher: Requirement) -> Mistake:
    name = f"{standard_name(higher.standard, higher.edition)} {higher.clause}".strip()
    if row.rank == RANKS["contract"]:
        what = f"{row.id}: the contract asks {row.limit}, but {name} ({higher.id}) asks {higher.limit}."
        remedy = "A contract may only be stricter: mend its limit or drop the row."
        return Mistake(row.source, None, what, remedy)
    what = f"{row.id}: the added row asks {row.limit}, but {name} ({higher.id}) asks {higher.limit}."
    remedy = "A row that is added to a standard may only be stricter: mend its limit or drop the row."
    return Mistake(row.source, None, what, remedy)
