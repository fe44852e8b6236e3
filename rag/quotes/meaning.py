"""Which words may differ without changing what is said, and which never may. Folded, French and English."""

from rag.quotes.numbers import is_number

HESITATIONS = frozenset("euh heu hum hm hmm mh mmh hein ben bah beh uh um uhm er erm ah oh eh".split())
_MARKERS = (
    ("donc",),
    ("voila",),
    ("alors",),
    ("enfin",),
    ("bref",),
    ("du", "coup"),
    ("en", "fait"),
    ("eh", "bien"),
    ("you", "know"),
    ("i", "mean"),
)
"""Of discourse: « donc, voilà, les gens… » says « les gens… »."""
ELISIONS = frozenset(
    {
        *(("qu", "que"), ("l", "le"), ("l", "la"), ("d", "de"), ("j", "je"), ("n", "ne"), ("s", "se"), ("s", "si")),
        *(("c", "ce"), ("m", "me"), ("t", "te"), ("jusqu", "jusque"), ("lorsqu", "lorsque"), ("puisqu", "puisque")),
    }
)
"""The short form first."""
_DECISIVE = frozenset(
    """
    ne n pas jamais plus moins aucun aucune rien personne sans non ni guere nul nulle point
    not no never none nothing nobody nor without neither cannot t
    tout tous toute toutes chaque quelque quelques plusieurs beaucoup peu trop assez tres seul seule seulement certains
    certaines la moitie presque quasi
    all every each some many much few little most more less any only always often sometimes hardly almost
    peut peux peuvent pouvait pouvaient pourrait pourraient doit dois doivent devait devrait devraient faut faudrait
    veut veux veulent voudrait voudraient toujours souvent parfois si
    can could may might must shall should will would if
    """.split()
) - {"la"}
"""Negations, quantities, modals, conditions."""


def is_decisive(word: str) -> bool:
    """Whether a change of this word changes what is said, however like it the other word is."""
    return word in _DECISIVE or is_number(word)


def without_fillers(words: tuple[str, ...]) -> tuple[str, ...]:
    """What remains of ``words`` without hesitations and discourse markers."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        marker = next((one for one in _MARKERS if words[at : at + len(one)] == one), ())
        if not marker and words[at] not in HESITATIONS:
            kept.append(words[at])
        at += len(marker) or 1
    return tuple(kept)
