"""The page ``/``: what it shows of each kind of answer, of none, and of a question that cannot be asked."""

import datetime
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.web.ask.view import answer_view, copied
from api.web.texts import say_in
from index.local import LocalStore
from index.store import Relabelling
from index.types import Attribution, Origin
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from rag.types import Answer, Kind, Section
from tests.answers import cite
from tests.conftest import DEBATE, KEMPF, PAVLEAS
from tests.fakes import HashEncoder
from tests.suite_files import EVENING, EVENING_SPEAKERS, srt

RGPD = "Que pense Kempf du RGPD ?"
BLOCKCHAIN = "Que pense Kempf de la blockchain ?"
FRENCH = {"Accept-Language": "fr"}
KINDS = {
    RGPD: Kind.OPINION,
    "Combien de GPU Scaleway a-t-il déployés ?": Kind.FACT,
    "Quelles entreprises sont citées ?": Kind.LIST,
    "Combien de fois parle-t-on de Google ?": Kind.LIST,
    "Qui parle du tribunal de commerce ?": Kind.WHO,
    "Who talks about the tribunal de commerce?": Kind.WHO,
    "À quel moment parle-t-on de Scaleway ?": Kind.WHEN,
    "Que pense chacun de la réglementation ?": Kind.EACH,
    "What does each guest think about GDPR?": Kind.EACH,
    "De quoi parle ce débat ?": Kind.OVERVIEW,
    "Que répond Kempf à Pavléas ?": Kind.EXCHANGE,
}


@pytest.fixture(scope="module")
def debate(debate_engine: Engine) -> TestClient:
    """The shipped debate with the real model; no answer is kept."""
    return TestClient(create_app(debate_engine), headers=FRENCH)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """An empty index with the fake encoder."""
    return TestClient(create_app(engine), headers=FRENCH)


@pytest.fixture
def evening(home: Path, tmp_path: Path) -> Iterator[Engine]:
    """Six sentences of three people; whatever comes nearest answers, and answers are kept."""
    (tmp_path / "soir.srt").write_text(srt(EVENING), "utf-8")
    (tmp_path / "soir.tsv").write_text(EVENING_SPEAKERS, "utf-8")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0), Records(home, days=1))
    details = Details(title="Le soir", date=datetime.date(2024, 5, 6), speakers=tmp_path / "soir.tsv")
    engine.add(tmp_path / "soir.srt", details)
    yield engine
    engine.close()


def shown(client: TestClient, question: str, **filters: str) -> str:
    response = client.get("/", params={"q": question, **filters})
    assert response.status_code == 200
    return response.text


def texts(pattern: str, page: str) -> list[str]:
    """What ``pattern`` takes from the page, as a reader sees it."""
    return [html.unescape(re.sub(r"\s*<[^>]+>\s*", " ", found)).strip() for found in re.findall(pattern, page, re.S)]


def headings(page: str) -> list[str]:
    return texts(r"<h2[^>]*>(.*?)</h2>", page)


def test_an_empty_index_says_so_and_leads_to_where_debates_are_brought(client: TestClient) -> None:
    for page in (client.get("/").text, shown(client, "Que dit Ada ?")):
        assert "Aucun débat dans l&#39;index pour l&#39;instant." in page
        assert 'href="/debates"' in page
        assert "<form" not in page
        assert "Par exemple" not in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_example_of_the_front_page_has_an_answer(debate: TestClient, language: str) -> None:
    page = debate.get("/", headers={"Accept-Language": language}).text
    assert "1 débat dans l&#39;index." in page or "1 debate in the index." in page
    assert "autofocus" in page
    found = [html.unescape(link) for link in re.findall(r'<li><a href="(/\?q=[^"]+)">', page)]
    assert len(found) == 5
    for link in found:
        assert 'class="answer"' in debate.get(link, headers={"Accept-Language": language}).text, link


