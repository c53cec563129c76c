# SPDX-License-Identifier: Apache-2.0
"""Questions about papers that are shown, and about the duties that they prove."""

from __future__ import annotations

from typing import Final

from yanshou.model import Text

_DOCUMENTS: Final[dict[str, Text]] = {
    "proof": Text("请出示{doc}", "Please have this paper shown: {doc}"),
    "proof.shown": Text("已出示", "shown"),
    "proof.none": Text("没有此文件", "there is no such paper"),
    "proof.elsewhere": Text("不在现场，今日不能出示", "kept elsewhere, cannot be shown today"),
    "proof.person": Text("{doc}由何人出示（姓名、职务）", "Who shows it (name, function): {doc}"),
    "proof.number": Text("{doc}的编号", "Number of the paper: {doc}"),
    "proof.issued": Text("{doc}的日期（年-月-日）", "Date of the paper (year-month-day): {doc}"),
    "proof.issuer": Text("{doc}的出具单位", "Who issued the paper: {doc}"),
    "proof.valid_from": Text(
        "{doc}的有效期自（年-月-日）", "First day on which it is valid (year-month-day): {doc}"
    ),
    "proof.valid_until": Text(
        "{doc}的有效期至（年-月-日；没有期限的填“无”）",
        "Last day on which it is valid (year-month-day; none if it states no end): {doc}",
    ),
    "proof.page": Text(
        "{doc}的照片或扫描件（载有编号、日期、单位的页）",
        "Photograph or scan of the page with number, date and issuer: {doc}",
    ),
    "doc.trial": Text("试运行报告", "report of the trial run"),
    "doc.test_report": Text("检测（检验）报告", "report of the inspection"),
    "doc.acceptance": Text("验收报告", "record of acceptance"),
    "doc.handover": Text("交付文件", "hand-over record"),
    "doc.hidden_works": Text("隐蔽工程验收记录", "records of acceptance of hidden works"),
    "doc.sampling_agreement": Text("加大抽样数量的约定", "agreement on a larger sample"),
    "doc.report_architecture": Text("系统架构的检验报告或核查记录", "report on the architecture"),
    "doc.report_protection": Text("实体和电子防护的检验报告", "report on physical and electronic protection"),
    "doc.report_safety": Text(
        "安全性、电磁兼容、防雷接地的检验报告", "report on safety, EMC, lightning and earth"
    ),
    "doc.report_supply": Text("供电的检验报告", "report on the power supply"),
    "doc.report_transmission": Text("信号传输的检验报告", "report on transmission"),
    "doc.report_installation": Text("设备安装的检验报告或核查记录", "report on installation"),
    "doc.report_centre": Text("监控中心的检验报告", "report on the monitoring centre"),
    "doc.maintenance": Text("维护保养记录", "maintenance record"),
    "doc.rules": Text("使用、维护制度", "rules of use and maintenance"),
    "doc.design": Text("设计文件", "design"),
    "doc.start": Text("开工报告", "report on the beginning of the works"),
    "doc.completion": Text("竣工报告", "report of completion"),
    "doc.review": Text("设计方案论证记录", "record of the review of the design"),
    "doc.qualification": Text("检测机构资质认定证书", "certificate of qualification of the test institution"),
    "doc.grading": Text("风险等级、防护级别的核定文件", "paper that states risk grade and protection level"),
    "doc.training_design": Text("设计人员的培训证书", "training certificate of a designer"),
    "doc.training_building": Text("施工人员的培训证书", "training certificate of a fitter"),
    "doc.training_repair": Text("维修人员的培训证书", "training certificate of a repairer"),
    "doc.training_operation": Text("操作人员的培训证书", "training certificate of an operator"),
    "doc.approval": Text("系统用途和范围的批准文件", "approval of purpose and extent of the system"),
    "doc.change_approval": Text("变更的批准文件", "approval of the change"),
    "doc.register": Text("查看、复制登记簿", "register of viewing and copying"),
    "doc.drawings": Text("设计图纸及技术资料", "drawings and technical documents"),
    "doc.secrecy_rules": Text("安全保密制度", "rules of security and secrecy"),
    "doc.secrecy_agreement": Text("保密约定", "secrecy agreements"),
    "doc.consent": Text("军事、涉密单位的书面同意", "written consent of the military or classified unit"),
    "doc.filing": Text("公安机关备案回执", "filing receipt of the police"),
    "doc.type_test": Text("型式检验证书", "type-test certificate"),
}

