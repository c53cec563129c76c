# SPDX-License-Identifier: Apache-2.0
"""GB/T 39272-2020 — the network test specification still rests on GB/T 28181-2016."""

from __future__ import annotations

from yanshou.fixtures.api import Record, measures
from yanshou.model import NotApplicable, Site


@measures("method_edition_deviation_stated", seconds=0.1)
def test_method_edition_deviation_stated(site: Site, record: Record) -> None:
    """A report with results over GB/T 28181 states the edition of its test method as a deviation."""
    wires = {one.connection.protocol for one in site.devices.values() if one.connection is not None}
    if "gb28181" not in wires:
        raise NotApplicable("没有按 GB/T 28181 联网检测的设备")
    record.deviation("联网测试方法 GB/T 39272-2020 以 GB/T 28181-2016 为依据，与 2022 版有差异")
    record.logical(conforms=True, because="已列为偏离")
