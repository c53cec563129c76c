# SPDX-License-Identifier: Apache-2.0
"""Names of things that are put together, and those that say what a thing is only within its system."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.meanings import FOOT_SWITCH, HOLD_UP, UNCLEAR, UNTESTED, Meaning, zone_of
from yanshou.site.schedule.parts import PART_NAMES

_K = DeviceKind

CAMERA_FORMS = re.compile(
    r"(?:固定|定焦|变焦|全景|云台|彩色|高清|普通|室内|室外|电梯|轿厢|高空|高空抛物|楼顶)(?:专用|型|式)?|fixed"
    r"|static"
)
"""Forms of cameras, as the head of a column below 视频监控 may say them alone: 固定, 电梯."""

_PANEL, _CONTROLLER = Meaning(_K.PANEL), Meaning(_K.DOOR_CONTROLLER)
IN_ITS_SYSTEM: Mapping[System, tuple[tuple[re.Pattern[str], Meaning], ...]] = {
    System.INTRUSION: (
        (
            re.compile(
                r"(?:总线制?|网络|大型|小型|有线|无线|\d+防区|中心|智能|键盘)*(?:控制)?主机"
                r"|[a-z][a-z\d\-]*\d[a-z\d\-]*主机"
            ),
            _PANEL,
        ),
        (
            re.compile(
                r"(?:[柜前总吧]台|收银台?|窗口|值班室?|大堂|手动|无线|有线|隐藏式?|暗装|桌下|\d+号?)*按钮"
            ),
            HOLD_UP,
        ),
        (re.compile(r"传感器"), Meaning(_K.ZONE)),
        (re.compile(r"(?:手动式?)?紧急(?:求助|求救)?|手报|手动报警"), HOLD_UP),
    ),
    System.ACCESS_CONTROL: (
        (
            re.compile(
                r"(?:网络|tcp/ip|[单双两四八多\d]门|主|就地|现场|区域|[单双]向|联网|读卡|管理|一体化"
                r"|智能)*控制器"
            ),
            _CONTROLLER,
        ),
        (re.compile(r"(?:door|access|\d-door) ?controller|controller"), _CONTROLLER),
        (
            re.compile(r"门磁(?:开关)?|门(?:状态|位置?|开关)(?:传感器|检测器|开关|探测器)|door contact|按钮"),
            UNTESTED,
        ),
    ),
    System.VIDEO: (
        (
            re.compile(r"(?:室内|室外|高清|红外|人脸|防爆|网络|固定|电梯)*(?:枪|球|筒|半球|枪球)"),
            Meaning(_K.CAMERA),
        ),
        (re.compile(r"(?:监控|网络|高清|红外)*探头"), Meaning(_K.CAMERA)),
        (re.compile(r"云台"), UNCLEAR),
        (CAMERA_FORMS, Meaning(_K.CAMERA)),
        (
            re.compile(
                r"(?:(?:ac|dc)?\d+v(?:\d+(?:\.\d)?a)?|集中供电|线性|稳压|直流|交流|摄像机|监控|专用|防水|室外"
                r"|壁挂)+电源箱?"
            ),
            UNTESTED,
        ),
        (
            re.compile(r"(?:高清|微型|隐蔽式?|锥形|飞碟型?|烟感式?)*(?:针孔|飞碟)(?:式|型)?"),
            Meaning(_K.CAMERA),
        ),
        (re.compile(r".*车牌(?:识别|抓拍|捕捉)*(?:摄像机|抓拍机|相机|抓拍单元)"), Meaning(_K.CAMERA)),
    ),
    System.SECURITY_INSPECTION: (
        (
            re.compile(
                r"(?:[前后进出双单]+(?:侧|端|部)?|过渡|缓冲|延伸|[有无]?动力)*(?:传送带|输送带|辊道|滚道|辊台|滚筒台?|输送机)"
                r"|(?:[a-z]+ )*(?:conveyor|roller table)s?(?:[ ,].*)?"
            ),
            UNTESTED,
        ),
        (
            re.compile(
                r"(?:自动|智能)*(?:回框|回筐|传输)(?:系统|装置|机|线)|(?:集中|远程)*判图(?:站|台|终端|席位?)"
            ),
            UNTESTED,
        ),
        (
            re.compile(
                r"(?:标准|性能|安检|图像|射线|[一-龥]?光|[abc]类?)*(?:测试|试验|检测|校准)"
                r"(?:箱|体|块|板|卡|片|件|包|棒|样品|试件)|标准试件"
            ),
            UNTESTED,
        ),
    ),
}
"""Names that say what a thing is only together with the system it belongs to: 主机, 控制器, 探头."""

_X_RAY = re.compile(
    r"(?:通道式|通过式|微剂量|双能|双视角|行李|安检|台式|多能量)+x(?:射线|光)[一-龥]{0,8}(?:机|仪|设备|系统"
    r"|装置)"
    r"|x(?:射线|光)(?:行李|包裹|行包|物品|安检|安全|双视角|微剂量|通道式)*(?:检查|安检)(?:机|仪|设备|系统"
    r"|装置)"
    r"|x(?:射线|光)(?:行李|包裹|行包|物品)机"
)
_BAGGAGE = re.compile(
    r"(?:ct|断层|行李|包裹|行包|物品|货物|托运)+(?:型|式)?(?:行李|包裹|行包|物品|货物)?(?:安检|安全检查|检查)(?:设备|仪|机|系统|装置)"
)
_SENSORS = (
    "(?:入侵|防盗|报警|复合|双技术|空间|式|型|技术|有线|无线|室内|室外|防宠物|防暴|防拆|移动|动态|人体|感应|吸顶|壁挂|广角|被动|智能)*"
    "(?:(?:探测|传感)单元|探测器?|探测装置|探测报警器|报警器|传感器|感应器)"
)
_MOTION = r"(?:[ -]?(?:motion|intrusion|intruder))?[ -](?:detectors?|sensors?)|[ -]motion"
COMPOSED: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    *((names, UNTESTED) for names in PART_NAMES),
    (
        re.compile(
            r"(?:智能|电子|密码|指纹|人脸|刷脸|联网|酒店|宾馆|蓝牙|刷卡|感应|ic卡|可视|nb)[一-龥]{0,6}锁"
        ),
        UNCLEAR,
    ),
    (
        re.compile(r"(?:围栏|脉冲|光纤|光缆|电缆|对射|周界|张力|雷达)[一-龥]{0,6}(?:主机|控制器)"),
        UNCLEAR,  # 电子围栏总线报警主机, which may be the panel or what the panel hangs on
    ),
    (
        re.compile(r"(?:nvr|dvr|cvr|xvr)(?:存储|网络|智能|管理|录像)+(?:主机|服务器|设备|阵列)"),
        Meaning(_K.RECORDER),
    ),
    (re.compile(r"(?:录像机|控制器|主机|服务器|[ndcx]vr)(?:机|控制)?[柜箱]"), UNCLEAR),
    (re.compile(r"(?:枪|半?球|筒)[型式形](?:网络)?机"), Meaning(_K.CAMERA)),
    (re.compile(r"[单双两四八]门(?:门禁)?(?:控制)?主机"), Meaning(_K.DOOR_CONTROLLER)),
    (re.compile(r"(?:[单双两四八多]|\d)门[一-龥]{0,4}控制器"), Meaning(_K.DOOR_CONTROLLER)),
    (re.compile(r"液[体态][一-龥]{0,6}(?:检测|检查|探测|安检|识别)仪"), UNTESTED),
    (re.compile(r"防[冲撞][一-龥]{0,6}(?:桩|墩|柱|栏)|硬质[一-龥]{0,4}(?:桩|墩|柱|栏)"), UNTESTED),
    (re.compile(r"(?:access[ -]?controlled|card[ -]access|controlled|secured?) doors?"), Meaning(_K.DOOR)),
    (re.compile(r"(?:dual|tri)[ -]?tech(?:nology)?[ -](?:pir|microwave|mw)"), zone_of("dual")),
    (
        re.compile(
            r"(?:motion |intrusion |volumetric )?(?:detector|sensor)s?,? (?:dual|tri)(?:[ -]tech(?:nology)?)?"
        ),
        zone_of("dual"),
    ),
    (re.compile(r"curtain[ -]pir|pir[ -]curtain"), zone_of("curtain")),
    (re.compile(r"(?:人脸|刷脸|指纹|掌纹|静脉|虹膜|密码|考勤|二维码)[一-龥]{0,6}门禁(?:主机|机)"), UNCLEAR),
    (
        re.compile(
            r"(?:接线|分线|出线|电源|光纤|光缆|网络|弱电|配线|设备|终端|室外|壁挂|防水|汇聚|监控|前端|综合"
            r"|信息|光交|熔纤|手孔|集线)+"
            r"(?:箱|盒)"
        ),
        UNTESTED,
    ),
    (
        re.compile(r"门禁(?:主|区域|网络|联网|就地|现场|总|分|管理|读卡|一体化|智能)+控制器"),
        Meaning(_K.DOOR_CONTROLLER),
    ),
    (re.compile(r"车牌[一-龥]{0,6}相机"), UNCLEAR),
    (
        re.compile(
            r"(?:\d+万|高清|网络|红外|星光|激光|智能|可见光|热成像|双光谱|双光)+(?:像素|级|夜视|变焦)*云台"
        ),
        Meaning(_K.CAMERA),
    ),
    (
        re.compile(
            r"脚[踏踢挑](?:式|型|紧急|报警|求助|无线|有线)*(?:开关|按钮|装置|报警器|报警板|报警垫|(?<=报警))"
        ),
        FOOT_SWITCH,
    ),
    (
        re.compile(
            r"(?:fence|perimeter|vibration|microphonic|fib(?:er|re)[ -]?optic)"
            r"(?: (?:fence|vibration|mounted|intrusion))*"
            r" (?:sensor|sensing|detection|detector) (?:cable|fib(?:er|re))"
        ),
        zone_of("vibration_cable"),
    ),
    (re.compile(r"(?:视频|监控)+探头"), Meaning(_K.CAMERA)),
    (re.compile(r"(?:人脸|刷脸|指纹|掌纹|静脉|虹膜|密码|考勤|二维码)[一-龥]{0,6}门禁"), UNCLEAR),
    (_X_RAY, Meaning(_K.XRAY)),
    (_BAGGAGE, Meaning(_K.XRAY, within=frozenset({System.SECURITY_INSPECTION}))),
    (
        re.compile(r"紧急(?:求助|求救|报警|呼救)*按钮(?:式)?(?:报警器|报警装置|报警开关|探测器|装置|开关)"),
        HOLD_UP,
    ),
    (re.compile(r"一键式?(?:紧急|应急)?(?:报警|求助|求救|呼救)(?:器|装置|按钮|开关)?"), HOLD_UP),
    (re.compile(r"(?:microwave|mw) ?[/+&-] ?pir|pir ?[/+&-] ?(?:microwave|mw)"), zone_of("dual")),
    *(
        (
            re.compile(f"(?:{chinese}){_SENSORS}" + (f"|(?:{english})(?:{_MOTION})" if english else "")),
            zone_of(detector),
        )
        for detector, chinese, english in (
            (
                "dual",
                (
                    "双[鉴监](?:红外|微波|幕帘)*|[双三]技术(?:红外|微波|幕帘|和|/)*|三鉴|四鉴|双元"
                    "|红外[+和与/、及]?微波|微波[+和与/、及]?(?:(?:被动)?红外|幕帘)"
                ),
                r"dual[ -]?tech(?:nology)?|dual|dt|tri-tech|pir[ /+-]microwave",
            ),
            (
                "beam",
                "主动红外|红外对射|激光对射|[一-龥]光束(?:红外)?|对射|互射|红外光[墙束]|红外光栅|激光",
                "beam",
            ),
            (
                "curtain",
                "(?:双|方向|方向性|方向识别|红外)?(?:幕帘|窗帘)(?:式|型)?(?:的|被动|红外)*",
                "curtain",
            ),
            (
                "infrared",
                "(?:被动|吸顶|壁挂|广角|全向|全方位|热释电|方向性|幕墙)?红外线?|热释电",
                "pir|passive infrared|infrared",
            ),
            ("microwave", "微波(?:对射|墙式?)?", "microwave"),
            ("glass_break", "玻璃破[碎裂]|玻破", r"glass[ -]?break|acoustic glass"),
            ("vibration", "振动|震动|地音|冲击", "seismic|vibration|shock"),
            ("contact", "窗磁|门窗|磁控|磁开关|门窗磁|磁控开关", ""),
            ("taut_wire", "张力(?:式|围栏|电子围栏)?", "taut wire"),
            ("pulse_fence", "脉冲(?:式|电子)?围栏|(?:[二四六八双\\d]线制?)?脉冲(?:式|型)?", ""),
            ("vibration_cable", "(?:振动|震动)(?:光纤|光缆|电缆)|光纤(?:振动|震动)", ""),
            ("leaky_cable", "泄[漏露](?:同轴)?电缆", r"leaky (?:coax(?:ial)?(?: cable)?|cable|feeder)"),
        )
    ),
)
"""Things whose name is put together: 被动红外入侵探测器, dual-tech motion detector, 双视角X光安检机."""
