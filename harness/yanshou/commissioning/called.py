# SPDX-License-Identifier: Apache-2.0
"""Whether the devices of GB/T 28181 register at the bench, and what they answer; the platform opens once."""

from __future__ import annotations

from functools import cached_property

from yanshou.drivers.gb28181.addresses import address_of
from yanshou.drivers.gb28181.roll_call import Present, RollCall, roll_call
from yanshou.model import Device, RigFault, Site


class Called:
    """The roll call of a site, made when the first device is asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def _made(self) -> RollCall | RigFault:
        """The roll call, or why there is none: it is told of each device, and tried once."""
        try:
            return roll_call(self._site)
        except RigFault as fault:
            return fault

    def answer(self, device: Device) -> str:
        """What the device answered; a RigFault if it does not register or is in no catalogue."""
        made = self._made
        if isinstance(made, RigFault):
            raise made
        to = address_of(self._site, device)
        here = made.present.get(to.registrant.id)
        if here is None:
            strangers = "; ".join(f"{code} from {peer}" for code, peer in made.strangers.items())
            raise RigFault(
                f"{to.registrant.id} does not register at the bench's platform"
                f" ({made.absent.get(to.registrant.id, 'nothing came from it')}).",
                remedy="Compare address, port, code, realm and password at the device."
                + (f" These codes are in no inventory: {strangers}." if strangers else ""),
            )
        return _own(here) if to.registrant is device else _channel(here, to.channel)


def _own(here: Present) -> str:
    named = " ".join(here.info.get(key, "") for key in ("Manufacturer", "Model", "Firmware")).split()
    said = [f"registers from {here.peer}", *([" ".join(named)] if named else [])]
    if here.ahead_s is not None:
        said.append(f"clock {sum(here.ahead_s) / 2:+.1f} s")
    said.append(f"{len(here.cameras)} cameras listed" if here.whole else f"catalogue: {here.why}")
    return ", ".join(said)


def _channel(here: Present, code: str) -> str:
    item = here.channels.get(code)
    if item is None:
        raise RigFault(
            f"{code} is not in the catalogue of {here.device.id}.",
            remedy=here.why or "Correct the channel in the site file, or add it at the device.",
        )
    return " ".join(filter(None, (f"listed by {here.device.id}", item.get("Name"), item.get("Status"))))
