# SPDX-License-Identifier: Apache-2.0
"""录像保存 — the oldest picture that really plays, and every gap since."""

from __future__ import annotations

from yanshou.fixtures.api import Record, Recorder, Sight, Window, measures, recordings


@measures("recording_retention", seconds=15)
def test_recording_retention(
    recorder: Recorder, recorders_beside: list[Recorder], window: Window, sight: Sight, record: Record
) -> None:
    """Each channel is asked for its recordings; the oldest, the gaps' edges and a drawn sample are played.

    Several channels play at the same time; what proves nothing beside others is played again alone.
    """
    found = recordings.retention(recorder, window, sight, recorders_beside)
    for name, table in found.tables.items():
        record.evidence(table, name, "text/csv")
    record.measurement(found.measurement)
