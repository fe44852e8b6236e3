"""Who is asked about, whether their words are wanted, and what topic remains."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.local import LocalStore
from rag.people import People
from rag.question import find_people, language_of, parse
from tests.conftest import KEMPF, PAVLEAS

HOST = "Présentatrice"
CAST = [PAVLEAS, KEMPF, HOST]
LE_PEN = "Marine Le Pen"
GISCARD = "Valéry Giscard d'Estaing"
DUPONT, DURAND = "Marie Dupont", "Marie Durand"


@pytest.mark.parametrize(
    ("text", "speakers", "topic"),
    [
        ("Que pense Kempf du RGPD ?", [KEMPF], "RGPD"),
        ("Que dit Kempf du RGPD ?", [KEMPF], "RGPD"),
        ("Que dit Kempf au sujet de Google ?", [KEMPF], "Google"),
        ("Que dit Kempf à propos de l'IA ?", [KEMPF], "l'IA"),
        ("Que dit Kempf ?", [KEMPF], ""),
        ("Qu'en pense Kempf ?", [KEMPF], ""),
        ("Selon Kempf, le RGPD est-il utile ?", [KEMPF], "le RGPD est utile"),
        ("D'après Kempf, le RGPD est-il utile ?", [KEMPF], "le RGPD est utile"),
        ("D’après Kempf, le RGPD est-il utile ?", [KEMPF], "le RGPD est utile"),
        ("À en croire Kempf, l'IA est-elle dangereuse ?", [KEMPF], "l'IA est dangereuse"),
        ("Quel est l'avis de Kempf sur le RGPD ?", [KEMPF], "le RGPD"),
        ("L'avis de Kempf sur le RGPD", [KEMPF], "le RGPD"),
        ("Quelle est la position de Pavléas sur l'AI Act ?", [PAVLEAS], "l'AI Act"),
        ("Quelle est l'opinion de Pavléas concernant l'IA ?", [PAVLEAS], "l'IA"),
        ("Est-ce que Kempf croit au RGPD ?", [KEMPF], "au RGPD"),
        ("Est-ce que Pavléas a parlé de Google ?", [PAVLEAS], "Google"),
        ("Qu'est-ce que Kempf reproche au RGPD ?", [KEMPF], "au RGPD"),
        ("Que pensent Kempf et Pavléas du RGPD ?", [KEMPF, PAVLEAS], "RGPD"),
        ("Que pense Kempf de Pavléas ?", [KEMPF], "Pavléas"),
        ("Que répond Kempf à Pavléas sur le RGPD ?", [KEMPF], "à Pavléas sur le RGPD"),
        ("Que pense Pavléas de ce que dit Kempf ?", [PAVLEAS], "ce que dit Kempf"),
        ("Que dit maître Pavléas de l'AI Act ?", [PAVLEAS], "l'AI Act"),
        ("Que dit la présentatrice du RGPD ?", [HOST], "RGPD"),
        ("Que demande l'animatrice ?", [HOST], ""),
        ("What does Kempf think about GDPR?", [KEMPF], "GDPR"),
        ("What did Pavléas say about the AI Act?", [PAVLEAS], "the AI Act"),
        ("How does Kempf feel about GDPR?", [KEMPF], "GDPR"),
        ("According to Kempf, is GDPR useful?", [KEMPF], "is GDPR useful"),
        ("In Kempf's opinion, is GDPR useful?", [KEMPF], "is GDPR useful"),
        ("What is Kempf's view on GDPR?", [KEMPF], "GDPR"),
        ("What is Kempf’s view on GDPR?", [KEMPF], "GDPR"),
        ("What are the views of Kempf on GDPR?", [KEMPF], "GDPR"),
        ("Does Kempf believe in open source?", [KEMPF], "in open source"),
        ("What does the host ask about GDPR?", [HOST], "GDPR"),
        # names that are spelt, heard or written otherwise
        ("Que pense Kemf du RGPD ?", [KEMPF], "RGPD"),
        ("que pense kemf du rgpd", [KEMPF], "rgpd"),
        ("what does kempf think about gdpr", [KEMPF], "gdpr"),
        ("QUE PENSE KEMPF DU RGPD ?", [KEMPF], "RGPD"),
        ("Que pense Jean-Baptiste Kempf du RGPD ?", [KEMPF], "RGPD"),
        ("Que pense J.-B. Kempf du RGPD ?", [KEMPF], "RGPD"),
        ("Que pense M. Kempf du RGPD ?", [KEMPF], "RGPD"),
        ("Que pense Pavleas du RGPD ?", [PAVLEAS], "RGPD"),
        ("Que pense Pavlias du RGPD ?", [PAVLEAS], "RGPD"),
        ("Que pense pavleas du RGPD ?", [PAVLEAS], "RGPD"),
        ("What does Pavlias think about GDPR?", [PAVLEAS], "GDPR"),
        ("Que pense Constantin du RGPD ?", [PAVLEAS], "RGPD"),
    ],
)
def test_words_of_somebody_are_wanted(text: str, speakers: list[str], topic: str) -> None:
    question = parse(text, CAST)
    assert (list(question.speakers), question.topic, question.absent) == (speakers, topic, None)


@pytest.mark.parametrize(
    "text",
    [
        "Kempf pense-t-il que le RGPD est utile ?",
        "Jean-Baptiste Kempf croit-il que le RGPD est utile ?",
        "kempf pense-t-il que le RGPD est utile ?",
        "Est-ce que Kempf pense que le RGPD est utile ?",
    ],
)
def test_whether_somebody_thinks_so_keeps_what_is_thought(text: str) -> None:
    question = parse(text, CAST)
    assert question.speakers == (KEMPF,)
    assert question.topic.endswith("que le RGPD est utile")
    assert "kempf" not in question.topic.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Que sait-on de Kempf ?",
        "Que pensent les autres de Kempf ?",
        "Qui est Kempf ?",
        "Quel poste Kempf occupe-t-il ?",
        "Quelle entreprise Kempf a-t-il fondée ?",
        "Kempf est-il avocat ?",
        "What company does Kempf run?",
        "Comment faire cuire des pâtes ?",
        "Le RGPD est-il utile ?",
    ],
)
def test_being_spoken_of_restricts_nothing(text: str) -> None:
    question = parse(text, CAST)
    assert (question.speakers, question.absent, question.topic) == ((), None, text.strip(" ?"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Que dit-on de Kempf ?", "Kempf"),
        ("Qui parle de Kempf ?", "Kempf"),
        ("Qui a parlé de Kempf ?", "Kempf"),
        ("Qui critique Kempf ?", "Kempf"),
        ("Qui est d'accord avec Kempf ?", "avec Kempf"),
        ("Who criticizes Kempf?", "Kempf"),
        ("Que disent-ils de ChatGPT ?", "ChatGPT"),
        ("Que pensent les invités du rapport Draghi ?", "rapport Draghi"),
        ("Quelle est l'opinion des invités sur Trump ?", "Trump"),
        ("Le RGPD est-il utile selon les participants ?", "Le RGPD est utile"),
        ("What do they say about Kempf?", "Kempf"),
        ("What is said about quantum computing in this debate?", "quantum computing in this debate"),
        ("Qui sont les invités ?", "Qui sont les invités"),
    ],
)
def test_asking_for_anybodys_words_is_no_part_of_the_topic(text: str, topic: str) -> None:
    question = parse(text, CAST)
    assert (question.speakers, question.absent, question.topic) == ((), None, topic)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Que pense Thierry Breton du RGPD ?", "Thierry Breton"),
        ("Selon Thierry Breton, le RGPD est-il utile ?", "Thierry Breton"),
        ("Quel est l'avis de Thierry Breton sur le RGPD ?", "Thierry Breton"),
        ("What does Thierry Breton think about GDPR?", "Thierry Breton"),
        ("What is Thierry Breton's view on GDPR?", "Thierry Breton"),
        ("According to Thierry Breton, is GDPR useful?", "Thierry Breton"),
        ("Thierry Breton pense-t-il que le RGPD est utile ?", "Thierry Breton"),
        ("Est-ce que Thierry Breton croit au RGPD ?", "Thierry Breton"),
        ("Que dit Thierry Breton de Kempf ?", "Thierry Breton"),
        ("Que pense Bernard Kempf du RGPD ?", "Bernard Kempf"),
        ("Selon Bernard Kempf, le RGPD est-il utile ?", "Bernard Kempf"),
        ("What does Bernard Kempf think about GDPR?", "Bernard Kempf"),
        ("Que pense Kempf Dupont du RGPD ?", "Kempf Dupont"),
    ],
)
def test_words_of_somebody_who_takes_no_part(text: str, absent: str) -> None:
    question = parse(text, CAST)
    assert (question.speakers, question.absent) == ((), absent)


@pytest.mark.parametrize("text", ["Bernard Kempf pense-t-il au RGPD ?", "Bernard Kempf's view on GDPR"])
def test_another_person_of_the_same_name_opens_the_question(text: str) -> None:
    assert parse(text, CAST).speakers == ()


@pytest.mark.parametrize(
    ("text", "people", "speakers"),
    [
        ("Que pense Marie de l'euro ?", [DUPONT, DURAND], [DUPONT, DURAND]),
        ("What does Marie think about the euro?", [DUPONT, DURAND], [DUPONT, DURAND]),
        ("Que pense Marie Durand de l'euro ?", [DUPONT, DURAND], [DURAND]),
        ("Que pense Dupond de l'euro ?", [DUPONT, DURAND], [DUPONT]),
        ("Que pense Marie Martin de l'euro ?", [DUPONT, DURAND], []),
        ("Que pense Marie de l'euro ?", [LE_PEN, DUPONT, DURAND], [DUPONT, DURAND]),
        ("Que pense Marine de l'euro ?", [LE_PEN, DUPONT, DURAND], [LE_PEN]),
        ("Que pense Marine Le Pen de l'euro ?", [LE_PEN, GISCARD], [LE_PEN]),
        ("Que pense Le Pen de l'euro ?", [LE_PEN, GISCARD], [LE_PEN]),
        ("que pense le pen de l'euro ?", [LE_PEN, GISCARD], [LE_PEN]),
        ("What is Marine Le Pen's view on the euro?", [LE_PEN, GISCARD], [LE_PEN]),
        ("Que pense Jean-Marie Le Pen de l'euro ?", [LE_PEN, GISCARD], []),
        ("Que pense Marine Dupont de l'euro ?", [LE_PEN, GISCARD], []),
        ("Que pense Giscard de l'euro ?", [LE_PEN, GISCARD], [GISCARD]),
        ("Que pense Giscard d'Estaing de l'euro ?", [LE_PEN, GISCARD], [GISCARD]),
        ("Selon Valéry Giscard d'Estaing, l'euro est-il utile ?", [LE_PEN, GISCARD], [GISCARD]),
        ("Que pense Valery de l'euro ?", [LE_PEN, GISCARD], [GISCARD]),
        ("Qui critique Marine Le Pen ?", [LE_PEN, GISCARD], []),
        ("Que pense Martin de l'euro ?", ["Paul Martin", "Martin Durand"], ["Paul Martin", "Martin Durand"]),
        ("Que pense Jean Martin de l'euro ?", ["Jean Martin", "Jeanne Martin"], ["Jean Martin"]),
        ("Que pense Ada d'un petit budget ?", ["Ada Martin", "Jean Petit"], ["Ada Martin"]),
    ],
)
def test_names_that_are_shared_or_have_particles(text: str, people: list[str], speakers: list[str]) -> None:
    assert list(parse(text, people).speakers) == speakers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kempf répond à Constantin Pavléas.", [("Kempf", KEMPF), ("Constantin Pavléas", PAVLEAS)]),
        ("L'animatrice et J.-B. Kempf", [("animatrice", HOST), ("J.-B. Kempf", KEMPF)]),
        ("Le cousin Bernard Kempf", []),
        ("un kempe au champ", []),
    ],
)
def test_mentions_stand_where_the_name_stands(text: str, found: list[tuple[str, str]]) -> None:
    mentions = find_people(text, CAST)
    assert [(text[mention.begin : mention.end], *mention.people) for mention in mentions] == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Que pense Kempf du RGPD ?", "fr"),
        ("Le RGPD est-il utile ?", "fr"),
        ("What does Kempf think about GDPR?", "en"),
        ("Is GDPR useful?", "en"),
        ("Kempf's view on GDPR", "en"),
        ("RGPD", "fr"),
        ("", "fr"),
    ],
)
def test_language_of_a_question(text: str, language: str) -> None:
    assert (language_of(text), parse(text, CAST).language) == (language, language)


FRAGMENTS = [*CAST, LE_PEN, GISCARD, "Kemf", "Thierry Breton", "§", "?", "'", "’", "-t-il", ",", "M.", "d'", "on", "de"]
FRAGMENTS += [
    "que pense",
    "selon",
    "l'avis de",
    "est-ce que",
    "what does",
    "think about",
    "'s view on",
    "présentatrice",
]
SENTENCES = st.lists(st.sampled_from(FRAGMENTS), max_size=10).map(" ".join)
GIVEN_NAMES = st.lists(st.sampled_from([*CAST, LE_PEN, GISCARD, DUPONT, DURAND, "M.", "Kempf"]) | st.text(max_size=8))


@given(st.text() | SENTENCES, GIVEN_NAMES)
def test_no_text_is_refused_and_nobody_is_made_up(text: str, people: list[str]) -> None:
    assert set(parse(text, people).speakers) <= set(people)


def test_a_label_without_letters_does_not_break_the_host() -> None:
    assert parse("Que dit la présentatrice ?", ["--", HOST]).speakers == (HOST,)


PEOPLE = People(
    labelled={KEMPF: frozenset({"a"}), PAVLEAS: frozenset({"a", "b"})},
    announced={PAVLEAS: frozenset({"c"}), "Ada Martin": frozenset({"d"})},
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (KEMPF, [KEMPF]),
        ("constantin pavléas", [PAVLEAS]),
        (" kempf ", [KEMPF]),
        ("Kemf", [KEMPF]),
        ("jb kempf", [KEMPF]),
        ("Pavlias", [PAVLEAS]),
        ("Ada", ["Ada Martin"]),
        ("Bernard Kempf", []),
        ("Thierry Breton", []),
        ("", []),
        ("!!!", []),
    ],
)
def test_a_name_by_itself(text: str, named: list[str]) -> None:
    assert list(PEOPLE.named(text)) == named


def test_people_know_their_debates() -> None:
    assert PEOPLE.names == ("Ada Martin", PAVLEAS, KEMPF)
    assert PEOPLE.labelled_among(["Ada Martin", PAVLEAS]) == (PAVLEAS,)
    assert PEOPLE.debates_of([PAVLEAS, "Ada Martin"]) == {"a", "b", "c", "d"}
    assert PEOPLE.debates_of(["Thierry Breton"]) == frozenset()


def test_people_of_the_shipped_debate(debate_home: Path) -> None:
    store = LocalStore(debate_home)
    people = People.of(store.speakers(), store.debates())
    store.close()
    assert people.names == (PAVLEAS, KEMPF, HOST)
    assert people.labelled_among(people.names) == people.names
