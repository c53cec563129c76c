# SPDX-License-Identifier: Apache-2.0
"""``yanshou accept SITE``: a named person accepts the healthy view of cameras as their reference."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from yanshou.cli.commands.run import emulated
from yanshou.cli.language import _, spoken
from yanshou.cli.output import print_json, print_table
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.equipment.accepted_views import accepted_path
from yanshou.equipment.view_scan import scanned
from yanshou.evaluation import accepted_of
from yanshou.model import Device, DeviceKind, Site, UsageError
from yanshou.operator import Answer, ConfirmQuestion, Operator, settled, wording
from yanshou.planning import nameless
from yanshou.site import device_secret, load_site


def run(options: argparse.Namespace) -> int:
    """Return 0 if every camera's view was accepted, 3 if one was refused."""
    from yanshou.fixtures.prepare import operator_of  # noqa: PLC0415 - brings pytest in

    site = load_site(options.site)
    cameras = _chosen(site, options.device)
    if mistake := nameless(site):
        raise UsageError([mistake])
    operator = operator_of(site, options.operator, language=spoken())
    with emulated(options.site, None) if options.emulate else contextlib.nullcontext():
        answers = [(device.id, *_accept(site, device, options.light, operator)) for device in cameras]
    if options.json:
        rows = [
            {"device": name, "file": str(path), "accepted": answer.value is True}
            for name, path, answer in answers
        ]
        print_json(rows)
    else:
        heads = (_("device"), _("accepted by"), _("file"))
        print_table(heads, [(name, _by(answer), str(path)) for name, path, answer in answers])
    return 0 if all(answer.value is True for _name, _path, answer in answers) else 3


def _by(answer: Answer) -> str:
    return answer.person if answer.value is True else _("not accepted")


def _chosen(site: Site, names: Sequence[str] | None) -> list[Device]:
    cameras = {device.id: device for device in site.of_kind(DeviceKind.CAMERA)}
    unknown = [name for name in names or () if name not in cameras]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)}: no such camera in the inventory.",
            f"There are: {', '.join(cameras) or 'none'}.",
            path=site.folder / "site.toml",
        )
    return [cameras[name] for name in names or cameras]


def _accept(site: Site, device: Device, light: str, operator: Operator) -> tuple[Path, Answer]:
    """Show a camera's picture to the person; only figures of it are kept, not the picture."""
    secret = device_secret(site, device.connection) if device.connection else ""
    with OnvifCamera(device, secret) as camera, tempfile.TemporaryDirectory() as folder:
        scan = scanned(camera)
        accepted = accepted_of(scan)
        shown = Path(folder) / f"{device.id}.jpg"
        shown.write_bytes(camera.snapshot())
        said = wording("accept", operator.language, camera=f"{device.id} {device.name}", light=light)
        question = ConfirmQuestion(f"{device.id}.accept", said.text, wording=said, show=(shown,))
        answer = settled(operator, question, lambda _kind, **_fields: None)  # no run, so no journal
    path = accepted_path(site.folder, device.id, light)
    if answer.value is True:
        content = {"camera": device.id, "light": light, "accepted_by": answer.person, "at": answer.at}
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps(content | accepted.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return path, answer
