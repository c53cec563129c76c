# SPDX-License-Identifier: Apache-2.0
"""Which devices a requirement applies to: devices that are alike are asked once, as if each were asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.places import EXAMPLES
from yanshou.model import DeviceKind, Site
from yanshou.planning.scope import consider
from yanshou.site import load_site
from yanshou.standards import applies, load

ROWS = load().requirements
ALIKE = ("linkage", "access-lab", "alarm-lab", "archive")


def changed(site: Site, name: str, **attributes: object) -> Site:
    """The site with other attributes of one device; None takes one away."""
    device = site.devices[name]
    left = {key: value for key, value in (dict(device.attributes) | attributes).items() if value is not None}
    return replace(site, devices=dict(site.devices) | {name: replace(device, attributes=left)})


@pytest.mark.parametrize("name", ALIKE)
def test_every_device_is_answered_as_if_it_had_been_asked_by_itself(name: str) -> None:
    site = load_site(EXAMPLES / name)
    for row in ROWS.values():
        case = consider(row, site)
        if DeviceKind.SITE in row.population or not applies(row, site).matches:
            continue
        meant = [one for one in site.devices.values() if one.kind in row.population]
        answers = {one.id: applies(row, site, one) for one in meant}
        assert [one.id for one in case.devices] == [key for key, answer in answers.items() if answer.matches]
        assert all(missing.split(", ") == list(answers[key].missing) for key, missing in case.unknown)
        no = [answer.reason for answer in answers.values() if not answer.matches]
        assert not meant or case.reason == (no[0] if no else "")


def test_what_a_panel_states_decides_for_its_own_zones_only() -> None:
    site = load_site(EXAMPLES / "bank-branch")  # PANEL-1 is wired, PANEL-2 a bus
    both = {one.id for one in consider(ROWS["IAS-LF-01"], site).devices}
    assert both == {one.id for one in site.devices.values() if one.kind is DeviceKind.ZONE}
    without_word = consider(ROWS["IAS-LF-01"], changed(site, "PANEL-2", technology=None))
    assert {one.id for one in without_word.devices} == both - {"V01", "V02"}
    assert dict(without_word.unknown) == {"V01": "V01.technology", "V02": "V02.technology"}
    radio = consider(ROWS["IAS-LF-01"], changed(site, "PANEL-2", technology="radio"))
    assert {one.id for one in radio.devices} == both - {"V01", "V02"}
    assert radio.unknown == ()


def test_a_yes_and_a_one_are_not_alike() -> None:
    site = load_site(EXAMPLES / "access-lab")
    said = {one.id for one in consider(ROWS["ACS-EG-01-a"], changed(site, "D02", on_escape_route=1)).devices}
    assert said == {"D01"}
