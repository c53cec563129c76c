# SPDX-License-Identifier: Apache-2.0
"""What an emulated device answers to queries (GB/T 28181 9.5, 9.7, annex A.2.4 and A.2.6)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from yanshou.emulation.gb28181.channels import GbChannel, GbState, stream_numbers
from yanshou.emulation.gb28181.manscdp_text import HeardBody, Lines, Writing, elements, items

PART = {"Catalog": 2, "RecordInfo": 8}
"""Items of one MESSAGE of a list."""
_FILE_S = 3600.0


class QueryAnswers:
    """The bodies that answer a query, in the order of sending."""

    def __init__(self, state: GbState) -> None:
        self._state, self._faults = state, state.faults
        self._last_sn = "0"
        if self._faults.has("gb_mislabelled"):
            self._writing = Writing(used="utf-8")
        elif self._faults.habit("gb2312_in_utf8"):
            self._writing = Writing(stated="UTF-8")
        else:
            self._writing = Writing()

    def bodies(self, asked: HeardBody) -> list[bytes]:
        """The answer to a query; nothing for one that the device does not know."""
        sn, self._last_sn = self._last_sn, asked.sn
        head = [("CmdType", asked.command), ("SN", sn if self._faults.has("gb_wrong_sn") else asked.sn)]
        head.append(("DeviceID", asked.device))
        match asked.command:
            case "Catalog":
                return self._list(head, "DeviceList", list(self._catalogue()))
            case "RecordInfo":
                return self._records(head, asked)
            case "DeviceInfo":
                return [self._one(head, self._info())]
            case "DeviceStatus":
                if self._faults.habit("silent_status"):
                    return []
                return [self._one(head, self._status(), self._duty(asked.device))]
            case "ConfigDownload":
                return [self._one(head, [("Result", "OK")], self._configured(asked))]
            case "PresetQuery":
                return [self._one(head, [], self._presets(asked.device))]
            case _:
                return []

    def result(self, asked: HeardBody, result: str = "OK") -> bytes:
        """The Response to a control that wants one."""
        head = [("CmdType", asked.command), ("SN", asked.sn), ("DeviceID", asked.device), ("Result", result)]
        return self._writing.body("Response", elements(head))

    def notice(self, lines: Lines, inner: str = "") -> bytes:
        """A Notify of the device."""
        return self._writing.body("Notify", elements(lines) + inner)

    def changed(self, sn: str, code: str, *, gone: bool) -> bytes:
        """The Notify of a channel that went or came back."""
        wrong = self._faults.find("gb_notify_of")
        named = self._state.site_codes.get(str(wrong.value), code) if wrong else code
        lines = [("DeviceID", named), ("Event", "OFF" if gone else "ON")]
        head = [("CmdType", "Catalog"), ("SN", sn), ("DeviceID", self._state.code), ("SumNum", "1")]
        return self.notice(head, items("DeviceList", [lines]))

    def _one(self, head: Lines, lines: Lines, inner: str = "") -> bytes:
        return self._writing.body("Response", elements([*head, *lines]) + inner)

    def _list(self, head: Lines, name: str, found: Sequence[Lines]) -> list[bytes]:
        size = PART["Catalog" if name == "DeviceList" else "RecordInfo"]
        total = len(found) + int(self._faults.number("gb_sum_too_large", 0))
        lines = [*head, *([("Name", self._state.device.name)] if name == "RecordList" else [])]
        lines.append(("SumNum", str(total)))
        whole = not self._faults.habit("bare_ampersand")
        parts = [
            self._writing.body(
                "Response", elements(lines) + items(name, found[at : at + size], escaped=whole)
            )
            for at in range(0, max(1, len(found)), size)
        ]
        if self._faults.has("gb_part_lost"):
            parts = parts[:-1]
        return [part for part in parts for _ in range(2 if self._faults.has("gb_part_twice") else 1)]

    def _catalogue(self) -> Iterator[Lines]:
        code = self._state.code
        ampersand = " & 1" if self._faults.habit("bare_ampersand") else ""
        for channel in self._state.channels.values():
            camera = channel.channel.camera
            off = self._faults.has("gb_says_offline", channel.device) or channel.code in self._state.off
            yield [
                ("DeviceID", channel.code),
                ("Name", camera.name + ampersand),
                ("Manufacturer", "Emulated"),
                ("Model", camera.model or "EMU-IPC"),
                ("Owner", "Owner"),
                ("CivilCode", channel.code[:6]),
                ("Address", camera.location or "-"),
                ("Parental", "0"),
                ("ParentID", code),
                ("SafetyWay", "0"),
                ("RegisterWay", "1"),
                ("Secrecy", "0"),
                ("Status", "OFF" if off else "ON"),
            ]

    def _info(self) -> Lines:
        device = self._state.device
        return [
            ("DeviceName", device.name),
            ("Result", "OK"),
            ("Manufacturer", "Emulated"),
            ("Model", device.model or "EMU"),
            ("Firmware", "V1.0"),
            ("Channel", str(len(self._state.channels))),
        ]

    def _status(self) -> Lines:
        return [
            ("Result", "OK"),
            ("Online", "ONLINE"),
            ("Status", "OK"),
            ("Encode", "ON"),
            ("Record", "ON" if self._state.records or self._keeps else "OFF"),
            ("DeviceTime", self._state.local(self._state.now())),
        ]

    @property
    def _keeps(self) -> bool:
        return any(one.recording is not None for one in self._state.channels.values())

    def _duty(self, code: str) -> str:
        on = "ONDUTY" if self._state.guarded else "OFFDUTY"
        return items("Alarmstatus", [[("DeviceID", code), ("DutyStatus", on)]])

    def _configured(self, asked: HeardBody) -> str:
        if asked.values.get("ConfigType") == "VideoParamOpt":
            lines = [("DownloadSpeed", "1/2"), ("Resolution", "2/5/6")]  # a busy computer keeps no higher one
            return f"<VideoParamOpt>\r\n{elements(lines)}</VideoParamOpt>\r\n"
        if asked.values.get("ConfigType") == "VideoParamAttribute":
            channel = self._state.channels.get(asked.device)
            rows = [] if channel is None else [[("StreamNumber", "0"), *self._encoding(channel)]]
            return items("VideoParamAttribute", rows)
        return self._basic(asked.device)

    def _encoding(self, channel: GbChannel) -> Lines:
        names = ("VideoFormat", "Resolution", "FrameRate")
        return list(zip(names, stream_numbers(channel, self._faults), strict=True))

    def _basic(self, code: str) -> str:
        del code
        lines = [("Name", self._state.device.name), ("Expiration", "86400")]
        lines += [("HeartBeatInterval", "60"), ("HeartBeatCount", "3")]
        return f"<BasicParam>\r\n{elements(lines)}</BasicParam>\r\n"

    def _presets(self, code: str) -> str:
        found = sorted(self._state.presets.get(code, {}).items())
        rows = [[("PresetID", str(number)), ("PresetName", name)] for number, name in found]
        return items("PresetList", rows)

    # -- recordings -----------------------------------------------------------------------------------------

    def _records(self, head: Lines, asked: HeardBody) -> list[bytes]:
        if self._faults.habit("wants_record_type") and not asked.values.get("Type"):
            return []
        channel = self._state.channels.get(asked.device)
        start = self._state.unix(asked.values.get("StartTime", ""))
        end = self._state.unix(asked.values.get("EndTime", ""))
        if channel is None or start is None or end is None:
            return self._list(head, "RecordList", [])
        return self._list(head, "RecordList", list(self._files(channel, start, end)))

    def _files(self, channel: GbChannel, start: float, end: float) -> Iterator[Lines]:
        """The files of one hour at most that hold something of [start, end), whole.

        The one that is being written is listed up to ``end``.
        """
        if channel.recording is None:
            return
        line = channel.recording.line
        for begins, ends in line.segments(self._state.now()):
            if ends <= start or begins >= end:
                continue
            last = min(ends, end) if begins == line.open_from else ends
            at = begins
            while at < min(last, end):
                until = min(last, (math.floor(at / _FILE_S) + 1) * _FILE_S)
                if until > start:
                    yield self._file(channel, at, until)
                at = until

    def _file(self, channel: GbChannel, start: float, end: float) -> Lines:
        state = self._state
        return [
            ("DeviceID", channel.code),
            ("Name", channel.channel.camera.name),
            ("FilePath", f"{channel.code}_{round(start)}"),
            ("Address", channel.channel.camera.location or "-"),
            ("StartTime", state.local(start)),
            ("EndTime", state.local(end)),
            ("Secrecy", "0"),
            ("Type", "time"),
            ("RecorderID", state.code),
        ]
