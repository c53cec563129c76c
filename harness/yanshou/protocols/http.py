# SPDX-License-Identifier: Apache-2.0
"""HTTP to one device: bounded in time and size, digest when asked, no proxies, no redirects."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests import auth
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TimeoutError_
from urllib3.util import Timeout

from yanshou.model import Connection, RigFault

MAX_BYTES: Final = 32 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_UNAUTHORIZED: Final = 401
_WORDS: Final = 200  # of a reason; what a device sends may be anything


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: connect, silence between bytes and the whole in seconds; size in bytes."""

    connect_s: float = 5.0
    read_s: float = 5.0
    total_s: float = 30.0
    max_bytes: int = MAX_BYTES


@dataclass(frozen=True, slots=True)
class _Question:
    """One request as it is sent, and the bounds of its answer."""

    method: str
    url: str
    device: str
    limits: Limits
    data: bytes | None
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer."""

    status: int
    content: bytes
    media_type: str


_Digest: Final[Any] = auth.HTTPDigestAuth


class AskedAuth(_Digest):  # type: ignore[misc]
    """Answers the first 401 by digest (RFC 7616), or by basic when the device knows nothing better."""

    def handle_401(self, r: requests.Response, **kwargs: Any) -> requests.Response:
        """Send the request once more with credentials, or with a fresh nonce; never a third time."""
        asked = r.headers.get("www-authenticate", "").lower()
        self.init_per_thread_state()
        if r.status_code != _UNAUTHORIZED:
            return r
        challenge = _challenge(r.headers.get("www-authenticate", ""))
        sent = str(r.request.headers.get("Authorization") or "")
        if sent and (not challenge.get("nonce") or f'nonce="{challenge["nonce"]}"' in sent):
            return r
        if "digest" in asked:
            self._thread_local.chal = challenge
            value = self.build_digest_header(r.request.method, r.request.url)
        elif "basic" in asked:
            value = "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        else:
            return r
        return _again(r, value, kwargs) if value else r


def _challenge(header: str) -> dict[str, str]:
    start = header.lower().find("digest")
    parse: Any = requests.utils.parse_dict_header
    return dict(parse(header[start + len("digest") :].strip()))


def _again(r: requests.Response, authorization: str, kwargs: dict[str, Any]) -> requests.Response:
    r.close()
    request = r.request.copy()
    request.headers["Authorization"] = authorization
    again: requests.Response = r.connection.send(request, **kwargs)
    again.history.append(r)
    again.request = request
    return again


class LightSession(requests.Session):
    """For devices that are signed in to inside the message, as ONVIF's are: many of them are asked at once.

    Exchanges go below requests until HTTP itself asks who we are; ``asked`` remembers that.
    """

    asked = False


def session(user: str, password: str, *, verify_tls: bool = True, light: bool = False) -> requests.Session:
    """A session for one device; the environment's proxies and .netrc are none of its business."""
    made = LightSession() if light else requests.Session()
    made.trust_env = False
    made.verify = verify_tls
    made.headers.update({"Accept-Encoding": "identity", "User-Agent": "yanshou"})
    if user:
        made.auth = AskedAuth(user, password)
    return made


def base(connection: Connection) -> str:
    """``http://host:port`` of a connection; https where its option ``tls`` says so."""
    tls = bool(connection.options.get("tls", False))
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    return f"{'https' if tls else 'http'}://{host}:{connection.port or (443 if tls else 80)}"


