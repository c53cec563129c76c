# SPDX-License-Identifier: Apache-2.0
"""现场读数 — what an instrument or a person reads beside the picture: light, angles, pixels on a target."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, ChartShot, MeterOf, Record, View, evaluate, measures

_MOST_PX = 20000.0
_ROD_PX = 2.0  # what a person may misread of a rod's two ends, in px
_EYES_PX = 2.0


@measures("scene_illuminance", instruments=("lux_meter",), operator=True, seconds=60)
def test_scene_illuminance(manual_meter: MeterOf, record: Record) -> None:
    """The lux meter lies in the target plane while the picture is judged."""
    meter = manual_meter("lux_meter")
    reading = meter.ask("illuminance", "lx")
    record.readings([reading], meter)


@measures("scene_to_minimum_illuminance_ratio", instruments=("lux_meter",), operator=True, seconds=60)
def test_scene_to_minimum_illuminance(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The light in the scene over the least light the camera's data sheet declares."""
    meter = manual_meter("lux_meter")
    reading = meter.ask("illuminance", "lx", "scene")
    declared = ask.number("declared", unit="lx", low=1e-6, high=1e4)
    record.values(
        [reading.value / declared],
        "1",
        evaluate.site.scaled(meter.component_of(reading), 1 / declared),
    )


@measures("minimum_illumination", instruments=("lux_meter",), operator=True, seconds=300)
def test_minimum_illumination(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The light is taken down until the chart's white minus black is 30 % of that in full light."""
    meter = manual_meter("lux_meter")
    ask.text("mode")
    reading = meter.ask("illuminance", "lx", "minimum")
    record.readings([reading], meter)


@measures("exposure_time", operator=True, seconds=30)
def test_exposure_time(ask: Ask, record: Record) -> None:
    """The longest shutter that the camera's page allows, as set during the test of minimum illumination."""
    value = ask.number("shutter", unit="ms", low=0.001, high=10000)
    record.values([value], "ms", evaluate.site.as_set(value))


@measures(
    "low_light_snr", instruments=("lux_meter",), operator=True, seconds=120, not_where={"chart": "none"}
)
def test_low_light_snr(dim_chart: ChartShot, manual_meter: MeterOf, record: Record) -> None:
    """The chart in low light that is still called usable: white minus black over the noise in time."""
    meter = manual_meter("lux_meter")
    reading = meter.ask("illuminance", "lx", "low_light")
    record.measurement(evaluate.image.low_light_snr(dim_chart, reading.value))


@measures("pixel_density", operator=True, seconds=30)
def test_pixel_density(view: View, ask: Ask, chart_there: ChartShot | None, record: Record) -> None:
    """The chart, or a rod of 1 m, stands where the farthest target will be: pixels across one metre there."""
    if chart_there is not None:
        record.measurement(evaluate.image.pixel_density(chart_there))
        return
    pixels = ask.number(
        "rod",
        unit="px",
        low=1,
        high=_MOST_PX,
        show=(view.full(),),
    )
    view.keep_blurred()
    record.values([pixels], "px/m", evaluate.site.read_off(_ROD_PX))


@measures("interocular_distance", operator=True, seconds=60)
def test_interocular_distance(view: View, ask: Ask, record: Record) -> None:
    """A printed face stands at the working distance: pixels between the middles of its eyes."""
    pixels = ask.number("eyes", unit="px", low=1, high=_MOST_PX, show=(view.full(),))
    view.keep_blurred()
    record.values([pixels], "px", evaluate.site.read_off(_EYES_PX))


@measures("key_area_target_pixels", operator=True, seconds=60)
def test_key_area_target(view: View, ask: Ask, record: Record) -> None:
    """The target of a key area (face, body, plate) at the working distance: pixels across it."""
    pixels = ask.number(
        "target",
        unit="px",
        low=1,
        high=_MOST_PX,
        show=(view.full(),),
    )
    view.keep_blurred()
    record.values([pixels], "px", evaluate.site.read_off(_ROD_PX))


@measures("camera_vertical_angle", instruments=("inclinometer",), operator=True, seconds=30)
def test_vertical_angle(manual_meter: MeterOf, record: Record) -> None:
    """The inclinometer on the camera, or at the target towards it."""
    meter = manual_meter("inclinometer")
    reading = meter.ask("angle", "deg")
    record.readings([reading], meter)


@measures("face_target_height_used", operator=True, seconds=30)
def test_face_target(ask: Ask, record: Record) -> None:
    """The board held before the camera stands for a face of 0.23 m."""
    record.logical(conforms=ask.yes("face_target"))


@measures("ir_illumination_distance", instruments=("length_meter",), operator=True, seconds=300)
def test_infrared_distance(manual_meter: MeterOf, record: Record) -> None:
    """The target is carried away in the dark until it no longer has its contrast."""
    meter = manual_meter("length_meter")
    reading = meter.ask("length", "m", "ir_distance", key="length")
    record.readings([reading], meter)


@measures("objective_test_conditions", operator=True, seconds=60)
def test_conditions(ask: Ask, record: Record) -> None:
    """Light as prescribed on the chart, and every instrument with a certificate in date."""
    lit = ask.yes("standard_light")
    certified = ask.yes("certificates")
    record.logical(conforms=lit and certified, n=2)


@measures("analogue_scope_respected", operator=True, seconds=30)
def test_analogue_scope(ask: Ask, record: Record) -> None:
    """Figures of the analogue standard were not laid on network cameras and recorders."""
    record.logical(conforms=ask.yes("analogue"))


@measures("recorder_class_grade", operator=True, seconds=60)
def test_recorder_class(ask: Ask, record: Record) -> None:
    """The type report of the recorder is shown."""
    record.logical(conforms=ask.yes("recorder_class", key="class"))
