# SPDX-License-Identifier: Apache-2.0
"""ONVIF event service: pull points with the motion state of cameras and the job states of a recorder."""

from __future__ import annotations

import asyncio
import secrets
import time

from yanshou.emulation.video.device import EmulatedDevice
from yanshou.emulation.video.operations import protected
from yanshou.emulation.video.pull_points import JOB_STATE, MOTION, Property, PullPoint, notification
from yanshou.emulation.video.soap import (
    Call,
    EmulatedSoapFault,
    el,
    leaf,
    parse_duration,
    parse_time,
    time_text,
)

_PATH = "onvif/pull_point/"
_MOST_PULL_POINTS = 16
_LONGEST_WAIT_S = 60.0
_POLL_EVERY_S = 0.05


def event_capabilities(_device: EmulatedDevice) -> str:
    """Capabilities element of this service."""
    return el(
        "tev:Capabilities",
        WSSubscriptionPolicySupport=False,
        WSPullPointSupport=True,
        WSPausableSubscriptionManagerInterfaceSupport=False,
        MaxPullPoints=_MOST_PULL_POINTS,
    )


def _states(device: EmulatedDevice) -> dict[Property, str]:
    """All states the device reports now."""
    states = {
        Property(MOTION, (("Source", f"SOURCE-{token}"),), "State"): "false" for token in device.channels
    }
    if device.is_recorder:
        for recording in device.recordings.values():
            prop = Property(JOB_STATE, (("RecordingJobToken", recording.job),), "State")
            states[prop] = "Active" if device.job_active(recording.channel.token) else "Idle"
    return states


def _life(call: Call, name: str) -> float:
    """Seconds a subscription shall live, from a duration or a moment."""
    text = call.text(name)
    moment = parse_time(text) if text and not text.startswith("P") else None
    seconds = moment - time.time() if moment is not None else parse_duration(text, 60.0)
    return min(max(seconds, 1.0), 3600.0)


def _times(device: EmulatedDevice, life_s: float, prefix: str = "wsnt") -> str:
    now = device.now()
    return leaf(f"{prefix}:CurrentTime", time_text(now)) + leaf(
        f"{prefix}:TerminationTime", time_text(now + life_s)
    )


def _create(device: EmulatedDevice, call: Call) -> str:
    points = device.pull_points
    for token in [token for token, point in points.items() if not point.alive]:
        del points[token]
    if len(points) >= _MOST_PULL_POINTS:
        raise EmulatedSoapFault("no pull point is free", "Action", "MaxPullPoints", code="Receiver")
    token, life = secrets.token_hex(4), _life(call, "InitialTerminationTime")
    filters = tuple(text for text in call.texts("TopicExpression") if text)
    points[token] = PullPoint(time.monotonic() + life, filters)
    reference = el("tev:SubscriptionReference", leaf("wsa:Address", device.http_address(_PATH + token)))
    return el("tev:CreatePullPointSubscriptionResponse", reference, _times(device, life))


def _point(device: EmulatedDevice, call: Call) -> tuple[str, PullPoint]:
    token = call.path.partition("?")[0].rpartition("/")[2]
    point = device.pull_points.get(token)
    if point is None or not point.alive:
        raise EmulatedSoapFault("no such pull point", "InvalidArgVal", "ResourceUnknown")
    return token, point


async def _pull(device: EmulatedDevice, call: Call) -> str:
    _, point = _point(device, call)
    wait = min(parse_duration(call.text("Timeout"), 5.0), _LONGEST_WAIT_S)
    limit = call.number("MessageLimit") or 1
    deadline = time.monotonic() + wait
    while not (news := point.news(_states(device), limit)) and time.monotonic() < deadline:  # noqa: ASYNC110 - states are polled
        await asyncio.sleep(_POLL_EVERY_S)
    utc = time_text(device.now())
    messages = (
        el(
            "wsnt:NotificationMessage",
            notification(prop.topic, dict(prop.source), {prop.name: value}, utc, operation),
        )
        for prop, value, operation in news
    )
    left = max(point.until - time.monotonic(), 0.0)
    return el("tev:PullMessagesResponse", _times(device, left, "tev"), *messages)


def _synchronise(device: EmulatedDevice, call: Call) -> str:
    _, point = _point(device, call)
    point.sent.clear()
    return el("tev:SetSynchronizationPointResponse")


def _renew(device: EmulatedDevice, call: Call) -> str:
    _, point = _point(device, call)
    life = _life(call, "TerminationTime")
    point.until = time.monotonic() + life
    now = device.now()
    moments = leaf("wsnt:TerminationTime", time_text(now + life)) + leaf("wsnt:CurrentTime", time_text(now))
    return el("wsnt:RenewResponse", moments)


def _unsubscribe(device: EmulatedDevice, call: Call) -> str:
    token, _ = _point(device, call)
    del device.pull_points[token]
    return el("wsnt:UnsubscribeResponse")


def _capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("tev:GetServiceCapabilitiesResponse", event_capabilities(device))


def _properties(device: EmulatedDevice, _call: Call) -> str:
    topics = el("tns1:VideoSource", el("MotionAlarm", **{"wstop:topic": True}))
    if device.is_recorder:
        topics += el("tns1:RecordingConfig", el("JobState", **{"wstop:topic": True}))
    return el(
        "tev:GetEventPropertiesResponse",
        leaf("tev:TopicNamespaceLocation", "http://www.onvif.org/onvif/ver10/topics/topicns.xml"),
        leaf("wsnt:FixedTopicSet", True),
        el("wstop:TopicSet", topics),
        leaf("wsnt:TopicExpressionDialect", "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"),
        leaf(
            "tev:MessageContentFilterDialect",
            "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter",
        ),
        leaf("tev:MessageContentSchemaLocation", "http://www.onvif.org/onvif/ver10/schema/onvif.xsd"),
    )


OPERATIONS = protected(
    GetServiceCapabilities=_capabilities,
    GetEventProperties=_properties,
    CreatePullPointSubscription=_create,
    PullMessages=_pull,
    SetSynchronizationPoint=_synchronise,
)
"""Operations of the event service."""

NOTIFICATION_OPERATIONS = protected(Renew=_renew, Unsubscribe=_unsubscribe)
"""Operations of WS-Notification on a pull point."""
