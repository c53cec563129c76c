# SPDX-License-Identifier: Apache-2.0
"""A child of a run whose closing never ends, as with a device that holds its connection."""

from __future__ import annotations

import asyncio

from yanshou.acquisition.serving import Operations, serve


class NeverClosing:
    """Serves nothing and does not close."""

    operations: Operations = {}  # noqa: RUF012 - nothing is ever put in

    async def close(self) -> None:
        """Never return, not even when cancelled."""
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue


if __name__ == "__main__":
    asyncio.run(serve(NeverClosing, "hanging"))
