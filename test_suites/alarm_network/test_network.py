# SPDX-License-Identifier: Apache-2.0
"""传输网络 — borders, passwords, a network of its own."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, measures


@measures("network_border_protected", operator=True)
def test_network_border_protected(ask: Ask, record: Record) -> None:
    """Border measures are shown, accounts looked through, and known flaws searched in the agreed window."""
    window = ask.text("window", "与建设单位约定的核查时段及扫描范围；未约定扫描的写明")
    questions = {
        "border": ("跨网边界是否有防护措施（防火墙、网闸等）并已启用？", "边界无防护"),
        "passwords": ("逐台核对：是否没有缺省口令、空口令和弱口令？", "存在弱口令"),
        "flaws": ("在约定时段内核查：是否没有发现已公布且未修补的漏洞？", "存在已知漏洞"),
    }
    wrong = [words for key, (text, words) in questions.items() if not ask.yes(key, text)]
    ask.text("accounts", "帐号清单编号或存放处")
    ask.photo("evidence", "边界设备配置或核查记录的照片、扫描件")
    record.logical(conforms=not wrong, n=len(questions), because="；".join([*wrong, window]) if wrong else "")


@measures("dedicated_network", operator=True)
def test_dedicated_network(ask: Ask, record: Record) -> None:
    """Drawings and a trace of the cable show a network of its own; a VLAN label is no proof."""
    ask.text("drawing", "网络拓扑图编号")
    traced = ask.yes("traced", "沿线路核查：交换机和链路是否只承载安防系统（VLAN 标识不作为依据）？")
    ask.photo("traced_photo", "现场交换机与链路标识的照片")
    record.logical(conforms=traced, because="" if traced else "与其他业务共用网络")
