"""What a form offers to choose from: everything, as long as a page can hold it."""

from collections.abc import Sequence

from index.types import DebateSummary
from rag.asked import Catalogue

MOST = 200
"""Options of one field: some 20 kB of a page."""


def debates_offered(catalogue: Catalogue, chosen: str = "") -> Sequence[DebateSummary]:
    """Those of a list to choose from. Of more than ``MOST`` only the one that is ``chosen``: the page of a debate leads
    here with it."""
    if len(catalogue.debates) <= MOST:
        return catalogue.debates
    return [debate for debate in catalogue.debates if debate.id == chosen]


def names_offered(catalogue: Catalogue) -> list[str]:
    """Names to complete what is typed, by name; of more than ``MOST`` those that speak in most debates."""
    often = sorted(catalogue.names, key=lambda name: (-len(catalogue.speakers.get(name, ())), name))
    return sorted(often[:MOST])
