# SPDX-License-Identifier: Apache-2.0
"""条例义务 — required systems, privacy, papers, integrity and access to records."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, View, measures, message
from yanshou.model import Site

_PLACES = ("none", "guest_room", "dormitory", "bathroom", "client_data", "ballot", "other")


@measures("required_systems_present")
def test_required_systems_present(site: Site, record: Record) -> None:
    """The systems required for this category of place (Art. 8) all have devices in the inventory."""
    required = site.attributes.get("required_systems")
    if not isinstance(required, list | tuple) or not required:
        record.cannot("工程文件未说明本类场所应有的系统（required_systems）")
        return
    present = {device.system.value for device in site.devices.values()}
    missing = [name for name in required if name not in present]
    record.logical(
        conforms=not missing, n=len(required), because=f"缺少：{'、'.join(missing)}" if missing else ""
    )


@measures("privacy_of_view", operator=True)
def test_privacy_of_view(view: View, ask: Ask, record: Record) -> None:
    """The camera's view is shown to a named person, who says whether it is one of the six forbidden kinds."""
    seen = ask.choice("view", _PLACES, show=(view.full(),))
    view.keep_blurred()
    record.logical(conforms=seen == "none", because="" if seen == "none" else message(f"view.{seen}").zh)


@measures("papers_kept", operator=True)
def test_papers_kept(ask: Ask, record: Record) -> None:
    """Drawings, documents and the secrecy rules are shown; their numbers are written down."""
    papers = ("图纸及技术资料", "安全保密制度", "使用维护制度")
    missing = []
    for number, paper in enumerate(papers, start=1):
        if not ask.yes(f"paper{number}"):
            missing.append(paper)
    ask.text("paper.reference", key="reference")
    record.logical(
        conforms=not missing, n=len(papers), because=f"缺少：{'、'.join(missing)}" if missing else ""
    )
