# SPDX-License-Identifier: Apache-2.0
"""What suites say in Chinese of duties, papers, rooms, supplies and security inspection, in English.

``{1}`` is what the sentence took from the site file, a paper or a person.
"""

from __future__ import annotations

from typing import Final

PAPERS: Final = {
    "{k1} {2}（{3}，{4}）": "{1} {2} ({3}, {4})",
    "或": "or",
    "{k1}或{k2}": "{1} or {2}",
    "{1}自 {2} 起有效，{3}在此之前（{4}）": "{1} is valid from {2}; {3} came before ({4})",
    "{1}已于 {2} 到期，{3}在此之后（{4}）": "{1} was valid until {2}; {3} came after ({4})",
    "{1}的日期在检测日 {2} 之后": "{1} is dated after {2}, the day of the test",
    "{1}的有效期止于 {2}，早于其开始 {3}": "{1} is valid until {2}, before its beginning on {3}",
    "{1}的有效期止于 {2}，早于签发日期": "{1} is valid until {2}, before its date of issue",
    "{1}（{2}）早于{3}（{4}）": "{1} ({2}) came before {3} ({4})",
    "{1}早于试运行结束 {2}": "{1} came before the end of the trial run on {2}",
    "{1}未在现场出示": "not shown on site: {1}",
    "没有{k1}": "does not exist: {1}",
    "{1}的日期 {2} 在检测日 {3} 之后": "{1} is dated {2}, after {3}, the day of the test",
    "{1} 在点位表中不是{2}": "{1} is no {2} in the inventory",
    "点位表中没有 {1}": "{1} is not in the inventory",
    "陪同 {1}": "accompanied by {1}",
    "最早记录日期 {1} 在检测日之后": "the oldest record is dated {1}, after the day of the test",
    "即投用之日": "the day on which it was put into use",
    "工程文件未说明投用日期": "the site file does not state when it was put into use",
    "最早记录 {1}": "oldest record {1}",
    "日期 {1} 在检测日之后": "{1} is after the day of the test",
    "没有维护记录，投用日期也未说明": "no records of maintenance, nor is it stated when it was put into use",
    "至检测日": "until the day of the test",
    "最长间隔 {1} 至 {2}（共 {3} 次维护）": "longest interval {1} to {2} ({3} times in all)",
    "最长间隔 {1} 至 {2}，至检测日（共 {3} 次维护）": (
        "longest interval {1} to {2}, the day of the test ({3} times in all)"
    ),
    "试运行结束 {1} 早于开始 {2}": "the trial run ended on {1}, before it began on {2}",
    "试运行至 {1} 尚未结束（检测日 {2}）": "the trial run lasts until {1} (day of the test: {2})",
    "{1} 至 {2} 为 {3} d，记录载明 {4} d": "{1} to {2} are {3} d, the record states {4} d",
    "两者不一致，取较小者": "they differ, the smaller one was taken",
    "投用 {1}，至今未备案": "put into use on {1}, not filed yet",
    "投用 {1}，备案 {2}（委托方提供）": "put into use on {1}, filed on {2} (as the client states)",
    "时刻先后矛盾或在将来：{1}": "the times contradict one another or lie in the future: {1}",
    "届时仍在工作": "still working then",
    "故障 {1} 的时刻先后矛盾或在将来": "the times of fault {1} contradict one another or lie in the future",
    "{1} 次故障中最长的为 {2}：{3}": "the longest of {1} faults was {2}: {3}",
    "尚未修复：{1}": "not repaired yet: {1}",
    "断网时刻先后矛盾或在将来：{1}": (
        "the times without network contradict one another or lie in the future: {1}"
    ),
    "读回的录像不在断网期间（核对摄像机时钟）": (
        "the recording that was read back is not of the time without network (check the camera's clock)"
    ),
    "断网 {1}，读回 {2}，中断 {3} 次": "without network {1}, read back {2}, {3} interruptions",
    "{1} 至 {2}": "{1} to {2}",
}

