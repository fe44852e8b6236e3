"""The SDK, which few need, comes with the extra ``mcp``."""

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import AssistantExtraMissing


@contextmanager
def needed() -> Iterator[None]:
    """Around what imports the SDK. Raises AssistantExtraMissing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise AssistantExtraMissing from error
