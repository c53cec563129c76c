# SPDX-License-Identifier: Apache-2.0
"""A platform counts as stopped when its own wire proves it, before and after; else nothing is concluded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.places import EXAMPLES
from yanshou.fixtures.integration import Interfaces, Outage, Subsystems, interfaces_of
from yanshou.model import RigFault
from yanshou.site import load_site


class Service:
    """A platform's service; ``up`` is what it answers, ``ignores`` a stop that has no effect."""

    def __init__(self, *, up: bool = True, ignores: bool = False) -> None:
        self.up, self.ignores = up, ignores
        self.device = SimpleNamespace(id="PLAT-1")
        self.done: list[str] = []

    def answers(self) -> bool:
        return self.up

    def becomes(self, *, answering: bool, within: float) -> bool:
        assert within > 0
        return self.up is answering

    def stop(self) -> None:
        self.done.append("stop")
        self.up = self.up and self.ignores

    def start(self) -> None:
        self.done.append("start")
        self.up = True


class Asked:
    """An operator who stops and starts the service as asked."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def of(self, _device: str) -> Asked:
        return self

    def done(self, message: str, **_fields: object) -> None:
        (self.service.stop if message == "platform.stop" else self.service.start)()


def outage(service: Service, *, released: list[str] | None = None, by_relay: bool = True) -> Outage:
    ask: Any = Asked(service)
    platform: Any = service
    relay = (service.stop, service.start) if by_relay else None
    kept = released if released is not None else []
    return Outage([(platform, relay)], ask, lambda action, _device: kept.append(action), 0.1)


@pytest.mark.parametrize("by_relay", [True, False])
def test_a_service_is_stopped_after_its_release_and_started_again(by_relay: bool) -> None:
    service, released = Service(), list[str]()
    what = outage(service, released=released, by_relay=by_relay)
    with what.stopped():
        assert not service.up
    assert (service.done, released, what.not_back(0.1)) == (["stop", "start"], ["platform_stop"], [])


def test_a_service_that_did_not_answer_before_proves_nothing() -> None:
    service = Service(up=False)
    with pytest.raises(RigFault, match="its silence would prove nothing"), outage(service).stopped():
        pytest.fail("it was taken as stopped")
    assert service.done == []


def test_a_service_that_answers_on_is_not_stopped() -> None:
    service = Service(ignores=True)
    with pytest.raises(RigFault, match="its failure is not proven"), outage(service).stopped():
        pytest.fail("it was taken as stopped")
    assert service.done == ["stop", "start"]


def test_a_service_that_a_watchdog_brought_back_proves_nothing_either() -> None:
    service = Service()
    with pytest.raises(RigFault, match="came back during the test"), outage(service).stopped():
        service.up = True


def test_the_service_is_started_again_whatever_happens_meanwhile() -> None:
    service = Service()
    with pytest.raises(ZeroDivisionError), outage(service).stopped():
        raise ZeroDivisionError
    assert service.up


def test_a_service_that_stays_away_is_named() -> None:
    service = Service()
    what = outage(service)
    service.up = False
    assert what.not_back(0.1) == ["PLAT-1"]


def test_a_stop_that_nobody_released_is_not_made() -> None:
    service = Service()
    what = outage(service)

    def refuse(action: str, device: str) -> None:
        raise RigFault(f"{action} was not released", device=device)

    what.release = refuse
    with pytest.raises(RigFault, match="platform_stop was not released"), what.stopped():
        pytest.fail("it was stopped")
    assert "stop" not in service.done


class Panel:
    """A panel that shows the alarm, or not."""

    def __init__(self, *, shows: bool) -> None:
        self.shows = shows
        self.device = SimpleNamespace(id="PANEL-1")

    def bring_to_rest(self, _zone: object) -> None: ...
    def arm(self, _zone: object) -> None: ...
    def wait_for(self, _zone: object, _signal: object, *, since: object) -> object:
        return since if self.shows else None


@pytest.mark.parametrize(("shows", "reported"), [(True, []), (False, ["PANEL-1 未显示 Z01 报警"])])
def test_a_panel_works_when_its_own_wire_shows_the_alarm(shows: bool, reported: list[str]) -> None:
    panel: Any = Panel(shows=shows)
    zone: Any = SimpleNamespace(open_loop=lambda: 1.0, device=SimpleNamespace(id="Z01"))
    what = Subsystems([(panel, zone)], (), ())
    assert (what.failing(), what.tried) == (reported, ["Z01 报警"])


def test_a_recorder_that_does_not_answer_is_told() -> None:
    def silent() -> object:
        raise RigFault("no answer")

    assert Subsystems((), (), [("NVR-1", silent), ("NVR-2", object)]).failing() == ["NVR-1 不应答"]


# -- the interfaces of a platform


def finding(measurand: str, device: str, verdict: str) -> dict[str, str]:
    return {"kind": "finding", "measurand": measurand, "device": device, "verdict": verdict}


NOTHING_SEEN: Any = SimpleNamespace(link=SimpleNamespace(events=lambda _since: []))


def found(*findings: dict[str, str], seen: Any = NOTHING_SEEN) -> Interfaces:
    site = load_site(EXAMPLES / "linkage")
    session: Any = SimpleNamespace(
        site=site, run=SimpleNamespace(events=lambda: iter(findings)), platform=lambda _name: seen
    )
    return interfaces_of(session, site.devices["PLAT-1"])


def test_an_interface_is_tested_when_a_linkage_through_it_got_a_verdict() -> None:
    assert found().tested == frozenset()
    assert found(finding("linkage_works", "LNK-MSG", "conform")).tested == {"PANEL-1"}
    assert found(finding("linkage_works", "LNK-MSG", "non_conform")).tested == {"PANEL-1"}
    assert found(finding("linkage_works", "LNK-REC", "conform")).tested == frozenset()
    assert found(finding("command_response_time", "PLAT-1", "unjudged")).tested == {"ACS-1"}


@pytest.mark.parametrize("verdict", ["not_tested", "invalid"])
def test_an_interface_without_a_verdict_is_not_tested(verdict: str) -> None:
    assert found(finding("linkage_works", "LNK-MSG", verdict)).tested == frozenset()


def test_what_the_platform_reports_of_systems_nobody_listed_is_named() -> None:
    events = [
        SimpleNamespace(device="CAM-1", event=SimpleNamespace(device="CAM-1")),
        SimpleNamespace(device="", event=SimpleNamespace(device="340100-X9")),
    ]
    beside: Any = SimpleNamespace(link=SimpleNamespace(events=lambda _since: events))
    assert found(seen=beside).unlisted == ("NVR-1", "？340100-X9")
    assert found().listed == ("PANEL-1", "ACS-1")
