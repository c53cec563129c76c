# SPDX-License-Identifier: Apache-2.0
"""SOAP faults and unclear answers, in words."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from yanshou.model import RigFault

_ENVELOPE: Final = "http://www.w3.org/2003/05/soap-envelope"
_ENVELOPE_11: Final = "http://schemas.xmlsoap.org/soap/envelope/"

# ONVIF Core Specification, "Fault codes", with those of WS-Security and WS-BaseNotification that it uses: the
# subcodes an engineer on site meets, in his words.  Their Chinese is in model/chinese/words.json.
MEANINGS: Final = {
    "NotAuthorized": "user name or password refused",
    "FailedAuthentication": "user name or password refused",
    "InvalidSecurityToken": "user name or password refused",
    "SenderNotAuthorized": "this user may not ask for that",
    "ActionNotSupported": "the device does not support this operation",
    "NoRecording": "the device has no such recording",
    "NoProfile": "the device has no such media profile",
    "InvalidToken": "the device does not know this search or job",
    "NoToken": "the device does not know this token",
    "InvalidArgVal": "the device refused an argument",
    "InvalidArgs": "the device refused the arguments",
    "NoSource": "the device has no such source",
    "OperationProhibited": "the device prohibits this operation",
    "ResourceProblem": "the device has no more sessions to give",
    "MaxPullPoints": "the device has no more pull points to give",
    "UnableToCreatePullPointFault": "the device cannot create a pull point",
    "SubscribeCreationFailedFault": "the device cannot create a subscription",
    "ResourceUnknownFault": "the device does not know this subscription or resource",
    "ResourceUnknown": "the device does not know this subscription or resource",
    "InvalidFilterFault": "the device refused the filter of events",
    "InvalidTopicExpressionFault": "the device refused the topic of events",
    "TopicNotSupportedFault": "the device does not support this topic of events",
    "UnacceptableInitialTerminationTimeFault": "the device refused the time of the subscription",
    "UnacceptableTerminationTimeFault": "the device refused the time of the subscription",
    "MessageExpired": "the device takes the request for too old: its clock and ours differ",
    "UnsupportedSecurityToken": "the device does not support this kind of password",
    "UnsupportedAlgorithm": "the device does not support this algorithm of security",
    "InvalidSecurity": "the device could not read the security header of the request",
    "FailedCheck": "the device found the signature or encryption of the request wrong",
    "WellFormed": "the device calls the request not well-formed",
    "TagMismatch": "the device found an unexpected tag in the request",
    "Tag": "the device found no such tag in the request",
    "Namespace": "the device does not know a namespace of the request",
    "MissingAttr": "the device misses an attribute in the request",
    "ProhibAttr": "the device prohibits an attribute of the request",
    "UnknownAction": "the device does not know this operation",
    "VersionMismatch": "the device speaks another version of SOAP",
    "MustUnderstand": "the device does not understand a header of the request",
    "DataEncodingUnknown": "the device does not know the encoding of the request",
    "Action": "the device failed to carry out the operation",
    "OutofMemory": "the device has no memory left",
    "CriticalError": "the device reports a critical error",
    "NoConfig": "the device has no such configuration",
    "NoVideoSource": "the device has no such video source",
    "NoEntity": "the device has no such item",
    "NotFound": "the device has no such item",
}
_OTHER: Final = "the device answered with a fault"
REFUSED: Final = frozenset({"NotAuthorized", "FailedAuthentication", "InvalidSecurityToken"})
# Some devices leave out the subcode and give it only in the reason.
_REFUSED_REASON: Final = re.compile(r"not authori[sz]ed|unauthori[sz]ed|authenticat\w+ fail", re.IGNORECASE)


class SoapFault(RigFault):
    """The device answered with a SOAP fault.  ``subcodes`` are the local names, outermost first."""

    def __init__(
        self, what: str, *, subcodes: tuple[str, ...] = (), device: str = "", remedy: str = ""
    ) -> None:
        # a refused password is never tried twice: the account might be locked
        super().__init__(what, device=device, remedy=remedy, final=bool(REFUSED & set(subcodes)))
        self.subcodes = subcodes

    @property
    def refused(self) -> bool:
        """Whether the user name or password was refused."""
        return bool(REFUSED & set(self.subcodes))


class AnswerUnclear(RigFault):
    """The device answered, but not as ONVIF describes; that must not be read as "nothing"."""


def read_fault(body: etree._Element) -> tuple[str, tuple[str, ...]] | None:
    """Reason and subcodes of the fault in a SOAP body (1.2 or 1.1), or None when there is none."""
    for space in (_ENVELOPE, _ENVELOPE_11):
        fault = body.find(f"{{{space}}}Fault")
        if fault is not None:
            reason, subcodes = _reason(fault), _subcodes(fault)
            if not subcodes and _REFUSED_REASON.search(reason):
                subcodes = ("NotAuthorized",)
            return reason, subcodes
    return None


def as_text(operation: str, reason: str, subcodes: tuple[str, ...]) -> str:
    """One line for a person: the request, the meaning of the subcodes, the device's own words."""
    known = [MEANINGS[code] for code in reversed(subcodes) if code in MEANINGS]
    codes = "/".join(subcodes)
    said = " ".join(reason.split())[:200]
    tail = ", ".join(part for part in (codes, said and f'"{said}"') if part)
    return f"{operation}: {known[0] if known else _OTHER}" + (f" ({tail})" if tail else "")


def _reason(fault: etree._Element) -> str:
    for path in (f"{{{_ENVELOPE}}}Reason/{{{_ENVELOPE}}}Text", "faultstring"):
        text = fault.findtext(path)
        if text:
            return text.strip()
    return ""


def _subcodes(fault: etree._Element) -> tuple[str, ...]:
    names = [str(value.text) for value in fault.iter(f"{{{_ENVELOPE}}}Value") if value.text]
    names += [code.text for code in fault.iter("faultcode") if code.text]
    local = [name.strip().rpartition(":")[2] for name in names]
    return tuple(name for name in local if name not in {"Sender", "Receiver", "Client", "Server"})
