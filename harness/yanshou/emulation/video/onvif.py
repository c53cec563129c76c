# SPDX-License-Identifier: Apache-2.0
"""The ONVIF front of an emulated device: authority, planted faults, and dispatch by operation."""

from __future__ import annotations

import asyncio
import inspect
from urllib.parse import unquote

from yanshou.emulation.video import (
    device_service,
    event_service,
    media_service,
    recording_service,
    replay_service,
    search_service,
)
from yanshou.emulation.video.device import EmulatedDevice
from yanshou.emulation.video.digest import accepts, challenge, new_nonce
from yanshou.emulation.video.http import Request, Response
from yanshou.emulation.video.soap import (
    CONTENT_TYPE,
    NAMESPACES,
    Call,
    EmulatedSoapFault,
    envelope,
    fault_content,
    parse_call,
)

_ALWAYS = {"tds": device_service.OPERATIONS, "tev": event_service.OPERATIONS}
_MEDIA = {"trt": media_service.OPERATIONS, "tr2": media_service.OPERATIONS_2}
_RECORDING = {
    "trc": recording_service.OPERATIONS,
    "tse": search_service.OPERATIONS,
    "trp": replay_service.OPERATIONS,
}
_GARBAGE = b"\x15\x03\x01\x00\x02\x02\x46 <<<firmware panic>>> & not xml"


class OnvifFront:
    """Answers the HTTP requests of one device: SOAP by POST, snapshots by GET."""

    def __init__(self, device: EmulatedDevice) -> None:
        self._device = device
        self._nonce = new_nonce()
        services = _ALWAYS | _MEDIA | (_RECORDING if device.is_recorder else {})
        self._operations = {
            (NAMESPACES[prefix], name): operation
            for prefix, table in services.items()
            for name, operation in table.items()
        }
        # PullMessages and its kin come in the namespace of WS-Notification
        notification = event_service.NOTIFICATION_OPERATIONS
        self._operations |= {
            (NAMESPACES["wsnt"], name): operation for name, operation in notification.items()
        }

    async def handle(self, request: Request) -> Response:
        """Answer one request; a host that is stopped drops the connection."""
        if self._device.stopped():
            raise ConnectionResetError
        if request.method == "GET":
            response = self._snapshot(request)
            limit = self._device.behaviour.throttle
            await asyncio.sleep(8e-6 * len(response.body) / limit if limit else 0.0)
            return response
        if request.method != "POST":
            return Response(405, "text/plain", b"SOAP wants POST\n")
        try:
            content = await self._answer(parse_call(request.body, request.path))
        except EmulatedSoapFault as fault:
            return Response(fault.status, CONTENT_TYPE, envelope(fault_content(fault)))
        body = _GARBAGE if content is None else envelope(content)
        return Response(200, CONTENT_TYPE, body)

    async def _answer(self, call: Call) -> str | None:
        """Content of the answer's body; None means garbage."""
        behaviour = self._device.behaviour
        if behaviour.soap_hang in ("*", call.operation):
            self._device.truth.write(self._device.id, "request_left_hanging", call.operation)
            await asyncio.Event().wait()
        await asyncio.sleep(behaviour.answer_delay)
        if behaviour.soap_garbage in ("*", call.operation):
            return None
        operation = self._operations.get((call.namespace, call.operation))
        if operation is None:
            raise EmulatedSoapFault(
                f"{call.operation} is not supported", "ActionNotSupported", code="Receiver"
            )
        if not operation.open_to_all:
            self._authorise(call)
        answer = operation.run(self._device, call)
        return await answer if inspect.isawaitable(answer) else answer

    def _authorise(self, call: Call) -> None:
        device, token = self._device, call.token
        wanted = device.credentials
        if wanted.open_access:
            return
        if token is None or not token.proves(wanted.user, wanted.password):
            device.truth.write(device.id, "access_denied", call.operation)
            raise EmulatedSoapFault("Sender not Authorized", "NotAuthorized")
        limit = device.behaviour.strict_clock
        if limit is not None and (token.created is None or abs(token.created - device.now()) > limit):
            raise EmulatedSoapFault("Token is too old or too new by the clock of the device", "NotAuthorized")

    def _snapshot(self, request: Request) -> Response:
        name = unquote(request.path.partition("?")[0]).removeprefix("/snapshot/").removesuffix(".jpg")
        channel = self._device.channels.get(name)
        if channel is None or self._device.behaviour.no_snapshot:
            return Response(404, "text/plain", b"no such picture\n")
        given = request.headers.get("authorization", "")
        if not accepts(given, request.method, self._nonce, self._device.credentials):
            headers = {"WWW-Authenticate": challenge(self._nonce, qop=True)}
            return Response(401, "text/plain", b"password wanted\n", headers)
        return Response(200, "image/jpeg", channel.snapshot(self._device.now()))