def test_examples_are_about_what_is_said_and_change_with_the_debates(engine: Engine, tmp_path: Path) -> None:
    client = TestClient(create_app(engine), headers=FRENCH)
    said = ["Le budget double.", "Je refuse le budget.", "La mer monte.", "Qui paie la mer ?"]
    (tmp_path / "soir.srt").write_text(srt(said), "utf-8")
    (tmp_path / "soir.tsv").write_text("start\tspeaker\n0\tAda Martin\n20\tJean Petit\n", "utf-8")
    engine.add(tmp_path / "soir.srt", Details(speakers=tmp_path / "soir.tsv"))
    before = texts(r'<li><a href="/\?q=[^"]+">(.*?)</a>', client.get("/").text)
    assert "Que dit Ada Martin du budget ?" in before
    assert "Que dit Jean Petit de la mer ?" in before
    assert before == texts(r'<li><a href="/\?q=[^"]+">(.*?)</a>', client.get("/").text)
    engine.remove("soir")
    (tmp_path / "matin.srt").write_text(srt(["Les éoliennes tournent.", "Et les éoliennes coûtent cher."]), "utf-8")
    engine.add(tmp_path / "matin.srt")
    after = texts(r'<li><a href="/\?q=[^"]+">(.*?)</a>', client.get("/").text)
    assert after == ["Qui parle des éoliennes ?", "Quels sont les thèmes abordés ?"]


def test_the_answer_has_its_quotes_and_a_card_for_each_citation(debate: TestClient, debate_engine: Engine) -> None:
    answer, page = debate_engine.ask(RGPD), shown(debate, RGPD)
    assert headings(page) == ["Réponse", "Passages"]
    assert "autofocus" not in page
    cards = re.findall(r'<article class="card" id="c(\d+)".*?</article>', page, re.S)
    assert cards == ["1", "2", "3", "4", "5"]
    assert texts(r"<mark>(.*?)</mark>", page) == [one.quote for one in answer.citations]
    assert texts(r"<blockquote[^>]*><p>(.*?)</p>", page.replace("<mark>", "").replace("</mark>", "")) == [
        one.text for one in answer.citations
    ]
    assert texts(r'<span class="quote" lang="fr">(.*?)</span>', page) == [one.quote for one in answer.citations[:3]]
    assert re.findall(r'class="number" href="#c(\d)"', page) == ["1", "2", "3"]
    second = answer.citations[1]
    assert second.context is not None
    assert second.context.text in html.unescape(page)
    assert page.count("nommé par la transcription") == 5
    assert [html.unescape(link) for link in re.findall(r'class="title" href="([^"]+)"', page)] == [
        one.permalink for one in answer.citations
    ]


@pytest.mark.parametrize(("question", "kind"), KINDS.items(), ids=list(KINDS))
def test_every_kind_of_answer_shows_each_quote_once_and_once_in_its_card(
    debate: TestClient, debate_engine: Engine, question: str, kind: Kind
) -> None:
    answer, page = debate_engine.ask(question), shown(debate, question)
    assert (answer.kind, answer.abstained) == (kind, False)
    quoted = {n for section in answer.sections for n in section.citations}
    quotes = texts(r'<span class="quote" lang="fr">(.*?)</span>', page)
    if answer.sections:
        assert sorted(quotes) == sorted(answer.citations[n - 1].quote for n in quoted)
        titles = texts(r"<h3>(.*?)\s*(?:<|\n)", page)
        assert titles == [section.title for section in answer.sections if section.said]
    assert len(quotes) <= len(answer.citations)
    assert texts(r"<mark>(.*?)</mark>", page) == [one.quote for one in answer.citations]
    for section in answer.sections:
        assert section.said or f"{say_in('fr')('ask.silent')} {section.title}." in html.unescape(page)
    assert all(f"{one.asked} ≈" in page for one in answer.heard)
    weighed = f"{say_in('fr')('ask.confidence', percent=int(100 * answer.confidence))}</span>" in page
    assert weighed == (kind not in (Kind.OVERVIEW, Kind.LIST))
    numbers = {int(n) for n in re.findall(r'href="#c(\d+)"', page)}
    assert numbers <= {one.n for one in answer.citations}
    told = texts(r'<p (?:class="aside" )?lang="[a-z]{2}">(.*?)</p>', page)
    assert all(line in answer.answer.split("\n") for line in told)


