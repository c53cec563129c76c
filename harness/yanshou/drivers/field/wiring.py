# SPDX-License-Identifier: Apache-2.0
"""The bench's wiring: what ``RELAY-2/3`` means, and whether boards have the channels of the inventory."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yanshou.drivers.alarm_link.links import receiver_mistakes
from yanshou.drivers.field.buses import buses_of
from yanshou.drivers.gb28181.certificates import certificate_mistakes
from yanshou.drivers.platform.link import platform_mistakes
from yanshou.drivers.profile import Profile, load_profile
from yanshou.model import Device, DeviceKind, Site, UsageError
from yanshou.model.signal import Card
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake, mistake_at
from yanshou.protocols.card import WITH_PARITY, Bits, essence, has_right_parity, read_credential
from yanshou.protocols.osdp import GREATEST_ADDRESS
from yanshou.toml import near
from yanshou.vocabulary.wiring import ROLES, End, roles_of
from yanshou.wires import WIRES
from yanshou.wires.osdp import OSDP

_TERMINAL = re.compile(r"(?P<device>.+)/(?P<input>di)?(?P<channel>\d{1,4})")
CLASSES_OF: Mapping[DeviceKind, tuple[str, ...]] = {
    DeviceKind.PANEL: ("alarm_panel",),
    DeviceKind.DOOR_CONTROLLER: ("door_controller",),
    DeviceKind.RELAY_BOARD: ("relay_board",),
    DeviceKind.READER: ("credential_injector", "reader_tap"),
}
"""The classes of the profiles that a device of a kind may have."""
_READER_LINE = "reader_line"  # an input, or an address on a line that is listened to
_OUTPUT_ROLES = frozenset(name for name, role in ROLES.items() if role.end is End.RELAY)
_INPUT_ROLES = frozenset(name for name, role in ROLES.items() if role.end in {End.INPUT, End.HEARD})
_READERS = frozenset(name for name, role in ROLES.items() if role.end is End.CREDENTIALS)
_BY_CONTACT = frozenset({DeviceKind.PANEL, DeviceKind.ZONE})
_NUMBERED = {DeviceKind.ZONE: ("zone_state", "zone_alarm"), DeviceKind.DOOR: ("door_state", "door_forced")}


@dataclass(frozen=True, slots=True)
class Terminal:
    """A relay or input channel of a board, from 0; or an output of a credential injector, from 1."""

    device: str
    channel: int
    is_input: bool

    @property
    def kind(self) -> str:
        """Its name in the board's profile."""
        return "input" if self.is_input else "relay"

    def __str__(self) -> str:
        return f"{self.device}/{'di' if self.is_input else ''}{self.channel}"


def parse_terminal(text: str) -> Terminal | None:
    """Read ``RELAY-1/3`` or ``RELAY-1/di0``; None if it is neither."""
    found = _TERMINAL.fullmatch(text.strip())
    return Terminal(found["device"], int(found["channel"]), found["input"] is not None) if found else None


def profiles_of(site: Site) -> tuple[dict[str, Profile], list[Mistake]]:
    """Load every profile the site names, by that name, with the mistakes of those that cannot be read."""
    profiles: dict[str, Profile] = {}
    mistakes: list[Mistake] = []
    for device in site.devices.values():
        if not device.profile or device.profile in profiles or device.kind is DeviceKind.PLATFORM:
            continue  # the profile of a platform is of another form
        try:
            profiles[device.profile] = load_profile(device.profile, site.folder)
        except UsageError as error:
            mistakes += [_with_place(device, mistake) for mistake in error.mistakes]
    return profiles, list(dict.fromkeys(mistakes))


def _with_place(device: Device, mistake: Mistake) -> Mistake:
    """A profile that does not exist is a mistake at the line that names it."""
    if mistake.line is not None:
        return mistake
    return mistake_of(device, f"profile {mistake.path!r}: {mistake.what}", mistake.remedy)


def site_mistakes(site: Site) -> list[Mistake]:
    """All mistakes in the profiles, connections and wiring of a site, found without touching a wire."""
    profiles, mistakes = profiles_of(site)
    try:
        buses_of(site, profiles)
    except UsageError as error:
        mistakes += error.mistakes
    mistakes += [*check_wiring(site, profiles), *_missing_library(site, profiles)]
    return [*mistakes, *receiver_mistakes(site), *platform_mistakes(site), *certificate_mistakes(site)]


