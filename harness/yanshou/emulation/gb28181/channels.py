# SPDX-License-Identifier: Apache-2.0
"""What an emulated device registers with: its channels by their codes, and its clock."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from yanshou.emulation.gb28181.agent import GbFaults
from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.device import Channel, Recording
from yanshou.emulation.video.faults import StreamTruth
from yanshou.model.site import Device

POWER_ON_AHEAD_S = 30.0
"""By how much the clock of a device is ahead until a Date sets it."""
_TRANSIT_S = 0.05  # the way of the answer is no error of the clock
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:\.\d{1,6})?)")


@dataclass(frozen=True, slots=True)
class GbChannel:
    """A camera behind a code; ``recording`` is None where nothing is kept."""

    code: str
    channel: Channel
    recording: Recording | None = None

    @property
    def device(self) -> str:
        """The camera's id in the site."""
        return self.channel.token


def stream_numbers(channel: GbChannel, faults: GbFaults) -> tuple[str, str, str]:
    """Codec, size and frames a second as f= and VideoParamAttribute write them."""
    codec = "5" if channel.channel.codec == "h265" else "2"
    sizes = {(352, 288): "2", (1280, 720): "5", (1920, 1080): "6"}
    size = sizes.get(channel.channel.size, "{}x{}".format(*channel.channel.size))
    wrong = faults.find("gb_states_size", channel.device)
    return codec, f"{wrong.number():.0f}" if wrong else size, str(round(FPS))


@dataclass(slots=True)
class GbState:
    """One emulated device while it runs."""

    device: Device
    code: str
    channels: Mapping[str, GbChannel]
    faults: GbFaults
    truth: StreamTruth
    time_zone: str
    site_codes: Mapping[str, str] = field(default_factory=dict)  # of all devices of the site, by their ids
    ahead: float = POWER_ON_AHEAD_S  # seconds by which its clock is ahead of UTC
    guarded: bool = False
    records: bool = False  # by a command of the platform; a recorder always does
    presets: dict[str, dict[int, str]] = field(default_factory=dict)
    alarms: int = 0
    off: set[str] = field(default_factory=set)  # codes of channels whose line is cut

    @property
    def id(self) -> str:
        """Its id in the site."""
        return self.device.id

    def now(self) -> float:
        """Unix seconds by the device's own clock."""
        return time.time() + self.ahead

    def set_clock(self, date: str) -> None:
        """Set the clock by the Date of an answer, which is the site's local time; another form is ignored."""
        if (moment := self.unix(date)) is not None:
            ahead = moment - time.time()
            self.ahead = 0.0 if abs(ahead) < _TRANSIT_S else ahead
            self.truth.write(self.id, "clock_set", self.ahead)

    def unix(self, text: str) -> float | None:
        """Unix seconds of a local time as MANSCDP and Date write it; None if it is none."""
        found = _DATE.match(text.strip())
        if not found:
            return None
        *whole, seconds = found.groups()
        year, month, day, hour, minute = map(int, whole)
        try:
            at = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(self.time_zone))
        except ValueError:
            return None
        return at.timestamp() + float(seconds)

    def local(self, unix: float) -> str:
        """The local time of the site as MANSCDP writes it."""
        at = datetime.fromtimestamp(unix, UTC).astimezone(ZoneInfo(self.time_zone))
        if self.faults.habit("times_with_blank"):
            return at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
        return at.strftime("%Y-%m-%dT%H:%M:%S")
