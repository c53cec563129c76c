# SPDX-License-Identifier: Apache-2.0
"""Emulated devices of GB/T 28181: each planted defect of registration and messages."""

from __future__ import annotations

import socket
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support import gb_emulated
from tests.support.gb_devices import (
    GATE,
    HALL,
    PLATFORM,
    Bench,
    call,
    gb_bench,
    take,
)
from tests.support.gb_emulated import PTZ, ask, control, planted
from tests.support.patience import HUNG_S
from yanshou.acquisition.sip_platform import PlatformConduct, SipEvent, SipPlatform
from yanshou.emulation.faults import Fault
from yanshou.emulation.gb28181.side import GbSide
from yanshou.emulation.gb28181.sip_text import heard
from yanshou.protocols.gb28181 import GatheringState, SipOddity, XmlOddity
from yanshou.site import load_site

platform, _serves, bench = gb_emulated.platform, gb_emulated._serves, gb_emulated.bench


# -- defects of registration


@planted("gb_own_nonce")
def test_a_nonce_of_its_own_registers_nothing(bench: Bench):
    [first, *_] = bench.until(lambda: bench.of(SipEvent.CHALLENGED, "NVR-1"))
    assert first.said["digest"] == "foreign_nonce"
    assert first.said["fits"]
    assert bench.of(SipEvent.REGISTERED, "NVR-1") == []


@planted("gb_takes_401")
def test_a_401_taken_for_success_is_followed_by_keepalives(bench: Bench):
    assert bench.until(lambda: bench.of(SipEvent.REFUSED, "NVR-1"))[0].said["method"] == "MESSAGE"
    assert bench.of(SipEvent.REGISTERED, "NVR-1") == []
    assert not any(one.said["signed"] for one in bench.of(SipEvent.CHALLENGED, "NVR-1"))


@planted("gb_version_missing")
def test_no_version_is_named(bench: Bench):
    assert bench.of(SipEvent.REGISTERED, "NVR-1")[0].said["version"] == ""


@planted("gb_expires", 600)
def test_another_expiry_is_asked_for(bench: Bench):
    assert bench.of(SipEvent.REGISTERED, "NVR-1")[0].said["expires"] == 600


def test_a_device_that_never_logs_out(platform: SipPlatform, tmp_path: Path):
    with gb_bench(platform, tmp_path, Fault("NVR-1", "gb_never_logs_out")) as bench:
        bench.registered("NVR-1", "CAM-3")
    assert bench.until(lambda: bench.of(SipEvent.UNREGISTERED, "CAM-3"))
    assert bench.of(SipEvent.UNREGISTERED, "NVR-1") == []


def gaps(bench: Bench, kind: SipEvent, count: int = 3) -> list[float]:
    bench.until(lambda: len(bench.of(kind, "NVR-1")) > count)
    at = [one.first.earliest for one in bench.of(kind, "NVR-1")]
    return [b - a for a, b in pairwise(at)]


@pytest.mark.parametrize(
    ("bench", "longest"), [((), False), ((Fault("NVR-1", "gb_keepalive", 1.5),), True)], indirect=["bench"]
)
def test_keepalives_come_as_set_or_as_planted(bench: Bench, longest: bool):
    found = gaps(bench, SipEvent.KEEPALIVE, 2)
    assert (min(found) > 1.0) is longest


@pytest.mark.parametrize(
    ("bench", "soon"), [((), False), ((Fault("NVR-1", "gb_retry", 0.1),), True)], indirect=["bench"]
)
def test_a_refused_registration_is_tried_again_as_set_or_as_planted(bench: Bench, soon: bool):
    bench.platform.conduct("NVR-1", PlatformConduct.REFUSE)

    def refused() -> list[Any]:
        return [one for one in bench.of(SipEvent.REFUSED, "NVR-1") if one.said["method"] == "REGISTER"]

    assert len(bench.until(lambda: refused() if len(refused()) > 2 else None)) > 2
    at = [one.first.earliest for one in refused()]
    assert (at[2] - at[1] < 0.9) is soon


@pytest.mark.parametrize(
    ("bench", "stays"), [((), False), ((Fault("NVR-1", "gb_stays_away"),), True)], indirect=["bench"]
)
def test_after_three_keepalives_without_an_answer_it_registers_again(bench: Bench, stays: bool):
    bench.platform.conduct("NVR-1", PlatformConduct.SILENT)
    assert bench.until(lambda: bench.truth("platform_lost"))
    before = len(bench.of(SipEvent.UNANSWERED, "NVR-1"))
    bench.until(lambda: len(bench.of(SipEvent.UNANSWERED, "NVR-1")) > before + 1)
    methods = {one.said["method"] for one in bench.of(SipEvent.UNANSWERED, "NVR-1")}
    assert ("REGISTER" not in methods) is stays


@planted("gb_date_ignored", 600)
def test_a_date_that_is_ignored_leaves_the_clock(bench: Bench):
    reported = ask(bench, "DeviceStatus").values["DeviceTime"]
    right = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 28_800 + 600))
    late = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 28_800 + 598))
    assert reported[:16] in (right, late)


