# SPDX-License-Identifier: Apache-2.0
"""Questions of the suites of site compliance: duties, records, sampling."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

PAPERS: Final[dict[str, Text]] = {
    "view": Text(
        "该摄像机画面是否涉及禁止安装的隐私场所？",
        "Does the view of this camera show a place where none may be installed for privacy?",
    ),
    "view.none": Text("不涉及以下任何一类", "none of the following"),
    "view.guest_room": Text(
        "（一）旅店业客房、娱乐场所包间", "(1) guest rooms of hotels, private rooms of entertainment places"
    ),
    "view.dormitory": Text("（二）集体宿舍、公寓房间", "(2) dormitories, rooms of apartment houses"),
    "view.bathroom": Text(
        "（三）哺乳室、公共浴室、更衣室、化妆间、卫生间",
        "(3) nursing rooms, public baths, changing rooms, dressing rooms, toilets",
    ),
    "view.client_data": Text(
        "（四）可能泄露金融、保险、证券客户个人信息的区域",
        "(4) areas where personal data of clients of banks, insurers or brokers could be seen",
    ),
    "view.ballot": Text(
        "（五）可能观察到选举、举报、投票意愿表达的区域",
        "(5) areas where one could see how persons vote, elect or report",
    ),
    "view.other": Text(
        "（六）其他涉及个人隐私的场所和区域", "(6) other places and areas of personal privacy"
    ),
    "paper.reference": Text("资料的存放处", "Where the documents are kept"),
    "papers.safe": Text(
        "资料是否齐全，且妥善保管在“{place}”？", "Are the documents complete and kept safe there: {place}?"
    ),
    "access_oldest": Text(
        "请调出最早的出入记录，其日期（年-月-日）",
        "Please call up the oldest access record; its date (year-month-day)",
    ),
    "access_where": Text(
        "出入记录的来源（系统、表名或截图编号）",
        "Where the access record was seen (system, table or number of the screenshot)",
    ),
    "patrol_oldest": Text(
        "请调出最早的巡查记录，其日期（年-月-日）",
        "Please call up the oldest patrol record; its date (year-month-day)",
    ),
    "patrol_where": Text(
        "巡查记录的来源（系统、表名或截图编号）",
        "Where the patrol record was seen (system, table or number of the screenshot)",
    ),
    "visitor_oldest": Text(
        "请调出最早的访客、车辆记录，其日期（年-月-日）",
        "Please call up the oldest record of visitors and vehicles; its date (year-month-day)",
    ),
    "visitor_where": Text(
        "访客、车辆记录的来源（系统、表名或截图编号）",
        "Where the record of visitors and vehicles was seen (system, table or number of the screenshot)",
    ),
    "used": Text(
        "系统投入使用文件的日期（年-月-日）",
        "Date of the paper by which the system was put into use (year-month-day)",
    ),
    "retrieval_person": Text(
        "抽看查阅、复制、调取登记：每次是否都登记了人员？",
        "Entries of the register of viewing, copying and retrieval: does each one name the person?",
    ),
    "retrieval_reason": Text(
        "抽看查阅、复制、调取登记：每次是否都登记了事由？",
        "Entries of the register of viewing, copying and retrieval: does each one state the reason?",
    ),
    "retrieval_period": Text(
        "抽看查阅、复制、调取登记：每次是否都登记了时段？",
        "Entries of the register of viewing, copying and retrieval: does each one state the period?",
    ),
    "retrieval_approval": Text(
        "抽看查阅、复制、调取登记：每次是否都登记了审批？",
        "Entries of the register of viewing, copying and retrieval: does each one state the approval?",
    ),
    "retrieval_seen": Text(
        "抽看的登记条目（编号或日期）", "The entries of the register that were seen (number or date)"
    ),
    "secrecy.lacking": Text(
        "承担建设、运维、检验而未签保密约定的单位（以逗号分开；没有填“无”）",
        "Units entrusted with building, maintenance or inspection that have not signed (by commas; none)",
    ),
    "sign.photo": Text("其中一处提示标识的照片", "Photograph of one of these signs"),
    "sign": Text(
        "采集公共场所图像的点位附近是否都有显著提示标识？",
        "Is there a clear sign near every camera that records a public place?",
    ),
    "neighbour": Text(
        "点位邻近军事禁区、军事管理区或涉密单位时，是否有其书面同意？",
        "If the camera is near a military area or a classified unit: is there its written consent?",
    ),
    "neighbour.none": Text("附近没有此类单位", "no such unit nearby"),
    "neighbour.consent": Text("有书面同意", "written consent seen"),
    "neighbour.missing": Text("没有书面同意", "no written consent"),
    "forbidden": Text(
        "该点位是否位于或看得到禁止安装的场所（客房、宿舍、浴室、更衣室、卫生间等）？",
        "Is the camera in, or does it look into, a place where none may be installed (guest room, dormitory, "
        "bath, changing room, toilet ...)?",
    ),
    "repair.faults": Text(
        "维护记录中全部故障的编号（以逗号分隔；没有故障填“无”）",
        "Numbers of all faults in the maintenance record (separated by commas; none if there is none)",
    ),
    "repair.reported": Text(
        "故障 {number} 的报修时间（年-月-日 时:分）",
        "When fault {number} was reported (year-month-day hour:minute)",
    ),
    "repair.mended": Text(
        "故障 {number} 恢复使用的时间（年-月-日 时:分；尚未修复填“无”）",
        "When it was in service again after fault {number} (year-month-day hour:minute; none if not yet)",
    ),
    "local.cut": Text(
        "摄像机断网的时间（年-月-日 时:分）", "When the camera's network was cut (year-month-day hour:minute)"
    ),
    "local.restored": Text(
        "摄像机恢复联网的时间（年-月-日 时:分）",
        "When the camera's network was restored (year-month-day hour:minute)",
    ),
    "local.first": Text(
        "从摄像机本机读回的断网期间录像的最早时间（年-月-日 时:分；没有录像填“无”）",
        "Earliest time of the recording read back from the camera (year-month-day hour:minute; none if "
        "there is no recording)",
    ),
    "local.last": Text(
        "从摄像机本机读回的断网期间录像的最晚时间（年-月-日 时:分；没有录像填“无”）",
        "Latest time of the recording read back from the camera (year-month-day hour:minute; none if "
        "there is no recording)",
    ),
    "local.breaks": Text(
        "该段录像中断的时间（年-月-日 时:分，多个以逗号分隔；没有中断填“无”）",
        "Times at which that recording breaks off (year-month-day hour:minute, separated by commas; none)",
    ),
    "plan_covers_contract": Text(
        "检验方案（{items} 项）是否覆盖了合同约定的项目？",
        "Does the inspection plan ({items} items) cover what the contract asks for?",
    ),
    "plan_covers_design": Text(
        "检验方案（{items} 项）是否覆盖了深化设计的项目？",
        "Does the inspection plan ({items} items) cover the detailed design?",
    ),
    "plan_covers_changes": Text(
        "检验方案（{items} 项）是否覆盖了变更的项目？",
        "Does the inspection plan ({items} items) cover the changes?",
    ),
    "plan_no": Text("检验实施细则编号", "Number of the inspection procedure"),
}
