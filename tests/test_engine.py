"""The main path, with the real model on the real debate: what is promised, and what must never happen."""

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.shipped import QUESTIONS, SPEAKERS, TRANSCRIPT
from eval.suites.questions import GoldQuestion, read_questions
from index.encoding.encoder import Encoder
from index.errors import DebateUnknown, QuestionEmpty, QuestionTooLong, SpeakerUnknown, TopKInvalid
from index.local import LocalStore
from index.types import Origin, joined_text
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Answer, Filters
from tests.conftest import DEBATE, KEMPF, PAVLEAS


def _touches(answer: Answer, start: float, end: float, among: int = 3) -> bool:
    return any(citation.start < end and start < citation.end for citation in answer.citations[:among])


@pytest.mark.parametrize(
    ("question", "among"),
    [
        ("Que pense Kempf du RGPD ?", 3),
        ("What does Kempf think about GDPR?", 1),
        ("que pense kemf du rgpd", 1),
        ("Selon M. Kempf, que vaut le RGPD ?", 4),
    ],
)
def test_what_kempf_thinks_of_the_gdpr(debate_engine: Engine, question: str, among: int) -> None:
    answer = debate_engine.ask(question)
    assert not answer.abstained
    assert answer.speaker == KEMPF
    assert _touches(answer, 230, 240, among=among)
    assert _touches(answer, 377, 412)
    assert {(citation.speaker, citation.attribution) for citation in answer.citations} == {(KEMPF, Origin.LABELLED)}


def test_how_many_gpus_were_deployed(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Combien de GPU Scaleway a-t-il déployés ?")
    assert not answer.abstained
    assert _touches(answer, 888, 892, among=1)
    assert "plus de 5000 GPUs déployés" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Que pense Kempf de la blockchain ?", "Aucun propos de Jean-Baptiste Kempf trouvé"),
        ("Comment faire cuire des pâtes ?", "Rien de trouvé dans ces débats"),
        ("Que dit Thierry Breton dans ce débat ?", "Thierry Breton n'est pas parmi les personnes identifiées"),
        ("What did they say about quantum computing?", "Nothing was found in these debates"),
    ],
)
def test_what_is_not_said_is_not_answered(debate_engine: Engine, question: str, beginning: str) -> None:
    answer = debate_engine.ask(question)
    assert answer.abstained
    assert answer.answer.startswith(beginning)
    assert answer.confidence < debate_engine.settings.abstain_below
    assert answer.citations


def test_being_spoken_of_is_not_speaking(debate_engine: Engine) -> None:
    said = debate_engine.ask("Que dit Kempf de Playruo ?", top_k=10)
    spoken_of = debate_engine.search("Que dit-on de Kempf ?", top_k=10)
    assert {citation.speaker for citation in said.citations[:10]} == {KEMPF}
    assert "Présentatrice" in {citation.speaker for citation in spoken_of.passages}
    assert spoken_of.speaker is None


def test_what_others_say_is_shown_under_their_names(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Que pense Kempf du rapport Draghi ?")
    assert answer.abstained
    assert {citation.speaker for citation in answer.citations[:5]} == {KEMPF}
    assert [(section.title, section.citations[0]) for section in answer.sections] == [(PAVLEAS, 6)]
    assert "rapport Draghi" in answer.citations[5].text
    assert f"D'autres en parlent :\n« {answer.citations[5].quote} » [6] ({PAVLEAS}, " in answer.answer


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Que pense Kempf de la blockchain ?", "« blockchain » n'est prononcé nulle part."),
        (
            "Combien d'employés travaillent chez VideoLAN ?",
            "« employés », « travaillent » ne sont prononcés nulle part.",
        ),
        ("What does Kempf think about football?", "What comes nearest to it answers with a likelihood of only"),
    ],
)
def test_an_abstention_says_why(debate_engine: Engine, question: str, why: str) -> None:
    answer = debate_engine.ask(question)
    assert answer.abstained
    assert why in answer.answer


