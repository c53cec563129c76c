# SPDX-License-Identifier: Apache-2.0
"""安检点的条件 — certificate of the test body, privacy of body pictures, equipment against explosives."""

from __future__ import annotations

from datetime import date

from yanshou.fixtures.api import Ask, Bodies, Record, measures

_DAY = r"\d{4}-\d{2}-\d{2}"


@measures("test_body_calibrated", instruments=("xray_test_body",), operator=True, seconds=60)
def test_test_body_calibrated(bodies: Bodies, ask: Ask, record: Record) -> None:
    """The body in the tester's hand and the paper beside it are those of the register, and in date."""
    body = bodies.planned("xray_test_body")
    serial = ask.text("body.serial").strip()
    certificate = ask.text("body.certificate").strip()
    due = date.fromisoformat(ask.text("body.due", pattern=_DAY))
    ask.photo("body.page")
    wrong = [f"测试体编号 {serial}，台账为 {body.serial}"] if serial != body.serial else []
    wrong += [f"证书编号 {certificate}，台账为 {body.certificate}"] if certificate != body.certificate else []
    wrong += [f"所示证书已于 {due} 到期"] if due < bodies.today else []
    wrong += [f"证书有效期 {due}，台账为 {body.due}"] if due != body.due else []
    record.logical(conforms=not wrong, because="；".join(wrong))


@measures("body_image_privacy", operator=True, seconds=300)
def test_body_image_privacy(ask: Ask, record: Record) -> None:
    """A picture of the test crew is looked at; a user without the right tries to view, keep and export it."""
    wrong = []
    if not ask.yes("privacy.hidden"):
        wrong.append("输出图像显示人体细节或面部")
    if not ask.yes("privacy.kept"):
        wrong.append("无权限用户能调看、保存或导出图像")
    if not ask.yes("privacy.apart"):
        wrong.append("判图人员能看到受检人本人")
    ask.photo("privacy.photo")
    record.logical(conforms=not wrong, n=3, because="；".join(wrong))


@measures("explosive_disposal_present", operator=True, seconds=120)
def test_explosive_disposal_present(ask: Ask, record: Record) -> None:
    """What is there against explosives is named, photographed and looked at, and somebody answers for it."""
    if not ask.yes("explosive.present"):
        record.logical(conforms=False, because="安检点未配备防爆处置设施")
        return
    which, keeper = ask.text("explosive.which"), ask.name("explosive.keeper")
    usable = ask.yes("explosive.usable")
    ask.photo("explosive.photo")
    stated = f"{which}，责任人 {keeper}"
    record.logical(conforms=usable, because=stated if usable else f"{stated}：不完好、过期或取用受阻")
