# SPDX-License-Identifier: Apache-2.0
"""What a call of GB/T 28181 showed beside its pictures: the answer, whose packets came, and the container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.model.instant import Instant


@dataclass(frozen=True, slots=True)
class ContainerStream:
    """One stream of a program stream: PES packets, payload in bytes, its type by a valid map.

    ``claimed`` is its type by a map whose CRC is wrong, which proves nothing.
    """

    packets: int
    payload: int
    type: int | None
    claimed: int | None


@dataclass(frozen=True, slots=True)
class ContainerOddity:
    """One kind of deviation: its name in ``PsOddity``, how often, and the words of the first."""

    name: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Container:
    """A program stream as the walker judged it; a decoder never judges it.

    ``video`` is the stream id of the video, ``mapped`` its codec by the map and ``shown`` by its own
    parameter sets, as FFmpeg names them (empty: not stated). ``stamps_judged`` is how many frames had an RTP
    time stamp that could be compared with the one before.
    """

    packs: int
    system_headers: int
    maps: int
    streams: Mapping[int, ContainerStream] = field(default_factory=dict)
    video: int | None = None
    mapped: str = ""
    shown: str = ""
    stamps_judged: int = 0
    oddities: tuple[ContainerOddity, ...] = ()


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call: what was offered and answered, and what came.

    ``status``: of the answer to INVITE, 0 for none. ``way``: udp, tcp-passive or tcp-active. ``flaws``: what
    is missing in the answer. ``agreed_types``: payload types it agreed to send a program stream with.
    ``sources`` and ``types``: packets by SSRC and by payload type; ``strangers``: by another host than that
    of the call. ``set_aside``: packets that were not taken for the stream. ``bye``: the answer to our BYE (0:
    none, None: none was sent), at ``bye_at``; ``after_bye``: packets that came a second and more after that.
    ``ended_by_device``: it sent BYE; ``media_status``: it told the end (NotifyType 121).
    """

    status: int
    reason: str
    invited: Instant
    answered: Instant | None
    way: str
    offered_ssrc: int
    answered_ssrc: int | None
    agreed_types: tuple[int, ...] = ()
    flaws: tuple[str, ...] = ()
    sources: Mapping[int, int] = field(default_factory=dict)
    types: Mapping[int, int] = field(default_factory=dict)
    strangers: Mapping[str, int] = field(default_factory=dict)
    set_aside: int = 0
    container: Container | None = None
    bye: int | None = None
    bye_at: Instant | None = None
    after_bye: int = 0
    connections: tuple[float, ...] = ()  # when each media connection of the device was there
    ended_by_device: bool = False
    media_status: bool = False
