"""A topic -> its words widened by what the index holds; the terms of that are read again only after a change."""

from collections.abc import Sequence
from functools import cache, partial

from index.store import Store
from index.types import EVERYWHERE, Scope
from rag.heard.vocabulary import Vocabulary
from rag.heard.widen import Widened, terms_of_names, widened
from rag.heard.written import written
from rag.layout import Layouts


class Hearing:
    """On one index. Safe to share between threads; used inside ``store.reading()``."""

    def __init__(self, store: Store, layouts: Layouts) -> None:
        self._store = store
        self._layouts = layouts
        self._known: tuple[str, Vocabulary] | None = None

    def widened(
        self, topic: str, question: str, languages: Sequence[str], people: tuple[str, ...], scope: Scope = EVERYWHERE
    ) -> Widened:
        """The words of ``topic``, a part of ``question``, as the debates of ``scope``, which are in ``languages``, may
        write them; ``people`` speak or are announced in the index."""
        return widened(
            topic,
            languages,
            self.vocabulary(),
            cache(partial(written, self._store, self._layouts, scope=scope)),
            names=terms_of_names(people, tuple(languages)),
            capitals=not question[1:].islower(),
        )

    def vocabulary(self) -> Vocabulary:
        """Of the present state of the index."""
        generation, known = self._store.generation(), self._known
        if known is None or known[0] != generation:
            _counts, windows = self._store.document_frequencies(())
            before = None if known is None else known[1]
            known = self._known = (generation, Vocabulary.of(self._store.vocabulary(), windows, before))
        return known[1]
