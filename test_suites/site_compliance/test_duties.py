# SPDX-License-Identifier: Apache-2.0
"""条例义务 — required systems, privacy, papers, integrity and access to records."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, View, measures
from yanshou.model import Site

_FORBIDDEN = {
    "none": "不涉及以下任何一类",
    "guest_room": "（一）旅店业客房、娱乐场所包间",
    "dormitory": "（二）集体宿舍、公寓房间",
    "bathroom": "（三）哺乳室、公共浴室、更衣室、化妆间、卫生间",
    "client_data": "（四）可能泄露金融、保险、证券客户个人信息的区域",
    "ballot": "（五）可能观察到选举、举报、投票意愿表达的区域",
    "other": "（六）其他涉及个人隐私的场所和区域",
}


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
    seen = ask.choice("view", "该摄像机画面是否涉及禁止安装的隐私场所？", _FORBIDDEN, show=(view.full(),))
    view.keep_blurred()
    record.logical(conforms=seen == "none", because="" if seen == "none" else _FORBIDDEN[seen])


@measures("papers_kept", operator=True)
def test_papers_kept(ask: Ask, record: Record) -> None:
    """Drawings, documents and the secrecy rules are shown; their numbers are written down."""
    papers = ("图纸及技术资料", "安全保密制度", "使用维护制度")
    missing = []
    for number, paper in enumerate(papers, start=1):
        if not ask.yes(f"paper{number}", f"是否见到：{paper}？"):
            missing.append(paper)
    ask.text("reference", "资料编号或存放处")
    record.logical(
        conforms=not missing, n=len(papers), because=f"缺少：{'、'.join(missing)}" if missing else ""
    )
