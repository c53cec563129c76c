# SPDX-License-Identifier: Apache-2.0
"""Makes the plan: requirements → populations → samples → items, and what cannot be tested and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yanshou.metrology import LARGEST_U
from yanshou.model import (
    DecisionRule,
    Device,
    DeviceKind,
    Plan,
    PlanItem,
    Requirement,
    Site,
    Untestable,
)
from yanshou.planning.covered import CoveredMeasurand, Registry, both
from yanshou.planning.duration import answering_seconds, machine_times
from yanshou.planning.frozen import freeze
from yanshou.planning.lots import Lots
from yanshou.planning.order import order_key
from yanshou.planning.retest import TestedAgain, with_first_draws
from yanshou.planning.sampling import GB50348
from yanshou.planning.scope import ScopeCase, consider, in_scope, require_agreement
from yanshou.site import fired_by, linked_to, parse_target, set_off_by
from yanshou.standards import Catalogue

_SHOWN = 8
_NOT_PARAMETERS = frozenset({"seed", "sampling", "decision_rule", "sample_all", "redraw"})


def make_plan(
    site: Site,
    catalogue: Catalogue,
    registry: Registry,
    *,
    covered: Mapping[str, CoveredMeasurand],
    on: date | None = None,
    again: TestedAgain | None = None,
) -> Plan:
    """The frozen plan of a site; with ``again`` only what a re-test repeats.

    It depends only on its arguments and on the day, by default today at the site.

    ``covered`` is what the suites can measure, by measurand. Every requirement of the scope ends up in
    exactly one or more of: an item, untestable, not applicable. Rules for the laboratory itself and for the
    acceptance group are not planned: the check sheet of the report and the acceptance page cover them. Raises
    UsageError for a scope that names a requirement the catalogue does not know.
    """
    if again is not None:
        site = with_first_draws(site, again, _begun(site, catalogue, registry, covered, on, again)[0].lots)
    work, asked = _begun(site, catalogue, registry, covered, on, again)
    work.lots.require_retests()
    items = work.items(asked)
    return freeze(
        Plan(
            site=site.id,
            seed=_seed(site),
            items=items,
            untestable=tuple(dict.fromkeys(work.untestable)),
            not_applicable=tuple(_not_applicable(work.taken)),
            out_of_scope=() if again else work.out_of_scope,
            sampling=tuple(work.lots.records()),
            decision_rule=_site_rule(site),
            catalogue_sha256=catalogue.sha256,
            site_sha256=site.sha256,
            parameters=_parameters(site, items, covered)
            | _agreed_u(site, items, catalogue)
            | {"method": _method(items, catalogue)}
            | _classes(items, catalogue),
        )
    )


def _begun(
    site: Site,
    catalogue: Catalogue,
    registry: Registry,
    covered: Mapping[str, CoveredMeasurand],
    on: date | None,
    again: TestedAgain | None,
) -> tuple[_Work, list[ScopeCase]]:
    """What has to be tested on which devices, and every case of the scope."""
    require_agreement(site, catalogue)
    cases = [consider(row, site) for row in catalogue.requirements.values() if row.is_tested]
    asked = [case for case in cases if in_scope(case.row, site)]
    work = _Work(
        site,
        registry,
        covered,
        on or datetime.now(ZoneInfo(site.time_zone)).date(),
        Lots(site, _seed(site), str(site.plan.get("sampling", GB50348))),
        frozenset((one.measurand, one.name) for one in catalogue.classes),
        again,
        tuple(case.row.id for case in cases if case.devices and not in_scope(case.row, site)),
    )
    for case in asked:
        if again is None or again.asks(case.row):
            work.take(case)
    return work, asked


@dataclass(slots=True)
class _Work:
    """The intermediate results of making one plan."""

    site: Site
    registry: Registry
    covered: Mapping[str, CoveredMeasurand]
    on: date
    lots: Lots
    classes: frozenset[tuple[str, str]] = frozenset()  # measurand and name of each that is stated
    again: TestedAgain | None = None
    out_of_scope: tuple[str, ...] = ()
    taken: list[ScopeCase] = field(default_factory=list)
    wanted: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # → instruments
    untestable: list[Untestable] = field(default_factory=list)
    _more: dict[str, frozenset[str]] = field(default_factory=dict)  # what stimuli at a device set off

    def take(self, case: ScopeCase) -> None:
        """Draw the sample of one requirement and plan its measurand for each device of it."""
        self.taken.append(case)
        for missing, ids in _by_attribute(case.unknown).items():
            self._cannot(case.row, "", _not_stated(missing, ids))
        if not case.devices:
            return
        covered = self.covered.get(case.row.measurand)
        if covered is None:
            asked = case.row.measurand
            self._cannot(case.row, "", both(f"尚无检测 {asked} 的用例", f"no suite measures {asked}"))
            return
        able = self._able(case, covered)
        draw = self.again.draw if self.again else Lots.draw
        for device in draw(self.lots, case.row, able):
            self._want(case.row, device, covered)

    def _able(self, case: ScopeCase, covered: CoveredMeasurand) -> list[Device]:
        able = [one for one in case.devices if not covered.populations or one.kind in covered.populations]
        for kind in sorted({one.kind.value for one in case.devices} - {one.kind.value for one in able}):
            reason = both(
                f"尚无在 {kind} 上检测 {covered.measurand} 的用例", f"no suite measures it on a {kind}"
            )
            self._cannot(case.row, "", reason)
        return able

    def _want(self, row: Requirement, device: Device, covered: CoveredMeasurand) -> None:
        if reason := self._unable(covered, device):
            self._cannot(row, device.id, reason)
            return
        chosen, reasons = _instruments(covered.instruments, device, self.registry, self.on)
        if reasons:
            self._cannot(row, device.id, "; ".join(reasons))
        else:
            self.wanted[covered.measurand, device.id] = chosen

    def _unable(self, covered: CoveredMeasurand, device: Device) -> str:
        """Why the device cannot be tested so, by what the site file states of it; empty if it can."""
        if forbidden := [one for one in self._actions(covered, device) if one not in self.site.allow]:
            names = ", ".join(forbidden)
            return both(f"现场不允许 {names}", f"the site does not allow {names}")
        for key, value in covered.not_where.items():
            if device.attributes.get(key) == value:
                return both(f"点位表注明 {key} = {value}", f"the inventory states {key} = {value}")
        if unwired := [one for one in covered.wires if not device.wiring.keys() & one.split("|")]:
            names = ", ".join(unwired).replace("|", " / ")
            return both(f"检测台未接线 {names}", f"the bench is not wired to its {names}")
        if covered.connected and device.connection is None:
            return both("工程文件未写它的连接", "the site file states no connection to it")
        return self._unclassed(covered.measurand, device) if covered.classed else ""

    def _actions(self, covered: CoveredMeasurand, device: Device | None) -> tuple[str, ...]:
        """The actions that the test sets off by itself, and those that any stimulus there sets off."""
        if device is None:
            return covered.intrusive
        if device.id not in self._more:
            self._more[device.id] = _set_off(self.site, device)
        return tuple(dict.fromkeys((*covered.intrusive, *sorted(self._more[device.id]))))

    def _unclassed(self, measurand: str, device: Device) -> str:
        """Why nobody knows what this device has to reach; empty if the laboratory stated it."""
        name = str(device.attributes.get("class", "")).strip()
        if not name:
            return both("点位表未给出标称等级 class", "the inventory does not state its class")
        if (measurand, name) in self.classes:
            return ""
        return both(
            f"等级 {name} 的要求未见，须由实验室按纸本写入补充文件的 [[class]]",
            f"what class {name} demands was not seen: the laboratory states it in [[class]] of its overlay",
        )

    def _cannot(self, row: Requirement, device: str, reason: str) -> None:
        self.untestable.append(Untestable(row.id, device, reason))

    def items(self, asked: Sequence[ScopeCase]) -> tuple[PlanItem, ...]:
        """One item per measurand and device, with every requirement of the scope that applies to it.

        A device that is measured is also judged by requirements whose own sample did not include it.
        """
        rows: dict[tuple[str, str], list[Requirement]] = {}
        for case in asked:
            for device in case.devices:
                rows.setdefault((case.row.measurand, device.id), []).append(case.row)
        made = [self._item(key, rows[key], instruments) for key, instruments in self.wanted.items()]
        return tuple(sorted(made, key=lambda item: order_key(item, self.site, self.covered)))

    def _item(
        self, key: tuple[str, str], rows: Sequence[Requirement], instruments: tuple[str, ...]
    ) -> PlanItem:
        measurand, device = key
        covered = self.covered[measurand]
        return PlanItem(
            id=f"{measurand}[{device}]",
            measurand=measurand,
            device=device,
            requirements=tuple(row.id for row in sorted(rows, key=lambda row: (row.rank, row.id))),
            instruments=instruments,
            intrusive=(
                *self._actions(covered, self.site.devices.get(key[1])),
                *(one for one in covered.if_allowed if one in self.site.allow),
            ),
            repetitions=_repetitions(self.site, covered),
            decision_rule=_item_rule(self.site, rows),
        )


def _by_attribute(unknown: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The requirements that an unstated attribute leaves undecided.

    One line per attribute, not one per device.
    """
    grouped: dict[str, list[str]] = {}
    for device, missing in unknown:
        bare = ", ".join(name.rpartition(".")[2] for name in missing.split(", "))
        grouped.setdefault(bare, []).append(device)
    return grouped


