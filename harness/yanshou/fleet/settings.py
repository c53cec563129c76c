# SPDX-License-Identifier: Apache-2.0
"""What was agreed for a survey: the ``[survey]`` table of the site file, frozen before the first question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self

from yanshou.model import DeviceKind, Site, UsageError
from yanshou.model.trouble import Mistake
from yanshou.site import SITE_FILE
from yanshou.toml import read_toml, root

_NUMBERS: Final[Mapping[str, tuple[float, float, bool]]] = {
    "clock_offset_s": (0.001, 86_400, False),
    "retention_d": (1, 3650, True),
    "gap_s": (0, 86_400, False),
    "stream_s": (0, 60, False),
    "plays": (0, 100, True),
    "timeout_s": (0.1, 60, False),
    "device_s": (1, 3600, False),
    "at_once": (1, 512, True),
    "per_subnet": (1, 512, True),
    "per_recorder": (1, 64, True),
}
KEYS: Final = frozenset(_NUMBERS)
_WINDOW_D: Final = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """How the fleet is asked; seconds, days and counts by name.

    ``now`` is the end of the retention window, the same for every device and every continuation of a survey.
    ``clock_offset_s`` and ``retention_d`` are what was agreed; if None, the value is reported and not judged.
    ``stream_s = 0`` opens no stream; the picture is then the camera's snapshot.
    """

    now: str
    seed: str
    time_zone: str
    emulated: bool
    window_d: int = _WINDOW_D
    commissioned: str = ""
    ntp: str = ""  # host:port of the site's time server, the reference for clocks
    maintenance: tuple[tuple[tuple[str, ...], str, str, str], ...] = ()  # devices, from, until, reason
    clock_offset_s: float | None = None
    retention_d: int | None = None
    gap_s: float = 60.0
    stream_s: float = 3.0
    plays: int = 2
    timeout_s: float = 5.0
    device_s: float = 120.0
    at_once: int = 80
    per_subnet: int = 64
    per_recorder: int = 2

    @classmethod
    def of(cls, site: Site, now: datetime | None = None) -> Self:
        """The settings of a site file; UsageError with every mistake of its ``[survey]`` table."""
        stated, mistakes = _read(site)
        if mistakes:
            raise UsageError(mistakes)
        planned = site.plan.get("retention_window_d")
        retention = stated.get("retention_d", planned if isinstance(planned, int) else None)
        commissioned = site.attributes.get("commissioned")
        settings = cls(
            now=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
            seed=str(site.plan.get("seed", site.sha256)),
            time_zone=site.time_zone,
            emulated=site.emulated,
            window_d=retention or _WINDOW_D,
            commissioned=commissioned.isoformat() if isinstance(commissioned, date) else "",
            ntp=_time_server(site),
            maintenance=tuple(
                (one.devices, one.start.isoformat(), one.end.isoformat(), one.reason)
                for one in site.maintenance
            ),
        )
        return replace(settings, **(stated | {"retention_d": retention}))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The settings as frozen in a survey folder."""
        periods = record.get("maintenance", ())
        maintenance = tuple((tuple(devices), *rest) for devices, *rest in periods)
        return cls(**(dict(record) | {"maintenance": maintenance}))

    def excused(self, devices: Collection[str]) -> list[tuple[datetime, datetime, str]]:
        """Declared maintenance of any of these devices: from, until, reason."""
        return [
            (datetime.fromisoformat(start), datetime.fromisoformat(end), reason)
            for named, start, end, reason in self.maintenance
            if set(named) & set(devices)
        ]

    def as_record(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    def without_stream(self) -> Self:
        """The same without live streams: the snapshot of each camera is used instead."""
        return replace(self, stream_s=0.0)

    @property
    def end(self) -> datetime:
        """The end of the retention window."""
        return datetime.fromisoformat(self.now)

    @property
    def start(self) -> datetime:
        """The beginning of the retention window."""
        return self.end - timedelta(days=self.window_d)


def _time_server(site: Site) -> str:
    """The laboratory's time server (``clock_role=reference``), else one without a role.

    Empty without either.

    A mother clock of the installation is tested and never used as the reference.
    """
    servers = site.of_kind(DeviceKind.TIME_SERVER)
    roles = {device.id: str(device.attributes.get("clock_role", "")) for device in servers}
    for device in sorted(servers, key=lambda one: roles[one.id] != "reference"):
        link = device.connection
        if link is not None and link.protocol == "ntp" and roles[device.id] in {"", "reference"}:
            return f"{link.host}:{link.port or 123}"
    return ""


def survey_mistakes(site: Site) -> list[Mistake]:
    """What is wrong in ``[survey]``, for ``yanshou check``."""
    return _read(site)[1]


def _read(site: Site) -> tuple[dict[str, Any], list[Mistake]]:
    mistakes: list[Mistake] = []
    toml = read_toml(site.folder / SITE_FILE, mistakes)
    table = root(toml, mistakes).inner("survey", "survey")
    table.only(KEYS)
    numbers = {key: table.number(key, low, high, whole=whole) for key, (low, high, whole) in _NUMBERS.items()}
    return {key: value for key, value in numbers.items() if value is not None}, mistakes
