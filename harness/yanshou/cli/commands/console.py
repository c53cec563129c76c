# SPDX-License-Identifier: Apache-2.0
"""``yanshou console RUN``: serves the questions of a run to phones until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yanshou.cli.language import _
from yanshou.evidence import RunFolder
from yanshou.model import RigFault, UsageError
from yanshou.model.person import names_somebody
from yanshou.model.printable import tell
from yanshou.site import read_site

if TYPE_CHECKING:
    from yanshou.console.access import Holder
    from yanshou.console.serving import Serving

_NEEDS = ("starlette", "uvicorn", "segno", "cryptography")


def run(options: argparse.Namespace) -> int:
    """Return 0 when the console was ended."""
    people = _people(options.path, options.person)
    if missing := [one for one in _NEEDS if importlib.util.find_spec(one) is None]:
        raise RigFault(
            f"{missing[0]} is not installed: there is no console.", remedy="pip install 'yanshou[console]'"
        )
    from yanshou.console.serving import ListenAddress, Serving  # noqa: PLC0415 - an extra

    address = ListenAddress(options.listen, options.port, not options.insecure_lan)
    serving = Serving(options.path, people, address)
    with contextlib.suppress(KeyboardInterrupt):  # so it is ended
        serving.run(lambda: _show(serving))
    return 0


def _people(run: Path, others: Sequence[str]) -> list[Holder]:
    """The tester and the witness of the site file, and who was named beside them."""
    from yanshou.console.access import Holder  # noqa: PLC0415 - after the options are known to be right
    from yanshou.console.roles import TESTER, WITNESS  # noqa: PLC0415
    from yanshou.fixtures.prepare import require_not_rejudged  # noqa: PLC0415 - brings pytest in

    folder = RunFolder.existing(run)
    require_not_rejudged(folder)  # nobody will ask anything there any more
    operator = read_site(folder.site_copy)[0].operator
    people = [Holder(str(operator.get("name", "")).strip() or "operator", TESTER)]
    if witness := str(operator.get("witness", "")).strip():
        people.append(Holder(witness, WITNESS))
    for name in others:
        if not names_somebody(name):
            raise UsageError(f"--person {name!r} names nobody.", "Give a name in letters.")
        if name.strip().casefold() in {one.name.casefold() for one in people}:
            raise UsageError(f"--person {name}: there is a code for that name already.")
        people.append(Holder(name.strip(), TESTER))
    return people


def _show(serving: Serving) -> None:
    """The code of each person, the fingerprint beside it, and what must be known before it is scanned."""
    if not serving.address.secure:
        tell(
            _("NOT ENCRYPTED: everybody in this network can read and answer; no names are shown on the page.")
        )
    for one in serving.invitations():
        print()
        tell(f"{one.holder.name} ({_('witness') if one.holder.role == 'witness' else _('tester')})")
        print(_on_black(one.code) if sys.stdout.isatty() else one.code)
        print(one.url)
    print()
    if serving.fingerprint:
        print(_("certificate, SHA-256: %s") % serving.fingerprint)
        print(_("the browser warns of it once: compare the fingerprint, then go on"))
    print(
        _("each code admits one phone, once; open it in the browser of the phone. End with Ctrl-C."),
        flush=True,
    )


def _on_black(code: str) -> str:
    """The code in white on black, whatever the colours of the terminal are: some phones read no other."""
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in code.splitlines())
