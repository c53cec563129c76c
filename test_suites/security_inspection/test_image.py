# SPDX-License-Identifier: Apache-2.0
"""X 射线图像 — the test body at each position: the assessor's score beside that of the exported picture."""

from __future__ import annotations

from yanshou.fixtures.api import BodyPictures, Demands, Record, evaluate, measures


@measures(
    "xray_image_class_met",
    instruments=("xray_test_body",),
    intrusive=("beam",),
    operator=True,
    classed=True,
    seconds=3600,
)
def test_xray_image_class(demands: Demands, body_pictures: BodyPictures, record: Record) -> None:
    """The calibrated body passes at each position; its picture is scored by a person, exported and scored."""
    demand = demands.of_device("positions")
    body_pictures.whose()
    criteria = evaluate.body.Criteria(
        rose=record.criterion("rose"),
        section_mm=record.criterion("section_mm"),
        dip=record.criterion("dip"),
        contrast=record.criterion("contrast"),
    )
    shots = [body_pictures.shot(position, demand, criteria) for position in demand.positions]
    body_pictures.sheet()
    found = evaluate.body.ImageClass(demand, shots, body_pictures.layout)
    record.measurement(found.measurement("xray_image_class_met", record.device))
