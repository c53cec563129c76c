# SPDX-License-Identifier: Apache-2.0
"""视频质量诊断 — the platform reports a fault planted before a camera, and no longer once it is gone."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, ViewScan, evaluate, measures, rectangular

_THUMB_S = 0.5  # a person's reaction at start and stop of a stopwatch
_SETTING_PERCENT = 0.5  # a threshold is shown in whole per cent
_LONGEST_S = 3600.0


def _diagnosed(ask: Ask, record: Record, fault: str, how: str) -> None:
    """A person plants the fault at one camera, reads the platform, removes it and reads again."""
    camera = ask.text("camera", f"制造“{fault}”所用的摄像机位号")
    reported = ask.yes("reported", f"{camera}：{how}。平台是否报出“{fault}”？")
    gone = ask.yes("gone", f"{camera}：恢复原状后，平台是否不再报“{fault}”？")
    wrong = [words for words, seen in (("未报出", reported), ("恢复后仍报", gone)) if not seen]
    record.logical(conforms=not wrong, n=2, because="、".join(wrong))


@measures("diagnosis_brightness", operator=True)
def test_diagnosis_brightness(ask: Ask, record: Record) -> None:
    """The scene is lit too brightly or darkened."""
    _diagnosed(ask, record, "亮度异常", "强光照射镜头或关闭照明")


@measures("diagnosis_occlusion", operator=True)
def test_diagnosis_occlusion(ask: Ask, record: Record) -> None:
    """The lens is covered."""
    _diagnosed(ask, record, "画面遮挡", "用不透明物遮住镜头的一半以上")


@measures("diagnosis_blur", operator=True)
def test_diagnosis_blur(ask: Ask, record: Record) -> None:
    """The lens is put out of focus."""
    _diagnosed(ask, record, "画面模糊", "调离焦点或在镜头前放磨砂片")


@measures("diagnosis_snow_noise", operator=True)
def test_diagnosis_snow_noise(ask: Ask, record: Record) -> None:
    """Snow is made by light too weak or by a disturbed signal."""
    _diagnosed(ask, record, "雪花噪声", "在极低照度下加大增益，或接入含噪信号")


@measures("diagnosis_colour_cast", operator=True)
def test_diagnosis_colour_cast(ask: Ask, record: Record) -> None:
    """A coloured filter is held before the lens."""
    _diagnosed(ask, record, "偏色", "在镜头前放单色滤光片")


@measures("diagnosis_stripes", operator=True)
def test_diagnosis_stripes(ask: Ask, record: Record) -> None:
    """Stripes are fed in or held before the lens."""
    _diagnosed(ask, record, "条纹干扰", "接入含条纹的信号，或在镜头前放条纹图")


@measures("diagnosis_signal_loss", operator=True)
def test_diagnosis_signal_loss(ask: Ask, record: Record) -> None:
    """The camera's cable is pulled."""
    _diagnosed(ask, record, "信号丢失", "断开摄像机的网线或视频线")


@measures("diagnosis_freeze", operator=True)
def test_diagnosis_freeze(ask: Ask, record: Record) -> None:
    """A still picture is fed in."""
    _diagnosed(ask, record, "画面冻结", "接入静止画面信号")


@measures("diagnosis_shake", operator=True)
def test_diagnosis_shake(ask: Ask, record: Record) -> None:
    """The camera is shaken."""
    _diagnosed(ask, record, "画面抖动", "持续晃动摄像机或其支架")


@measures("diagnosis_scene_change", operator=True)
def test_diagnosis_scene_change(ask: Ask, record: Record) -> None:
    """The camera is turned to another view."""
    _diagnosed(ask, record, "画面突变", "将摄像机转向另一场景")


@measures("diagnosis_ptz_fault", operator=True)
def test_diagnosis_ptz_fault(ask: Ask, record: Record) -> None:
    """The pan and tilt head is held fast."""
    _diagnosed(ask, record, "云台运动异常", "控制云台转动的同时使其不能转动")


@measures("video_loss_alarm", operator=True)
def test_video_loss_alarm(ask: Ask, record: Record) -> None:
    """The picture is taken away: the platform raises an alarm."""
    seen = ask.yes("loss", "断开该路视频信号后，平台是否发出视频丢失报警？")
    record.logical(conforms=seen, because="" if seen else "断开信号后未报警")


@measures("signal_loss_detection_time", operator=True)
def test_signal_loss_detection_time(ask: Ask, record: Record) -> None:
    """By stopwatch, from the pulled cable to the alarm of lost signal."""
    seconds = ask.number(
        "loss_time", "断开网线至报信号丢失的时间（秒表）", unit="s", low=0.0, high=_LONGEST_S
    )
    record.values([seconds], "s", [rectangular("reaction of a person", _THUMB_S, "stopwatch, two presses")])


@measures("freeze_similar_frames", operator=True)
def test_freeze_similar_frames(ask: Ask, record: Record) -> None:
    """The number of like frames after which the platform is set to report a frozen picture."""
    record.number(ask.number("freeze_frames", "平台设置：判定冻结的连续帧数", unit="1", low=1, high=100_000))


@measures("freeze_similarity", operator=True)
def test_freeze_similarity(ask: Ask, record: Record) -> None:
    """The likeness above which the platform is set to take frames for alike."""
    percent = ask.number("freeze_similarity", "平台设置：判定冻结的相似度", unit="%", low=0.0, high=100.0)
    record.values([percent], "%", [rectangular("shown in whole per cent", _SETTING_PERCENT, "setting")])


@measures("interconnection_monitoring_period", operator=True)
def test_interconnection_monitoring_period(ask: Ask, record: Record) -> None:
    """The longest time between two checks of an interconnection, as the platform is set."""
    seconds = ask.number("period", "平台设置：互连监测周期", unit="s", low=0.0, high=_LONGEST_S)
    record.values([seconds], "s", [rectangular("shown in whole seconds", 0.5, "setting")])


@measures("interconnection_fault_time", operator=True)
def test_interconnection_fault_time(ask: Ask, record: Record) -> None:
    """By stopwatch, from the cut interconnection to its indication."""
    seconds = ask.number("fault_time", "断开互连至平台通报的时间（秒表）", unit="s", low=0.0, high=_LONGEST_S)
    record.values([seconds], "s", [rectangular("reaction of a person", _THUMB_S, "stopwatch, two presses")])


@measures("picture_brightness", seconds=6)
def test_picture_brightness(look: ViewScan, record: Record) -> None:
    """The mean luma of the live picture."""
    record.measurement(evaluate.picture_level(look, "picture_brightness"))


@measures("picture_contrast")
def test_picture_contrast(look: ViewScan, record: Record) -> None:
    """The standard deviation of the luma of the live picture."""
    record.measurement(evaluate.picture_level(look, "picture_contrast"))
