# SPDX-License-Identifier: Apache-2.0
"""What the head of a column in a designer's 点位表 names: a column of an inventory, or nothing known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from yanshou.site.schedule.traditional import simplified
from yanshou.vocabulary.device import ATTRIBUTES
from yanshou.vocabulary.spelling import squeezed

_NAMES: Mapping[str, str] = {
    "sequence": "序号 序 项次 条目 行号 no no. # item itemno pos s/n sn#",
    "id": "id 编码 点号 点位号 器件编号 图纸编号 设备id 点位id tag tagno tagnumber deviceid devicetag"
    " 设备号 监控点号 摄像机号 deviceno pointno pointid cameraid camerano doorid doorno zoneid readerid"
    " camno camid 镜头编号 镜号 机位号"
    " detectorno equipmentno equipmentid equipmenttag devicecode assetno assetid ref refno reference",
    "kind": "kind 器材 探测器 探测器类型 前端探测器 前端设备 摄像头 摄像机 枪/球 枪球 枪机/球机 探测方式"
    " 探测手段 机型 小类"
    " 设备小类 外形 形态 样式 设备形态 type devicetype equipmenttype cameratype detectortype sensortype 设备"
    " 报警装置 前端装置"
    " 安防设备 装置 防护措施 技防措施 防护设备 技防设备",
    "name": "name 设备全称 名称 设备/材料名称 系统设备名称 设备材料名称 设备及材料名称 材料设备名称"
    " 设备名 清单名称 项目名称 device devicename equipment equipmentname 品名 物料名称 itemname"
    " 设备名称及型号 设备名称型号 名称及型号 名称型号 设备名称及规格 设备名称及规格型号 名称及规格"
    " 采购标的 标的 产品 货物 内容 建设内容 采购内容 配置内容 设备清单 项目特征 项目特征描述 特征描述"
    " description itemdescription devicedescription equipmentdescription",
    "point": "通道名 描述 描述信息"
    " 点位描述 监控名称 摄像头名称 点位名称 点位 监控点名称 监控点 监控点位 监控点位名称"
    " 相机名称 osd名称 字幕 画面名称 门点 门禁点位 门点位 围栏防区 周界防区 报警防区 对应门 所控门 受控门"
    " 被控门 控制门"
    " 摄像机名称 门名 通道名称 防区名称 防区描述 门名称 门点名称 门禁名称 门禁点名称 点名称 前端点位 point"
    " pointname 主机名 别名 通道别名"
    " cameraname doorname zonename zonedescription cameradescription doordescription hostname",
    "model": "model modelno partno 规格型号 型号规格 规格 品牌型号 品牌及型号 品牌/型号 型号及规格 规格及型号"
    " 选型 设备选型 型号参数"
    " 设备规格型号 品牌规格型号 产品型号规格",
    "location": "location 卡口 座 楼座 楼宇名称 楼层位置 安装点位置 门位置 空间名称 房间功能"
    " 梯号 电梯号 电梯编号"
    " 层 房间号 楼号 楼栋 楼宇 建筑 幢 栋 单元 站点 站厅 监区 监室 院区 科室 车站"
    " 存放地 段号 桩号 起止桩号 监控点位置 监控地点 点位地址 安装点位 单体 单体名称 所属楼栋 所属建筑"
    " 安装位置描述 楼层/房间 单位名称 楼层房间 position place room floor level"
    " block tower wing building area zone/area"
    " 功能区 功能区域 section sector 结束点 locationdescription 安装点 安装处 设置点 布设点 安装门 所在门"
    " 防护目标 防护对象 户号 房号 门牌号 区位"
    " 社区 村组 村庄 街道 路口 路段 路口名称 小区 小区名称 乡镇 道路名称 卡口名称"
    " 区段 分段 墙段 路段名称 起点 终点 起始点 终止点 site installationlocation installlocation"
    " devicelocation mountinglocation",
    "host": "ip ip地址 ipaddress ipadd ipaddr ip通道地址 ip/域名 ipv4 ipv4地址 ip规划 分配ip ip段 ip范围"
    " ip端口 ip地址端口 ip及端口 host 网络地址 设备地址 管理地址 管理ip 内网地址 网络ip地址 网络信息地址"
    " 专网地址 ip号 mgmtip managementip deviceip cameraip ipaddress(ipv4)",
    "port": "port 端口 端口号 管理端口 管理端口号 服务端口 设备端口 tcp端口 http端口 onvif端口 通讯端口"
    " 通信端口 网络端口 httpport 控制器端口 控制器端口号 控制器通道 控制器接口 读头端口 读卡器端口 门端口"
    " readerport controllerport doorport portno panelport acuport boardport",
    "parent": "parent dvr dvr编号 上级 上级设备 所属设备 所属主机"
    " 接入主机 报警主机 所属控制器 接入设备 所属nvr"
    " 接入nvr nvr 录像机 所属录像机 接入录像机 存储设备 门禁控制器 控制器 所属门禁控制器 接入控制器"
    " 所属报警主机 主机 主机编号 报警主机编号 控制器编号 门禁控制器编号 nvr编号 录像机编号 接入报警主机"
    " 对应nvr 就地控制器 对应主机 对应控制器 上级主机 主控设备 上位设备 上端设备 存储主机"
    " 围栏主机 电子围栏主机 脉冲主机 周界主机 存储服务器 connectedto 接驳主机 接驳设备 接至 连至 引至 接到"
    " 接入至 信号去向 去向"
    " 接入去向 主机名称 上联"
    " 上联设备 controllerno"
    " panelno"
    " acuno acpno"
    " 控制主机 控制主机编号 controller panel recorder connectednvr connectedpanel"
    " connectedcontroller controllerid panelid nvrid",
    "parent_host": "nvrip nvrip地址 nvr地址 录像机ip 录像机ip地址 所属nvrip 存储设备ip 主机ip 报警主机ip"
    " 控制器ip 控制器ip地址 门禁控制器ip recorderip controllerip panelip 主机地址 主机ip地址",
    "number": "number 防区号 防区编号 防区编码 防区地址 防区序号 通道号 通道编号 门号 通道 录像通道 nvr通道"
    " nvr通道号 录像机通道 录像机通道号 接入通道 主机防区号 主机防区 报警防区 接入防区 所属防区 对应防区 防区"
    " 防区通道 防区起止 防区范围 防区区间 起止防区 防区号段 防区段 防区编址 防区地址码"
    " 控制器门号 门端口号 门序 门序号 门位号 controllerdoorno controllerdoornumber"
    " 输入点 输入点号 输入端 输入端号 输入口 输入号 zone ch channel input inputno zoneno zonenumber channelno"
    " nvrchannel recorderchannel",
    "system": "system 系统 子系统 所属系统 系统名称 系统类别 系统类型 专业 所属子系统 子系统名称"
    " subsystem 归属 所属专业",
    "group": "大类 设备大类 一级分类 一级类别 系统大类 分类 二级分类 二级类别 设备分类 category group",
    "quantity": "数量 数目 台数 工程量 数 设备数 点位数 摄像机数 个数 套数 qty quantity q'ty 设计数量 点数"
    " 数量及单位 数量/单位 单位及数量 总数量 总数 nos noofunits",
    "attributes": "attributes 属性",
    "wiring": "wiring 接线 检测接线",
    "state": "状态 状况 工况 现状 设备状态 设备状况 设备现状 使用状态 使用状况 使用情况 运行状态"
    " 运行状况 运行情况 工作状态 安装状态 安装情况 安装状况 资产状态 资产状况 在用状态 在用情况"
    " 完好情况 完好状态 在位情况 到货情况 实施状态 实施情况 是否安装 是否已安装 是否在用 是否启用"
    " 是否停用 是否报废 已安装 status state condition devicestatus equipmentstatus assetstatus"
    " installed inuse installationstatus",
    "note": "note 备注 说明 注 remark remarks notes comment comments 备注说明 用途 其他说明 附注 备考 附言",
    "secret": "密码 口令 password 登录密码 设备密码 用户密码 验证码 pin pwd",
    "unit": "单位 unit 计量单位 uom",
    "unused": "品牌 厂家 生产厂家 制造商 厂商 brand maker manufacturer 子网掩码 掩码 网关"
    " 网关地址 默认网关 gateway dns 单价 合价 金额 安装高度 安装方式 供电方式 供电 电源 线缆 线缆型号"
    " 交换机 交换机端口 接入交换机 上联交换机 接入端口 图例 图号 经度 纬度 管径 用户名 账号 user username"
    " 技术参数 参数 分辨率 像素 焦距 镜头 立杆 杆件 施工单位 安装日期 完成情况 是否完成 负责人 检查结果"
    " 技术规格 规格参数 主要规格 技术要求 参数要求 供应商 价格 综合单价 总价 质保期 联系电话"
    " 敷设方式 敷管 管线 穿管"
    " 码流 视场角 传输方式 线长 产地 配套 subnetmask mask subnet 交换机编号 光纤 箱体 总线地址 地址码"
    " 地址编码 朝向"
    " 监视目标 监控目标 存储天数 坐标 坐标轴 防爆等级 防护等级 联网方式 布防方式 进门方式 出门方式"
    " 信号类型 防护要求 检测报告编号 证书编号 品牌产地 rack mounting power 出厂编号 资产编码 合同编号"
    " 设备序列号 sn码 推荐品牌 品牌厂家 主要技术参数 技术参数及要求 技术参数要求 镜头焦距 镜头类型",
}
_MARKS = re.compile(r"[*＊:：\s]|\((?:必填|选填|必选|可选|mm|m|台|个|只|元|w|米)\)|^\d+[.、]|\.$")
_THING = (
    ""
    "设备|设施|器材|前端|点位|相机|通道|机位|国标|按钮|探头|监控点|监控|轿厢|摄像机|摄像头|探测器|报警点|报警设备|仪表|报警器|报警|装置|终端|资产|仪器|产品|货物|物资|材料|安防|技防|门禁点|门禁|门点|门|器件|测点|布点|图纸|主要|现场"
)
_WHERE = (
    ""
    "安装|装设|布放|部署|摆放|架设|配备|功能|轴线|门点|门禁点|报警点|探头|器材|设置|设防|防区|设备|所在|使用|布设|布置|布点|布防|安放|存放|放置|防护|防范|监控|监视|探测|点位|具体|详细|实际|前端|摄像机|摄像头|终端|探测器|报警|装置|门禁|重点|所属"
)
_SPELT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?:{_THING})*(?:起止|起始)?(?:编号|编码|代号|代码|位号|标号)(?:区间|范围|段)?"), "id"),
    (re.compile(rf"(?:{_THING})*(?:名称|名)"), "name"),
    (
        re.compile(
            r"(?:标的|子目|清单|项目|分项|细目|部件|配置|采购|建设|系统|设备|材料|货物|产品|物资|及|和|与"
            r"|/)+名称"
        ),
        "name",
    ),
    (
        re.compile(
            r"(?:设备|器材|点位|摄像机|摄像头|探测器|安装|配置|设计|图纸|实际|实装|实有|实测|竣工|现场|前端"
            r"|采购|工程|合同|投标|清单|计划|合计|汇总|总)+(?:数量|数目|台数|数)"
            r"|(?:合同|确认|实际|完成|设计|投标|审核|审定|结算|采购|计划|送审|清单|到货|安装|核实|现场|竣工"
            r"|图纸|变更后)+量"
        ),
        "quantity",
    ),
    (re.compile(rf"(?:{_THING})*(?:类型|类别|种类|型式|形式|品种)"), "kind"),
    (
        re.compile(
            rf"(?:{_THING}|参考|推荐|投标|拟投|选用|厂牌|品牌|厂家|[及和与/、])*(?:规格"
            rf"|型号)(?:[及和与/、]?(?:规格|型号|参数|规范))?"
        ),
        "model",
    ),
    (re.compile(r"[一-龥]{2,4}(?:备注|说明)"), "note"),
    (re.compile(r"(?:[台套个只件组对把块]/?)+数量?|(?:[台套个只件组对把块]/?){2,}"), "quantity"),
    (re.compile(r"(?:端口|通道|接口|回路)[/、和与](?:防区|通道|门|端口)号?"), "number"),
    (re.compile(r"(?:门禁)?控制器(?:门|端口|通道|输入|接口|回路)[序位口]?(?:号|编号)?"), "number"),
    (
        re.compile(r"(?:报警|主机|所属|对应|接入|系统|所在)+防区(?:号|位|码|编号|序号|地址)?|防区[位码]"),
        "number",
    ),
    (
        re.compile(r"(?:(?:楼[栋层座号]|单元|栋号?|幢号?|区域|房间|房号|位置|建筑)[及与和/、\-]?){2,}"),
        "location",
    ),
    (
        re.compile(r"(?:监控|防护|防范|覆盖|探测|监视)+(?:范围|区域)|(?:安装|详细|所在|点位|具体|现场)+地址"),
        "location",
    ),
    (
        re.compile(
            r"(?:线缆|管线|电缆|网线|光缆|线)(?:类型|长度|规格)|(?:红外|夜视|照射|传输)+距离|(?:立)?杆高度?"
            r"|(?:支架|立?杆件?|电源)类型"
        ),
        "unused",
    ),
    (re.compile(r"(?:[安设]?装|放|[安设]置|设|位于)在?(?:哪里?|何处)|在哪里?"), "location"),
    (re.compile(r"[连接挂]{1,2}[入到至在]?(?:哪里?|何处)"), "parent"),
    (
        re.compile(
            r"(?:(?:属于?|归|[连接挂]{1,2}[入到至在]?)(?:哪[个台一]{1,2}|何)|哪[个台]{1,2})"
            r"(?:报警|门禁|录像|围栏)?(?:主机|控制器|录像机|nvr)"
        ),
        "parent",
    ),
    (re.compile(r"(?:第?几号?|哪一?个|哪一?路)(?:防区|通道|门|端口|输入口?)"), "number"),
    (
        re.compile(
            rf"(?:{_WHERE})*(?:位置|地点|部位|区域|场所|房间|楼层|楼栋|楼号|建筑|建筑物"
            r"|设备房|设备室|设备间|用房|展厅|展室|教室|病区|病房|监舍|站台|片区|库区|罐区|车间|仓库|库房"
            r"|厂区|校区|园区|网点|支行"
            r"|门店|展区)(?:描述|名称)?"
        ),
        "location",
    ),
    (
        re.compile(
            r"(?:设备|接口|联网|摄像机|相机|摄像头|前端|终端|本机|管理|内网|外网|专网|网络|监控|视频|局域网"
            r"|规划|分配|静态)*"
            r"ip(?:v4)?(?:地址)?(?:段|范围|区间|规划|分配|起止)?|(?:device|camera|equipment|mgmt|management"
            r"|static|lan)?ip(?:v4)?(?:address|addr|add)?"
        ),
        "host",
    ),
    (
        re.compile(
            r"(?:所属|归属|所接|所连|接入|接至|连接|连至|对应|上级|上联)(?:存储|[ndcx]vr|(?:网络|硬盘)?录像机"
            r"|存储(?:设备|主机)|(?:报警|门禁)?主机"
            r"|(?:报警|门禁|就地|区域|网络)*控制器)(?:编号|名称|号)?|(?:主|门禁|就地|区域|网络)+控制器(?:编号"
            r"|号)?"
        ),
        "parent",
    ),
    (
        re.compile(
            r"(?:存储|录像|接入|解码|设备|对应|所属|所接|所在|录像机|[ndcx]vr|视频|监控|数字|模拟|ipc?"
            r"|d)+通道(?:号|编号|序号)?"
            r"|(?:nvr|dvr|recorder|recording|camera)?(?:ch|channel)(?:no|number|id)?"
        ),
        "number",
    ),
    (re.compile(r"(?:device|equipment|camera|detector|sensor|product|item)(?:type|category)"), "kind"),
    (re.compile(r"(?:device|equipment|item|product)(?:name|description)"), "name"),
)
"""Heads that are put together: what it is of, and what it says of it (资产编号, 使用地点)."""
_DIVIDED = re.compile(r"[\s/／|()（）\[\]【】]+|(?<=[一-龥])(?=[a-z]{4})")
_LATIN_BLANKS = re.compile(r"([a-z.])[^\S\n]+(?=[a-z])")
"""Blanks in a head of several English words, which is one name: Switch IP is no IP."""
_NEAR = ({"name", "kind", "point"}, {"system", "group"})
"""Columns of which one head in two languages may name any (设备 Device): its first name is taken."""
_HEADS_OF_PLACES = re.compile(r"楼|层|栋|幢|座|区|建筑|单体|floor|level|building|area|block")


def _squeezed(text: str) -> str:
    return _MARKS.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())


_COLUMNS = {_squeezed(name): column for column, names in _NAMES.items() for name in names.split()}
_PLAIN_NAMES = {
    *("type", "类型", "technology", "技术", "传输方式", "devices", "detector", "探测器", "reference"),
}
_ATTRIBUTE_HEADS = {
    squeezed(name) for one in ATTRIBUTES for name in (one.name, *one.names) if name not in _PLAIN_NAMES
}


@lru_cache(maxsize=8192)
def column_of(text: str) -> str:
    """The canonical name of a column by its head; empty if it is not known.

    A head of several names, such as Door Name / Location, is read by its first.  One that says the same in
    two languages (位置 Location) is read by both: if they name different columns, it is not known.
    """
    if known := exactly(text):
        return known
    first, slash, _ = re.sub(r"[／\\＼]", "/", text).partition("/")  # 设备\楼层, in the corner of a table
    if slash and (known := exactly(first)):
        return known
    found = list(dict.fromkeys(name for part in parts_of(text) if (name := exactly(part))))
    near = any(set(found) <= one for one in _NEAR)
    if found[1:] == ["quantity"] and found[0] in _NEAR[0]:
        return "quantity"  # 点位（数量）
    return found[0] if found and (len(found) == 1 or near) else ""


def parts_of(text: str) -> list[str]:
    """The names that a head puts beside each other: Partition 分区, 门名称（编号）."""
    whole = _LATIN_BLANKS.sub(r"\1", simplified(unicodedata.normalize("NFKC", text)).casefold())
    return [part for part in _DIVIDED.split(whole) if part]


def exactly(text: str) -> str:
    """The canonical name of a column by its whole head."""
    bare = _squeezed(text)
    if known := _COLUMNS.get(bare, ""):
        return known
    if squeezed(simplified(text)) in _ATTRIBUTE_HEADS:
        return "attribute"
    return next((column for pattern, column in _SPELT if pattern.fullmatch(bare)), "")


def is_of_places(text: str) -> bool:
    """Whether a column names floors or buildings, which designers write once for all rows below."""
    return column_of(text) == "location" and bool(_HEADS_OF_PLACES.search(_squeezed(text)))
