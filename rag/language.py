"""The language of messages that answer no question, from the environment.

Apart from ``settings.py``, which loads pydantic, so that ``qdq --help`` answers at once. These two modules alone
read the environment.
"""

import os

from index.errors import Language

_VARIABLES = ("QDQ_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def interface_language() -> Language:
    """French where the first variable that is set says so, English elsewhere."""
    chosen = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "fr" if chosen.lower().startswith("fr") else "en"
