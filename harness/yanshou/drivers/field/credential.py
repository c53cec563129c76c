# SPDX-License-Identifier: Apache-2.0
"""The bench's credential injector by its profile, over any wire, wired behind a reader."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.drivers.field.points import PanelLink
from yanshou.model import Instant, UsageError
from yanshou.model.signal import Card
from yanshou.protocols.card import Part, essence, read_credential


class ProfileCredential:
    """A ``CredentialStimulus``: output ``number`` of the injector.

    ``permit`` is called with the terminal before each credential and raises if it may not be presented: even
    a credential without rights may open a door. ``permit_duress`` is called before one that calls for help.
    The instant ends with the injector's answer, which it sends after the last bit of the credential.
    """

    def __init__(
        self,
        link: PanelLink,
        number: int,
        permit: Callable[[str], None],
        permit_duress: Callable[[], None],
    ) -> None:
        self._link = link
        self._permit = permit
        self._permit_duress = permit_duress
        self._number = number

    def has(self, card: Card) -> bool:
        return card.value in self._link.device.attributes

    def credential(self, card: Card) -> str:
        device = self._link.device
        if not self.has(card):
            raise UsageError(
                f"{device.id} has no {card.value} credential.",
                f'Write attributes = {{ {card.value} = "…" }} for it.',
            )
        return str(device.attributes[card.value])

    def present(self, card: Card) -> Instant:
        return self.send(self.credential(card))

    def send(self, credential: str) -> Instant:
        link = self._link
        command = link.profile.command("present_card")
        self.ask_permission(credential)
        try:
            return link.present(command, self._number, credential)
        except ValueError as error:
            what = f"the credential {credential!r} of {link.device.id} cannot be sent: {error}."
            raise UsageError(what) from error

    def parts(self, credential: str) -> tuple[Part, ...]:
        """The cards and keys that ``credential`` describes (``protocols.card``); UsageError if it is none."""
        try:
            return read_credential(credential)
        except ValueError as error:
            raise UsageError(
                f"a credential of {self._link.device.id} cannot be sent: {error}.", "Correct its attributes."
            ) from None

    def ask_permission(self, credential: str) -> None:
        """Raise if this credential may not be presented now."""
        device = self._link.device
        self._permit(f"{device.id}/{self._number}")
        if self.has(Card.DURESS) and essence(credential) == essence(self.credential(Card.DURESS)):
            self._permit_duress()