def _missing_library(site: Site, profiles: Mapping[str, Profile]) -> list[Mistake]:
    """The bench can take the place of OSDP readers only with libosdp; listening needs nothing."""
    if importlib.util.find_spec("osdp_sys") is not None:
        return []
    wanting = (
        device
        for device in site.devices.values()
        if (profile := profiles.get(device.profile)) is not None
        and profile.protocol == OSDP
        and profile.device_class == "credential_injector"
    )
    what = "it needs the library libosdp, which is not installed."
    return [mistake_of(device, what, "Install it: pip install 'yanshou[osdp]'.") for device in wanting]


def check_wiring(site: Site, profiles: Mapping[str, Profile]) -> list[Mistake]:
    """List the wiring mistakes of a site; ``profiles`` are the loaded ones by their name."""
    mistakes: list[Mistake] = []
    taken: dict[Terminal, tuple[str, str]] = {}
    for device in site.devices.values():
        mistakes += _check_profile(device, profiles.get(device.profile))
        mistakes += _check_cards(device, profiles.get(device.profile))
        mistakes += _check_number(site, profiles, device)
        mistakes += _check_contacts(site, profiles, device)
        mistakes += _unknown_roles(site, profiles, device)
        for role, text in device.wiring.items():
            mistakes += _check_wire(site, profiles, _Wire(device, role, text), taken)
    return [*mistakes, *_check_loopbacks(site, profiles)]


def _check_profile(device: Device, profile: Profile | None) -> Iterator[Mistake]:
    """A profile of another kind of device, or of another protocol than the connection carries."""
    if profile is None:
        return
    classes = CLASSES_OF.get(device.kind, ())
    if classes and profile.device_class not in classes:
        what = f"its profile {profile.name} has the class {profile.device_class}, and it is a {device.kind}."
        yield mistake_of(device, what, f"Name a profile whose class is {' or '.join(classes)}.")
    wire = WIRES[device.connection.protocol] if device.connection is not None else None
    if wire is not None and wire.by_profile and wire.profile != profile.protocol:
        what = f"its profile {profile.name} is for {profile.protocol}, and its connection is {wire.name}."
        yield mistake_of(device, what, "Correct the profile or the connection.")


def _check_cards(device: Device, profile: Profile | None) -> Iterator[Mistake]:
    """Credentials of an injector that cannot be presented, or that a controller takes for one card.

    A card that is listed as authorised and under duress would call for help each time it is presented.
    """
    known: dict[tuple[int | str, ...], str] = {}
    cards = Card if device.kind is DeviceKind.READER else ()
    for card in (one for one in cards if one.value in device.attributes):
        text = str(device.attributes[card.value])
        if (why := _unreadable(text, profile)) is not None:
            yield mistake_of(device, f"its credential {card} cannot be presented: {why}.", "Correct it.")
        first = known.setdefault(essence(text), card.value)
        if first != card.value:
            what = f"its credentials {first} and {card} are the same card."
            yield mistake_of(device, what, "Give each a credential of its own.")
    right = _parities(device, Card.AUTHORISED)
    for card in (one for one in (Card.UNAUTHORISED, Card.PAYMENT) if one in cards):
        if any(not good and right.get(bits) is not False for bits, good in _parities(device, card).items()):
            what = f"its credential {card} has a wrong parity: a controller may ignore it for that alone."
            yield mistake_of(device, what, "Correct its first or its last bit.")


def _parities(device: Device, card: Card) -> dict[int, bool]:
    """Whether the parity of a credential is right, by its length; none of one that has no parity.

    An authorised one with a wrong parity that opens shows that the controller does not look at it.
    """
    try:
        parts = read_credential(str(device.attributes.get(card.value, "")))
    except ValueError:
        return {}
    cards = [one for one in parts if isinstance(one, Bits) and one.bits in WITH_PARITY]
    return {one.bits: has_right_parity(one) for one in cards}


def _unreadable(credential: str, profile: Profile | None) -> str | None:
    """Why what sends bits or keys cannot send a credential; other profiles send it as it is written."""
    if not credential.strip():
        return "it is empty"
    if profile is None or not profile.can("present_card"):
        return None
    if profile.protocol != OSDP and "{bits}" not in profile.command("present_card").send:
        return None
    try:
        read_credential(credential)
    except ValueError as error:
        return str(error)
    return None