_PROCESS: Final[dict[str, Text]] = {
    "trial.begun": Text("试运行开始的日期（年-月-日）", "First day of the trial run (year-month-day)"),
    "trial.ended": Text("试运行结束的日期（年-月-日）", "Last day of the trial run (year-month-day)"),
    "trial.logged": Text(
        "试运行记录中逐日有记录的天数", "Days that have an entry in the log of the trial run"
    ),
    "continuous.begun": Text(
        "连续试运行开始的时刻（年-月-日 时:分）",
        "When the continuous trial run began (year-month-day hour:minute)",
    ),
    "continuous.ended": Text(
        "连续试运行结束的时刻（年-月-日 时:分）",
        "When the continuous trial run ended (year-month-day hour:minute)",
    ),
    "continuous.breaks": Text(
        "其间每次中断的时刻（年-月-日 时:分，以逗号分开；没有填“无”）",
        "When it was interrupted (year-month-day hour:minute, separated by commas; none if never)",
    ),
    "handover.done": Text("系统是否已经交付？", "Has the system been handed over?"),
    "handover.tested_function": Text("检验报告是否含功能检验？", "Does the report cover the functions?"),
    "handover.tested_performance": Text("检验报告是否含性能检验？", "Does the report cover the performance?"),
    "handover.function": Text("功能检验", "inspection of functions"),
    "handover.performance": Text("性能检验", "inspection of performance"),
    "handover.test_passed": Text("检验报告的结论是否合格？", "Does the report conclude that it conforms?"),
    "handover.accepted_construction": Text("是否进行了施工验收？", "Was the construction accepted?"),
    "handover.accepted_technique": Text("是否进行了技术验收？", "Was the technique accepted?"),
    "handover.accepted_documents": Text("是否进行了资料审查？", "Were the documents examined?"),
    "handover.construction": Text("施工验收", "acceptance of the construction"),
    "handover.technique": Text("技术验收", "acceptance of the technique"),
    "handover.documents": Text("资料审查", "examination of the documents"),
    "handover.acceptance_passed": Text(
        "验收结论是否通过？", "Does the record conclude that it was accepted?"
    ),
    "group": Text(
        "{group}由何处检验？本方案有 {items} 项",
        "Where is this group inspected (this plan has {items} items of it): {group}",
    ),
    "group.plan": Text("本方案", "this plan"),
    "group.report": Text("另有报告或核查记录", "another report or record"),
    "group.none": Text("未检验", "nowhere"),
    "group.architecture": Text("系统架构", "architecture"),
    "group.protection": Text("实体防护、电子防护的功能性能", "physical and electronic protection"),
    "group.safety": Text("安全性、电磁兼容、防雷接地", "safety, EMC, lightning and earth"),
    "group.supply": Text("供电", "power supply"),
    "group.transmission": Text("信号传输", "transmission"),
    "group.installation": Text("设备安装", "installation"),
    "group.centre": Text("监控中心", "monitoring centre"),
    "sampling.agreed": Text("约定的最小抽样比例", "Least share of devices that was agreed to be tested"),
    "hidden.designed": Text("设计文件所列隐蔽工程的处数", "Number of hidden works in the design"),
    "hidden.record": Text(
        "隐蔽工程 {number} 是否有验收记录？", "Hidden work {number}: is there a record of its acceptance?"
    ),
    "hidden.accepted": Text(
        "隐蔽工程 {number} 的验收日期（年-月-日）",
        "Hidden work {number}: when was it accepted (year-month-day)?",
    ),
    "hidden.covered": Text(
        "隐蔽工程 {number} 的隐蔽日期（年-月-日）",
        "Hidden work {number}: when was it covered (year-month-day)?",
    ),
    "cables.person": Text("抽查线缆时的陪同人员", "Who is present while the cables are traced"),
    "cables.traced": Text("自一端至另一端抽查的线缆根数", "Number of cables traced from end to end"),
    "cables.missing": Text(
        "任一端缺永久编号的线缆（以逗号分开；没有填“无”）",
        "Cables without a permanent number at either end (separated by commas; none if there are none)",
    ),
    "cables.differing": Text(
        "编号与线缆表或两端不一致的线缆（以逗号分开；没有填“无”）",
        "Cables whose numbers differ from the table or between their ends (separated by commas; none)",
    ),
    "cables.photo": Text("所抽查线缆编号的照片", "Photograph of the numbers of cables that were traced"),
    "maintenance.visits": Text(
        "维护记录中每次维护的日期（年-月-日，以逗号分开；没有填“无”）",
        "Date of each visit in the maintenance record (year-month-day, separated by commas; none)",
    ),
    "maintenance.oldest": Text(
        "能出示的最早一次维护记录的日期（年-月-日）",
        "Date of the oldest maintenance record that can be shown (year-month-day)",
    ),
    "maintenance.first": Text(
        "按合同或流水号，它是否为系统投用以来的第一次维护？",
        "By contract or running number: is it the first maintenance since the system was put into use?",
    ),
    "network_log.person": Text(
        "何人调出网络日志（姓名、职务）", "Who calls up the network logs (name, function)"
    ),
    "network_log.sources": Text("网络日志来源的个数", "Number of network logs"),
    "network_log.source": Text(
        "网络日志 {number} 的来源（设备或系统）", "Network log {number}: device or system"
    ),
    "network_log.oldest": Text(
        "网络日志 {number} 中能调出的最早日期（年-月-日）",
        "Network log {number}: oldest date that can be called up (year-month-day)",
    ),
    "network_log.photo": Text("所调出网络日志的照片或截图", "Photograph or screenshot of the logs called up"),
}

