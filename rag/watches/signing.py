"""Signatures after Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec), so that
receivers verify them with the libraries that there are for it; and the token that opens one watch's feed."""

import base64
import hashlib
import hmac
import secrets

_PREFIX = "whsec_"


def new_secret() -> str:
    """Of 32 random bytes, as the specification writes them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, delivery: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with ``body``; ``timestamp`` in seconds since the epoch."""
    content = f"{delivery}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode()
    return {
        "Webhook-Id": delivery,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": f"v1,{signature}",
    }


def feed_token(secret: str) -> str:
    """What opens the feed of the watch with this ``secret`` to a reader that has no key: made of it, so that nothing
    more is kept, and telling nothing of it."""
    return hmac.new(_key(secret), b"feed", hashlib.sha256).hexdigest()[:40]


def opens_feed(secret: str, token: str) -> bool:
    """Compared in a time that does not depend on how much of it is right."""
    return hmac.compare_digest(feed_token(secret).encode(), token.encode("utf-8", "surrogatepass"))


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX))
