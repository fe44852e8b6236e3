"""One notice to one webhook: to an address that was checked, with the name's certificate, in ten seconds in all.

Neither redirects nor proxies of the environment are followed, and of the answer nothing but its head is read.
"""

import asyncio
import math
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from index.errors import QdqError
from rag.watches.addresses import Allowed, Endpoint, Resolver, bracketed, checked, system_addresses
from rag.watches.types import Attempt

if TYPE_CHECKING:
    import httpx2

SECONDS = 10.0
_CONNECT_SECONDS = 4.0
_MOST_ADDRESSES = 3
"""That are tried, where a name has several."""
_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "qui-dit-quoi",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
T = TypeVar("T")


class Sender:
    """Sends to webhooks that are ``allowed`` or public."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolve: Resolver = system_addresses,
        trusted: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """``trusted``: whose certificates are believed; None: those of httpx2. ``seconds`` in all."""
        self._allowed = allowed
        self._resolve = resolve
        self._trusted = trusted
        self._seconds = seconds

    def check(self, url: str) -> None:
        """Whether something could be sent there now. Raises WatchInvalid, WebhookForbidden."""
        checked(Endpoint.of(url), self._allowed, self._resolve)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempt:
        """What came of it, whatever that is."""
        import httpx2

        try:
            async with asyncio.timeout(self._seconds):
                endpoint = Endpoint.of(url)
                addresses = await _beside(partial(checked, endpoint, self._allowed, self._resolve))
                return await self._to_one_of(addresses, endpoint, headers, body)
        except TimeoutError:
            return Attempt(error=f"no answer within {self._seconds:g} s")
        except QdqError as error:
            return Attempt(error=error.message("en"))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            return Attempt(error=type(error).__name__)

    async def _to_one_of(
        self, addresses: Sequence[str], endpoint: Endpoint, headers: Mapping[str, str], body: bytes
    ) -> Attempt:
        """The first of ``addresses`` that takes a connection."""
        import httpx2

        *others, last = addresses[:_MOST_ADDRESSES]
        # not a client: that follows what the environment says, and logs addresses, in which there may be a key
        async with httpx2.AsyncHTTPTransport(verify=self._trusted or True, trust_env=False) as transport:
            for address in others:
                try:
                    return await _post(transport, address, endpoint, headers, body)
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    continue
            return await _post(transport, last, endpoint, headers, body)


async def _post(
    transport: "httpx2.AsyncHTTPTransport",
    address: str,
    endpoint: Endpoint,
    headers: Mapping[str, str],
    body: bytes,
) -> Attempt:
    """The name stands in the ``Host`` header and is what the certificate has to be for; nobody looks it up again."""
    import httpx2

    request = httpx2.Request(
        "POST",
        f"{endpoint.scheme}://{bracketed(address)}:{endpoint.port}{endpoint.target}",
        content=body,
        headers={**_HEADERS, **headers, "Host": endpoint.authority},
        extensions={"sni_hostname": endpoint.host, "timeout": {"connect": _CONNECT_SECONDS}},
    )
    response = await transport.handle_async_request(request)
    try:
        return Attempt(status=response.status_code, retry_after=_seconds(response.headers.get("retry-after")))
    finally:
        await response.aclose()


def _seconds(retry_after: str | None) -> float | None:
    """Of a ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date; None of anything else."""
    if retry_after is None:
        return None
    try:
        if retry_after.isascii() and retry_after.isdecimal():
            found = float(retry_after)
        else:
            found = (parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError, OSError):
        return None
    return max(0.0, found) if math.isfinite(found) else None


async def _beside(call: Callable[[], T]) -> T:
    """``call`` in a thread that nobody waits for: a name that takes long to be found holds up neither the others nor
    the end of the program."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def told(value: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        try:
            outcome: tuple[T | None, BaseException | None] = call(), None
        except Exception as error:
            outcome = None, error
        try:
            loop.call_soon_threadsafe(told, *outcome)
        except RuntimeError:
            return  # the loop is closed: nobody waits any more

    threading.Thread(target=run, daemon=True).start()
    return await future
