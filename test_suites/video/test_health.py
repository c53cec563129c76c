# SPDX-License-Identifier: Apache-2.0
"""画面健康 — is there a picture, does it live, and is it still the one that was accepted."""

from __future__ import annotations

from yanshou.fixtures.api import AcceptedView, Record, ViewChange, ViewScan, evaluate, measures


@measures("picture_signal", seconds=6)
def test_picture_signal(view_scan: ViewScan, record: Record) -> None:
    """The picture is scanned: it must be neither black nor white nor blue nor of one colour."""
    record.measurement(evaluate.picture_signal(view_scan))


@measures("picture_still")
def test_picture_still(view_scan: ViewScan, record: Record) -> None:
    """The picture is watched for some seconds: the longest time in which nothing in it changed."""
    record.measurement(evaluate.picture_still(view_scan))


@measures("picture_sharpness_kept")
def test_picture_sharpness_kept(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """What is left of the sharpness the accepted picture had."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.SHARPNESS))


@measures("picture_noise_added")
def test_picture_noise_added(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """Noise beyond that of the accepted picture."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.NOISE))


@measures("picture_brightness_change")
def test_picture_brightness_change(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """How much brighter or darker the picture is than the accepted one."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.BRIGHTNESS))


@measures("picture_cast_added")
def test_picture_cast_added(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """A cast of colour that the accepted picture did not have."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.CAST))


@measures("picture_stripes_added")
def test_picture_stripes_added(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """Regular stripes that the accepted picture did not have."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.STRIPES))


@measures("picture_occlusion_added")
def test_picture_occlusion_added(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """The share of the picture that lost its structure: something stands before the lens."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.OCCLUSION))


@measures("view_shift")
def test_view_shift(view_scan: ViewScan, accepted: AcceptedView, record: Record) -> None:
    """How far the view moved since acceptance, by features of the scene."""
    record.measurement(evaluate.picture_change(view_scan, accepted, ViewChange.SHIFT))