def test_what_is_not_said_is_as_clear_as_an_answer_and_the_nearest_passages_stand_apart(debate: TestClient) -> None:
    page = shown(debate, BLOCKCHAIN)
    assert headings(page) == ["Personne ne le dit ici", "Passages les plus proches, qui ne répondent pas à la question"]
    reason = texts(r'<section class="answer withheld".*?<p lang="fr">(.*?)</p>', page)
    assert reason == [
        f"Aucun propos de {KEMPF} trouvé là-dessus dans ces débats. « blockchain » n'est prononcé nulle part."
    ]
    assert page.index('<details class="nearest">') < page.index('<article class="card" id="c1"')
    assert 'class="quote"' not in page
    assert re.findall(r'href="/v1/ask/export[^"]+format=(\w+)" download', page) == ["md", "json"]


def test_others_who_speak_of_it_are_cited_where_somebody_does_not(debate: TestClient, debate_engine: Engine) -> None:
    question = "Que pense Kempf du rapport Draghi ?"
    answer, page = debate_engine.ask(question), shown(debate, question)
    assert answer.abstained
    assert headings(page)[:2] == ["Personne ne le dit ici", "D'autres en parlent"]
    others = page[page.index('id="others"') : page.index('<details class="nearest">')]
    assert texts(r"<mark>(.*?)</mark>", others) == [answer.citations[5].quote]
    assert PAVLEAS in others
    formats = re.findall(r'href="/v1/ask/export[^"]+format=(\w+)" download', page)
    assert formats == ["md", "json", "csv", "edl", "srt"]
    assert "D&#39;autres en parlent :" not in page


def test_nothing_within_the_bounds_is_said_plainly(debate: TestClient) -> None:
    page = shown(debate, RGPD, **{"from": "2025-01-01"})
    assert headings(page) == ["Aucun débat à interroger"]
    assert "Aucun débat de l&#39;index n&#39;est dans ces bornes." in page
    assert 'name="from" value="2025-01-01"' in page
    assert '<details class="filters" open>' in page


def test_an_untouched_form_restricts_nothing_and_a_filter_is_kept(debate: TestClient) -> None:
    whole, untouched = shown(debate, RGPD), shown(debate, RGPD, speaker="", debate="", **{"from": "", "to": ""})
    marks = r"<mark>(.*?)</mark>"
    assert texts(marks, untouched) == texts(marks, whole)
    assert '<details class="filters">' in untouched
    only = shown(debate, "La réglementation ?", speaker="pavleas", debate=DEBATE)
    assert set(texts(r'<h3 id="h\d">.*?voice-\d">(.*?)</span>', only)) == {PAVLEAS}
    assert 'value="pavleas"' in only
    assert f'value="{DEBATE}" lang="fr" selected' in only


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"q": "a" * 1001}, 422, "La question"),
        ({"q": "?!"}, 422, "La question est vide"),
        ({"q": "a", "speaker": "<b>Zorro</b>"}, 422, "« &lt;b&gt;Zorro&lt;/b&gt; »"),
        ({"q": "a", "from": "2024-02-02", "to": "2024-02-01"}, 422, "2024-02-02"),
        ({"q": "a", "from": "hier"}, 422, "une date comme 2024-11-19"),
        ({"q": "a", "from": "20241119"}, 422, "une date comme 2024-11-19"),
        ({"q": "a", "to": "2024-W47-2"}, 422, "une date comme 2024-11-19"),
        ({"q": "a", "to": "2024-02-30"}, 422, "une date comme 2024-11-19"),
        ({"q": "a", "debate": "nope"}, 404, "Aucun débat « nope »"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_beside_the_form_which_is_kept(
    debate: TestClient, given: dict[str, str], status: int, message: str
) -> None:
    response = debate.get("/", params=given)
    assert response.status_code == status
    problem = re.search(r'<p class="problem" id="problem" role="alert">(.*?)</p>', response.text)
    assert problem is not None
    assert message in problem[1]
    assert 'aria-invalid="true" aria-describedby="problem"' in response.text
    for value in given.values():
        assert f'value="{html.escape(value)}"' in response.text or value == "nope"


def test_a_kept_answer_is_exported_by_its_id_and_marks_its_passages_in_the_transcript(evening: Engine) -> None:
    client = TestClient(create_app(evening), headers=FRENCH)
    page = shown(client, "Que dit Ada Martin du budget ?")
    (record,) = evening.answers()
    links = [html.unescape(link) for link in re.findall(r'class="title" href="([^"]+)"', page)]
    cited = evening.answer_record(record.id).answer.citations
    assert links == [f"{one.permalink}&a={record.id}" for one in cited]
    exports = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)" download>', page)]
    assert exports == [f"/v1/answers/{record.id}/export?format={name}" for name in ("md", "json", "csv", "edl", "srt")]
    assert {client.get(link).status_code for link in exports} == {200}


