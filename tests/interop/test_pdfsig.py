# SPDX-License-Identifier: Apache-2.0
"""poppler's ``pdfsig``, which nobody here wrote, says of our signed files what ``yanshou verify`` says."""

from __future__ import annotations

import io
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.support.authority import PASSPHRASE, Authority, page
from tests.support.peers import require
from yanshou.evidence.signed import NOT_AGAINST
from yanshou.signing.certificates import Authorities, authorities, pkcs12_signer
from yanshou.signing.check import check
from yanshou.signing.pdf import ROLES, complete, sign

pytestmark = pytest.mark.needs("pdfsig")
CHANGES = 40


@pytest.fixture(scope="module")
def revisions(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The file after each of three signatures, the last with a time stamp, and after it was completed."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    made = [page()]
    with authority.stamps() as url:
        for role in ROLES:
            signer = pkcs12_signer(authority.signer(role), PASSPHRASE)
            made.append(sign(made[-1], role, signer, url if role == "approver" else "").data)
        trusted = authorities([authority.root], [authority.revocations()])
        made.append(complete(made[-1], url, trusted).data)
    return made[1:]


def ours(data: bytes) -> bool:
    """Whether nothing speaks against the file."""
    found = check("report.pdf", data, Authorities())
    return bool(found) and all(one.standing in NOT_AGAINST for one in found)


def theirs(data: bytes, folder: Path) -> bool:
    """Whether pdfsig finds every signature valid, and the last one over the whole file."""
    path = folder / "report.pdf"
    path.write_bytes(data)
    arguments = [require("pdfsig"), "-nocert", str(path)]
    said = subprocess.run(arguments, capture_output=True, text=True, errors="replace", check=False).stdout
    parts = [one for one in re.split(r"Signature #\d+:", said)[1:] if "is not signed." not in one]
    ends = [int(found[-1]) for part in parts if (found := re.findall(r"\[\d+ - (\d+)\]", part))]
    if not parts or len(ends) != len(parts):
        return False
    # it does not validate time stamps of the whole document, and says so
    valid = all("Signature is Valid." in one or "Signature Type: unknown" in one for one in parts)
    return valid and "- Total document signed" in parts[ends.index(max(ends))]


def _more(data: bytes) -> bytes:
    return data + b"\n% more\n"


def _shadow(data: bytes) -> bytes:
    """Other contents put in the place of the first page's, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    first = writer.find_page_for_modification(0)[0].get_object()
    first[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(first)
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("alter", [bytes, _more, _shadow], ids=["as signed", "more", "shadow"])
def test_both_say_the_same_of_every_file(
    revisions: list[bytes], number: int, alter: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = alter(revisions[number])
    assert (ours(data), theirs(data, tmp_path)) == ((True, True) if alter is bytes else (False, False))


def test_what_pdfsig_finds_broken_we_never_call_whole(revisions: list[bytes], tmp_path: Path) -> None:
    """Single bytes changed anywhere: we find each that pdfsig finds, and those in room it leaves unread."""
    data, chosen = revisions[2], random.Random(5)
    for _ in range(CHANGES):
        turned = bytearray(data)
        place = chosen.randrange(len(data))
        turned[place] ^= chosen.randrange(1, 256)
        assert not (ours(bytes(turned)) and not theirs(bytes(turned), tmp_path)), place
