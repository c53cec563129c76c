# SPDX-License-Identifier: Apache-2.0
"""Makes every Python that finds this folder on PYTHONPATH refuse to our own modules what Windows lacks.

Modules of ``yanshou`` see ``sys.platform == "win32"``, ``os.name == "nt"`` and none of the calls, signals,
sockets and modules of POSIX; libraries see the system as it is. Below the folder ``AS_WINDOWS_ROOT`` an
open file can be neither renamed, replaced nor removed, by whichever process it is open, and names are those
Windows takes. Event loops made by default have no readers and writers, ``select`` takes sockets only, and a
process is started without a session of its own. What is refused is also noted in ``refused.txt`` there.
"""

from __future__ import annotations

import asyncio
import builtins
import errno
import importlib.machinery
import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any, TypeVar

_Refusal = TypeVar("_Refusal", bound=Exception)

_ROOT = os.path.realpath(os.environ.get("AS_WINDOWS_ROOT", "/nowhere"))
_GONE = {"fcntl", "termios", "pty", "tty", "resource", "grp", "pwd", "posix", "syslog", "readline", "curses"}
_HIDDEN = {
    "os": re.compile(
        r"fork|forkpty|kill|killpg|wait\w*|W[A-Z]+|get(e|res)?[ug]id|getpg\w+|set\w*[ug]id|setsid|getsid|getlogin"
        r"|(get|set)priority|PRIO_\w+|nice|sched_\w+|SCHED_\w+|CPU_\w+|mkfifo|mknod|uname|sysconf\w*|fdatasync"
        r"|chown|lchown|fchown|fchmod|fchdir|chroot|openpty|login_tty|posix_\w+|sendfile|pread\w*|pwrite\w*|readv"
        r"|writev|statvfs|fstatvfs|getloadavg|memfd_create|eventfd\w*|pipe2|ttyname|ctermid|tc[gs]etpgrp|sync"
        r"|O_(NOFOLLOW|DIRECTORY|CLOEXEC|NONBLOCK|DSYNC|SYNC|DIRECT|TMPFILE|PATH|ASYNC|NDELAY|NOATIME|NOCTTY)"
    ),
    "signal": re.compile(
        r"SIG(KILL|HUP|USR1|USR2|ALRM|CHLD|CLD|PIPE|QUIT|STOP|TSTP|CONT|IO|URG|WINCH|TTIN|TTOU|PROF|VTALRM|BUS|RT\w+)"
        r"|alarm|pause|[gs]etitimer|pthread_\w+|sigwait\w*|sigtimedwait|sigpending|siginterrupt|ITIMER_\w+"
    ),
    "socket": re.compile(
        r"AF_(UNIX|PACKET|NETLINK|CAN)|SO_(REUSEPORT|BINDTODEVICE|PEERCRED|MARK|PRIORITY|TIMESTAMP\w*|RXQ_OVFL)"
        r"|CMSG_\w+|SCM_\w+|MSG_(DONTWAIT|NOSIGNAL|CMSG_CLOEXEC)|send_fds|recv_fds|TCP_(QUICKACK|USER_TIMEOUT|CORK)"
    ),
    "select": re.compile(r"epoll|poll|kqueue|EPOLL\w+|POLL\w+"),
    "selectors": re.compile(r"(Epoll|Poll|Devpoll|Kqueue)Selector"),
    "asyncio": re.compile(r"\w*ChildWatcher|(open|start)_unix_\w+"),
    "subprocess": re.compile(r"nothing"),
    "time": re.compile(r"tzset|clock_[gs]ettime\w*|pthread_\w+|CLOCK_\w+"),
    "sys": re.compile(r"nothing"),
}


class WindowsSocket(socket.socket):
    """A socket without what Windows has not."""

    def recvmsg(self, *_arguments: Any, **_options: Any) -> Any:
        raise AttributeError("recvmsg")

    sendmsg = recvmsg_into = recvmsg


class ProactorLike(asyncio.SelectorEventLoop):
    """A loop that waits for no descriptor and handles no signal, as that of Windows."""

    def _refuse(self, *_arguments: Any, **_options: Any) -> Any:
        raise NotImplementedError

    add_reader = remove_reader = add_writer = remove_writer = _refuse  # type: ignore[assignment]
    add_signal_handler = remove_signal_handler = create_unix_connection = create_unix_server = _refuse  # type: ignore[assignment]


class WindowsPopen(subprocess.Popen[Any]):
    """Takes the flags of Windows and refuses those of POSIX; ``kill`` needs no SIGKILL."""

    def __init__(
        self, *arguments: Any, creationflags: int = 0, start_new_session: bool = False, **options: Any
    ) -> None:
        if options.get("preexec_fn") or options.get("pass_fds"):
            raise ValueError("preexec_fn and pass_fds are not supported on Windows platforms")
        if start_new_session:
            raise _noted("start_new_session", ValueError("start_new_session has no effect on Windows"))
        # a new process group is what keeps Ctrl-C away there
        super().__init__(*arguments, start_new_session=bool(creationflags), **options)

    def send_signal(self, sig: int) -> None:
        if sig not in {signal.SIGTERM, 9}:
            raise _noted(f"signal {sig}", ValueError(f"Unsupported signal: {sig}"))
        super().send_signal(9)  # TerminateProcess asks nobody