_REGULATION: Final[dict[str, Text]] = {
    "rules.latest": Text("最近一次维护的日期（年-月-日）", "Date of the latest maintenance (year-month-day)"),
    "standards.named": Text(
        "设计文件写明的标准编号（以逗号分开；没有填“无”）",
        "Standards that the design names (separated by commas; none if it names none)",
    ),
    "standards.uncertified": Text(
        "应有产品证书而没有出示的产品（以逗号分开；没有填“无”）",
        "Products whose certificate is asked for and was not shown (separated by commas; none)",
    ),
    "works": Text("该系统属于何种建设工程？", "Of which kind of works is the system a part?"),
    "works.new": Text("新建", "new building"),
    "works.changed": Text("改建或扩建", "changed or extended building"),
    "works.none": Text("不属于建设工程", "of none"),
    "works.designed": Text(
        "建设工程的设计文件是否含本系统？", "Does the design of the works contain this system?"
    ),
    "works.built": Text("本系统是否与建设工程同步施工？", "Was the system built together with the works?"),
    "works.accepted": Text("本系统是否独立验收？", "Was the system accepted by itself?"),
    "review.required": Text(
        "按国家有关规定，该设计方案是否应经论证？", "Do the national rules ask for a review of this design?"
    ),
    "review.basis": Text("不须论证的依据（文件编号）", "By which paper no review is asked for (its number)"),
    "review.owner": Text("建设单位是否参加了论证？", "Did the owner take part in the review?"),
    "review.police": Text("公安机关是否参加了论证？", "Did the police take part in the review?"),
    "review.designer": Text("设计单位是否参加了论证？", "Did the designer take part in the review?"),
    "review.experts": Text("技术专家是否参加了论证？", "Did technical experts take part in the review?"),
    "review.passed": Text("论证结论是否通过？", "Did the review pass the design?"),
    "party.owner": Text("建设单位", "the owner"),
    "party.police": Text("公安机关", "the police"),
    "party.designer": Text("设计单位", "the designer"),
    "party.experts": Text("技术专家", "technical experts"),
    "test.date": Text(
        "检测报告载明的检测（末日）日期（年-月-日）",
        "Date of the test by its report, the last day of several (year-month-day)",
    ),
    "test.in_scope": Text(
        "资质证书附表的能力范围是否包含所检项目？",
        "Does the scope of the certificate contain the items that were tested?",
    ),
    "use.begun": Text("系统是否已投入使用？", "Has the system been put into use?"),
    "use.date": Text("投入使用的日期（年-月-日）", "Date on which it was put into use (year-month-day)"),
    "grading.risk": Text(
        "文件载明的风险等级（1 为一级）", "Risk grade that the paper states (1 is the highest)"
    ),
    "grading.level": Text(
        "文件载明的防护级别（1 为一级）", "Protection level that the paper states (1 is the highest)"
    ),
    "grading.national": Text(
        "是否与国家已发布的风险等级和防护级别规定一致？",
        "Does it agree with the risk grades and protection levels that the state has published?",
    ),
    "training.people": Text("{role}人员的人数", "Number of people: {role}"),
    "training.proven": Text(
        "其中有培训证明的{role}人员人数", "Of these, number with proof of training: {role}"
    ),
    "training.worked": Text(
        "持证人从事{role}工作的日期（首日，年-月-日）",
        "First day on which the holder of the certificate worked (year-month-day): {role}",
    ),
    "role.design": Text("设计", "design"),
    "role.building": Text("施工", "building"),
    "role.repair": Text("维修", "repair"),
    "role.operation": Text("操作", "operation"),
    "purpose.same": Text(
        "现场所见的主要用途是否与批准文件一致？", "Is the main purpose found on site that of the approval?"
    ),
    "purpose.camera": Text("批准的摄像机数量", "Number of cameras that was approved"),
    "purpose.zone": Text("批准的防区数量", "Number of zones that was approved"),
    "purpose.door": Text("批准的出入口数量", "Number of doors that was approved"),
    "counted.camera": Text("摄像机", "cameras"),
    "counted.zone": Text("防区", "zones"),
    "counted.door": Text("出入口", "doors"),
    "certificates.looked_up": Text(
        "在发证机构查询的证书份数（点位表有 {models} 种型号）",
        "Number of certificates looked up at their issuer (the inventory has {models} models)",
    ),
    "certificates.model": Text("证书 {number} 载明的型号", "Certificate {number}: the model it names"),
    "certificates.number": Text("证书 {number} 的编号", "Certificate {number}: its number"),
    "certificates.found": Text(
        "证书 {number} 在发证机构的查询结果", "Certificate {number}: what the register of its issuer says"
    ),
    "certificates.found.agrees": Text("与登记一致", "it agrees with the register"),
    "certificates.found.differs": Text("与登记不一致", "it differs from the register"),
    "certificates.found.unknown": Text("登记中没有", "it is not in the register"),
    "certificates.found.closed": Text("未能查询", "the register could not be asked"),
    "certificates.photo": Text(
        "证书 {number} 及其查询结果的照片或截图",
        "Photograph or screenshot of certificate {number} and of its entry in the register",
    ),
    "citizen.entries": Text("登记簿中公民查看的次数", "Number of viewings by citizens in the register"),
    "citizen.has.identity": Text(
        "{entries} 次是否都登记了查看人员的身份？", "Do all {entries} entries name the person?"
    ),
    "citizen.has.reason": Text("{entries} 次是否都登记了事由？", "Do all {entries} state the reason?"),
    "citizen.has.period": Text(
        "{entries} 次是否都登记了信息的起止段？", "Do all {entries} state the period viewed?"
    ),
    "citizen.has.consent": Text(
        "{entries} 次是否都经使用单位同意？", "Did the user of the system consent to all {entries}?"
    ),
    "citizen.copies": Text("其中复制、调取的次数", "How many of them were copies"),
    "citizen.approved": Text("其中经公安机关批准的次数", "How many of the copies the police had approved"),
    "register.identity": Text("身份", "identity"),
    "register.reason": Text("事由", "reason"),
    "register.period": Text("信息起止段", "period"),
    "register.consent": Text("使用单位同意", "consent"),
}

DUTIES: Final[dict[str, Text]] = {**_DOCUMENTS, **_PROCESS, **_REGULATION}
