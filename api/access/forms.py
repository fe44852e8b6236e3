"""The token that a change bears which a browser sends by its cookie: in a header, as our scripts send it, or in the
first field of a form. The form is not read for it, which may bring files: its beginning is enough."""

import re

from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

HEADER, FIELD = "x-csrf-token", "csrf"
_BEGINNING = 4096
_SECONDS = 30.0
"""For the beginning to come."""
_VALUE = rb"([0-9a-f]{1,32}\.[0-9a-f]{64})"
_FIRST_FIELDS = {
    "application/x-www-form-urlencoded": re.compile(rb"csrf=" + _VALUE + rb"(?:&|$)"),
    "multipart/form-data": re.compile(
        rb'--[^\r\n]{1,200}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + _VALUE + rb"\r\n", re.IGNORECASE
    ),
}


async def token_in(scope: Scope, receive: Receive) -> tuple[str, Receive]:
    """The token, empty where there is none, and what gives the whole body to whoever reads it next."""
    headers = Headers(scope=scope)
    if given := headers.get(HEADER):
        return given, receive
    first_field = _FIRST_FIELDS.get(headers.get("content-type", "").partition(";")[0].strip().lower())
    if first_field is None:
        return "", receive
    messages, body = [], b""
    with move_on_after(_SECONDS):  # the time of a request begins within the gate
        while len(body) < _BEGINNING:
            message = await receive()
            messages.append(message)
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
    found = first_field.match(body)
    return found[1].decode() if found else "", _again(messages, receive)


def _again(messages: list[Message], receive: Receive) -> Receive:
    async def received() -> Message:
        return messages.pop(0) if messages else await receive()

    return received
