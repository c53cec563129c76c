# SPDX-License-Identifier: Apache-2.0
"""The words of the field for equipment that no clause tests: parts, cabling, other trades, costs."""

from __future__ import annotations

import re

PARTS = (
    # of the network, of rooms and of cabling
    "交换机、显示器、监视器、拼接屏、显示屏、大屏、液晶屏、电视墙、液晶电视、解码器、矩阵、机柜、屏柜"
    "、隔离装置、收发器"
    "、光端机"
    "、网线、双绞线、电缆、光缆、光纤、电源线、视频线、控制线、信号线、通信线、线缆、支架、立杆、护罩"
    "、防护罩、硬盘、监控盘、存储盘、企业盘、防雷器、避雷器、浪涌保护器、配电箱、设备箱、防水箱、弱电箱、键盘"
    "、打印机、路由器"
    "、防火墙、网闸、操作台、控制台、桥架、线管、钢管、线槽、补光灯、拾音器、拾音装置、音箱、音柱、话筒"
    "、工作站"
    "、客户端、电脑、计算机、摄像机电源、开关电源、电源适配器、适配器、poe电源、集中电源、镜头、基础"
    "、授权、辅材、辅料、线材、管材、配件、蓄电池、电池、流量计、安装调试、调试费、安装费、调试、分线盒"
    "、接线盒、跳线"
    "、配线架、水晶头、模块箱、防区箱、地址编码器、ups电池、电池柜、电池箱、网桥、无线ap、光模块"
    "、管理主机电脑、抱杆箱"
    "、室内天线、全向天线、定向天线、吸顶天线、天线、馈线、功分器、耦合器、合路器、直放站"
    "、网络点、信息点、语音点、数据点、电话点、电视点、信息插座、网络插座、电话插座、信息面板"
    "、手孔井、接地、尾纤、光纤盒、终端盒、理线架、pdu、插座、琴台、电视机、条屏、拼接单元、拼接控制器"
    "、拼接处理器、视频综合平台机箱、解码拼控一体机、拼控器、解码拼控器、矩阵主机、矩阵切换器、画面分割器"
    "、视频分配器、kvm"
    "、kvm切换器、切换器"
    "、避雷针、接地极、接地体、接地桩、接地线、接地扁钢、手井、人孔井、人井、接头盒、odf、odf架、法兰盘、空开"
    "、空气开关、断路器、漏电保护器、漏保、配电柜、逆变器、变压器、太阳能板、光伏板、太阳能供电系统"
    "、防静电地板、空调"
    "、室外ap、面板ap、吸顶ap、ap控制器、ac控制器、无线控制器、安全网关、视频网关、网关、光分路器、分路器"
    "、分光器、onu、olt"
    "、分离器、注入器、解码板、理线器、扎带、螺丝、膨胀螺栓、螺栓、标签、标识牌、线标、串口服务器、终端电阻"
    "、线尾电阻、尾线电阻、电阻、电子地图、电子地图屏、遥控器、爆闪灯、红外灯、高杆、监控杆、监控立杆、横臂"
    # of doors
    "、磁力锁、电磁锁、电插锁、电控锁、电锁、阴极锁、阳极锁、电机锁、静音锁、出门按钮、出门开关、开门按钮"
    "、开门开关、破玻按钮、破玻、破玻璃按钮、紧急破玻、紧急破玻按钮、玻璃破碎按钮、紧急出门按钮、紧急开门按钮"
    "、紧急开门开关、破碎按钮、闭门器、地弹簧、门禁锁、锁具、发卡器、发卡机、ic卡、id卡、cpu卡、感应卡"
    "、门禁卡、m1卡、白卡、钥匙扣卡、钥匙扣、电锁口、锁口、夹锁、玻璃门夹、无框玻璃门夹、门夹、出门释放装置"
    "、释放按钮"
    "、玻璃破碎开关、紧急疏散按钮、地感线圈、地感、车辆检测器、防砸雷达、访客机、访客一体机、访客登记机"
    "、访客终端"
    # of alarms
    "、声光报警器、声光警号、声光报警、声光告警器、声光报警灯、警号、警灯、警铃、警笛、防区模块、扩展模块"
    "、地址模块、总线模块、单防区模块、双防区模块、八防区模块、多防区模块、报警模块、通讯模块、通信模块"
    "、网络模块、继电器模块、输出模块、输入模块、串口模块、延长器、中继器、总线隔离器、声音复核器"
    "、声音复核装置、监听头、监听器、拾音头、复位按钮、消警按钮、测试按钮"
    # of inspection
    "、防爆毯、防爆罐、防爆围栏、防爆球、防爆桶、防爆箱、液体检测仪、液检仪、液体检查仪、液体危险品检测仪"
    "、液体探测仪、液体安检仪、液态物品检测仪、液态物品检查仪、危险液体检测仪、危险液体检查仪"
    "、危险品液体检测仪、液体危险品检查仪、液体安全检查仪、爆炸物探测仪、爆炸物检测仪、痕量探测仪"
    "、痕量爆炸物探测仪、爆炸物痕量探测仪、爆炸物毒品探测仪、毒品探测仪、炸探仪、炸药探测仪、炸药探测器"
    "、防爆盾、防暴盾牌、盾牌、防爆盾牌、钢叉、防暴叉、防爆叉、警棍、防刺服、防刺背心、防弹衣、防弹背心"
    "、防弹头盔、催泪喷射器、喷射器、手铐、防割手套、头盔、强光手电"
    "、车底检查镜、车底检查仪、车底成像、安检台、安检凳、隔离栏、防冲撞路桩、防撞路桩、防撞桩、防冲撞柱"
    "、防撞柱、防撞墩、防冲撞墩、隔离墩、路桩、拒马、破胎器"
    # of fences: what holds the wires up and what warns of them
    "、合金线、高压线、高压绝缘线、终端杆、中间杆、承力杆、中间过线杆、区分杆、转角杆、万向杆、万向底座"
    "、绝缘子、绝缘端子、紧线器"
    "、线线连接器、警示牌、配线、配管、穿管、穿线管、镀锌管、波纹管、金属软管"
    # of other trades
    "、巡更读卡器、巡更通讯座、通讯座、信息钮、巡更软件、巡更系统软件、岗亭、自助缴费机、缴费机、电话机"
    "、ip电话"
    "、温湿度传感器、精密空调、新风机、一米线、隔离带、护栏、台桌、安检桌、工作台、整理台、置物台、炸探"
    "、防暴盾、橡胶棍"
    "、橡胶警棍、约束带、急救箱、车位探测器、消防模块、分机、护理主机、床头屏、走廊屏、电子地磅、电子汽车衡"
    "、电子轨道衡、广播"
    "、可视门铃、对讲门铃、门铃、门口机、室内机、围墙机、对讲管理机、管理中心机、中心管理机、对讲主机"
    "、对讲分机、室内分机、门口主机、可视分机、对讲机、巡更棒、巡更点、巡查点、巡更钮、巡检器、巡更机、巡检棒"
    "、火灾报警控制器"
    "、灭火器、灭火箱、警报器、警报喇叭、辣椒水、喷雾、光电转换器、协议转换器、充电桩、备品备件、易损件"
    "、专用工具、警钟"
    "、显示设备、可视对讲"
    "、楼宇对讲、杆件、信号灯、通行灯、器材架、器材柜、装备柜、装备架、灭火毯、保险柜、保险箱、手电、手电筒"
    "、消火栓、应急灯、疏散指示灯、消防报警主机、火灾报警主机、手动火灾报警按钮、消火栓按钮"
    "、火灾探测器、感温探测器、扬声器、喇叭、号角、功放"
    # of roads, of offices, of lighting and of building services
    "、情报板、可变信息标志、紧急电话、能见度检测器、一氧化碳检测器、co检测器、风速风向仪、风速风向检测器"
    "、光强检测器、气象站"
    "、车道指示器、诱导屏、诱导标、限速标志、反光镜、减速带、地磅、称重仪、投影仪、投影机、幕布、电子白板"
    "、笔记本、笔记本电脑、平板电脑"
    "、鼠标、耳机、音响、调音台、麦克风、均衡器、会议终端、发电机、电表、水表、时控开关、继电器、接触器"
    "、指示灯、探照灯、照明灯"
    "、投光灯、泛光灯、路灯、庭院灯、应急照明、照明、面板、底盒、暗盒、86盒、线卡、弯头、接头、bnc头、胶布"
    "、软管、光纤熔接、熔接"
    "、椅子、办公桌、文件柜、鞋套机、饮水机、抓捕器、脚叉、反光衣、火灾显示盘、消防电话、喷淋头、防火阀"
    "、温度传感器、湿度传感器"
    "、压力传感器、液位计、执行器、查询机、点餐机、售票机、检票机、堡垒机、负载均衡、上网行为管理、光纤交换机"
    "、网管软件"
    # English
    "、switch、monitor、cable、bracket、workstation、keyboard、keypad、camera power supply、hard disk"
    "、hdd、electromagnetic lock、electric lock、magnetic lock、em lock、maglock、electric strike"
    "、bolt lock、drop bolt、exit button、request to exit button、rex、request to exit、push button"
    "、request-to-exit button、break glass、break-glass、break glass unit、break-glass unit"
    "、injector、sfp、sfp module、patch lead、door strike、batteries、backup batteries、back box"
    "、door closer、media converter、rack、cabinet"
    "、siren、sounder、strobe、siren strobe、zone expander、expander、expansion module、zone module"
    "、relay module、input module、output module、decoder、video wall、display"
    "、ups battery、battery、router、firewall、intercom、enrolment reader、enrollment reader、patch panel"
    "、junction box、speaker、microphone、beacon、amplifier、access point、wireless access point"
    "、sounder beacon、door release、emergency door release"
    "、rex button、exit switch"
    "、rex switch、door bell"
    "、wall bracket"
    "、explosive trace detector、etd、liquid scanner、bomb blanket"
    "、fire alarm panel、fire alarm control panel"
)
"""Nouns that say so wherever they stand last."""