def test_the_answer_quotes_its_citations_and_nothing_else(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Que pense Pavléas du rapport Draghi ?")
    opening, *lines = answer.answer.split("\n")
    assert opening == f"{PAVLEAS} :"
    assert lines[0] == f"« {answer.citations[0].quote} » [1] ({PAVLEAS}, 05:49–05:57)"
    assert 1 <= len(lines) <= 3


def test_a_filter_by_speaker_needs_no_name_in_the_question(debate_engine: Engine) -> None:
    answer = debate_engine.ask("le RGPD", filters=Filters(speaker="pavleas"))
    assert {citation.speaker for citation in answer.citations} == {PAVLEAS}
    assert answer.speaker == PAVLEAS


def test_without_labels_nobody_is_said_to_speak(unlabelled_engine: Engine) -> None:
    answer = unlabelled_engine.ask("Que pense Kempf du RGPD ?")
    assert not answer.abstained
    assert answer.answer.startswith("Les locuteurs ne sont pas identifiés dans « Mardi 19 novembre 2024, SMART TECH")
    assert {(c.speaker, c.attribution, c.attribution_confidence) for c in answer.citations} == {
        (None, Origin.UNKNOWN, 0.0)
    }
    assert _touches(answer, 220, 240)
    assert [person.name for person in unlabelled_engine.debates()[0].participants] == [PAVLEAS, KEMPF]


def test_the_first_passages_are_the_same_however_many_are_asked_for(debate_engine: Engine) -> None:
    for question in _questions()[::9]:
        few, many = (debate_engine.search(question.question, top_k=k).passages for k in (3, 50))
        assert few == many[:3]
        assert len(many) > 5


def _questions() -> list[GoldQuestion]:
    return [question for path in QUESTIONS for _line, question in read_questions(path)]


def test_every_quote_is_exact_and_in_its_place(debate_engine: Engine) -> None:
    debate = debate_engine.debate(DEBATE)
    whole = joined_text(debate.segments)
    for question in _questions():
        citations = debate_engine.search(question.question, top_k=10).passages
        for citation in citations:
            assert citation.text in whole
            assert citation.quote
            assert citation.quote in citation.text
            assert citation.quote in joined_text(debate.between(citation.start, citation.end))
        times = sorted((citation.start, citation.end) for citation in citations)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(times))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=200))
def test_any_text_can_be_asked(debate_engine: Engine, question: str) -> None:
    try:
        answer = debate_engine.ask(question)
    except QuestionEmpty:
        assert not any(character.isalnum() for character in question)
        return
    assert 0 <= answer.confidence <= 1
    assert len(answer.citations) <= 5


def test_what_cannot_be_asked_is_refused(debate_engine: Engine) -> None:
    with pytest.raises(QuestionEmpty):
        debate_engine.ask(" \n?! ")
    with pytest.raises(QuestionTooLong, match="10000"):
        debate_engine.ask("a" * 10_000)
    for top_k in (0, 51, -1):
        with pytest.raises(TopKInvalid, match=str(top_k)):
            debate_engine.ask("le RGPD", top_k=top_k)
    with pytest.raises(SpeakerUnknown, match="Ada"):
        debate_engine.ask("le RGPD", filters=Filters(speaker="Ada Lovelace"))
    with pytest.raises(DebateUnknown, match=DEBATE):
        debate_engine.ask("le RGPD", filters=Filters(debate="nope"))


def test_dates_bound_the_debates(debate_engine: Engine) -> None:
    inside = debate_engine.ask("le RGPD", filters=Filters(date_from=date(2024, 11, 19), date_to=date(2024, 11, 19)))
    outside = debate_engine.ask("le RGPD", filters=Filters(date_from=date(2024, 11, 20)))
    assert inside.citations
    assert (outside.abstained, outside.citations) == (True, ())
    assert outside.answer.startswith("Aucun débat")


def test_top_k_bounds_the_citations(debate_engine: Engine) -> None:
    assert [citation.n for citation in debate_engine.ask("le RGPD", top_k=1).citations] == [1]
    assert [citation.n for citation in debate_engine.ask("le RGPD", top_k=50).citations] == list(range(1, 51))


def test_an_empty_index_says_so(engine: Engine) -> None:
    answer = engine.ask("Que pense Kempf du RGPD ?")
    assert answer.abstained
    assert "qdq add" in answer.answer


def test_a_debate_is_asked_as_soon_as_it_is_added(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "Débat n°1.vtt"
    path.write_text(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Zoé Roux>Le budget de la culture doit doubler tout de suite.\n\n"
        "00:05.000 --> 00:09.000\n<v Jean Petit>Je refuse d'augmenter le budget de la culture.\n",
        "utf-8",
    )
    added = engine.add(path, Details(url="https://www.youtube.com/watch?v=abc&t=9"))
    assert (added.debate.id, added.replaced, added.report.speakers) == ("debat-n-1", False, ("Zoé Roux", "Jean Petit"))
    answer = engine.ask("Que dit Roux du budget de la culture ?")
    assert [citation.text for citation in answer.citations] == ["Le budget de la culture doit doubler tout de suite."]
    assert answer.citations[0].permalink == "/d/debat-n-1?t=1,4"
    assert answer.citations[0].video_url == "https://www.youtube.com/watch?v=abc&t=1s"
    assert engine.add(path).replaced
    engine.remove("debat-n-1")
    assert engine.debates() == []


def test_the_engine_opens_by_path(debate_home: Path, cache: Path) -> None:
    engine = Engine.open(debate_home, Settings(cache=cache))
    assert [debate.id for debate in engine.debates()] == [DEBATE]
    engine.close()


def test_adding_again_gives_the_same_answers(model: Encoder, debate_engine: Engine, home: Path) -> None:
    """A permalink means the same moment in every index of a transcript."""
    engine = Engine(LocalStore(home), model, Settings(home=home))
    engine.add(TRANSCRIPT, Details(speakers=SPEAKERS))
    question = "Que pense Kempf du langage des juristes ?"
    again, before = engine.ask(question), debate_engine.ask(question)
    assert [(c.permalink, c.quote) for c in again.citations] == [(c.permalink, c.quote) for c in before.citations]
    engine.close()
