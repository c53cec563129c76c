# SPDX-License-Identifier: Apache-2.0
"""录像质量 — complete, as large and as fast as asked, quick to appear, unaltered, and marked."""

from __future__ import annotations

from itertools import cycle

from yanshou.fixtures.api import (
    Access,
    Ask,
    Drawn,
    Phase,
    PlayedView,
    Record,
    Recorder,
    Sight,
    Tampering,
    TamperResult,
    Window,
    evaluate,
    measures,
    recordings,
)

_MARKS = {"place": "图像编号或地址", "date": "日期", "time": "时间"}


@measures("record_completeness", seconds=5)
def test_record_completeness(recorder: Recorder, window: Window, record: Record) -> None:
    """The union of the recorded stretches over the scheduled time of the window, of the worst channel."""
    measurement, gaps = recordings.record_completeness(recorder, window)
    record.evidence(gaps, "gaps.csv", "text/csv", "录像缺失时段")
    record.measurement(measurement)


@measures("recorded_pixels", seconds=5)
def test_recorded_pixels(recorder: Recorder, drawn: list[Drawn], sight: Sight, record: Record) -> None:
    """Width times height of a decoded picture that is played back, of the smallest channel."""
    record.measurement(recordings.recorded_pixels(recorder, drawn, sight))


@measures("recorded_frame_rate", seconds=10)
def test_recorded_frame_rate(recorder: Recorder, drawn: list[Drawn], sight: Sight, record: Record) -> None:
    """All frames of a played stretch, by their time stamps, of the slowest channel."""
    record.measurement(recordings.recorded_frame_rate(recorder, drawn, sight))


@measures("playback_start_delay", repetitions=3, seconds=3)
def test_playback_start_delay(recorder: Recorder, drawn: list[Drawn], sight: Sight, record: Record) -> None:
    """Playback at recorded pace is asked for; timed until the first picture is there."""
    asked, plays = [], []
    for _, one in zip(record.repetitions, cycle(drawn), strict=False):
        play = recorder.play(one.channel, one.at, 1.0, intra=False, paced=True)
        if play.commanded is None:
            record.cannot(f"{one.camera} {play.refused}")
        asked.append(one)
        plays.append(play)
        record.latency(play.commanded, play.shown)
    for seen in recordings.proved_by_pictures(recorder, asked, plays, sight):
        if other := recordings.played_instead(seen):
            record.cannot(other)
        if undated := recordings.undated(seen):
            record.unproven(undated)


@measures("recording_unaltered", seconds=10)
def test_recording_unaltered(recorder: Recorder, drawn: list[Drawn], sight: Sight, record: Record) -> None:
    """The same stretch is exported twice: both are the same to the byte."""
    found = recordings.exports(recorder, drawn, sight)
    record.evidence(found.table, "exports.csv", "text/csv", "录像导出两次的比较")
    record.measurement(evaluate.recording_unaltered(recorder.device.id, found))


@measures("record_integrity", operator=True, seconds=20, machine=5, phase=Phase.INTRUSIVE)
def test_record_integrity(
    recorder: Recorder, drawn: list[Drawn], sight: Sight, tampering: Tampering, ask: Ask, record: Record
) -> None:
    """Exported twice the same; every role tries to edit and to delete, each attempt must be refused."""
    exports = recordings.exports(recorder, drawn, sight)
    edited = ask.yes("edit")
    deleted = ask.yes("delete")
    tried = tampering.attempts()
    found = [label for label, seen in (("可修改", edited), ("可删除", deleted)) if seen]
    found += [f"网络命令 {name} 被接受" for name, one in tried.items() if one is TamperResult.ACCEPTED]
    found += [exports.because] if exports.because else []
    for reservation in exports.unproven:
        record.unproven(reservation.text)
    if not tried:
        record.deviation(tampering.untried)
    record.logical(conforms=not found, n=2 + len(tried) + exports.n, because="、".join(found))


@measures("viewing_log_complete", operator=True, seconds=20, machine=3)
def test_viewing_log_complete(access: Access, ask: Ask, record: Record) -> None:
    """One viewing and one copy are made: both are registered with person, reason and period."""
    done = access.view_and_copy()
    wanted = {"person": "查看人员身份", "reason": "查看事由", "period": "信息起止段"}
    missing = [label for key, label in wanted.items() if not ask.yes(f"viewing.{key}", key=key, done=done)]
    record.logical(
        conforms=not missing, n=len(wanted), because=f"登记缺少：{'、'.join(missing)}" if missing else ""
    )


@measures("playback_stamp_complete", operator=True, seconds=20)
def test_playback_stamp_complete(played_view: PlayedView, ask: Ask, record: Record) -> None:
    """A played picture is shown to a person: number or address, date and time must all be legible."""
    picture = played_view.full()
    missing = [label for key, label in _MARKS.items() if not ask.yes(f"stamp_{key}", show=(picture,))]
    played_view.keep_blurred()
    record.logical(conforms=not missing, n=len(_MARKS), because="、".join(f"无{label}" for label in missing))