DUTIES: Final = {
    "监控中心{1}没有视频覆盖": "not covered by video at the monitoring centre: {1}",
    "监控中心{1}未被完全覆盖": "not covered completely at the monitoring centre: {1}",
    "监控中心没有紧急报警装置": "the monitoring centre has no hold-up device",
    "{1} 在点位表中不是紧急报警防区": "{1} is no hold-up zone in the inventory",
    "两区之间的线缆没有保护": "the cables between the two rooms are not protected",
    "设备区没有入侵探测": "the equipment room has no intrusion detection",
    "设备区没有出入口控制": "the equipment room has no access control",
    "未列出标准条文所要求的防护措施": "the measures that the clause asks for were not listed",
    "所缺的 {1} 不在所列措施之中": "{1}, said to be missing, is not among the measures listed",
    "核对 {1} 项：{2}": "{1} checked: {2}",
    "{k1}未试": "not tried: {1}",
    "第八条所列场所，点位表中没有任何技防系统": (
        "a place named in Art. 8, and the inventory has no security system at all"
    ),
    "图纸资料未妥善保管：{1}": "drawings and documents are not kept safely: {1}",
    "存放：{1}": "kept at: {1}",
    "试运行时刻先后矛盾：{1} 至 {2}，中断 {3} 次": (
        "the times of the trial run contradict one another: {1} to {2}, {3} interruptions"
    ),
    "试运行至 {1} 尚未结束": "the trial run lasts until {1}",
    "检验报告未含{1}": "not in the report of the inspection: {1}",
    "检验不合格而已交付": "handed over although the inspection had failed",
    "验收未含{1}": "not part of the acceptance: {1}",
    "验收不合格而已交付": "handed over although it had not been accepted",
    "{1} {2} 项": "{1}: {2} items",
    "{1}：答为本方案已覆盖，而方案中没有此类项目": (
        "{1}: said to be covered by this plan, which has no such item"
    ),
    "{k1}未检验": "not inspected: {1}",
    "约定不少于 {1} %，实抽 {2}（{3} %）": "{1} % at least were agreed, drawn were: {2} ({3} %)",
    "约定 {1} %，最少者 {2}": "{1} % were agreed, the least: {2}",
    "隐蔽工程 {1} 没有验收记录": "hidden works {1} have no record of acceptance",
    "隐蔽工程 {1} 验收": "acceptance of hidden works {1}",
    "隐蔽工程 {1} 于 {2} 隐蔽，{3} 才验收": "hidden works {1} were covered on {2} and accepted on {3} only",
    "未说明设计中的隐蔽工程": "the hidden works of the design were not stated",
    "隐蔽工程 {1} 处": "hidden works at {1} places",
    "没有抽查线缆": "no cables were checked",
    "抽查 {1} 根，而所列不符合者多于此数": "{1} cables were checked, and more are listed as not right",
    "两端缺永久编号：{1}": "no permanent marks at both ends: {1}",
    "编号与线缆表不一致：{1}": "marks differ from the list of cables: {1}",
    "抽查 {1} 根": "{1} cables were checked",
    "身份": "identity",
    "事由": "reason",
    "人员": "persons",
    "审批": "approval",
    "时段": "period",
    "登记缺少：{1}（{2}）": "missing in the register: {1} ({2})",
    "登记缺少：{1}": "missing in the register: {1}",
    "登记缺少{k1}": "missing in the register: {1}",
    "未签保密约定：{1}": "without a secrecy agreement: {1}",
    "断网期间没有本机录像": "the camera recorded nothing itself without the network",
    "最近一次维护": "the latest maintenance",
    "制度自 {1} 起施行，此后没有维护记录（最近 {2}）": (
        "the rules hold since {1}, and there is no maintenance since (the latest: {2})"
    ),
    "设计文件未写明所执行的国家标准": "the design names no national standard that it follows",
    "应有证书而未见：{1}": "certificates that have to exist and were not seen: {1}",
    "技防系统未与建设工程综合设计": "the security system was not designed together with the works",
    "技防系统未与建设工程同步施工": "the security system was not built together with the works",
    "技防系统未独立验收": "the security system was not accepted by itself",
    "论证没有{1}参加": "not present at the review: {1}",
    "方案论证未通过": "the design did not pass the review",
    "检测": "the test",
    "检测机构的资质能力范围不含所检项目": (
        "the scope of the test institution does not contain what was tested"
    ),
    "检测未通过": "the test was not passed",
    "投入使用": "putting into use",
    "答为尚未投入使用，而工程文件的投用日期为 {1}": (
        "said not to be in use yet, and the site file states {1} as the day it was put into use"
    ),
    "验收不合格而已投入使用（{1}）": "put into use ({1}) although it had not been accepted",
    "系统尚未投入使用，也未验收": "the system is not in use yet, nor accepted",
    "尚未投入使用": "not in use yet",
    "投入使用 {1}": "put into use on {1}",
    "工程文件未说明风险等级（risk_grade），不能与文件核对": (
        "the site file does not state the risk grade, which cannot be held against the paper"
    ),
    "文件载明风险等级 {1}，工程文件为 {2}": "the paper states risk grade {1}, the site file {2}",
    "防护级别 {1} 低于风险等级 {2}": "protection level {1} is below risk grade {2}",
    "与国家已发布的风险等级、防护级别规定不一致": (
        "it differs from the risk grades and protection levels that the state has published"
    ),
    "未说明{1}人员": "not stated, people: {1}",
    "{1}人员 {2} 人，而有证明者 {3} 人": "{1}: {2} people, and {3} with proof",
    "{1}人员 {2} 人，有培训证明者 {3} 人": "{1}: {2} people, {3} with proof of training",
    "{k1}工作": "the work ({1})",
    "系统的主要用途已改变": "the main purpose of the system was changed",
    "{1}批准 {2} 个，点位表 {3} 个": "{1}: {2} approved, {3} in the inventory",
    "{1}，没有变更批准": "{1}, without an approval of the change",
    "证书 {1} 写了两次": "certificate {1} was given twice",
    "证书 {1} 的型号 {2} 不在点位表中": "model {2} of certificate {1} is not in the inventory",
    "证书 {1} 未能在发证机构查询": "certificate {1} could not be looked up at its issuer",
    "证书 {1}（{2}）：{3}": "certificate {1} ({2}): {3}",
    "在发证机构查询 {1} 份（点位表有 {2} 种型号）": (
        "{1} were looked up at their issuers (the inventory has {2} models)"
    ),
    "复制、调取 {1} 次，经公安机关批准 {2} 次": "copied {1} times, {2} of them approved by the police",
    "变更的项目": "changed items",
    "合同约定的项目": "items of the contract",
    "深化设计的项目": "items of the detailed design",
    "没有不多于 5 台的批": "there is no lot of 5 devices or fewer",
    "仅指抽样数量；“全部合格”见各设备的结论": (
        "this is the size of the sample only; whether all conform stands with each device"
    ),
    "本次为首次检验，不是复检": "this is a first test and no re-test",
    "方案未覆盖{1}": "not covered by the plan: {1}",
    "点位表：场所类型 {1}，位置“{2}”": "inventory: kind of place {1}, location “{2}”",
    "点位表未说明该点位的场所类型（place）": "the inventory states no kind of place for it",
    "点位表自相矛盾：场所类型为一般场所，位置或名称为“{1}”": (
        "the inventory contradicts itself: an ordinary place, and “{1}” as location or name"
    ),
    "点位表：位置或名称为“{1}”": "inventory: location or name “{1}”",
    "抽查 {1} 台": "{1} checked",
    "不合格 {1}": "not conforming: {1}",
    "{1} 台尚无结论（{2}）": "{1} without a verdict ({2})",
    "{1} 抽 {2}/{3}，应不少于 {4}": "{1}: {2} of {3} drawn, {4} at least are due",
    "抽取的 {1} 没有检测项目": "drawn and without any item: {1}",
    "{1} 未列入本次抽样": "not drawn from: {1}",
    "{1} 复检抽 {2} 台，应不少于 {3} 台": "re-test of {1}: {2} drawn, {3} at least are due",
    "{1} 首次不合格的 {2} 未在复检样品中": (
        "{1}: {2} did not conform at first and is not in the sample of the re-test"
    ),
}