def _not_stated(missing: str, ids: Sequence[str]) -> str:
    if ids == [""]:
        return both(f"工程属性未给出 {missing}", f"the site does not state {missing}")
    shown = ", ".join(ids[:_SHOWN])
    more_zh, more_en = (
        (f" 等 {len(ids)} 台", f" and others, {len(ids)} in all") if len(ids) > _SHOWN else ("", "")
    )
    return both(f"{shown}{more_zh} 未给出属性 {missing}", f"{missing} not stated for {shown}{more_en}")


def _not_applicable(asked: Sequence[ScopeCase]) -> Iterator[Untestable]:
    for case in asked:
        if not case.devices and not case.unknown:
            yield Untestable(case.row.id, "", case.reason)


def _set_off(site: Site, device: Device) -> frozenset[str]:
    """The intrusive actions that any stimulus at the device sets off, also by way of linkages."""
    if device.kind is DeviceKind.LINKAGE:
        return fired_by(site, device)
    return set_off_by(device) | linked_to(site, device)


def _instruments(
    kinds: Sequence[str], device: Device, registry: Registry, on: date
) -> tuple[tuple[str, ...], list[str]]:
    """One usable instrument of each kind, or the reasons why there is none.

    If an instrument is wired to the device, that one is read and no other can replace it. The wiring may name
    the instrument, or the device it is reached through.
    """
    wired = {parse_target(text).board for text in device.wiring.values()}
    chosen: list[str] = []
    reasons: list[str] = []
    for kind in kinds:
        known = registry.ids_of(kind)
        ids = [one for one in known if wired & {one, registry.reached_as(one)}] or list(known)
        answers = {one: registry.calibration(one, on) for one in ids}
        usable = [one for one in ids if answers[one].ok]
        if usable:
            chosen.append(usable[0])
        else:
            reasons.append(_no_instrument(kind, [answer.reason for answer in answers.values()]))
    return tuple(chosen), reasons


