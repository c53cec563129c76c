# SPDX-License-Identifier: Apache-2.0
"""The emulated INTEGRA against ``satel-integra``, a client nobody here wrote."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.line_site import emulated_bench

satel = pytest.importorskip("satel_integra.satel_integra")
CODE = "1234"


async def followed(
    port: int, bench_side: asyncio.Event
) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """What the client sees of violated zones, armed and alarmed partitions while the bench does its part."""
    client = satel.AsyncSatel("127.0.0.1", port, asyncio.get_running_loop(), [1, 2], [], [1])
    zones: list[list[int]] = []
    armed: list[list[int]] = []
    assert await client.connect()
    task = asyncio.create_task(
        client.monitor_status(
            lambda: armed.append(list(client.partition_states.get(satel.AlarmState.ARMED_MODE0, []))),
            lambda _status: zones.append(list(client.violated_zones)),
        )
    )
    await asyncio.sleep(0.5)
    await client.arm(CODE, [1])
    await asyncio.sleep(0.5)
    bench_side.set()
    await asyncio.sleep(1.5)
    await client.disarm(CODE, [1])
    await asyncio.sleep(0.5)
    triggered = list(client.partition_states.get(satel.AlarmState.TRIGGERED, []))
    client.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return zones, armed, triggered


def test_an_independent_client_arms_and_sees_zone_and_alarm(tmp_path: Path) -> None:
    with emulated_bench(tmp_path, "satel-integra") as (bench, _):
        port = bench.site.devices["PANEL-1"].connection.port

        async def both() -> tuple[list[list[int]], list[list[int]], list[int]]:
            opened = asyncio.Event()
            watching = asyncio.create_task(followed(port, opened))
            await opened.wait()
            await asyncio.to_thread(bench.zone("Z01").open_loop)
            return await watching

        zones, armed, triggered = asyncio.run(both())
    assert zones[0] == []
    assert [1] in zones
    assert [1] in armed
    assert armed[-1] == []
    assert triggered == [1]
