# SPDX-License-Identifier: Apache-2.0
"""A thread that serves one line until it is stopped."""

from __future__ import annotations

from threading import Event, Thread

from yanshou.emulation.site.world import World


class Listener:
    """Calls ``serve_once`` repeatedly; it must return within a fraction of a second."""

    def __init__(self, name: str, world: World) -> None:
        self.world = world
        self.stopping = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def open(self) -> None:
        """Take the address; RigFault if it is not available."""

    def serve_once(self) -> None:
        """Wait shortly for a request and answer it."""
        raise NotImplementedError

    def shut(self) -> None:
        """Release the address."""

    def start(self) -> None:
        """Open and begin serving."""
        self.open()
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and close."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self.shut()

    def _run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.serve_once()
        except Exception as error:  # noqa: BLE001 - the thread has no caller: handed to the one who stops all
            self.world.broke(error)