def test_an_answer_that_is_not_kept_is_exported_by_its_question(debate: TestClient) -> None:
    page = shown(debate, RGPD, speaker="Kempf", to="2024-12-31")
    exports = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)" download>', page)]
    assert urlsplit(exports[0]).query == "q=Que+pense+Kempf+du+RGPD+%3F&speaker=Kempf&to=2024-12-31&format=md"
    assert [debate.get(link).status_code for link in exports] == [200] * 5


def test_what_is_copied_is_ready_to_be_pasted(evening: Engine) -> None:
    client = TestClient(create_app(evening))
    question = {"q": "Que dit Ada Martin du budget ?"}
    quote = "Le budget de la culture doit doubler dans les trois ans."
    source, link = "Ada Martin, Le soir", "http://testserver/d/soir?t=10,30"
    for language, expected in (
        ("fr", f"« {quote} » — {source}, 6 mai 2024, 00:10, {link}"),
        ("en", f"“{quote}” — {source}, 6 May 2024, 00:10, {link}"),
    ):
        page = client.get("/", params=question, headers={"Accept-Language": language}).text
        assert html.unescape(re.findall(r'data-text="([^"]*)"', page)[0]) == expected
    nobody = copied(cite(65, 70), None, "http://here/", say_in("fr"), "fr")
    assert nobody == "« x » — Locuteur inconnu, D, 01:05, http://here/d/d?t=65,70"
    dated = replace(cite(65, 70), title="Le soir du 1er mai 2024")
    told_once = copied(dated, datetime.date(2024, 5, 1), "http://here/", say_in("fr"), "fr")
    assert told_once == "« x » — Locuteur inconnu, Le soir du 1er mai 2024, 01:05, http://here/d/d?t=65,70"


def test_a_date_is_left_out_only_where_the_title_tells_that_day() -> None:
    titled = replace(cite(65, 70), title="Le soir, 19 novembre 2024")
    told = copied(titled, datetime.date(2024, 11, 9), "http://here/", say_in("fr"), "fr")
    assert (
        told == "« x » — Locuteur inconnu, Le soir, 19 novembre 2024, 9 novembre 2024, 01:05, http://here/d/d?t=65,70"
    )


