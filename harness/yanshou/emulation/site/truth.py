# SPDX-License-Identifier: Apache-2.0
"""The ground truth: what the emulated site really did, and when, on the clock the harness measures with.

What a device does (``value`` in brackets), beside what the video side logs:

* relay board: relay_on [channel from 0], relay_off, input_on [channel], input_off
* zone: loop_open, loop_closed, tamper_open, tamper_closed, alarm_shown [zone number shown], alarm_missed,
  alarm_cleared, tamper_shown, tamper_cleared, fault_shown, fault_cleared, pulse_ignored, and for each circuit
  the bench disturbs short_on, short_off …
* panel: armed [partition], disarmed, arm_refused [what prevents], reset, siren_on, siren_off, buzzer_on,
  buzzer_off, duress, notified, notice_ended, refused [function], dark, up; for each trouble mains_cut,
  mains_restored, ac_loss_shown …
* door: credential [authorised, unauthorised], granted, lock_energised, lock_released, denied [how many in a
  row], wrong_credential_shown, door_open, door_closed, forced_shown, held_shown, reader_tamper_shown,
  reader_fault_shown, exit_pressed; its controller: reset, fire_on, fire_off, link_cut, link_back
* gate: object_enters, object_leaves, alarm_on, alarm_off
* camera: recording_started [linkage], recording_stopped; linkage: picture_shown [camera]
* alarm link: dc09_sent [data], path_lost [path], path_back [path]; of a client's receiver dc09_answered
  [token, answer]; the panel of a link: comm_fault_on, comm_fault_off
* device of GB/T 28181: registered [s granted], register_failed, unregistered, redirected [address], clock_set
  [s ahead], keepalive [SN], platform_lost, restarted, alarm_sent [code]; its channels: media_connected,
  media_broken, media_refused, hung_up, playback_started [Unix s], playback_from [Unix s], playback_ended
  [frames, at], media_status, controlled [command], ptz_moved, ptz_stopped, ptz_refused [command], preset_set,
  preset_called, preset_deleted [number]
* multimeter: current_read [A], voltage_read [V]; the site: ready

Lines of different threads may stand a few microseconds out of order: sort by ``t``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TextIO


class Truth:
    """Appends JSON lines ``{"t": seconds, "device": …, "what": …, "value": …}``.

    Without a path it writes nothing.

    ``t`` is ``time.perf_counter()``, the same clock in every process of one machine. The caller takes the
    stamp at the change itself and passes it on; writing may happen later.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = Lock()
        self._listeners: list[Callable[[str, str, object], None]] = []
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    def write(self, device: str, what: str, value: object = None, t: float | None = None) -> None:
        """Log that ``device`` did ``what`` at ``t`` seconds; now, when left out."""
        stamp = time.perf_counter() if t is None else t
        for heard in self._listeners:
            heard(device, what, value)
        if self._file is None:
            return
        event: dict[str, object] = {"t": stamp, "device": device, "what": what}
        if value is not None:
            event["value"] = value
        line = json.dumps(event, ensure_ascii=False) + "\n"
        with self._lock:
            if not self._file.closed:
                self._file.write(line)

    def listen(self, heard: Callable[[str, str, object], None]) -> None:
        """Call ``heard`` (device, what, value) from now on; it may only take note, not act."""
        self._listeners.append(heard)

    def close(self) -> None:
        """Write out the rest; later events of threads that are still ending are dropped."""
        if self._file is not None:
            with self._lock:
                self._file.close()