def _no_instrument(kind: str, reasons: Collection[str]) -> str:
    return "; ".join(reasons) or both(f"台账中无 {kind} 类仪器", f"no {kind} in the register")


def _seed(site: Site) -> int:
    """The seed of the site file, else one derived from the site's hash; the plan prints it either way."""
    stated = site.plan.get("seed")
    return stated if isinstance(stated, int) else int(site.sha256[:8] or "0", 16)


def _site_rule(site: Site) -> DecisionRule:
    return DecisionRule(str(site.plan.get("decision_rule", DecisionRule.SIMPLE)))


def _item_rule(site: Site, rows: Sequence[Requirement]) -> DecisionRule:
    """The decision rule that all clauses fix alike, if they do.

    When judging, a rule fixed by a single clause still prevails.
    """
    fixed = {row.decision_rule for row in rows}
    only = fixed.pop() if len(fixed) == 1 else None
    return only or _site_rule(site)


def _repetitions(site: Site, covered: CoveredMeasurand) -> int:
    stated = site.plan.get("repetitions")
    wanted = stated if isinstance(stated, int) and covered.repetitions > 1 else covered.repetitions
    return max(wanted, covered.fewest)


def _method(items: Sequence[PlanItem], catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """The criteria of this plan's tests, by measurand; they are frozen like the limits."""
    measured = sorted({item.measurand for item in items})
    return {
        name: {key: one.value for key, one in catalogue.measurands[name].method.items()}
        for name in measured
        if catalogue.measurands[name].method
    }


def _classes(items: Sequence[PlanItem], catalogue: Catalogue) -> dict[str, object]:
    """What the laboratory says classes demand, of the measurands of this plan; frozen like the limits."""
    measured = {item.measurand for item in items}
    stated = [asdict(one) for one in catalogue.classes if one.measurand in measured]
    return {"classes": stated} if stated else {}


def _agreed_u(site: Site, items: Sequence[PlanItem], catalogue: Catalogue) -> dict[str, object]:
    """The largest permitted U: the general share, and what was agreed for single measurands.

    An agreement of the site prevails over the default in the catalogue.
    """
    agreed = site.plan.get("largest_u_of", {})
    own: Mapping[str, object] = agreed if isinstance(agreed, Mapping) else {}
    single: dict[str, dict[str, object]] = {}
    for name in sorted({item.measurand for item in items}):
        stated = own.get(name)
        measurand = catalogue.measurands[name]
        if stated is None and measurand.largest_u is not None:
            stated = {"U": measurand.largest_u}
        if isinstance(stated, Mapping):
            single[name] = {"U": stated["U"], "unit": measurand.unit}
        elif stated is not None:
            single[name] = {"share": stated}
    return {"largest_u": site.plan.get("largest_u", LARGEST_U), "largest_u_of": single}


def _parameters(
    site: Site, items: Sequence[PlanItem], covered: Mapping[str, CoveredMeasurand]
) -> dict[str, object]:
    """The parameters tests take from ``[plan]``, and the estimated duration of the items in seconds."""
    machine = machine_times(site, items, covered)
    lasting = {
        item.id: machine[item.id] + answering_seconds(site, covered[item.measurand]) * item.repetitions
        for item in items
    }
    stated = {key: value for key, value in site.plan.items() if key not in _NOT_PARAMETERS}
    return {
        **stated,
        "estimate_s": {"total": sum(lasting.values()), "items": lasting},
    }