@pytest.mark.parametrize("follows", [True, False])
def test_a_302_is_followed_unless_that_is_planted(platform: SipPlatform, tmp_path: Path, follows: bool):
    """A platform of a few lines sends each device on to the real one."""
    faults = () if follows else (Fault("NVR-1", "gb_redirect_ignored"),)
    with (
        socket.socket(type=socket.SOCK_DGRAM) as first,
        gb_bench(platform, tmp_path, *faults, side=False) as bench,
    ):
        first.bind(("127.0.0.1", 0))
        first.settimeout(HUNG_S)
        text = (tmp_path / "site.toml").read_text("utf-8")
        moved = text.replace(f"port = {platform.port}", f"port = {first.getsockname()[1]}")
        (tmp_path / "site.toml").write_text(moved, encoding="utf-8")
        contact = f"<sip:{PLATFORM}@127.0.0.1:{platform.port}>"
        threading.Thread(target=redirect, args=(first, contact), daemon=True).start()
        devices = GbSide(load_site(tmp_path), bench.world)
        devices.start()
        try:
            found = bench.until(lambda: bench.of(SipEvent.REGISTERED, "NVR-1"), HUNG_S if follows else 1.0)
        finally:
            devices.stop()
    assert bool(found) is follows


def redirect(first: socket.socket, contact: str) -> None:
    """Answer requests of devices with 302."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        try:
            data, peer = first.recvfrom(4096)
        except OSError:
            return
        asked = heard(data)
        if asked is not None:
            kept = ("via", "from", "to", "call-id", "cseq")
            head = [f"{key}: {value}" for key, value in asked.headers if key in kept]
            lines = [
                "SIP/2.0 302 Moved Temporarily",
                *head,
                f"Contact: {contact}",
                "Content-Length: 0",
                "",
                "",
            ]
            first.sendto("\r\n".join(lines).encode(), peer)


# -- defects of messages


@planted("gb_length_short")
def test_a_length_that_counts_line_ends_once_is_seen(bench: Bench):
    [one, *_] = bench.until(lambda: bench.of(SipEvent.KEEPALIVE, "NVR-1"))
    assert SipOddity.LENGTH_SHORT.value in one.said["odd"]


@planted("gb_mislabelled")
def test_utf_8_under_another_name_is_read_and_told(bench: Bench):
    found = ask(bench, "Catalog")
    assert found.items[0]["Name"] == "大厅"
    assert XmlOddity.WRONG_ENCODING.value in found.odd


@planted("gb_sum_too_large", 3)
def test_a_sum_that_is_too_large_leaves_the_list_incomplete(bench: Bench):
    found = ask(bench, "Catalog")
    assert (found.state, found.totals, len(found.items)) == (GatheringState.INCOMPLETE, (5,), 2)


@planted("gb_part_lost")
def test_a_lost_part_leaves_the_list_incomplete(bench: Bench):
    assert ask(bench, "Catalog", total_s=1.0).state is GatheringState.INCOMPLETE


@planted("gb_part_twice")
def test_a_doubled_part_counts_once(bench: Bench):
    found = ask(bench, "Catalog")
    assert (found.state, len(found.items), found.doubled) == (GatheringState.COMPLETE, 2, 2)


@planted("gb_wrong_sn")
def test_an_answer_with_another_sn_counts_for_nothing(bench: Bench):
    found = ask(bench, "Catalog", total_s=1.0)
    assert (found.items, found.foreign > 0) == ((), True)


@planted("gb_says_offline", device="CAM-1")
def test_a_channel_that_is_said_to_be_off_plays(bench: Bench):
    states = {one["DeviceID"]: one["Status"] for one in ask(bench, "Catalog").items}
    assert states == {HALL: "OFF", GATE: "ON"}
    with call(bench) as (answer, taken):
        assert answer.status == 200
        assert take(taken, 2.0, most=1).packets


@planted("gb_says_online")
def test_a_channel_that_is_said_to_be_on_does_not_play(bench: Bench):
    with call(bench) as (answer, _):
        assert answer.status == 480


@planted("gb_control_unanswered")
def test_a_control_without_its_response(bench: Bench):
    assert control(bench, "GuardCmd", "SetGuard").parts == 0


@planted("gb_ptz_ignored")
def test_a_ptz_command_that_is_not_carried_out(bench: Bench):
    assert control(bench, "PTZCmd", PTZ, HALL).status == 200
    assert bench.truth("ptz_moved") == []


@pytest.mark.parametrize(
    ("bench", "moves"),
    [
        ((Fault("NVR-1", "gb_ptz_others_too"),), [HALL, GATE]),
        ((Fault("NVR-1", "gb_ptz_other"),), [GATE]),
        ((), [HALL]),
    ],
    indirect=["bench"],
    ids=["gb_ptz_others_too", "gb_ptz_other", "healthy"],
)
def test_a_preset_command_that_reaches_other_cameras(bench: Bench, moves: list[str]):
    preset_1 = "A50F0181000100" + f"{0xA5 + 0xF + 1 + 0x81 + 1 & 0xFF:02X}"
    assert control(bench, "PTZCmd", preset_1, HALL).status == 200
    assert [one for one in (HALL, GATE) if ask(bench, "PresetQuery", one).items] == moves