@pytest.mark.parametrize(
    ("origin", "french", "english"),
    [
        (Origin.SUGGESTED, " (deviné d'après le texte, probable)", " (guessed from the text, likely)"),
        (Origin.MODEL, " (deviné par un modèle de langage, probable)", " (guessed by a language model, likely)"),
        (Origin.VOICE, " (déduit de ce qui se dit, probable)", " (inferred from what is said, likely)"),
        (Origin.LABELLED, "", ""),
        (Origin.CORRECTED, "", ""),
    ],
)
def test_a_copied_quote_tells_how_its_speaker_is_known_unless_that_is_settled(
    origin: Origin, french: str, english: str
) -> None:
    said = replace(cite(65, 70), speaker="Ada", attribution=origin, attribution_confidence=0.9)
    source = "D, 01:05, http://here/d/d?t=65,70"
    assert copied(said, None, "http://here/", say_in("fr"), "fr") == f"« x » — Ada{french}, {source}"
    assert copied(said, None, "http://here/", say_in("en"), "en") == f"“x” — Ada{english}, {source}"


HOSTILE = "<img src=x onerror=alert(1)> \"' {{ 7*7 }} </script>"


def test_nothing_of_a_debate_or_a_question_is_markup(home: Path, tmp_path: Path) -> None:
    document = {
        "segments": [
            {
                "start": 10.0 * at,
                "end": 10.0 * at + 10,
                "text": f"Le budget {HOSTILE} {at}.",
                "speaker": f"Ada {HOSTILE}",
            }
            for at in range(3)
        ]
    }
    (tmp_path / "a.json").write_text(json.dumps(document), "utf-8")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0))
    engine.add(tmp_path / "a.json", Details(title=f"T {HOSTILE}"))
    client = TestClient(create_app(engine))
    for path in ("/", f"/?q=budget {HOSTILE}", f"/?q=Qui parle du budget {HOSTILE} ?", f"/?q=budget&speaker={HOSTILE}"):
        page = client.get(path).text
        assert "<img" not in page
        assert "</script> " not in page
        assert "49" not in re.sub(r"v=[0-9a-f]+", "", page)
        assert not re.search(r"<[^>]*\son\w+=[^>]*>", re.sub(r'"[^"]*"', '""', page))
    assert html.escape(f"Le budget {HOSTILE}") in client.get("/?q=budget").text.replace("&#39;", "&#x27;").replace(
        "&#34;", "&quot;"
    )
    engine.close()


@pytest.mark.parametrize(("question", "asked"), [(RGPD, True), (BLOCKCHAIN, False)])
def test_a_language_model_is_asked_by_the_page_where_one_is_set_and_something_answers(
    debate_home: Path, debate_engine: Engine, question: str, asked: bool
) -> None:
    told = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "petit"}
    for settings, wanted in ((told, asked), (told | {"llm_answers": False}, False), ({}, False)):
        engine = Engine(LocalStore(debate_home), debate_engine._encoder, Settings(home=debate_home, **settings))
        page = shown(TestClient(create_app(engine), headers=FRENCH), question, speaker="Kempf")
        found = re.search(r'data-request="([^"]*)" data-cited="([^"]*)"', page)
        assert (found is not None) == wanted
        if found:
            assert json.loads(html.unescape(found[1])) == {"question": question, "speaker": "Kempf"}
            permalinks = [one.permalink for one in engine.ask(question, generate=False).citations]
            assert json.loads(html.unescape(found[2])) == permalinks
            assert "Le modèle de langage petit rédige" in page
        engine.close()


def test_moments_of_several_debates_stand_under_the_name_of_each(evening: Engine, tmp_path: Path) -> None:
    (tmp_path / "nuit.srt").write_text(srt(EVENING), "utf-8")
    evening.add(tmp_path / "nuit.srt", Details(title="La nuit"))
    page = shown(TestClient(create_app(evening), headers=FRENCH), "À quel moment parle-t-on de la dette ?")
    assert texts(r"<h3>(.*?)</h3>", page) == ["La nuit", "Le soir"]
    assert texts(r"<h4>(\S+)", page) == ["00:30–00:50"] * 2