def _select(readers: Any, writers: Any, errors: Any, timeout: float | None = None) -> Any:
    for one in {*readers, *writers, *errors}:
        number = one if isinstance(one, int) else one.fileno()
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            raise _noted(
                "select on a file", OSError(10038, "an operation was attempted on something not a socket")
            )
    return _real_select(readers, writers, errors, timeout)


_real_select = select.select
_OTHERWISE: dict[str, dict[str, Any]] = {
    "sys": {"platform": "win32"},
    "os": {"name": "nt"},
    "socket": {"socket": WindowsSocket},
    "select": {"select": _select},
    "subprocess": {"Popen": WindowsPopen, "CREATE_NEW_PROCESS_GROUP": 0x200},
}


class WindowsView(types.ModuleType):
    """A module of the standard library as our modules see it."""

    def __init__(self, real: types.ModuleType) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(_real=real, _otherwise=_OTHERWISE.get(real.__name__, {}), __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name in self._otherwise:
            return self._otherwise[name]
        if _HIDDEN[self._real.__name__].fullmatch(name):
            raise AttributeError(f"module {self._real.__name__!r} has no attribute {name!r}")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._real, name, value)


def _import(name: str, space: Any = None, local: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    top = name.partition(".")[0]
    if level == 0 and top in _GONE:
        raise ModuleNotFoundError(f"No module named {top!r}", name=top)
    found = _real_import(name, space, local, fromlist, level)
    if level == 0 and top in _HIDDEN and (name == top or not fromlist):
        return _VIEWS.setdefault(top, WindowsView(found))
    return found


_real_import = builtins.__import__
_VIEWS: dict[str, WindowsView] = {}
_BUILTINS = {**builtins.__dict__, "__import__": _import}


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__["__builtins__"] = _BUILTINS
        super().exec_module(module)


class _Finder:
    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] not in {"yanshou", "test_suites"}:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


# -- files ---------------------------------------------------------------------------------------------------


def _noted(what: str, error: _Refusal) -> _Refusal:
    with open(os.open(f"{_ROOT}/refused.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND), "w") as file:
        file.write(f"{os.getpid()} {sys.orig_argv[1:4]} {what}\n")
    return error


def _whole(path: Any, folder: int | None = -1) -> str:
    text = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0:
        text = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), text)
    text = os.path.abspath(text)
    return os.path.join(os.path.realpath(os.path.dirname(text)), os.path.basename(text))


def _ours(path: str) -> bool:
    return path.startswith(_ROOT + "/")


def _opened() -> Iterator[str]:
    """The regular files below the root that any process holds open."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            numbers = os.listdir(f"/proc/{pid}/fd")
        except OSError:
            continue
        for number in numbers:
            try:
                path = os.readlink(f"/proc/{pid}/fd/{number}")
                if _ours(path) and stat.S_ISREG(os.stat(f"/proc/{pid}/fd/{number}").st_mode):
                    yield path
            except OSError:
                continue


def _refuse_open(*paths: str) -> None:
    for held in _opened():
        for path in filter(_ours, paths):
            if held == path or held.startswith(path + "/"):
                text = "the process cannot access the file because it is being used by another process"
                raise _noted(f"in use: {held}", PermissionError(errno.EACCES, text, path))


_NAME = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)


def _refuse_name(path: str) -> None:
    if any(map(_NAME.search, path[len(_ROOT) + 1 :].split("/"))):
        raise _noted(f"name: {path}", OSError(errno.EINVAL, "the name is not correct", path))


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        path = _whole(arguments[0])
        if path.startswith(("/dev/tty", "/dev/pts", "/dev/ptmx", "/dev/shm/")):
            raise _noted(path, FileNotFoundError(errno.ENOENT, "no such file", path))
        if _ours(path):
            _refuse_name(path)
    elif event in {"os.remove", "os.rename", "os.mkdir", "os.symlink"}:
        _audit_change(event, arguments)


def _audit_change(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "os.rename":
        source, target = _whole(arguments[0], arguments[2]), _whole(arguments[1], arguments[3])
        if _ours(target):
            _refuse_name(target)
        if _ours(source) or _ours(target):
            _refuse_open(source, target)
    elif event == "os.remove":
        if _ours(path := _whole(arguments[0], arguments[1])):
            _refuse_open(path)
    elif event == "os.mkdir":
        if _ours(path := _whole(arguments[0], arguments[2])):
            _refuse_name(path)
    elif _ours(_whole(arguments[1])):
        raise _noted("symlink", OSError(errno.EPERM, "a required privilege is not held", arguments[1]))


def _begin() -> None:
    sys.meta_path.insert(0, _Finder)
    if any(word.startswith("yanshou") for word in sys.orig_argv[1:4]):
        sys.modules["__main__"].__dict__["__builtins__"] = _BUILTINS  # python -m yanshou.something
    made = type("WindowsPolicy", (asyncio.DefaultEventLoopPolicy,), {"_loop_factory": ProactorLike})
    asyncio.set_event_loop_policy(made())
    # text is GBK on a Chinese Windows: nobody may leave the encoding to the system
    warnings.filterwarnings("ignore", category=EncodingWarning)
    warnings.filterwarnings("error", category=EncodingWarning, module=r"yanshou\.")
    sys.addaudithook(_audit)


_begin()