def exchange(
    http: requests.Session,
    method: str,
    url: str,
    *,
    device: str,
    limits: Limits,
    data: bytes | None = None,
    headers: dict[str, str] | None = None,
    once: bool = False,
) -> Answer:
    """One request and its whole answer.

    A kept-alive connection that the device closed meanwhile is opened again, but not for what may be given
    only ``once``.  Raises RigFault, naming
    ``device``, when the device refuses, hangs, redirects, sends too much or breaks off.
    """
    question = _Question(method, url, device, limits, data, headers or {})
    for attempt in (1, 2):
        try:
            return _once(http, question)
        except requests.exceptions.Timeout:
            raise RigFault(
                f"no answer from {url} within {limits.read_s:g} s.",
                device=device,
                remedy="Check the cable, the address and the port.",
            ) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            if (
                attempt == 1 and not once and "Remote" in repr(error)
            ):  # RemoteDisconnected: an idle connection was closed
                continue
            if "BadStatusLine" in repr(error):
                raise RigFault(f"what answers at {url} does not speak HTTP.", device=device) from None
            raise RigFault(
                f"no connection to {url}: {_short(error)}.",
                device=device,
                remedy="Check that the device is on, and its address and port.",
            ) from None
        except HTTPError as error:  # of the body, which is read below requests
            raise RigFault(
                f"the answer from {url} broke off ({type(error).__name__}).", device=device
            ) from None
        except (requests.exceptions.RequestException, ValueError, OSError) as error:
            raise RigFault(f"the exchange with {url} failed: {_short(error)}.", device=device) from None
    raise AssertionError("unreachable")


def _once(http: requests.Session, asked: _Question) -> Answer:
    if isinstance(http, LightSession) and not http.asked and asked.url.startswith("http:"):
        answer = _plainly(http, asked)
        if answer is not None:
            return answer
    request = requests.PreparedRequest()  # all of it is ours: merging in the session's defaults takes longer
    request.prepare(
        asked.method,
        asked.url,
        data=asked.data,
        headers={**http.headers, **asked.headers},
        auth=http.auth,
        cookies=http.cookies or None,
    )
    timeout = (asked.limits.connect_s, asked.limits.read_s)
    with http.send(request, timeout=timeout, stream=True, allow_redirects=False) as response:
        return _answer(response.status_code, response.headers, response.raw, asked)


def _plainly(http: LightSession, asked: _Question) -> Answer | None:
    """The exchange without requests, for half of its processor time; None when HTTP asks who we are."""
    adapter: Any = http.get_adapter(asked.url)
    pool = adapter.poolmanager.connection_from_url(asked.url)
    target = urlsplit(asked.url)._replace(scheme="", netloc="", fragment="").geturl()
    try:
        response = pool.urlopen(
            asked.method,
            target or "/",
            body=asked.data,
            headers={**http.headers, **asked.headers},
            timeout=Timeout(connect=asked.limits.connect_s, read=asked.limits.read_s),
            preload_content=False,
            decode_content=False,
            retries=False,
            redirect=False,
        )
    except HTTPError as error:
        if isinstance(error, TimeoutError_) and not isinstance(error, NewConnectionError):
            raise requests.exceptions.Timeout(error) from error
        raise requests.exceptions.ConnectionError(error) from error
    try:
        if response.status == _UNAUTHORIZED and http.auth is not None:
            http.asked = True
            response.drain_conn()
            return None
        answer = _answer(response.status, response.headers, response, asked)
    except BaseException:
        response.close()  # the rest of a broken or endless answer must not be taken for the next one
        raise
    response.release_conn()
    return answer


def _answer(status: int, headers: Mapping[str, str], raw: Any, asked: _Question) -> Answer:
    """The whole answer, its body still to be read from ``raw``."""
    if (headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise RigFault("the device sent a compressed answer it was not asked for.", device=asked.device)
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(status, _body(raw, asked.device, asked.limits), kind)


def _body(raw: Any, device: str, limits: Limits) -> bytes:
    deadline = time.monotonic() + limits.total_s
    body = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > limits.max_bytes:
            raise RigFault(f"the answer is longer than {limits.max_bytes} bytes.", device=device)
        if time.monotonic() > deadline:
            raise RigFault(f"the answer took longer than {limits.total_s:g} s.", device=device)
    return bytes(body)


def _short(error: BaseException) -> str:
    """The innermost reason; the outer ones of urllib3 carry object addresses."""
    while error.args and isinstance(error.args[-1], BaseException):
        error = error.args[-1]
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return _short(reason)
    text = str(error.args[-1] if error.args else error)
    said = "".join(one if one.isprintable() else " " for one in text.rpartition(": ")[2])
    return said.strip()[:_WORDS] or type(error).__name__
