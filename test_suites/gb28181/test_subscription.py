# SPDX-License-Identifier: Apache-2.0
"""GB/T 28181 订阅与通知 — alarms and changes of the catalogue, while subscribed to and after (9.11)."""

from __future__ import annotations

from yanshou.fixtures.api import AlarmMaker, CameraLine, Subscribing, measures


@measures(
    "sip_alarm_subscription", intrusive=("siren",), seconds=120.0, waits={"subscription_expires_s": 60.0}
)
def test_sip_alarm_subscription(subscribing: Subscribing, alarm_maker: AlarmMaker) -> None:
    """Subscribed, refreshed, run out, subscribed anew, ended; an alarm in each part."""
    subscribing.conclude(subscribing.to_alarms(alarm_maker))


@measures(
    "sip_catalogue_subscription",
    intrusive=("network_cut",),
    seconds=480.0,
    waits={"channel_loss_wait_s": 120.0},
)
def test_sip_catalogue_subscription(subscribing: Subscribing, camera_line: CameraLine) -> None:
    """The same, while a camera behind the device is cut off and joined again."""
    subscribing.conclude(subscribing.to_catalogue(camera_line))
