# SPDX-License-Identifier: Apache-2.0
"""Sheets of different hands, each row with what a person reads it as."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from yanshou.site.schedule import Drafted, Row, ScheduleRemark, draft, read_rows, read_sheets

Line = tuple[Sequence[object], str]
"""The cells of a row, and what a person reads it as: a kind, untested, words, same, or ? for unclear."""


@dataclass(frozen=True)
class Hand:
    """One sheet: the lines above its rows, the rows, and how the file is written."""

    name: str
    top: Sequence[Sequence[object]]
    rows: Sequence[Line]
    merged: Sequence[str] = ()
    text: tuple[str, str] = ("", "")  # encoding and separator of a CSV file
    sheet: str = "Sheet1"

    def write(self, folder: Path) -> Path:
        """The file in ``folder``."""
        encoding, separator = self.text
        every = [*self.top, *(cells for cells, _ in self.rows)]
        path = folder / (f"{self.name}.csv" if encoding else f"{self.name}.xlsx")
        if encoding:
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=separator).writerows(every)
            path.write_bytes(out.getvalue().encode(encoding))
            return path
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = self.sheet
        for cells in every:
            book.active.append(list(cells))
        for area in self.merged:
            book.active.merge_cells(area)
        book.save(path)
        return path


def write_book(folder: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    """A file of several sheets, each with its name and its lines."""
    book = openpyxl.Workbook()
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
    book.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def read_file(path: Path) -> tuple[list[Row], list[Drafted], list[ScheduleRemark]]:
    """The rows of a file, its devices, and what is told."""
    reported: list[ScheduleRemark] = []
    rows = read_rows(read_sheets(path), reported)
    return rows, draft(rows, reported), reported


def read(
    folder: Path, *rows: Sequence[object], sheet: str = "Sheet1", merged: Sequence[str] = ()
) -> tuple[list[Drafted], list[ScheduleRemark]]:
    """The devices of a sheet with these rows, and what is told."""
    _, drafted, reported = read_file(Hand("sheet", rows, [], merged, sheet=sheet).write(folder))
    return drafted, reported


def cameras(count: int, form: str, *, first: int = 1) -> list[Line]:
    """So many rows of cameras: ``form`` has {n} for the running number, cells divided by ``|``."""
    kinds = ("半球", "枪机", "球机", "枪型摄像机", "半球型网络摄像机")
    places = ("一层大厅", "一层东走廊", "二层电梯厅", "地下车库入口", "屋顶机房")
    return [
        (
            form.format(
                n=n, kind=kinds[n % 5], place=places[n % 5], ip=f"10.8.{n // 250}.{n % 250 + 2}"
            ).split("|"),
            "camera",
        )
        for n in range(first, first + count)
    ]


TITLE = ["某某项目安防点位表"]


LISTS = (
    Hand(
        "酒店",
        [
            TITLE,
            ["序号", "设备名称", "型号", "安装位置", "网络参数", "", "备注"],
            ["", "", "", "", "IP地址", "端口", ""],
        ],
        [
            (["一、视频监控系统"], "text"),
            *cameras(20, "{n}|{kind}|DS-2CD|{place}|{ip}|80|"),
            ([21, "网络硬盘录像机", "DS-86", "消控室", "10.8.0.200", "80", ""], "recorder"),
            ([22, "24口PoE交换机", "S5700", "弱电间", "10.8.0.201", "", ""], "untested"),
            (["二、入侵报警系统"], "text"),
            ([1, "总线报警主机", "X-1", "消控室", "", "", ""], "panel"),
            ([2, "双鉴探测器", "DT-1", "财务室", "", "", ""], "zone"),
            ([3, "紧急按钮", "HB-1", "前台", "", "", "同上"], "zone"),
            ([4, "门磁", "MC-1", "后门", "", "", ""], "zone"),
            ([5, "声光报警器", "", "消控室", "", "", ""], "untested"),
            (["三、出入口控制系统"], "text"),
            ([1, "四门控制器", "", "弱电间", "10.8.0.220", "", ""], "door_controller"),
            ([2, "IC卡读卡器", "", "东门", "", "", ""], "reader"),
            ([3, "单门磁力锁", "", "东门", "", "", ""], "untested"),
            (["合计：29"], "text"),
        ],
        ["A1:G1", "E2:F2", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "G2:G3", "A4:G4"],
    ),
    Hand(
        "学校GBK",
        [["序号", "监控点名称", "摄像机类型", "安装部位", "IP"]],
        cameras(15, "{n}|{place}{n}|{kind}|{place}|{ip}"),
        text=("gb18030", ","),
    ),
    Hand(
        "医院UTF16",
        [["医院视频监控点位表"], ["No.", "点位名称", "楼层", "房间号", "设备IP", "通道号", "备注"]],
        cameras(12, "{n}|{place}|{n}层|10{n}|{ip}|{n}|"),
        text=("utf-16", "\t"),
    ),
    Hand(
        "分号",
        [["item", "device", "model", "position", "ip address", "remark"]],
        [
            *cameras(8, "{n}|dome camera|M-1|floor {n}|{ip}|"),
            (["9", "NVR", "N-1", "server room", "10.8.0.99", ""], "recorder"),
            (["10", "PIR", "P-1", "office", "", ""], "zone"),
        ],
        text=("utf-8", ";"),
    ),
    Hand(
        "报警防区",
        [["报警系统防区表"], ["防区号", "防区名称", "探测器类型", "安装位置", "所属主机", "防区类型"]],
        [
            *(
                ([n, f"{n}号柜台", "紧急报警按钮", "营业厅", "报警主机1", "24小时" if n == 1 else ""], "zone")
                for n in (2, 3, 4)
            ),
            ([5, "金库", "三鉴探测器", "金库", "报警主机1", "普通"], "zone"),
            ([6, "后门", "门磁", "后门", "报警主机1", "普通"], "zone"),
            ([7, "围墙", "四光束红外对射", "东墙", "报警主机1", "周界"], "zone"),
            ([8, "地下室", "玻璃破碎探测器", "地下室", "报警主机1", ""], "zone"),
        ],
    ),
    Hand(
        "门禁",
        [["门禁系统点位清单"], ["序号", "门名称", "位置", "控制器", "门号", "锁具类型"]],
        [([n, f"{n}01室", f"{n}层", "", 1, "断电开"], "door") for n in range(1, 9)],
    ),
    Hand(
        "清单",
        [["序号", "项目名称", "规格型号", "单位", "数量", "安装区域", "备注"]],
        [
            (["一", "视频安防监控系统", "", "", "", "", ""], "text"),
            (["（一）", "前端部分", "", "", "", "", ""], "text"),
            ([1, "400万红外半球摄像机", "A-4", "台", 1, "大堂", ""], "camera"),
            ([2, "室外快球", "A-5", "台", 1, "广场", ""], "camera"),
            ([3, "摄像机电源", "12V", "个", 2, "", ""], "untested"),
            ([4, "壁装支架", "", "个", 2, "", ""], "untested"),
            (["（二）", "后端部分", "", "", "", "", ""], "text"),
            ([5, "64路NVR", "N-64", "台", 1, "监控中心", ""], "recorder"),
            ([6, "监控硬盘", "8T", "块", 8, "监控中心", ""], "untested"),
            ([7, "55寸拼接屏", "", "块", 9, "监控中心", ""], "untested"),
            ([8, "六类网线", "", "箱", 20, "", ""], "untested"),
            (["小计", "", "", "", 44, "", ""], "text"),
            (["二", "防盗报警系统", "", "", "", "", ""], "text"),
            ([1, "报警控制主机", "", "台", 1, "监控中心", ""], "panel"),
            ([2, "幕帘探测器", "", "个", 1, "档案室", ""], "zone"),
            ([3, "脚挑开关", "", "个", 1, "收款台", ""], "zone"),
            ([4, "报警键盘", "", "个", 1, "监控中心", ""], "untested"),
        ],
    ),
    Hand(
        "两表并列",
        [["序号", "设备名称", "位置", "序号", "设备名称", "位置"]],
        [([n, "枪机", f"{n}层", n + 9, "半球", f"{n}层走廊"], "camera") for n in range(1, 7)],
    ),
    Hand(
        "楼层分段",
        [["园区监控点位统计"], ["编号", "名称", "型号", "IP地址", "说明"]],
        [
            (["1号楼"], "text"),
            *cameras(6, "1-{n}|{kind}|K-1|{ip}|"),
            (["2号楼"], "text"),
            *cameras(6, "2-{n}|{kind}|K-1|{ip}|", first=7),
        ],
        ["A1:E1"],
    ),
    Hand(
        "双语",
        [
            ["序号", "设备编号", "设备名称", "安装地点", "备注"],
            ["No.", "Device No", "Name", "Location", "Remarks"],
        ],
        [
            *cameras(5, "{n}|C-{n:02d}|{kind}|{place}|"),
            (["6", "D-01", "速通门", "大堂", ""], "door"),
            (["7", "D-02", "道闸", "车库入口", ""], "door"),
        ],
    ),
    Hand(
        "消防在内",
        [["系统", "设备名称", "型号", "位置"]],
        [
            (["视频监控系统", "球机", "B-1", "东门"], "camera"),
            (["视频监控系统", "人脸抓拍机", "B-2", "东门"], "camera"),
            (["消防系统", "感烟探测器", "F-1", "走廊"], "untested"),
            (["消防系统", "手动报警按钮", "F-2", "走廊"], "untested"),
            (["公共广播系统", "音箱", "G-1", "走廊"], "untested"),
            (["入侵报警系统", "红外探测器", "R-1", "库房"], "zone"),
            (["门禁系统", "双门控制器", "M-1", "弱电井"], "door_controller"),
        ],
    ),
    Hand(
        "表头在中",
        [
            ["建设单位：某公司"],
            ["日期：2026-05"],
            [],
            ["序号", "点位", "设备类型", "规格", "安装位置", "IP 地址"],
        ],
        [
            *cameras(5, "{n}|{place}|{kind}|H-1|{place}|{ip}"),
            (["序号", "点位", "设备类型", "规格", "安装位置", "IP 地址"], "head"),
            *cameras(5, "{n}|{place}|{kind}|H-1|{place}|{ip}", first=6),
            (["注：以现场为准"], "text"),
        ],
        ["A1:F1"],
    ),
    Hand(
        "安检",
        [["序号", "设备名称", "规格型号", "安装位置", "数量"]],
        [
            ([1, "X光安检机", "XR-5030", "东门", 1], "xray"),
            ([2, "通过式金属探测门", "MD-1", "东门", 1], "gate"),
            ([3, "手持金属探测器", "", "东门", 2], "gate"),
            ([4, "UPS电源", "3kVA", "机房", 1], "power_supply"),
            ([5, "综合安防管理平台", "", "机房", 1], "platform"),
            ([6, "NTP时间服务器", "", "机房", 1], "time_server"),
        ],
    ),
    Hand(
        "周界",
        [["周界报警点位"], ["序号", "防区", "设备类型", "防护部位"]],
        [
            ([1, 1, "张力式电子围栏", "北墙"], "zone"),
            ([2, 2, "振动光纤", "东墙"], "zone"),
            ([3, 3, "泄漏电缆", "南墙"], "zone"),
            ([4, 4, "主动红外探测器", "西墙"], "zone"),
        ],
    ),
    Hand(
        "全角",
        [["序　号", "设备 名称", "规格／型号", "安装位置", "ＩＰ地址", "备　注"]],
        cameras(5, "{n}|ＩＰＣ {kind}|Q-1|{place}|{ip}|"),
        text=("utf-8-sig", ","),
    ),
    Hand(
        "电梯",
        [["摄像机清单"], ["序号", "安装位置", "IP", "型号"]],
        cameras(6, "{n}|{n}号电梯轿厢|{ip}|T-1"),
    ),
    Hand(
        "银行",
        [["设备编号", "设备名称", "系统名称", "所在楼层", "型号", "IP地址", "上级设备", "通道号"]],
        [
            (["NVR-01", "硬盘录像机", "视频监控", "1F", "N-1", "10.8.0.9", "", ""], "recorder"),
            *cameras(8, "C{n:02d}|{kind}|视频监控|1F|N-2|{ip}|NVR-01|{n}", first=11),
            (["P-01", "入侵报警主机", "入侵报警", "1F", "N-3", "", "", ""], "panel"),
            (["Z-01", "被动红外探测器", "入侵报警", "1F", "N-4", "", "P-01", "1"], "zone"),
        ],
    ),
    Hand(
        "竖并位置",
        [["序号", "楼栋", "楼层", "设备名称", "型号"]],
        [
            ([1, "A栋", "一层", "枪机", "V"], "camera"),
            ([2, "", "", "半球", "V"], "camera"),
            ([3, "", "", "读卡器", "V"], "reader"),
            ([4, "", "二层", "枪机", "V"], "camera"),
        ],
        ["B2:B5", "C2:C4"],
    ),
    Hand(
        "制表符",
        [["序号", "类别", "名称", "位置", "备注"]],
        [
            (["1", "前端", "红外球机", "广场", ""], "camera"),
            (["2", "前端", "枪型摄像机（含支架）", "广场", ""], "camera"),
            (["3", "前端", "摄像机立杆", "广场", ""], "untested"),
            (["4", "后端", "DVR", "机房", ""], "recorder"),
            (["5", "网络", "光纤收发器", "机房", ""], "untested"),
        ],
        text=("utf-8", "\t"),
    ),
    Hand(
        "停车与对讲",
        [["序号", "设备名称", "安装位置"]],
        [
            (["一、视频监控系统"], "text"),
            *cameras(12, "{n}|{kind}|{place}"),
            (["二、楼宇对讲系统"], "text"),
            ([1, "门口机", "1单元"], "untested"),
            ([2, "室内机", "101"], "untested"),
            (["三、门禁系统"], "text"),
            ([1, "人脸识别门禁一体机", "1单元"], "?"),
            ([2, "出门按钮", "1单元"], "untested"),
        ],
    ),
    Hand(
        "大类小类",
        [
            [*TITLE],
            ["序号", "楼层", "安装部位", "设备类别", "", "规格型号", "数量", "管理地址", "说明"],
            ["", "", "", "大类", "小类", "", "", "", ""],
        ],
        [
            (["一", "地下一层"], "text"),
            ([1, "B1", "车库入口", "视频", "枪机", "T46", 1, "10.10.1.11", ""], "camera"),
            ([2, "B1", "消防泵房", "门禁", "单门控制器", "K26", 1, "10.10.2.11", ""], "door_controller"),
            ([3, "B1", "消防泵房", "门禁", "读卡器", "K11", 1, "", ""], "reader"),
            ([4, "B1", "消防泵房", "门禁", "电插锁", "YB-1", 1, "", ""], "untested"),
            (["二", "一层"], "text"),
            ([5, "1F", "大堂前台", "报警", "紧急按钮", "HO-01", 1, "", "防区1"], "zone"),
            ([6, "1F", "财务室", "报警", "玻璃破碎探测器", "FG-7", 1, "", "防区4"], "zone"),
            ([7, "1F", "消控室", "报警", "报警主机", "V-12", 1, "10.10.3.2", "16防区"], "panel"),
            (["", "", "合计", "", "", "", "7", "", ""], "text"),
        ],
        ["A1:I1", "D2:E2"],
    ),
    Hand(
        "三行表头",
        [
            ["序号", "设备信息", "", "", "网络信息", "", "安装"],
            ["", "编码", "名称", "", "地址", "", "位置"],
            ["", "", "中文", "英文", "IP", "端口", ""],
        ],
        [
            ([1, "E-001", "球型摄像机", "Dome", "10.1.9.1", "80", "门厅"], "camera"),
            ([2, "E-002", "门禁控制器", "ACU", "10.1.9.4", "4370", "机房"], "door_controller"),
            ([3, "E-003", "报警主机", "Monitor", "10.1.9.5", "", "机房"], "?"),
        ],
        ["A1:A3", "B1:D1", "E1:F1", "B2:B3", "C2:D2", "E2:F2", "G2:G3"],
    ),
    Hand(
        "系统并列",
        [["安装区域", "视频监控", "", "", "入侵报警", ""], ["", "编号", "类型", "IP", "编号", "类型"]],
        [
            (["大门", "C01", "球机", "10.7.1.1", "", ""], "camera"),
            (["仓库", "", "", "", "B01", "双鉴"], "zone"),
        ],
        ["A1:A2", "B1:D1", "E1:F1"],
    ),
    Hand(
        "表头不认识",
        [["制表：张三", "审核：李四"], ["展厅", "展柜", "手法", "代称", "复核"]],
        [
            (["青铜馆", 1, "玻璃破碎探测", "QT-01", "视频"], "zone"),
            (["青铜馆", "—", "空间双鉴", "QT-02", "视频"], "zone"),
            (["书画馆", "—", "窗磁", "SH-01", "视频"], "zone"),
        ],
    ),
    Hand(
        "类别只写系统",
        [["设备编号", "类别", "名称", "位置", "上级设备"]],
        [
            (["V001", "视频", "门厅半球", "门厅", "NVR1"], "camera"),
            (["NVR1", "视频", "录像机", "机房", ""], "recorder"),
            (["A001", "报警", "前台按钮", "前台", "BJ1"], "zone"),
            (["BJ1", "报警", "主机", "机房", ""], "panel"),
            (["D001", "门禁", "机房门", "机房", "ACS1"], "door"),
            (["ACS1", "门禁", "控制器", "机房", ""], "door_controller"),
            (["F001", "门禁", "人脸机", "机房", ""], "?"),
        ],
    ),
    Hand(
        "英文清单",
        [["Tag", "Description", "Level", "Area", "System", "IP Address"]],
        [
            (["CAM-1", "Fixed dome camera, 4MP", "B1", "Ramp", "CCTV", "10.2.1.11"], "camera"),
            (["ACU-1", "Door controller, 4 doors", "L1", "Riser", "ACS", ""], "door_controller"),
            (["EM-1", "Electromagnetic lock", "L1", "Lobby", "ACS", ""], "untested"),
            (["RTE-1", "Request to exit button", "L1", "Lobby", "ACS", ""], "untested"),
            (["MC-1", "Magnetic contact", "L1", "Back door", "IDS", ""], "zone"),
            (["DT-1", "Dual-tech motion detector", "L1", "Vault", "IDS", ""], "zone"),
            (["PS-1", "Camera power supply", "L1", "Riser", "CCTV", ""], "untested"),
            (["XR-1", "X-ray baggage scanner", "L1", "Entrance", "Screening", ""], "xray"),
            (["WT-1", "Walk through metal detector", "L1", "Entrance", "Screening", ""], "gate"),
            (["SW-1", "PoE switch 24 port", "L1", "Riser", "CCTV", ""], "untested"),
        ],
    ),
    Hand(
        "双语同格",
        [["序号 No.", "系统 System", "设备名称 Equipment", "位置 Location", "IP地址 IP"]],
        [
            ([1, "视频监控 CCTV", "半球摄像机 Dome Camera", "大堂 Lobby", "10.3.0.1"], "camera"),
            ([2, "门禁 ACS", "门禁控制器 Controller", "弱电间 IDF", "10.3.0.3"], "door_controller"),
            ([3, "报警 IDS", "红外探测器 PIR", "财务 Finance", ""], "zone"),
            ([4, "视频监控 CCTV", "NVR/录像机", "Room", ""], "recorder"),
            ([5, "视频监控 CCTV", "半球摄像机 bracket", "Room", ""], "?"),
        ],
    ),
    Hand(
        "地铁安检",
        [["设备编号", "设备名称", "安装区域", "IP/掩码", "归属"]],
        [
            (["XR-01", "微剂量X射线安全检查设备", "A口", "172.20.3.11/24", "安检系统"], "xray"),
            (["HD-01", "手持式金属探测器", "A口", "", "安检系统"], "gate"),
            (["LQ-01", "液体危险品检测仪", "A口", "", "安检系统"], "untested"),
            (["BT-01", "防爆毯", "A口", "", "安检系统"], "untested"),
            (["EX-01", "爆炸物痕量探测仪", "B口", "", "安检系统"], "untested"),
            (["IPC-3", "防爆枪机", "蓄电池室", "172.20.1.23/24", "视频系统"], "camera"),
        ],
    ),
)