def _unknown_roles(site: Site, profiles: Mapping[str, Profile], device: Device) -> Iterator[Mistake]:
    """A wire in a role its device does not have leads nowhere, and its items would be left out."""
    owners = (device, site.devices.get(device.parent))
    own = {wire for one in owners if one is not None for wire in _wires_of(profiles.get(one.profile))}
    for role in device.wiring:
        if role in own or (role in ROLES and device.kind in ROLES[role].kinds):
            continue
        if role in ROLES:
            kinds = " or a ".join(sorted(ROLES[role].kinds))
            what = f"the wire {role} is one of a {kinds}, not of a {device.kind}."
            yield mistake_of(device, what, "Write it at the device it belongs to.")
        else:
            yield mistake_of(
                device, f"a {device.kind} has no wire {role!r}.", near(role, roles_of(device.kind))
            )


def _wires_of(profile: Profile | None) -> set[str]:
    """The wires by which a profile knows its panel and the zones of it, where it is known by contacts."""
    if profile is None:
        return set()
    return {one.wire for one in profile.points} | {one.wire for one in profile.commands}


def _check_loopbacks(site: Site, profiles: Mapping[str, Profile]) -> Iterator[Mistake]:
    """Both ends must be channels of boards; one input may serve several loops, one after the other."""
    seen: set[tuple[str, str, str]] = set()
    for loop in site.loopbacks:
        for text, wanted in ((loop.relay, "relay"), (loop.input, "input")):
            terminal = parse_terminal(text)
            board = site.devices.get(terminal.device) if terminal else None
            profile = profiles.get(board.profile) if board else None
            if board is not None and board.profile and profile is None:
                continue  # reported once, for the profile
            has = profile is not None and profile.device_class == "relay_board" and profile.has(wanted)
            count = profile.point(wanted).count if profile is not None and has else 0
            if terminal is None or terminal.kind != wanted or terminal.channel >= count:
                remedy = 'Write relay = "RELAY-1/3" and input = "RELAY-1/di0", channels the boards have.'
                yield mistake_at(loop.place, f"loopback: there is no {wanted} {text!r}.", remedy)
        if (key := (loop.relay, loop.input, loop.contact)) in seen:
            yield mistake_at(loop.place, f"loopback {loop.name} stands twice.", "Keep one of them.")
        seen.add(key)


@dataclass(frozen=True, slots=True)
class _Wire:
    device: Device
    role: str
    text: str


def _check_wire(
    site: Site, profiles: Mapping[str, Profile], wire: _Wire, taken: dict[Terminal, tuple[str, str]]
) -> list[Mistake]:
    device, role, text = wire.device, wire.role, wire.text
    terminal = parse_terminal(text)
    if terminal is None:
        return _check_plain(site, device, role, text)
    board = site.devices.get(terminal.device)
    if board is None:
        return [
            mistake_of(device, f"{role} is wired to {terminal.device}, which is not listed.", _boards(site))
        ]
    if role in _READERS:
        return _check_reader(profiles, device, role, terminal, board)
    if role == _READER_LINE and not terminal.is_input:
        return _check_tap(profiles, device, terminal, board)
    return [*_check_channel(profiles, device, role, terminal, board), *_claim(device, role, terminal, taken)]


def _check_plain(site: Site, device: Device, role: str, text: str) -> list[Mistake]:
    """A wire without a channel leads to an instrument; relays and readers need a channel."""
    if role in _OUTPUT_ROLES | _INPUT_ROLES | _READERS:
        remedy = "Write it like RELAY-1/3 (relay) or RELAY-1/di0 (input)."
        return [mistake_of(device, f"{role} is wired to {text!r}, which names no channel.", remedy)]
    if text not in site.devices:
        return [
            mistake_of(device, f"{role} is wired to {text}, which is not listed.", "Add it to the inventory.")
        ]
    return []


def _check_reader(
    profiles: Mapping[str, Profile], device: Device, role: str, terminal: Terminal, board: Device
) -> list[Mistake]:
    """A source of credentials has outputs from 1; on an OSDP line they are addresses, from 0."""
    profile = profiles.get(board.profile)
    if profile is None and board.profile:
        return []  # reported once, for the profile
    if profile is None or profile.device_class != "credential_injector":
        what = f"{role} is wired to {board.id}, which presents no credentials."
        return [mistake_of(device, what, "Name an injector.")]
    if profile.protocol == OSDP and terminal.channel > GREATEST_ADDRESS:
        what = f"{role} is wired to {terminal}, but an OSDP line has the addresses 0-{GREATEST_ADDRESS}."
    elif profile.protocol != OSDP and terminal.channel < 1:
        what = f"{role} is wired to {terminal}, but the outputs of {board.id} are counted from 1."
    else:
        return []
    return [mistake_of(device, what, "Write it like CARD-1/1.")]


