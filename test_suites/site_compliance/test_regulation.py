# SPDX-License-Identifier: Apache-2.0
"""条例义务：制度、设计、检测、验收、人员、证书 — papers with number, date and issuer, held together."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Duty, Record, evaluate, measures, message
from yanshou.model import DeviceKind, NotApplicable, Site

_ROLES = ("design", "building", "repair", "operation")
_COUNTED = {"camera": DeviceKind.CAMERA, "zone": DeviceKind.ZONE, "door": DeviceKind.DOOR}


@measures("maintenance_system_kept", operator=True, seconds=180)
def test_maintenance_system_kept(ask: Ask, duty: Duty) -> None:
    """The rules of use and maintenance, and the latest record that shows that they are followed."""
    rules = duty.paper("rules")
    if rules is not None and duty.paper("maintenance") is not None:
        latest = duty.happened("最近一次维护", ask.day("rules.latest"))
        if latest < rules.issued:
            duty.broken(f"制度自 {rules.issued} 起施行，此后没有维护记录（最近 {latest}）")
    duty.conclude()


@measures("built_to_national_standards", operator=True, seconds=240)
def test_built_to_national_standards(ask: Ask, duty: Duty) -> None:
    """The design names national standards; the products that need a certificate have one."""
    if duty.paper("design") is not None:
        named = ask.names("standards.named")
        national = [one for one in named if one.upper().replace(" ", "").startswith("GB")]
        if not national:
            duty.broken("设计文件未写明所执行的国家标准")
        duty.seen(len(national))
    lacking = ask.names("standards.uncertified")
    if lacking:
        duty.broken(f"应有证书而未见：{'、'.join(lacking)}")
    duty.conclude()


@measures("designed_built_accepted_with_works", operator=True, seconds=240)
def test_designed_built_accepted_with_works(ask: Ask, duty: Duty) -> None:
    """Design, beginning of the works, completion, acceptance of its own: in this order."""
    if ask.choice("works", ("new", "changed", "none")) == "none":
        raise NotApplicable("不属于新建、改建、扩建工程")
    papers = [duty.paper(name) for name in ("design", "start", "completion", "acceptance")]
    duty.in_order([(paper.title, paper.issued) for paper in papers if paper is not None])
    if papers[0] is not None and not ask.yes("works.designed"):
        duty.broken("技防系统未与建设工程综合设计")
    if papers[2] is not None and not ask.yes("works.built"):
        duty.broken("技防系统未与建设工程同步施工")
    if papers[3] is not None and not ask.yes("works.accepted"):
        duty.broken("技防系统未独立验收")
    duty.conclude()


@measures("design_reviewed", operator=True, seconds=180)
def test_design_reviewed(ask: Ask, duty: Duty) -> None:
    """The record of the review: owner, police, designer and experts took part, before the works began."""
    if not ask.yes("review.required"):
        basis = ask.text("review.basis")
        raise NotApplicable(f"该设计方案按规定不须论证：{basis}")
    design, review, start = duty.paper("design"), duty.paper("review"), duty.paper("start", needed=False)
    if review is not None:
        for party in ("owner", "police", "designer", "experts"):
            if not ask.yes(f"review.{party}"):
                duty.broken(f"论证没有{message(f'party.{party}').zh}参加")
        if not ask.yes("review.passed"):
            duty.broken("方案论证未通过")
    duty.in_order([(paper.title, paper.issued) for paper in (design, review, start) if paper is not None])
    duty.conclude()


@measures("tested_before_acceptance", operator=True, seconds=300)
def test_tested_before_acceptance(ask: Ask, duty: Duty) -> None:
    """The report and the qualification of who made it, valid then; completion, test, acceptance in order."""
    completion, report = duty.paper("completion"), duty.paper("test_report")
    qualified = duty.paper("qualification", valid=True)
    accepted = duty.paper("acceptance", needed=False)
    if report is not None:
        tested = duty.happened("检测", ask.day("test.date"))
        if qualified is not None and (why := qualified.not_valid(tested, "检测")):
            duty.broken(why)
        if not ask.yes("test.in_scope"):
            duty.broken("检测机构的资质能力范围不含所检项目")
        if not ask.yes("handover.test_passed"):
            duty.broken("检测未通过")
        steps = [(paper.title, paper.issued) for paper in (completion,) if paper is not None]
        steps += [("检测", tested), (report.title, report.issued)]
        steps += [(paper.title, paper.issued) for paper in (accepted,) if paper is not None]
        duty.in_order(steps)
    duty.conclude()


@measures("not_used_before_acceptance", operator=True, seconds=180)
def test_not_used_before_acceptance(ask: Ask, duty: Duty) -> None:
    """The day the system was put into use, against the acceptance and its conclusion."""
    used = duty.happened("投入使用", ask.day("use.date")) if ask.yes("use.begun") else None
    if used is None and duty.commissioned is not None:
        duty.doubt(f"答为尚未投入使用，而工程文件的投用日期为 {duty.commissioned}")
    accepted = duty.paper("acceptance", needed=used is not None)
    if accepted is not None and not ask.yes("handover.acceptance_passed") and used is not None:
        duty.broken(f"验收不合格而已投入使用（{used}）")
    if accepted is not None:
        duty.in_order([(accepted.title, accepted.issued), ("投入使用", used)])
    elif used is None:
        duty.unseen("系统尚未投入使用，也未验收")
    duty.conclude("尚未投入使用" if used is None else f"投入使用 {used}")


@measures("risk_grade_stated", operator=True, seconds=180)
def test_risk_grade_stated(ask: Ask, duty: Duty) -> None:
    """The paper that states risk grade and protection level, against each other and the site file."""
    if duty.paper("grading") is not None:
        risk = ask.count("grading.risk", low=1, high=3)
        level = ask.count("grading.level", low=1, high=3)
        stated = duty.stated("risk_grade")
        if stated is None:
            duty.unseen("工程文件未说明风险等级（risk_grade），不能与文件核对")
        elif stated != risk:
            duty.doubt(f"文件载明风险等级 {risk}，工程文件为 {stated}")
        if level > risk:
            duty.broken(f"防护级别 {level} 低于风险等级 {risk}")
        if not ask.yes("grading.national"):
            duty.broken("与国家已发布的风险等级、防护级别规定不一致")
    duty.conclude()


@measures("people_trained", operator=True, seconds=480)
def test_people_trained(ask: Ask, duty: Duty) -> None:
    """Each of four roles: how many people, how many with proof, and a certificate valid when they worked."""
    for role in _ROLES:
        _trained(role, ask, duty)
    duty.conclude()


def _trained(role: str, ask: Ask, duty: Duty) -> None:
    """The people of one role, and a certificate of one of them."""
    label = message(f"role.{role}")
    people, proven = (
        ask.count(f"training.{what}", low=0, high=10_000, key=f"{role}.{what}", role=label)
        for what in ("people", "proven")
    )
    if not people:
        duty.unseen(f"未说明{label.zh}人员")
        return
    if proven > people:
        duty.doubt(f"{label.zh}人员 {people} 人，而有证明者 {proven} 人")
    if proven < people:
        duty.broken(f"{label.zh}人员 {people} 人，有培训证明者 {proven} 人")
    if proven and (certificate := duty.paper(f"training_{role}", valid=True)) is not None:
        worked = duty.happened(
            f"{label.zh}工作", ask.day("training.worked", key=f"{role}.worked", role=label)
        )
        if why := certificate.not_valid(worked, f"{label.zh}工作"):
            duty.broken(why)


@measures("purpose_unchanged", operator=True, seconds=180)
def test_purpose_unchanged(site: Site, ask: Ask, duty: Duty) -> None:
    """The approved purpose and extent, against what is found in use and what the inventory counts."""
    if duty.paper("approval") is not None:
        if not ask.yes("purpose.same"):
            duty.broken("系统的主要用途已改变")
        approved = {name: ask.count(f"purpose.{name}", low=0, high=100_000) for name in _COUNTED}
        differ = {
            name: (number, found)
            for name, number in approved.items()
            if (found := len(site.of_kind(_COUNTED[name]))) != number
        }
        label = "；".join(
            f"{message(f'counted.{name}').zh}批准 {was} 个，点位表 {now} 个"
            for name, (was, now) in differ.items()
        )
        changed = duty.paper("change_approval", needed=False) if differ else None
        if differ and changed is None:
            duty.broken(f"{label}，没有变更批准")
    duty.conclude()


@measures("certificates_genuine", operator=True, seconds=300)
def test_certificates_genuine(site: Site, ask: Ask, duty: Duty) -> None:
    """A certificate of each model looked up in the register of its issuer."""
    models = sorted({one.model for one in site.devices.values() if one.model and one.system.value != "site"})
    looked_up = ask.count("certificates.looked_up", low=1, high=200, models=len(models))
    numbers: set[str] = set()
    for number in range(1, looked_up + 1):
        model = ask.text("certificates.model", key=f"certificate{number}.model", number=number)
        written = ask.text("certificates.number", key=f"certificate{number}.number", number=number)
        if written in numbers:
            duty.doubt(f"证书 {written} 写了两次")
        numbers.add(written)
        if not any(evaluate.same_model(model, one) for one in models):
            duty.doubt(f"证书 {written} 的型号 {model} 不在点位表中")
        match ask.choice(
            "certificates.found",
            ("agrees", "differs", "unknown", "closed"),
            key=f"certificate{number}.found",
            number=number,
        ):
            case "agrees":
                duty.seen()
            case "closed":
                duty.unseen(f"证书 {written} 未能在发证机构查询")
            case found:
                duty.broken(f"证书 {written}（{model}）：{message(f'certificates.found.{found}').zh}")
        ask.photo("certificates.photo", key=f"certificate{number}.photo", scan=True, number=number)
    duty.conclude(f"在发证机构查询 {looked_up} 份（点位表有 {len(models)} 种型号）")


@measures("citizen_viewing_registered", operator=True, seconds=180)
def test_citizen_viewing_registered(ask: Ask, duty: Duty, record: Record) -> None:
    """Entries of citizens: identity, reason, period, consent; copies with the leave of the police."""
    if duty.paper("register") is not None:
        entries = ask.count("citizen.entries", low=0, high=100_000)
        if not entries:
            record.cannot("登记簿中没有公民查看的登记，不能据此判定")
        duty.seen(entries)
        for part in ("identity", "reason", "period", "consent"):
            if not ask.yes(f"citizen.has.{part}", entries=entries):
                duty.broken(f"登记缺少{message(f'register.{part}').zh}")
        copies = ask.count("citizen.copies", low=0, high=100_000)
        approved = ask.count("citizen.approved", low=0, high=100_000) if copies else 0
        if approved < copies:
            duty.broken(f"复制、调取 {copies} 次，经公安机关批准 {approved} 次")
    duty.conclude()
