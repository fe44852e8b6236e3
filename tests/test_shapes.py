"""Answers by speaker, by time, by person, in pairs, as lists: what stands in them, what is said of what is missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DebateUnknown, QuestionEmpty, SpeakerUnknown
from index.local import LocalStore
from index.speakers.names import same_person
from index.types import EVERYWHERE, joined_text
from index.words.lexical import query_groups, terms
from index.writing.build import Details
from rag.engine import Engine
from rag.layout import Layouts
from rag.settings import Settings
from rag.shapes.each import _People
from rag.shapes.mentions import mentions
from rag.shapes.names import figures_in, names_in
from rag.types import Answer, Kind
from tests.conftest import KEMPF, PAVLEAS
from tests.fakes import HashEncoder
from tests.suite_files import srt

HOST = "Présentatrice"
LINES = [
    "Ada Martin: Le budget de la culture doit doubler.",
    "Jean Petit: Je refuse toute hausse du budget.",
    "Jean Petit: Parlons du nucléaire, qui manque de bras.",
    "Ada Martin: Le nucléaire coûte cher au budget.",
]


@pytest.fixture
def quarrel(engine: Engine, tmp_path: Path) -> Engine:
    """Two people on the budget, two minutes."""
    (tmp_path / "querelle.srt").write_text(srt(LINES), "utf-8")
    engine.add(tmp_path / "querelle.srt")
    return engine


def _quotes(answer: Answer, section: int) -> list[str]:
    return [answer.citations[n - 1].quote for n in answer.sections[section].citations]


def exact(engine: Engine, answer: Answer) -> bool:
    """Every quote and text is in the transcript, at its time, and every section's number is a citation's."""
    numbers = {citation.n for citation in answer.citations}
    assert {n for section in answer.sections for n in section.citations} <= numbers
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        whole = joined_text(engine.debate(citation.debate).segments)
        assert citation.text in whole
        assert citation.quote in citation.text
    return True


def test_who_speaks_of_the_draghi_report(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Qui parle du rapport Draghi ?")
    assert (answer.kind, answer.abstained, answer.complete) == (Kind.WHO, False, True)
    assert [(section.speaker, section.count) for section in answer.sections] == [(PAVLEAS, 1)]
    assert "le rapport Draghi nous a alertés" in _quotes(answer, 0)[0]
    assert "Liste complète pour les mots « rapport Draghi »" in answer.answer
    assert exact(debate_engine, answer)


def test_who_is_ordered_by_how_much_they_speak_of_it(debate_engine: Engine) -> None:
    answer = debate_engine.ask("who talks about Europe?")
    assert {section.speaker for section in answer.sections} == {KEMPF, PAVLEAS, HOST}
    counts = [section.count or 0 for section in answer.sections]
    assert counts == sorted(counts, reverse=True)
    assert exact(debate_engine, answer)


def test_a_stance_is_not_proven_by_words(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Qui est contre la réglementation ?")
    assert (answer.kind, answer.complete) == (Kind.WHO, False)
    assert "à vous de juger" in answer.answer


def test_nobody_speaks_of_it(debate_engine: Engine) -> None:
    for question in ("Qui parle de l'Ukraine ?", "À quel moment parle-t-on de la guerre en Ukraine ?"):
        answer = debate_engine.ask(question)
        assert answer.abstained
        assert answer.sections == ()
        assert answer.complete is None


def test_without_speakers_somebody_unknown_says_it(unlabelled_engine: Engine) -> None:
    answer = unlabelled_engine.ask("Qui parle du rapport Draghi ?")
    assert [(section.title, section.speaker) for section in answer.sections] == [("locuteur inconnu", None)]
    assert {citation.speaker for citation in answer.citations} == {None}


@pytest.mark.parametrize("question", ["Who talks about judges?", "When do they talk about judges?"])
def test_words_that_stand_nowhere_make_no_complete_list(debate_engine: Engine, question: str) -> None:
    answer = debate_engine.ask(question)
    assert (answer.abstained, answer.complete) == (False, False)
    said = "No passage says the words “judges”: these are near in meaning. Not an exhaustive list."
    assert answer.answer.endswith(said)
    assert exact(debate_engine, answer)


def test_when_gives_stretches_in_order(debate_engine: Engine) -> None:
    answer = debate_engine.ask("À quel moment parle-t-on du RGPD ?")
    assert (answer.kind, answer.complete) == (Kind.WHEN, True)
    stretches = [(section.start or 0.0, section.end or 0.0) for section in answer.sections]
    assert stretches == sorted(stretches)
    assert any(start <= 382 < end for start, end in stretches)  # « la conclusion du RGPD »
    assert any(start <= 230 < end for start, end in stretches)  # « du GDPR »
    assert exact(debate_engine, answer)


def test_when_somebody_speaks_of_it_is_about_their_words(quarrel: Engine) -> None:
    answer = quarrel.ask("À quel moment Jean Petit parle-t-il du budget ?")
    assert [citation.speaker for citation in answer.citations[:1]] == ["Jean Petit"]
    assert {section.speaker for section in answer.sections} == {"Jean Petit"}


def test_what_each_says_and_who_says_nothing(debate_engine: Engine) -> None:
    answer = debate_engine.compare("énergie")
    assert (answer.kind, answer.abstained, answer.complete) == (Kind.EACH, False, True)
    assert [(section.speaker, section.said) for section in answer.sections] == [
        (KEMPF, True),
        (HOST, True),
        (PAVLEAS, False),
    ]
    assert f"{PAVLEAS} : rien de trouvé là-dessus." in answer.answer
    for section in answer.sections:
        assert {answer.citations[n - 1].speaker for n in section.citations} <= {section.speaker}
    assert exact(debate_engine, answer)


@pytest.mark.parametrize(
    "question",
    [
        "Que pensent Kempf et Pavléas du RGPD ?",
        "Compare Kempf and Pavléas on the GDPR",
        "Compare Kempf avec Pavléas sur le RGPD",
    ],
)
def test_two_who_are_named_are_compared(debate_engine: Engine, question: str) -> None:
    answer = debate_engine.ask(question)
    assert {section.speaker for section in answer.sections} == {KEMPF, PAVLEAS}
    assert answer.sections[0].speaker == KEMPF


def test_nobody_says_anything_of_it(debate_engine: Engine) -> None:
    answer = debate_engine.compare("la blockchain", people=["Kempf", "pavleas"])
    assert answer.abstained
    assert [(section.said, section.citations) for section in answer.sections] == [(False, ()), (False, ())]
    assert answer.answer.startswith("Aucun propos")


def test_without_speakers_it_cannot_be_told_what_each_says(unlabelled_engine: Engine) -> None:
    answer = unlabelled_engine.compare("la réglementation")
    assert answer.answer.startswith("Les locuteurs ne sont pas identifiés : impossible de dire ce que pense chacun.")
    assert [section.speaker for section in answer.sections] == [None]
    assert answer.complete is False


def test_only_those_who_take_part_are_compared(debate_engine: Engine) -> None:
    with pytest.raises(SpeakerUnknown, match="Merkel"):
        debate_engine.compare("la réglementation", people=["Merkel"])
    with pytest.raises(DebateUnknown):
        debate_engine.compare("la réglementation", debate="nulle-part")
    with pytest.raises(QuestionEmpty):
        debate_engine.compare(" ?! ")


def test_an_answer_stands_beside_its_question(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Que répond Kempf quand on lui demande si l'automatisation l'inquiète ?")
    assert (answer.kind, answer.abstained, answer.complete) == (Kind.EXCHANGE, False, False)
    citation = answer.citations[answer.sections[0].citations[0] - 1]
    assert (citation.speaker, citation.quote, citation.start) == (KEMPF, "Pas du tout.", 640)
    assert citation.context is not None
    assert (citation.context.speaker, citation.context.end) == (HOST, 640)
    assert citation.context.text.endswith("ça ne vous inquiète pas par exemple, Jean-Baptiste ?")
    assert citation.context.text in joined_text(debate_engine.debate(citation.debate).segments)
    assert citation.context.text in answer.answer
    assert exact(debate_engine, answer)


def test_an_answer_to_somebody_follows_their_words(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Que répond Kempf à Pavléas ?")
    numbers = [n for section in answer.sections for n in section.citations]
    asked = [answer.citations[n - 1].context for n in numbers]
    assert {one.speaker for one in asked if one} == {PAVLEAS}
    assert {answer.citations[n - 1].speaker for n in numbers} == {KEMPF}


@pytest.mark.parametrize(
    "question", ["Que répond Kempf à la question sur le tennis ?", "Que répond Arthur Mensch à Kempf ?"]
)
def test_what_is_not_asked_is_not_answered(debate_engine: Engine, question: str) -> None:
    answer = debate_engine.ask(question)
    assert answer.abstained
    assert answer.sections == ()


def test_how_often_counts_every_passage(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Combien de fois parle-t-on de la Chine ?")
    assert (answer.kind, answer.abstained, answer.complete) == (Kind.LIST, False, True)
    assert [section.start for section in answer.sections] == [321, 768]
    assert answer.answer.startswith("« la Chine » : 2 passages.")
    assert exact(debate_engine, answer)


def test_names_that_are_given(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Quelles startups françaises d'IA sont citées ?")
    assert {"Mistral", "Qtai", "Hache"} <= {section.title for section in answer.sections}
    assert answer.complete is False
    assert "Liste non exhaustive." in answer.answer
    for section in answer.sections:
        assert all(section.title in answer.citations[n - 1].quote for n in section.citations)
    assert exact(debate_engine, answer)


def test_figures_that_are_given(debate_engine: Engine) -> None:
    of_what = debate_engine.ask("Quels nombres de GPU sont cités ?")
    assert "100 000 GPU" in {section.title for section in of_what.sections}
    somebodys = debate_engine.ask("Quels chiffres donne Kempf ?")
    assert {section.speaker for section in somebodys.sections} == {KEMPF}
    assert {"100 000 GPU", "5000 GPUs"} <= {section.title for section in somebodys.sections}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("On parle de Mistral, de Qtai et de NVIDIA.", ["Mistral", "Qtai", "NVIDIA"]),
        ("Le président Emmanuel Macron est à Paris.", ["Emmanuel Macron", "Paris"]),
        ("Rivaliser avec d'Artagnan. L'Europe aussi.", ["Artagnan"]),
        ("OpenAI et xAI. IBM aussi.", ["IBM"]),
        ("sans capitale rien", []),
    ],
)
def test_names_by_how_they_are_written(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Il y a 100 000 GPU et 25 fois moins.", ["100 000 GPU", "25 fois"]),
        ("Une hausse de 3,5 % en 2024.", ["3,5 %", "2024"]),
        ("des dizaines de millions d'euros", ["dizaines de millions d'euros"]),
        ("$20 million people", ["20 million people"]),
        ("rien", []),
    ],
)
def test_figures_with_what_they_count(text: str, figures: list[str]) -> None:
    assert figures_in(text) == figures


@given(st.text(max_size=60))
def test_names_and_figures_are_substrings(text: str) -> None:
    assert all(item in text for item in (*names_in(text), *figures_in(text)))


VOCABULARY = ["budget", "culture", "école", "nucléaire", "oui", "le", "et"]
SENTENCES = st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9), min_size=1, max_size=12)


@given(SENTENCES, st.sets(st.sampled_from(VOCABULARY[:4]), min_size=1, max_size=2))
def test_no_sentence_with_the_words_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]], wanted: set[str]
) -> None:
    """Against brute force: each sentence that holds all the words overlaps a mention, and each mention holds them."""
    folder = tmp_path_factory.mktemp("mentions")
    texts = [" ".join(line).capitalize() + "." for line in lines]
    (folder / "a.srt").write_text(srt(texts), "utf-8")
    engine = Engine(LocalStore(folder / "home"), HashEncoder(), Settings(home=folder / "home"))
    engine.add(folder / "a.srt", Details(language="fr"))
    store = LocalStore(folder / "home")
    with store.reading():
        found = mentions(store, Layouts(store), query_groups(" ".join(wanted), ["fr"]), EVERYWHERE, (), 70)
    groups = query_groups(" ".join(wanted), ["fr"])
    assert found.exhaustive
    assert all(_holds(passage.quote, groups) for passage in found.passages)
    quotes = " | ".join(passage.quote for passage in found.passages)
    assert [text for text in texts if _holds(text, groups) and text not in quotes] == []
    store.close()
    engine.close()


def _holds(text: str, groups: list[tuple[str, ...]]) -> bool:
    present = set(terms(text, "fr"))
    return all(present & set(group) for group in groups)


_NAMES = st.sampled_from(
    [
        "Kempf",
        "Jean-Baptiste Kempf",
        "J.-B. Kempf",
        "M. Kempf",
        "Kempf Jean-Baptiste",
        "Zoé Roux",
        "Roux",
        "Dr",
        "12",
        "",
        "?",
    ]
)


@given(st.lists(_NAMES), _NAMES)
def test_people_are_found_by_their_surnames_as_by_comparing_all(names: list[str], name: str) -> None:
    people = _People()
    people.add(names)
    assert list(people.names) == list(dict.fromkeys(names))
    assert people.holds(name) == any(same_person(name, other) for other in names)