def _check_tap(
    profiles: Mapping[str, Profile], device: Device, terminal: Terminal, board: Device
) -> list[Mistake]:
    """A reader's line that is no input of a board is an address on a line that a tap listens to."""
    profile = profiles.get(board.profile)
    if (profile is None and board.profile) or (profile is not None and profile.device_class == "reader_tap"):
        return []
    what = f"reader_line is wired to {terminal}, which is neither an input nor heard by a listener."
    return [mistake_of(device, what, "Write it like RELAY-1/di3, or TAP-1/0 (a listener and an address).")]


def _check_channel(
    profiles: Mapping[str, Profile], device: Device, role: str, terminal: Terminal, board: Device
) -> list[Mistake]:
    profile = profiles.get(board.profile)
    if profile is None and board.profile:
        return []  # reported once, for the profile
    if profile is None:
        return [mistake_of(device, f"{role} is wired to {board.id}, which has no profile.", "Give it one.")]
    if terminal.is_input is (role in _OUTPUT_ROLES) and role in _OUTPUT_ROLES | _INPUT_ROLES:
        wanted = "an input: write di and its number" if role in _INPUT_ROLES else "a relay: write its number"
        return [mistake_of(device, f"{role} is wired to {terminal}.", f"It takes {wanted}.")]
    if not profile.has(terminal.kind):
        return [
            mistake_of(device, f"{role} is wired to {terminal}, but {board.id} has no {terminal.kind}s.", "")
        ]
    count = profile.point(terminal.kind).count
    if terminal.channel < count:
        return []
    what = (
        f"{role} is wired to {terminal}, but {board.id} ({profile.name}) has {terminal.kind}s 0-{count - 1}."
    )
    return [mistake_of(device, what, "Give a channel it has, or name another board.")]


def _claim(
    device: Device, role: str, terminal: Terminal, taken: dict[Terminal, tuple[str, str]]
) -> list[Mistake]:
    """A relay is wired to one circuit only; devices that share a contact may share an input."""
    other = taken.setdefault(terminal, (device.id, role))
    if other == (device.id, role) or (terminal.is_input and other[1] == role):
        return []
    what = f"{role} is wired to {terminal}, which is already the {other[1]} of {other[0]}."
    return [mistake_of(device, what, "Wire each circuit to a channel of its own.")]


def _check_number(site: Site, profiles: Mapping[str, Profile], device: Device) -> list[Mistake]:
    """A zone or door needs a number that its panel or controller has."""
    parent = site.devices.get(device.parent)
    profile = profiles.get(parent.profile) if parent is not None else None
    if parent is None or profile is None or device.kind not in _NUMBERED:
        return []
    counts = [profile.point(role).count for role in _NUMBERED[device.kind] if profile.has(role)]
    if not counts or (device.number is not None and 1 <= device.number <= max(counts)):
        return []
    what = f"its number is {device.number}, but {parent.id} ({profile.name}) has 1-{max(counts)}."
    return [mistake_of(device, what, "Correct the number in the inventory.")]


def _check_contacts(site: Site, profiles: Mapping[str, Profile], device: Device) -> list[Mistake]:
    """A panel by contacts alone can only be observed and operated through wires of the bench."""
    owner = device if device.kind is DeviceKind.PANEL else site.devices.get(device.parent)
    profile = profiles.get(owner.profile) if owner is not None else None
    if profile is None or profile.protocol != "contact" or device.kind not in _BY_CONTACT:
        return []
    if device.kind is DeviceKind.PANEL:
        wanted = {command.wire for command in profile.commands} | {
            point.wire for point in profile.points if not point.role.startswith("zone_")
        }
    else:
        wanted = {profile.point("zone_alarm").wire} if profile.has("zone_alarm") else set()
    remedy = "Wire it to the bench, or write a profile without it."
    return [
        mistake_of(
            device, f"its {wire} is not wired, and {profile.name} knows the panel by it alone.", remedy
        )
        for wire in sorted(wanted - set(device.wiring))
    ]


def _boards(site: Site) -> str:
    names = ", ".join(board.id for board in site.of_kind(DeviceKind.RELAY_BOARD))
    return f"Boards of this site: {names or 'none'}."
