"""What is searched of a debate: its windows with their vectors and terms, its token vectors."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from index.encoding.encoder import Encoder
from index.pieces.tokens import TokenVectors, compressed
from index.pieces.windows import LONGEST_PIECE, WIDTHS, blocks, pieces, windows
from index.store import IndexedDebate
from index.types import Debate, Progress, Vectors, Window
from index.words.lexical import terms

TOKEN_CONTEXT = 80
"""Words among which a token's vector is made."""

LAYOUT = f"windows of {WIDTHS[0]} and {WIDTHS[1]} words, pieces of {LONGEST_PIECE}"


def indexed(
    debate: Debate,
    encoder: Encoder,
    progress: Progress | None = None,
    known: Mapping[str, Vectors] = MappingProxyType({}),
) -> IndexedDebate:
    """Cut ``debate`` into windows of each width, with their vectors (but for texts whose vector is ``known``) and
    terms."""
    found = windows_of(debate)
    new = list(dict.fromkeys(window.text for window in found if window.text not in known))
    made = dict(zip(new, encoder.embed_passages(new, progress), strict=True))
    vectors = [made[window.text] if window.text in made else known[window.text] for window in found]
    return IndexedDebate(debate, found, np.array(vectors), [terms(window.text, debate.language) for window in found])


def tokens_of(debate: Debate, encoder: Encoder, progress: Progress | None = None) -> TokenVectors | None:
    """Its token vectors, each token read among some eighty words; None where the model gives none."""
    texts = blocks(pieces(debate.segments), TOKEN_CONTEXT)
    return compressed(texts, encoder.embed_tokens(texts, progress))


def windows_of(debate: Debate) -> list[Window]:
    """Those of each width, in the order in which they are indexed."""
    parts = pieces(debate.segments)
    return [window for width in WIDTHS for window in windows(parts, width)]


def index_fingerprint(encoder: Encoder) -> str:
    """What the vectors of an index depend on: the model, and how texts are cut for it."""
    return f"{encoder.fingerprint} ({LAYOUT})"
