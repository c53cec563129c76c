# SPDX-License-Identifier: Apache-2.0
"""The fields a Word template may print: the texts of the formal report, under fixed Chinese names."""

from __future__ import annotations

from typing import Any, Final

from yanshou.reports.document import document
from yanshou.reports.office import FORBIDDEN
from yanshou.reports.result_tables import OUTSIDE
from yanshou.reports.view import RunView

FACTS: Final = {
    "project": "工程名称",
    "place": "检测地点",
    "client": "委托单位",
    "contact": "委托方联系人",
    "owner": "建设单位",
    "designer": "设计单位",
    "builder": "施工单位",
    "supervisor": "监理单位",
    "maintainer": "维护单位",
    "user": "使用单位",
    "category": "检测类别",
    "laboratory": "检测机构",
    "laboratory_address": "机构地址",
    "phone": "电话",
    "received": "受理日期",
    "dates": "检测日期",
    "issued": "签发日期",
    "environment": "环境条件",
    "devices": "系统组成",
    "attributes": "工程属性",
    "state": "系统状态",
    "external": "外部结果",
    "software": "检测软件",
    "validated": "软件确认",
}
"""Facts of the cover and the overview, by their key in the formal report."""

NEEDED: Final = (
    *("报告编号", "检测机构", "机构地址", "检测地点", "委托单位", "委托方联系人", "工程名称", "系统状态"),
    *("受理日期", "检测日期", "签发日期", "环境条件", "检测依据", "判定依据", "判定规则", "抽样"),
    *("主要仪器", "结果", "方法偏离", "外部结果", "声明", "限值状态", "日志末端"),
)
"""What ISO/IEC 17025:2017, 7.8.2 and 7.8.3, asks of a report; a template that leaves one out is told."""

_RESULT: Final = {
    "no": "序号", "item": "检测项目", "id": "项目代码", "clause": "标准条款", "method": "方法",
    "requires": "技术要求", "status": "限值状态", "sample": "抽样", "result": "检测结果", "device": "设备",
    "notes": "备注", "verdict": "判定", "counts": "判定统计",
}  # fmt: skip
_DEVICE: Final = {
    "no": "序号", "device": "设备", "notes": "备注", "result": "检测结果", "U": "U", "verdict": "判定",
}  # fmt: skip
_BAD: Final = {
    "title": "检测项目", "verdict": "判定", "clause": "标准条款", "place": "设备", "requires": "技术要求",
    "result": "检测结果", "reason": "原因", "evidence": "证据",
}  # fmt: skip
_INSTRUMENT: Final = {
    "id": "编号", "name": "名称", "serial": "出厂编号", "measures": "测量范围", "certificate": "校准证书",
    "calibrated": "校准日期", "due": "有效期至",
}  # fmt: skip
_LISTS: Final = {
    "methods": ("检测依据", ("标准", "名称", "说明")),
    "basis": ("判定依据", ("标准", "名称", "条款", "说明")),
    "sampling": ("抽样", ("检验批", "总数", "样本", "规则", "抽中")),
    "deviations": ("方法偏离", ("编号", "内容", "涉及")),
    "untested": ("未检项目", ("项目代码", "检测项目", "标准条款", "设备", "原因")),
    "invalid": ("无效结果", ("项目代码", "检测项目", "标准条款", "设备", "原因")),
    "unjudged": ("依据待核", ("项目代码", "检测项目", "标准条款", "设备", "原因")),
    "na": ("不适用项目", ("项目代码", "检测项目", "标准条款", "设备", "原因")),
    "scope": ("范围以外", ("系统", "项数", "项目")),
    "people": ("人工步骤", ("时间", "内容", "回答", "人员")),
    "sessions": ("检测时段", ("序号", "开始", "结束", "人员", "到场仪器", "结束方式")),
    "evidence": ("证据清单", ("序号", "内容", "检测项目", "大小", "SHA256")),
}


def fields(view: RunView, language: str) -> dict[str, Any]:
    """Every field with its text, list or yes and no; what only the laboratory can give reads 待填."""
    content = document(view, language)
    shown = {one["key"]: one["text"] for one in (*content["cover"], *content["overview"])}
    proposed = content["proposed"]
    rows = [
        _named(row, _RESULT) | {"系统": part["title"]} for part in content["systems"] for row in part["rows"]
    ]
    for row, one in zip(rows, (one for part in content["systems"] for one in part["rows"]), strict=True):
        row["项目代码"] += OUTSIDE if one["outside"] else ""
    made: dict[str, Any] = {
        "标题": content["t"]["report"],
        "报告编号": content["report_no"] or content["t"]["fill"],
        "版次": content["issue"],
        "签发": shown["issue"],
        "检测轮次": content["run"],
        "仿真": content["emulated"],
        **{name: shown[key] for key, name in FACTS.items()},
        "待补": content["missing"],
        "声明": content["statement"],
        "判定用语": content["verdicts"],
        "限值状态": content["status"],
        "判定规则": content["rule"],
        "汇总": content["total"],
        "注意": content["rests"],
        "结论": {"文字": proposed["text"], "未决": proposed["open"], "须落实": proposed["settle"]},
        "结果": rows,
        "设备结果": [
            _named(row, _DEVICE) | {"检测项目": part["title"]}
            for part in content["annex"]
            for row in part["rows"]
        ],
        "主要仪器": [_named(row, _INSTRUMENT) for row in content["instruments"]],
        "不符合项": [_named(row, _BAD) for row in content["nonconform"]],
        "日志末端": content["head"],
    }
    for key, (name, heads) in _LISTS.items():
        made[name] = [dict(zip(heads, row, strict=True)) for row in content[key]]
    cleaned: dict[str, Any] = _cleaned(made)
    return cleaned


def _named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {name: row[key] for key, name in names.items()}


def _cleaned(content: Any) -> Any:
    """The texts without characters that no XML file can contain."""
    if isinstance(content, str):
        return FORBIDDEN.sub("\ufffd", content)
    if isinstance(content, dict):
        return {key: _cleaned(value) for key, value in content.items()}
    return [_cleaned(value) for value in content] if isinstance(content, list | tuple) else content
