"""Whether a few words can be the name of a speaker: "Jean-Baptiste Kempf", "LE PRÉSIDENT", "Speaker 1".

Told by their shape and by lists of words that are none; rather no name than a wrong one.
"""

import re

from index.speakers.names import HONORIFICS, PARTICLES
from index.words.lexical import fold
from index.words.stopwords import STOP_WORDS

LONGEST = 40
_MOST_WORDS = 4
_SHAPE = re.compile(r"[^\W\d_][\w'’.\-‑&]*(?: [\w'’.\-‑&]+)*")
_ROLE = re.compile(r" ?\([^()]{1,60}\)$")
_ELIDED = re.compile(r"[dl]['’](?=\w)", re.IGNORECASE)

_ELIDED_WORD = re.compile(r"(?:[CDJLMNSTcdjlmnst]|[Qq]u)['’][a-zà-ÿ]")
"""« L'idée », « D'abord », not "D'Ormesson"."""

_NUMBERED = frozenset(
    """
    speaker spk locuteur locutrice intervenant intervenante voix voice participant participante invite invitee guest
    orateur oratrice homme femme man woman person personne unknown inconnu user utilisateur eleve student interviewer
    enqueteur enquetrice temoin witness panelist host animateur s
    """.split()
)
"""What a number may follow: "Speaker 1", "SPEAKER_00", not "Article 5", "G7"."""
_ROLES = frozenset(
    """
    president presidente ministre rapporteur rapporteure journaliste animateur animatrice presentateur presentatrice
    moderateur moderatrice interviewer intervieweur intervieweuse juge avocat avocate procureur greffier depute deputee
    senateur senatrice maire secretaire directeur directrice professeur professeure host chair chairman chairwoman
    moderator judge speaker narrator narrateur narratrice clerk witness interpreter interprete public
    """.split()
)
"""What may be written small after an article or a title: "Le président", "Mme la ministre"."""
_ARTICLES = frozenset("le la l the".split())
_FIRST_NAMES = frozenset({"will", "don"})
"""Stop words that are names as well."""
_NO_NAMES = frozenset(
    """
    note notes nb ps nota question questions reponse reponses answer answers remarque remarques attention important
    exemple exemples example examples resultat resultats result results conclusion conclusions source sources titre
    title date dates lieu place sujet subject theme topic objet resume summary introduction intro info infos
    information informations rappel reminder definition citation quote quotes bonus erreur error warning avertissement
    chapitre chapter partie part etape step point points article annexe section page ligne line version credit credits
    sous-titres sous-titrage subtitles traduction translation transcription transcript musique music applaudissements
    rires laughter applause generique http https www ftp mailto email mail courriel tel telephone phone adresse address
    total bilan verdict probleme problem solution avantage avantages inconvenient inconvenients objectif objectifs goal
    premierement deuxiemement troisiemement primo secundo tertio numero number duree duration time temps heure category
    categorie tags lien link links liens merci thanks bonjour hello bonsoir salut bravo exact exactement absolument
    suite fin end start debut cf idem item resolution decision option hypothese scenario consequence consequences
    cause causes raison raisons reason fait faits fact facts chiffre chiffres idee idees idea morale moralite astuce tip
    lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday
    janvier fevrier mars mai juin juillet aout septembre octobre novembre decembre
    january february march july august september october november december
    participants participant attendees invitees invites guests speakers intervenants locuteurs present presents
    """.split()
)


def looks_like_name(label: str, *, letters: bool = False) -> bool:
    """Whether ``label`` can name a speaker; what stands behind it in parentheses is not looked at. A single capital
    counts where ``letters`` is set.

    >>> looks_like_name("Mme la ministre"), looks_like_name("Voici"), looks_like_name("Article 5")
    (True, False, False)
    """
    label = _ROLE.sub("", " ".join(label.split()))
    words = label.split(" ")
    if len(label) > LONGEST or len(words) > _MOST_WORDS or not _SHAPE.fullmatch(label) or not label[0].isupper():
        return False
    if len(label) == 1:
        return letters
    folded = [fold(word).strip(".") for word in words]
    titled = folded[0] in HONORIFICS or folded[0] in _ARTICLES
    if re.search(r"\d", label):
        fits = re.split(r"[\W\d_]", folded[0])[0] in _NUMBERED
    elif folded[0] in _ARTICLES:
        fits = folded[-1] in _ROLES or (len(words) > 1 and label.isupper())
    else:
        fits = titled or not _is_common(folded[0])
    spelled = not _ELIDED_WORD.match(label) and not label.endswith(("...", "-")) and fold(label) not in _NO_NAMES
    return fits and spelled and all(_continues(word, titled) for word in words[1:])


def _continues(word: str, titled: bool) -> bool:
    """A capital, a particle, a number, or a role after a title."""
    folded = fold(word)
    bare = _ELIDED.sub("", word)
    return bare[:1].isupper() or bare.isdigit() or folded in PARTICLES or (titled and folded in _ROLES)


def _is_common(folded: str) -> bool:
    stop = any(folded in words for words in STOP_WORDS.values()) and folded not in _FIRST_NAMES
    return stop or folded in _NO_NAMES