SITE: Final = {
    "最大值在测点“{1}”；各测点（Ω）：{2}": "largest at “{1}”; all points (Ω): {2}",
    "最小值在“{1}”；各处（lx）：{2}": "smallest at “{1}”; all places (lx): {2}",
    "{1} V、{2} s 时击穿": "broke down at {1} V, {2} s",
    "证书载明的试验为 {1} V、{2} s，不足以说明": (
        "the certificate is of a test at {1} V, {2} s, which does not show it"
    ),
    "未计入充电功率": "the power of charging is not included",
    "测试体编号 {1}，台账为 {2}": "test body {1}, by the register {2}",
    "证书编号 {1}，台账为 {2}": "certificate {1}, by the register {2}",
    "所示证书已于 {1} 到期": "the certificate shown was valid until {1}",
    "证书有效期 {1}，台账为 {2}": "the certificate is valid until {1}, by the register {2}",
    "输出图像显示人体细节或面部": "the pictures show details of the body or the face",
    "无权限用户能调看、保存或导出图像": ("users without the right can view, store or export the pictures"),
    "判图人员能看到受检人本人": "who reads the pictures can see the person inspected",
    "安检点未配备防爆处置设施": "the checkpoint has no equipment against explosives",
    "{1}，责任人 {2}": "{1}, kept by {2}",
    "{1}：不完好、过期或取用受阻": "{1}: damaged, out of date or not at hand",
    "各位置读数均低于本底 {1} uGy/h：仪器对该脉冲射线无响应，或射线未开启": (
        "all readings are below the background of {1} uGy/h: the instrument does not respond to these "
        "pulses, or the rays were off"
    ),
    "本底 {1} uGy/h，未扣除": "background {1} uGy/h, not subtracted",
    "未能测量：{1}": "could not be measured: {1}",
    "所用测试体编号 {1}，检测方案选定的是 {2}": "test body {1} was used, the plan chose {2}",
    "导出图像标注的设备编号为 {1}，点位表为 {2}：不是该设备的图像": (
        "the exported picture names device {1}, the inventory {2}: it is of another device"
    ),
    "评分人 {1}": "assessor {1}",
    "等级 {1}（{2}）": "class {1} ({2})",
    "评分人未见：{1}": "not seen by the assessor: {1}",
    "未检：{1}": "not tested: {1}",
    "评分人未见而导出图像上可见：{1}": "in the exported picture and not seen by the assessor: {1}",
    "位置 {1}：{2}": "position {1}: {2}",
    "位置 {1} 的 {2}": "position {1}: {2}",
    "{1} 等 {2} 项": "{1} and others, {2} in all",
    "未试": "not tried",
    "未达到：{1}": "not reached: {1}",
    "未试或不足：{1}": "not tried or too seldom: {1}",
    "{1} 置于 {2}": "{1} at {2}",
    "无测试物时报警 {1}，允许 {2}": "{1} alarms without a test object, {2} allowed",
    "射线开启时读得 {1} uGy，不大于本底 {2} uGy：射线未开启或剂量计未起作用": (
        "with the rays on {1} uGy were read, no more than the background of {2} uGy: the rays were off or "
        "the dosemeter did not work"
    ),
    "仪器 {1} 不在台账中": "instrument {1} is not in the register",
    "仪器 {1} 本次检测不在场": "instrument {1} was not there in this test",
    "仪器 {1} 无校准证书": "instrument {1} has no certificate of calibration",
    "仪器 {1} 未给出校准日期或到期日": "instrument {1} has no date of calibration or no date due",
    "仪器 {1} 的校准日期 {2} 晚于检测日": "instrument {1} was calibrated on {2}, after the day of the test",
    "仪器 {1} 校准证书已于 {2} 到期": "the calibration of instrument {1} was due on {2}",
    "仪器 {1} 的证书不含 {2}": "the certificate of instrument {1} does not have {2}",
    "仪器 {1} 的 {2} 单位为 {3}，不是 {4}": "{2} of instrument {1} is in {3}, not in {4}",
    "{1} 超出仪器 {2} 的量程 {3}": "{1} is beyond the range {3} of instrument {2}",
    "工程文件不再写有这个环回": "the site file has this loop no more",
    "继电器板已更换（{1} → {2}）": "the relay board was replaced ({1} → {2})",
    "校准于 {1}，不在检测前 24 h 之内": "calibrated at {1}, more than 24 h before the test",
    "公安联网 {1} 未确认处于测试状态，未施加任何激励": (
        "the link {1} to the police was not confirmed to be in test mode: nothing was stimulated"
    ),
    "真实现场须由在场人员确认，不接受预先写好的答复": (
        "on a real site a person there has to confirm it, answers written before do not count"
    ),
}