_TRADES = (
    "广播|背景音乐|对讲|可视|巡更|巡检|动环|环境监控|会议|停车场?|梯控|消费|病房|护理|护士站|信息发布"
    "|电话|语音|叫号|收费|缴费"
)
PART_NAMES = (
    re.compile(
        r"(?:防区|地址|总线|扩展|输入|输出|继电器|继电|通[讯信]|通信|网络|接口|接收|发射|无线|有线|编[码址]"
        r"|编码|隔离|驱动|中继|供电"
        r"|电源|光|串口|联动|报警|电话|短信|语音|[单双多两四八]+路?|\d+路?|路|gprs|gsm|cat1|nb-?iot|[345]g"
        r"|tcp/ip|rs-?\d{3}|poe|型|式|消防|干接点|量|照明(?:控制)?|空调(?:控制)?|灯光(?:控制)?)+模块"
    ),
    re.compile(
        r"(?:hdmi|vga|dvi|usb|dp|音频|音视频|视频|数据|连接|延长|屏蔽|接地|护套|电话|网络|跳|网|超?[五六七]类"
        r"|cat ?[5-8][ae]?|供电|控制|通讯"
        r"|信号|同轴|电力|铜芯)+线缆?"
    ),
    re.compile(
        r"(?:pvc|pe|upvc|sc|jdg|kbg|hdpe|镀锌|阻燃|线|穿线|钢|预埋|碳素|可挠|包塑|金属|蛇皮|软|硅芯)+管"
    ),
    re.compile(
        r"(?:\d+寸|led|lcd|oled|液晶|小间距|全彩|信息|引导|余位|车位|发布|条|触摸|室内|室外|监视|等离子|广告"
        r"|超窄边|拼接)+(?:屏|屏幕)"
    ),
    re.compile(r"(?:监控|摄像机|路灯|八角|圆|锥形|l型|f型|t型|共|综合|龙门|抱)+杆"),
    re.compile(
        r"(?:灵性|夹|机电一体|玻璃门?|地|推[杠杆]|逃生|逃生门|防火门|消防门|通道|门|插芯|执手|门夹|断电开"
        r"|通电开|静音|双门|单门|嵌入式|明装)+锁"
    ),
    re.compile(
        r"(?:tf|sd|micro ?sd|存储|内存|发送|接收|采集|压缩|网|视频|声|显|加密|授权|用户|员工|复旦|m1"
        r"|非接触式?|ic|cpu|id)+卡"
    ),
    re.compile(r"(?:机|配电|电源|网络|综合|弱电|监控|设备|服务器|稳压|不锈钢|室外|壁挂|落地|户外|ups)+柜"),
    re.compile(
        r"(?:流媒体|转发|数据库|应用|人脸|人脸识别|智能分析|视频分析|行为分析|结构化|解析|web|备份|图像处理"
        r"|车辆识别|域控"
        f"|考勤|{_TRADES})+(?:管理|系统|比对)*服务器"
    ),
    re.compile(
        f"(?:{_TRADES})+(?:管理|控制|系统|监控|网络|中心|调度|智能|ip)*(?:主机|终端|软件|工作站|客户端|电脑|控制器|采集器|面板|门口机|一体机)"
    ),
    re.compile(
        r"(?:客户端|操作系统|数据库|杀毒|发卡|考勤|访客|消费|梯控|停车|停车场|电子地图)(?:管理|系统)*软件"
    ),
    re.compile(
        r"(?:不锈钢|紧急|应急|消防|感应|红外|无接触|非接触式?)*(?:出门|开门|疏散|释放)(?:感应|红外)*(?:按钮"
        r"|开关|装置)"
    ),
    re.compile(r"声光[一-龥]{0,4}(?:器|灯|号|装置|柱)|(?:声光|警示|警告|报警)+警[报示]器"),
    re.compile(r"访客[一-龥]{0,6}(?:机|终端|系统)"),
    re.compile(r"(?:request[ -]to[ -]exit|rte|rex)[ -](?:pir|sensor|detector|button|switch|device|motion)"),
    re.compile(
        f"(?:{_TRADES}|综合布线|布线|能耗|有线电视|楼宇自控|智能照明|照明|时钟|大屏显示|电子公告)+"
        "(?:管理|控制|引导|计量)*系统"
    ),
    re.compile(
        r"(?:电子|在线式?|离线式?|智能|实时)*巡[更查检](?:管理)?(?:系统|设备|终端|点|棒|钮|器|机|仪|主机|卡"
        r"|牌)"
    ),
    re.compile(
        r"(?:intercom|help point|door entry)(?: (?:master|station|unit|panel|handset|system))?"
        r"|(?:flood|street|led|emergency)[ -]?lights?|luminaire|conduit|trunking|cable (?:tray|ladder)"
        r"|patch cords?"
        r"|surge (?:protector|protection(?: device)?)|lightning protection|joystick|printer|earthing"
    ),
    re.compile(r"(?:调度|紧急|防爆|扩音|ip|网络|直通|对讲|内部|程控|光纤|可视)+电话(?:机|终端|主机|分机)?"),
    re.compile(
        r"(?:立杆|杆件|支架|基础|手井|箱体|管道|桥架|线槽|线管|光缆|电缆|线缆|网线)[一-龥]{0,2}"
        r"(?:制作|敷设|安装|开挖|浇筑|布放|熔接|调试|及|和)+"
    ),
    re.compile(r"(?:视频|网络|高清|数字)*(?:解码|编解码|拼接|切换)(?:主机|服务器|单元|板|卡|矩阵)"),
    re.compile(r"车底[一-龥]{0,6}(?:系统|装置|仪|设备|镜|机)"),
    re.compile(r"(?:(?:[a-z]+|\d+[- ]?ch(?:annel)?) )*(?:licen[cs]es?|testers?|housings?|communicators?)"),
    re.compile(
        r"(?:(?:zone|input|output|io|i/o|relay|expander|expansion|bus|loop|gsm|gprs|4g|communication"
        r"|communicator|network|interface|power|battery|extension|addressable)[ -]){1,3}"
        r"(?:module|card|board)s?"
    ),
    re.compile(
        r"(?:(?:proximity|smart|rfid|access|mifare|contactless|iclass|desfire|em|user|staff|visitor|blank|ic|id)"
        r"[ -]){1,3}(?:(?:key[ -]?)?fob|(?:id )?card|tag|credential)s?|key[ -]?fobs?"
    ),
    re.compile(
        r"(?:test|calibration)[ -](?:piece|object|kit|sample|sheet|block|bag|case|body|target|card|chart)s?"
    ),
    re.compile(
        r"^(?:(?:camera|cctv|steel|galvani[sz]ed|mounting|tapered|tilt[ -]down) )*(?:poles?|masts?)"
        r"(?!\W*(?:no\.?)?\s*\d+\s*(?:$|[^\s\dm.]))"  # a camera may be called by its place: Pole 3
    ),
)
"""Names of such equipment that are put together: 总线扩展模块, 46寸液晶屏, 单门静音锁."""

