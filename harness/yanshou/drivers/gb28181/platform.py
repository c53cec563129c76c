# SPDX-License-Identifier: Apache-2.0
"""The bench as the upper platform of a site: one process at which all its devices register."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yanshou.acquisition.sip_platform import PlatformConduct, SipPlatform
from yanshou.drivers.gb28181.addresses import GbAddress, accounts_of, address_of
from yanshou.model import Device, RigFault, Site, now

QUERY_S = 60.0
_IDLE_S = 10.0


class SitePlatform:
    """The platform of ``[gb28181]``; opened once for a run. RigFault when its address cannot be had."""

    def __init__(self, site: Site, *, query_s: float = QUERY_S, ordinary: bool = False) -> None:
        own = site.own_platform
        if own is None:
            raise RigFault(
                "the site file has no [gb28181]: the bench is no platform here.",
                remedy='Add [gb28181] with host = "…" and code = "…".',
                final=True,
            )
        self.site = site
        self.query_s = query_s
        """How long the whole answer to a query is waited for, in seconds."""
        ahead = datetime.now(ZoneInfo(site.time_zone)).utcoffset() or timedelta(0)
        self.inner = SipPlatform(
            (own.host, own.port),
            own.realm,
            accounts_of(site),
            code=own.code,
            utc_offset_s=ahead.total_seconds(),
            identity=self._identity(site),
            ordinary=ordinary,
        )
        """The process itself, for what this face does not name."""
        self.opened = now()
        """Since when devices can register, in seconds of ``now``."""
        self.disturbed: dict[str, int] = {}
        """The last entry of a test that was silent to a device or refused it, by its id."""

    @staticmethod
    def _identity(site: Site) -> tuple[str, str] | None:
        if site.own_platform is None or not site.own_platform.certificate:
            return None
        from yanshou.drivers.gb28181.certificates import platform_identity  # noqa: PLC0415 - brings an extra

        return platform_identity(site)

    @property
    def idle_s(self) -> float:
        """How long the next part of a list is waited for, in seconds."""
        return min(_IDLE_S, self.query_s / 3)

    @property
    def note(self) -> str:
        """The scheduling class of the process."""
        return self.inner.note

    def address(self, device: Device) -> GbAddress:
        """How the device is reached over the platform."""
        return address_of(self.site, device)

    def undisturbed(self, name: str) -> None:
        """Serve the device by the rules and tell it the right time again."""
        self.inner.conduct(name, PlatformConduct.SERVE)
        self.inner.shift(name, 0.0)
        self.disturbed[name] = self.inner.mark()

    def close(self) -> None:
        """End the process, which frees its address."""
        self.inner.close()