def test_sentences_of_an_answer_that_are_no_quotes_are_told_before_and_after_them(evening: Engine) -> None:
    """And a line that only looks like what the page shows in its own way is told."""
    answer = evening.ask("Que dit Ada Martin du budget ?")
    lines = answer.answer.split("\n")
    answer = _with_lines(answer, [*lines, "Ada Martin : 2 autre(s) débat(s)", "a ≈ b"])
    view = answer_view(answer, evening.catalogue(), "http://here/", say_in("fr"), "fr")
    assert view.before == ("Ada Martin :",)
    assert view.after == ("Ada Martin : 2 autre(s) débat(s)", "a ≈ b")


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin.SUGGESTED, "deviné d'après le texte, probable"),
        (Origin.MODEL, "deviné par un modèle de langage, probable"),
        (Origin.VOICE, "déduit de ce qui se dit, probable"),
    ],
)
def test_no_quote_is_shown_as_somebody_s_who_is_not_known_to_say_it(
    evening: Engine, origin: Origin, words: str
) -> None:
    """Above the quotes is who is asked about; the heading of a group has a name, too."""
    client = TestClient(create_app(evening), headers=FRENCH)
    kinds = "Que dit Ada Martin du budget ?", "Que pense chacun du budget ?"
    told, grouped = (shown(client, question) for question in kinds)
    assert 'class="where"><time>' in told and 'class="where"><time>' in grouped
    assert "<h3>Ada Martin</h3>" in grouped
    _relabel(evening, "soir", Attribution("Ada Martin", origin, 0.9))
    told, grouped = (shown(client, question) for question in kinds)
    for page in (told, grouped):
        assert 'class="where"><time>' not in page
        sources = texts(r'<span class="where">(<span class="voice-\d">.*?)<time>', page)
        assert set(sources) == {f"Ada Martin  ({words}) ,"}
    heading = "locuteur inconnu" if origin is Origin.SUGGESTED else f"Ada Martin ({words})"
    assert texts(r"<h3>(.*?)</h3>", grouped)[0] == heading


def test_who_asks_before_a_quote_is_told_as_a_guess_where_it_is_one(evening: Engine, tmp_path: Path) -> None:
    (tmp_path / "nuit.srt").write_text(srt(["Et qui paiera la mer ?", "La mer ne coûte rien."]), "utf-8")
    (tmp_path / "nuit.tsv").write_text("start\tspeaker\n0\tZoé Roux\n10\tPaul Blanc\n", "utf-8")
    evening.add(tmp_path / "nuit.srt", Details(speakers=tmp_path / "nuit.tsv"))
    client = TestClient(create_app(evening), headers=FRENCH)
    askers, question = r'<p class="asked">(.*?)<time>', "Que dit Paul Blanc de la mer ?"
    assert texts(askers, shown(client, question)) == ["Zoé Roux ,"]
    _relabel(evening, "nuit", Attribution("", Origin.MODEL, 0.9))
    assert texts(askers, shown(client, question)) == ["Zoé Roux  (deviné) ,"]


def _relabel(engine: Engine, debate: str, attribution: Attribution) -> None:
    """As though every segment were attributed so; to whom it is now for no name."""
    store = engine._store
    known = store.debate(debate)
    segments = tuple(
        replace(one, attribution=replace(attribution, speaker=attribution.speaker or one.speaker))
        for one in known.segments
    )
    assert store.relabel(Relabelling(debates=[replace(known, segments=segments)]), store.generation())


def _with_lines(answer: Answer, lines: list[str]) -> Answer:
    silent = Section("Ada Martin", "Ada Martin", said=False)
    return replace(answer, answer="\n".join(lines), sections=(silent,))


def test_where_nobody_is_named_the_page_leads_to_naming_them(unlabelled_engine: Engine) -> None:
    client = TestClient(create_app(unlabelled_engine))
    page = client.get("/", params={"q": RGPD}, headers={"Accept-Language": "fr"}).text
    assert f'<a href="/d/{DEBATE}/check">Dire qui parle dans ce débat</a>' in page
    assert "qdq label" not in page
    assert f"{KEMPF}." in page