CABLES = re.compile(
    r"(?:[nw]h-|zr-|zc-|wdz[a-z]*-)?"
    r"(?:rvv[sp]?|rvs|rvsp|rvvp|syv|sywv|utp|ftp|stp|bvr?|bvv|kvvp?|yjv|avvr|gyta|gyxtw|gytza53)"
    r"[-_ ]?\d[\w.*×x+\-/()φ]*|(?:jdg|kbg|sc|pvc)(?:15|16|20|25|32|40|50|65|70|80|100)"
)
"""The codes of cables and tubes: RVV2*1.0, SC20."""

OTHER_TRADES = re.compile(
    r"(?:[内外专]网|(?:内|外|办公|无线|有线)?(?:网络|数据|语音|电话|信息|电视)|tv|wi-?fi|ap|广播|喇叭"
    r"|背景音乐|综合布线)"
    r"(?:点位?|口|插座|面板|终端)?"
)
"""Points of other trades, as a table that counts all points of a floor calls them: 网络, 电话, 内网."""

COSTS = re.compile(
    r"(?:施工|布线|安装|系统|设备|集成|开通|线缆|敷设|现场|软件|联合|人工|运输|培训|及|与|和|、|/)*"
    r"(?:施工|布线|安装|调试|人工|运输|培训|敷设|试运行)(?:\(.*\))?|[一-龥、]*(?:费|费用|税金|利润|(?:质保"
    r"|维保|保修|售后|维护|培训|技术|安装)服务)(?:\(.*\))?"
)
"""What a quotation lists beside the equipment: 安装调试费."""

WORKS = re.compile(
    r"\blicen[cs]es?\b(?! plate)|\b(?:brackets?|housings?(?! (?:block|estate))|psu"
    r"|power supply unit|back ?box(?:es)?)\b"
    r"|\b(?:remov(?:al|e|ing)|dismantl(?:e|ing)|relocat(?:e|ion|ing)|demolish|decommission(?:ing)?)\b"
    r"|^(?:spares?|future)\b(?! room)"
    r"|^(?:commissioning|training|maintenance|warranty) (?:of|for|on)\b"
    r"|^(?:\S+ )?cables? (?:to|for)\b"
    r"|\bcamera (?:wall|pole|ceiling|corner|pendant|parapet)[ -]?mount(?:s|ing)?$"
    r"|授权|许可证?(?=[^一-龥]|接入|$)|^(?:拆除|拆卸|拆装|迁移|迁改|移位|移机|维修|维护|检修|调试|备用(?!电源|电池|蓄))"
    r"(?![一-龥]{0,4}(?:[间室房库区站厂场台楼口]|车间|通道|中心))"
    r"|^(?:支架|护罩|电源|线缆|网线|配件|辅材)\s*[-—:/]"
)
"""What a name says that ends in a device and is of a part for it, or of work at it."""
