# SPDX-License-Identifier: Apache-2.0
"""An alarm that starts a camera it is not designed to start is told; what nobody could watch is said."""

from __future__ import annotations

from typing import Any, cast

import pytest

from yanshou.equipment.linkage import LinkedPair
from yanshou.model import Device, DeviceKind, Instant, RigFault, System

LINK = Device("LINK-1", DeviceKind.LINKAGE, System.INTEGRATION, "")
PATIENCE_S = 0.3


class Recorders:
    """One recorder of four cameras; ``begins`` says at which look an alarm recording is first seen."""

    def __init__(self, **begins: int) -> None:
        self.begins = begins
        self.polls: dict[str, int] = {}
        self.after_s = 99.0

    def is_recording(self, camera: str) -> bool:
        if camera == "NONE":
            raise RigFault("the recorder lists no recording job of NONE.", device="NVR-1")
        self.polls[camera] = self.polls.get(camera, 0) + 1
        return self.polls[camera] >= self.begins.get(camera, 999)

    def wait_recording(self, _camera: str, *, since: Instant, within: float) -> Instant | None:
        at = since.latest + self.after_s
        return Instant(at, at) if self.after_s <= within else None


class Notes:
    def __init__(self) -> None:
        self.seen: dict[str, object] = {}

    def observation(self, what: str, _via: str, instant: Instant | None, value: object = None) -> object:
        self.seen[what] = instant or value
        return instant


def pair_of(recorder: Recorders, *others: str) -> LinkedPair:
    inner: Any = recorder
    nothing: Any = None
    return LinkedPair(
        LINK, nothing, nothing, inner, "CAM-1", cast("Any", Notes()), PATIENCE_S,
        others=dict.fromkeys(others, inner),
    )  # fmt: skip


def test_a_camera_that_begins_beside_the_designed_one_is_told() -> None:
    recorder = Recorders(**{"CAM-3": 3})
    bystanders = pair_of(recorder, "CAM-2", "CAM-3").bystanders()
    assert bystanders.at_rest == ("CAM-2", "CAM-3")
    assert bystanders.started() == []
    assert bystanders.started() == ["CAM-3"]


def test_a_camera_that_cannot_be_watched_is_named_and_never_blamed() -> None:
    recorder = Recorders(**{"CAM-2": 1})
    bystanders = pair_of(recorder, "CAM-2", "CAM-3", "NONE").bystanders()
    assert bystanders.at_rest == ("CAM-3",)
    assert "CAM-2（触发前已在录像）" in bystanders.remark
    assert "NONE（the recorder lists no recording job of NONE.）" in bystanders.remark
    assert bystanders.started() == []


def test_where_every_camera_was_watched_there_is_nothing_to_say() -> None:
    assert pair_of(Recorders(), "CAM-2").bystanders().remark == ""


@pytest.mark.parametrize(("after_s", "late"), [(0.5, True), (0.7, False)])
def test_a_recording_after_the_patience_is_waited_for_and_is_none(after_s: float, late: bool) -> None:
    recorder = Recorders()
    recorder.after_s = after_s
    pair = pair_of(recorder)
    assert pair.wait_recording(since=Instant(10.0, 10.0)) is None
    notes: Any = pair.item_journal
    assert (notes.seen["alarm recording too late"] is not None) is late
