# SPDX-License-Identifier: Apache-2.0
"""The bench's credential injector on a serial line, wired behind a reader."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.drivers.field.points import ModbusLink
from yanshou.model import Instant, UsageError
from yanshou.protocols.serial_line import fill


class SerialCredential:
    """A ``CredentialStimulus``: output ``number`` of the injector.

    ``permit`` is called with the terminal before each credential and raises if it may not be presented: even
    a credential without rights may open a door. The instant ends with the injector's answer, which it sends
    after the last bit of the credential.
    """

    def __init__(self, link: ModbusLink, number: int, permit: Callable[[str], None]) -> None:
        self._link = link
        self._permit = permit
        self._number = number

    def present_authorised(self) -> Instant:
        return self._present("authorised")

    def present_unauthorised(self) -> Instant:
        return self._present("unauthorised")

    def _present(self, kind: str) -> Instant:
        link = self._link
        credential = link.device.attributes.get(kind)
        if credential is None:
            raise UsageError(
                f"{link.device.id} has no {kind} credential.",
                f'Write attributes = {{ {kind} = "…" }} for it.',
            )
        command = link.profile.command("present_card")
        try:
            text = fill(command.send, {"number": self._number, "credential": credential})
        except ValueError as error:
            raise UsageError(f"the {kind} credential of {link.device.id} cannot be sent: {error}.") from error
        self._permit(f"{link.device.id}/{self._number}")
        instant, _ = link.acquisition.send_line(
            link.bus, text, command.expect, link.profile.transport.timeout_s
        )
        return instant
