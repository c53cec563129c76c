# SPDX-License-Identifier: Apache-2.0
"""Packets this computer threw away itself, which no device answers for."""

from __future__ import annotations


def own_loss(transport: str, lost: int, dropped_here: int | None, missed_here: int) -> str:
    """Why missing packets, live or played back, cannot be held against the device; empty if they can.

    ``lost`` packets never came; ``dropped_here`` found the receive buffer full (None: unknown), and the
    network card or the kernel threw ``missed_here`` away.
    """
    if dropped_here:
        return f"本机接收缓冲区溢出，自己丢弃了 {dropped_here} 个报文：所缺报文不能归于设备"
    if not lost or transport != "udp":
        return ""
    if missed_here:
        return f"本机网卡或协议栈同时丢弃了 {missed_here} 个报文：分不清所缺报文丢在何处"
    if dropped_here is None:
        return "本机接收缓冲区曾接近占满，而操作系统不提供溢出计数：分不清所缺报文丢在何处"
    return ""
