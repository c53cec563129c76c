# SPDX-License-Identifier: Apache-2.0
"""What the wiring check prints of a camera's clock."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from yanshou.commissioning import reach
from yanshou.model import Connection, Device, DeviceKind, Instant, System
from yanshou.model.reading import ClockReading


def answered(monkeypatch: pytest.MonkeyPatch, ahead_s: float, zones: tuple[float, ...]) -> str:
    """What is said of a camera in Shanghai whose UTC field is ``ahead_s`` ahead."""
    shown = datetime.now(UTC) + timedelta(seconds=ahead_s)
    camera = SimpleNamespace(
        identity=lambda: {"model": "IPC"}, read_clock=lambda: ClockReading(shown, 1.0, Instant(0, 0), zones)
    )
    monkeypatch.setattr(reach, "OnvifCamera", lambda _device, _password: nullcontext(camera))
    monkeypatch.setattr(reach, "device_secret", lambda _site, _connection: "")
    device = Device(
        "CAM-1", DeviceKind.CAMERA, System.VIDEO, "枪机", connection=Connection("onvif", host="127.0.0.1")
    )
    return reach._onvif(SimpleNamespace(time_zone="Asia/Shanghai"), device)


@pytest.mark.parametrize(
    ("ahead_s", "zones", "named"),
    [
        (8 * 3600.0, (), True),  # the site's zone
        (7 * 3600.0, (7 * 3600.0,), True),  # the zone the camera tells of itself
        (4 * 3600.0, (), False),  # an hour that is no zone of either
        (12.0, (), False),
    ],
)
def test_local_time_in_the_utc_field_is_named_and_not_shown_as_an_error(monkeypatch, ahead_s, zones, named):
    reported = answered(monkeypatch, ahead_s, zones)
    assert ("local time stands in it" in reported) is named
    assert (f"{ahead_s:+.0f} s" in reported) is not named
