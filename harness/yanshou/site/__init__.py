# SPDX-License-Identifier: Apache-2.0
"""The site folder: site file, inventory, secrets by reference; all mistakes are reported at once."""

from typing import TYPE_CHECKING

from yanshou.model.lazily import lazily
from yanshou.site.cells import Target, parse_target
from yanshou.site.consequences import answering, commanded, fired_by, linked_to, set_off_by
from yanshou.site.devices import SITE_ID
from yanshou.site.inventory import read_inventory
from yanshou.site.linkages import Pair, interfaces_of, locks_of, pair_of, pairs_of, seen_by, unseen
from yanshou.site.load import load_site, read_site, site_device
from yanshou.site.outline import summary
from yanshou.site.secrets import (
    DEMO_PASSWORD,
    connection_secret,
    device_code,
    device_key,
    device_secret,
    missing_secrets,
    platform_key,
    resolve_secret,
)
from yanshou.site.vocabulary import SITE_FILE

if TYPE_CHECKING:
    from yanshou.site.begin import Begun, begin_site
else:  # brings the reader of equipment lists in, which only `init` needs
    __getattr__ = lazily(__name__, {"yanshou.site.begin": ("Begun", "begin_site")})

__all__ = [
    "DEMO_PASSWORD",
    "SITE_FILE",
    "SITE_ID",
    "Begun",
    "Pair",
    "Target",
    "answering",
    "begin_site",
    "commanded",
    "connection_secret",
    "device_code",
    "device_key",
    "device_secret",
    "fired_by",
    "interfaces_of",
    "linked_to",
    "load_site",
    "locks_of",
    "missing_secrets",
    "pair_of",
    "pairs_of",
    "parse_target",
    "platform_key",
    "read_inventory",
    "read_site",
    "resolve_secret",
    "seen_by",
    "set_off_by",
    "site_device",
    "summary",
    "unseen",
]
