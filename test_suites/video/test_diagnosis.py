# SPDX-License-Identifier: Apache-2.0
"""视频质量诊断 — the platform reports a fault planted before a camera, and no longer once it is gone."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, ViewScan, evaluate, measures, message, rectangular

_THUMB_S = 0.5  # a person's reaction at start and stop of a stopwatch
_SETTING_PERCENT = 0.5  # a threshold is shown in whole per cent
_LONGEST_S = 3600.0


def _diagnosed(ask: Ask, record: Record, kind: str) -> None:
    """A person plants the fault at one camera, reads the platform, removes it and reads again."""
    fault, how = message(f"fault.{kind}"), message(f"how.{kind}")
    camera = ask.text("diagnosis.camera", key="camera", fault=fault)
    reported = ask.yes("diagnosis.reported", key="reported", camera=camera, how=how, fault=fault)
    gone = ask.yes("diagnosis.gone", key="gone", camera=camera, fault=fault)
    wrong = [label for label, seen in (("未报出", reported), ("恢复后仍报", gone)) if not seen]
    record.logical(conforms=not wrong, n=2, because="、".join(wrong))


@measures("diagnosis_brightness", operator=True)
def test_diagnosis_brightness(ask: Ask, record: Record) -> None:
    """The scene is lit too brightly or darkened."""
    _diagnosed(ask, record, "brightness")


@measures("diagnosis_occlusion", operator=True)
def test_diagnosis_occlusion(ask: Ask, record: Record) -> None:
    """The lens is covered."""
    _diagnosed(ask, record, "occlusion")


@measures("diagnosis_blur", operator=True)
def test_diagnosis_blur(ask: Ask, record: Record) -> None:
    """The lens is put out of focus."""
    _diagnosed(ask, record, "blur")


@measures("diagnosis_snow_noise", operator=True)
def test_diagnosis_snow_noise(ask: Ask, record: Record) -> None:
    """Snow is made by light too weak or by a disturbed signal."""
    _diagnosed(ask, record, "snow_noise")


@measures("diagnosis_colour_cast", operator=True)
def test_diagnosis_colour_cast(ask: Ask, record: Record) -> None:
    """A coloured filter is held before the lens."""
    _diagnosed(ask, record, "colour_cast")


@measures("diagnosis_stripes", operator=True)
def test_diagnosis_stripes(ask: Ask, record: Record) -> None:
    """Stripes are fed in or held before the lens."""
    _diagnosed(ask, record, "stripes")


@measures("diagnosis_signal_loss", operator=True)
def test_diagnosis_signal_loss(ask: Ask, record: Record) -> None:
    """The camera's cable is pulled."""
    _diagnosed(ask, record, "signal_loss")


@measures("diagnosis_freeze", operator=True)
def test_diagnosis_freeze(ask: Ask, record: Record) -> None:
    """A still picture is fed in."""
    _diagnosed(ask, record, "freeze")


@measures("diagnosis_shake", operator=True)
def test_diagnosis_shake(ask: Ask, record: Record) -> None:
    """The camera is shaken."""
    _diagnosed(ask, record, "shake")


@measures("diagnosis_scene_change", operator=True)
def test_diagnosis_scene_change(ask: Ask, record: Record) -> None:
    """The camera is turned to another view."""
    _diagnosed(ask, record, "scene_change")


@measures("diagnosis_ptz_fault", operator=True)
def test_diagnosis_ptz_fault(ask: Ask, record: Record) -> None:
    """The pan and tilt head is held fast."""
    _diagnosed(ask, record, "ptz_fault")


@measures("video_loss_alarm", operator=True)
def test_video_loss_alarm(ask: Ask, record: Record) -> None:
    """The picture is taken away: the platform raises an alarm."""
    seen = ask.yes("loss")
    record.logical(conforms=seen, because="" if seen else "断开信号后未报警")


@measures("signal_loss_detection_time", operator=True)
def test_signal_loss_detection_time(ask: Ask, record: Record) -> None:
    """By stopwatch, from the pulled cable to the alarm of lost signal."""
    seconds = ask.number("loss_time", unit="s", low=0.0, high=_LONGEST_S)
    record.values([seconds], "s", [rectangular("reaction of a person", _THUMB_S, "stopwatch, two presses")])


@measures("freeze_similar_frames", operator=True)
def test_freeze_similar_frames(ask: Ask, record: Record) -> None:
    """The number of like frames after which the platform is set to report a frozen picture."""
    record.number(ask.count("freeze_frames", low=1, high=100_000))


@measures("freeze_similarity", operator=True)
def test_freeze_similarity(ask: Ask, record: Record) -> None:
    """The likeness above which the platform is set to take frames for alike."""
    percent = ask.number("freeze_similarity", unit="%", low=0.0, high=100.0)
    record.values([percent], "%", [rectangular("shown in whole per cent", _SETTING_PERCENT, "setting")])


@measures("interconnection_monitoring_period", operator=True)
def test_interconnection_monitoring_period(ask: Ask, record: Record) -> None:
    """The longest time between two checks of an interconnection, as the platform is set."""
    seconds = ask.number("period", unit="s", low=0.0, high=_LONGEST_S)
    record.values([seconds], "s", [rectangular("shown in whole seconds", 0.5, "setting")])


@measures("interconnection_fault_time", operator=True)
def test_interconnection_fault_time(ask: Ask, record: Record) -> None:
    """By stopwatch, from the cut interconnection to its indication."""
    seconds = ask.number("fault_time", unit="s", low=0.0, high=_LONGEST_S)
    record.values([seconds], "s", [rectangular("reaction of a person", _THUMB_S, "stopwatch, two presses")])


@measures("picture_brightness", seconds=6)
def test_picture_brightness(view_scan: ViewScan, record: Record) -> None:
    """The mean luma of the live picture."""
    record.measurement(evaluate.picture_level(view_scan, "picture_brightness"))


@measures("picture_contrast")
def test_picture_contrast(view_scan: ViewScan, record: Record) -> None:
    """The standard deviation of the luma of the live picture."""
    record.measurement(evaluate.picture_level(view_scan, "picture_contrast"))
