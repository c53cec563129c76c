# SPDX-License-Identifier: Apache-2.0
"""图像延迟 — from the light of a change in view to the picture that shows it, and from request to picture."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Ask,
    Camera,
    Clock,
    Led,
    LedDelay,
    Record,
    Sensors,
    evaluate,
    measures,
    optical,
)

_TRIALS = 30
_DISPLAY_MS = 100.0


@measures("end_to_end_delay", seconds=25)
def test_end_to_end_delay(camera: Camera, light: LedDelay, sensors: Sensors, record: Record) -> None:
    """Light changes at random phases: to a sensor on the monitor, or to the decoded frame and display."""
    trials = _trials(record)
    screen, display_s = sensors.get("screen"), (0.0, 0.0)
    if screen is not None and light.led is not None:
        seen = optical.screen_delays(screen, light.led, trials, record.patience)
    else:
        seen = light.decoded_delays(trials, record.patience)
        display_s = (0.0, _display_s(record))
    record.by_statistic(
        lambda statistic: evaluate.delay.picture_delay(
            "end_to_end_delay",
            camera.device.id,
            seen,
            statistic,
            patience=record.patience,
            display_s=display_s,
        )
    )


@measures("terminal_end_to_end_delay", seconds=25)
def test_terminal_end_to_end_delay(camera: Camera, led: Led, sensors: Sensors, record: Record) -> None:
    """The LED changes at random phases, timed until a sensor before the user's terminal sees it."""
    sensor = sensors.need("terminal_screen", camera.device.id)
    seen = optical.screen_delays(sensor, led, _trials(record), record.patience)
    record.by_statistic(
        lambda statistic: evaluate.delay.picture_delay(
            "terminal_end_to_end_delay", camera.device.id, seen, statistic, patience=record.patience
        )
    )


@measures("camera_delay", operator=True, seconds=20)
def test_camera_delay(camera: Camera, light: LedDelay, record: Record, ask: Ask) -> None:
    """On a direct link: from a change of light to the decoded frame that shows it."""
    if not ask.yes("direct"):
        record.cannot("摄像机未与检测电脑直连，只能得到含网络的延迟。")
    seen = light.decoded_delays(_trials(record), record.patience)
    record.by_statistic(
        lambda statistic: evaluate.delay.in_ms(
            evaluate.delay.picture_delay(
                "camera_delay", camera.device.id, seen, statistic, patience=record.patience
            )
        )
    )


@measures("first_picture_time", repetitions=3, seconds=4)
def test_first_picture_time(camera: Camera, record: Record) -> None:
    """From the request of live video to the first decoded frame."""
    _first_pictures(camera, record)


@measures("site_picture_time", repetitions=3, operator=True, seconds=4)
def test_site_picture_time(camera: Camera, record: Record, ask: Ask) -> None:
    """The same from the upper centre."""
    if not ask.yes("upper_centre"):
        record.cannot("检测电脑未接在上级监控中心。")
    _first_pictures(camera, record)


@measures("signalling_response_time", repetitions=10, seconds=0.3)
def test_signalling_response_time(clock_there: Clock | None, record: Record, ask: Ask) -> None:
    """From the sending of a request to the receipt of its answer; at a platform out of a packet capture."""
    if clock_there is None:
        longest = ask.number("signalling", unit="ms", low=0.0, high=60_000.0)
        ask.photo("signalling_photo")
        record.values([longest / 1e3], "s", evaluate.site.captured())
        return
    for _ in record.repetitions:
        sent, answered = clock_there.exchange()
        record.latency(sent, answered)


def _first_pictures(camera: Camera, record: Record) -> None:
    for _ in record.repetitions:
        asked, seen = camera.first_picture(record.patience)
        record.latency(asked, seen)


def _display_s(record: Record) -> float:
    """The most a display adds: as measured here, else an assumption that the report names."""
    stated = record.parameter("display_delay_ms", -1.0)
    if stated < 0:
        record.deviation(f"显示环节未实测，按 0–{_DISPLAY_MS:g} ms 均匀分布计入")
    return (stated if stated >= 0 else _DISPLAY_MS) / 1e3


def _trials(record: Record) -> int:
    return record.times("delay_trials", _TRIALS, "光变化")
