# SPDX-License-Identifier: Apache-2.0
"""What of a kit is our own: the wheel, the locked list, the documents, from a checkout or a wheel."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Final

from yanshou.cli.kit.wheels import fault, pip
from yanshou.model import RigFault

_HERE: Final = Path(__file__).resolve().parent
_CHECKOUT: Final = _HERE.parents[3]
_LEFT_OUT = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"}
_TIME = (2020, 1, 1, 0, 0, 0)  # the same kit has the same bytes
_READMES = ("README.md", "README.zh-CN.md")


def checkout() -> Path | None:
    """The root of the source tree this code runs from, or None for an installed wheel."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else None


def lock() -> str:
    """The locked list of every package with its hashes."""
    root = checkout()
    return (root / "requirements" / "run.txt" if root else _HERE / "run.txt").read_text("utf-8")


def copy_documents(kit: Path) -> None:
    """Documents, readmes and licences into the kit."""
    root = checkout()
    docs = root / "docs" if root else _HERE.parents[1] / "docs"
    for path in sorted(docs.rglob("*")):
        if path.is_file():
            _copy(path, kit / "docs" / path.relative_to(docs))
    for name in _READMES:
        _copy((root or _HERE) / name, kit / name)
    for name in ("LICENSE", "NOTICE"):
        _copy(root / name if root else _licence(name), kit / name)


def make_wheel(into: Path) -> Path:
    """Our own wheel: built from the checkout, or put together again from the installed files."""
    if (root := checkout()) is None:
        return _packed_again(into)
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    if said := pip("wheel", "--quiet", "--no-deps", *here, "--wheel-dir", into, root):
        raise fault(said)
    return next(into.glob("yanshou-*.whl"))


def _packed_again(into: Path) -> Path:
    """The wheel of which this is the installation; RigFault when an installed file was changed since."""
    installed = metadata.distribution("yanshou")
    info = f"yanshou-{installed.version}.dist-info"
    path = into / f"yanshou-{installed.version}-py3-none-any.whl"
    record: list[str] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in installed.files or ():
            name = file.as_posix()
            if name.startswith("..") or "__pycache__" in file.parts or file.name in _LEFT_OUT:
                continue
            data = Path(str(file.locate())).read_bytes()
            digest = _digest(data)
            if file.hash is None or file.hash.value != digest:
                raise RigFault(
                    f"{name} is not as it was installed.",
                    remedy="Install yanshou anew and make the kit again.",
                )
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
            record.append(f"{name},sha256={digest},{len(data)}")
        record.append(f"{info}/RECORD,,")
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD", _TIME), "\n".join(record) + "\n")
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _licence(name: str) -> Path:
    files = metadata.distribution("yanshou").files or ()
    return Path(str(next(one for one in files if one.name == name and "licenses" in one.parts).locate()))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
