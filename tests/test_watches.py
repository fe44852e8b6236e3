"""Watches: what they look at, what they find, and that each passage is told once, whatever is killed meanwhile."""

import inspect
import json
import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from api.commands import watch as watch_command
from api.commands.watch_text import added_text, delivered_text, watches_text
from api.export.feed import atom
from api.serving.app import create_app
from index.encoding.encoder import Encoder
from index.errors import StoreDamaged, WatchInvalid, WatchUnknown
from index.local import LocalStore
from index.types import Origin, Participant, joined_text
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Filters
from rag.watches.file import DATABASE, WatchFile
from rag.watches.same import same_words
from rag.watches.store import Known, Watches
from rag.watches.types import DEFAULT_THRESHOLD, Attempt, Finding, Passage, Sent, State, Watch
from tests.conftest import DEBATE, KEMPF, PAVLEAS, Qdq
from tests.fakes import HashEncoder
from tests.suite_files import srt

ADA, JEAN = "Ada Martin", "Jean Petit"
SAID = ("Le budget de la culture doit doubler.", "Je refuse d'augmenter ce budget.", "Les théâtres ferment.")
ANY = 0.01
"""A threshold that the fake encoder reaches."""
ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def open_engine(home: Path, encoder: Encoder | None = None) -> Engine:
    return Engine(LocalStore(home), encoder or HashEncoder(), Settings(home=home), watches=home)


@pytest.fixture
def watching(home: Path) -> Iterator[Engine]:
    """An empty engine with the fake encoder, which keeps watches."""
    engine = open_engine(home)
    yield engine
    engine.close()


def add(engine: Engine, folder: Path, said: tuple[str, ...] = SAID, id_: str = "d", who: str | None = None) -> None:
    """Ada speaks first, then Jean, unless ``who`` speaks all the time."""
    (folder / "d.srt").write_text(srt(said), "utf-8")
    labels = f"0\t{who}\n" if who else f"0\t{ADA}\n10\t{JEAN}\n"
    (folder / "who.tsv").write_text(f"start\tspeaker\n{labels}", "utf-8")
    engine.add(folder / "d.srt", Details(id=id_, speakers=folder / "who.tsv"))


def told(engine: Engine, watch: Watch) -> list[tuple[str, str | None, str]]:
    """Debate, speaker and quote of each finding, in the order in which they were found."""
    found = engine.watching.findings(watch.id)[::-1]
    return [(one.debate, one.passage.speaker, one.passage.quote) for one in found]


# what is found


def test_the_shipped_debate_tells_what_is_watched_for(model: Encoder, debate_home: Path, home: Path) -> None:
    shutil.copytree(debate_home, home)
    engine = open_engine(home, model)
    both, topic, somebody, nobody, nothing = (
        engine.watching.add(speaker, topic, backfill=True)
        for speaker, topic in (
            ("Kemf", "RGPD"),
            (None, "la régulation européenne du numérique"),
            ("pavleas", None),
            ("Thierry Breton", "RGPD"),
            ("Kempf", "la corrida"),
        )
    )
    debate = engine.debate(DEBATE)
    text = joined_text(debate.segments)
    assert told(engine, nobody) == told(engine, nothing) == []
    answer = engine.ask("RGPD", filters=Filters(speaker=KEMPF, debate=DEBATE))
    found = [one.passage for one in engine.watching.findings(both.id)]
    assert {one.speaker for one in found} == {KEMPF}
    assert {one.confidence for one in found} == {answer.confidence}
    assert answer.confidence >= 0.5
    assert {one.quote for one in found} <= {citation.quote for citation in answer.citations}
    assert any("RGPD" in one.quote for one in found)
    assert all(one.quote in text for one in found)
    assert {one.passage.speaker for one in engine.watching.findings(topic.id)} <= {KEMPF, PAVLEAS, "Présentatrice"}
    assert engine.watching.findings(topic.id)
    (one,) = engine.watching.findings(somebody.id)
    theirs = [segment for segment in debate.segments if segment.speaker == PAVLEAS]
    assert one.passage.speaker == PAVLEAS
    assert one.passage.spoken == round(sum(segment.end - segment.start for segment in theirs), 1)
    assert text.count(one.passage.quote) == 1
    assert one.passage.quote.startswith(theirs[0].text[:20])
    assert one.passage.permalink.startswith(f"/d/{DEBATE}?t={int(theirs[0].start)},")
    engine.close()


def test_words_of_others_are_not_told_as_somebodys(watching: Engine, tmp_path: Path) -> None:
    ada, jean = (watching.watching.add(name, "le budget de la culture", threshold=ANY) for name in (ADA, JEAN))
    add(watching, tmp_path)
    assert told(watching, ada) == [("d", ADA, SAID[0])]
    assert {(speaker, SAID[0] in quote) for _, speaker, quote in told(watching, jean)} == {(JEAN, False)}


def test_words_of_nobody_knows_whom_are_not_told_as_somebodys(watching: Engine, tmp_path: Path) -> None:
    """Ada is announced, and nobody knows who speaks: a question gets these words with that doubt."""
    watches = [watching.watching.add(ADA, topic, threshold=ANY) for topic in ("le budget de la culture", None)]
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    watching.add(tmp_path / "d.srt", Details(participants=(Participant(ADA),)))
    assert watching.ask("Que pense Ada Martin du budget de la culture ?").citations[0].quote == SAID[0]
    assert [told(watching, watch) for watch in watches] == [[], []]


def test_what_is_found_beyond_the_labelled_words_is_not_told_either(
    watching: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where labelled words do not answer, a search goes on among words that may be anybody's, and says so."""
    search = watching._searcher.search
    monkeypatch.setattr(watching._searcher, "search", lambda *given: replace(search(*given), restricted=False))
    one, anybody = (watching.watching.add(name, "le budget de la culture", threshold=ANY) for name in (ADA, None))
    add(watching, tmp_path)
    assert (told(watching, one), len(told(watching, anybody)) > 0) == ([], True)


def test_the_threshold_is_the_least_confidence(watching: Engine, tmp_path: Path) -> None:
    low = watching.watching.add(None, "le budget de la culture", threshold=ANY)
    add(watching, tmp_path)
    sure = watching.watching.findings(low.id)[0].passage.confidence
    at, above = (watching.watching.add(None, low.topic, threshold=sure + more, backfill=True) for more in (0, 0.001))
    assert (len(told(watching, at)) > 0, told(watching, above)) == (True, [])


def test_only_what_is_added_later_is_told_unless_all_is_wanted(watching: Engine, tmp_path: Path) -> None:
    add(watching, tmp_path, id_="before")
    new = watching.watching.add("Martin", None)
    every = watching.watching.add("Martin", None, backfill=True)
    assert [debate for debate, *_ in told(watching, every)] == ["before"]
    add(watching, tmp_path, id_="after")
    assert told(watching, new) == [("after", ADA, SAID[0])]
    assert [debate for debate, *_ in told(watching, every)] == ["before", "after"]


def test_a_passage_is_told_once_also_when_its_file_comes_again_or_revised(watching: Engine, tmp_path: Path) -> None:
    watch = watching.watching.add(ADA, "le budget de la culture", threshold=ANY)
    once = [("d", ADA, SAID[0])]
    for said in (SAID, SAID, ("Bonsoir.", *SAID), tuple(reversed(SAID))):
        add(watching, tmp_path, said, who=ADA if said[0] != SAID[0] else None)
        assert told(watching, watch)[:1] == once
        assert [quote for _, _, quote in told(watching, watch)].count(SAID[0]) == 1
    add(watching, tmp_path, ("Je veux couper le budget de la culture en deux dès demain matin.",), who=ADA)
    assert told(watching, watch)[-1][2].startswith("Je veux couper")


def test_somebody_who_is_named_later_is_told_then(watching: Engine, tmp_path: Path) -> None:
    """An unlabelled transcript, whose speakers somebody says afterwards; what was there before the watch stays out."""
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    watching.add(tmp_path / "d.srt", Details(id="old"))
    watch = watching.watching.add(ADA, None)
    watching.add(tmp_path / "d.srt", Details(id="new"))
    for debate in ("old", "new"):
        watching.correct(debate, 0, 0, ADA)
    watching.watching.look()
    assert told(watching, watch) == [("new", ADA, SAID[0])]


def test_a_debate_that_is_removed_takes_what_was_found_in_it(watching: Engine, tmp_path: Path) -> None:
    watch = watching.watching.add(ADA, None)
    for id_ in ("one", "two"):
        add(watching, tmp_path, id_=id_)
    watching.remove("one")
    assert [debate for debate, *_ in told(watching, watch)] == ["two"]
    add(watching, tmp_path, id_="one")
    assert [debate for debate, *_ in told(watching, watch)] == ["two", "one"]


def test_watches_for_the_same_search_once(watching: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    search = watching._searcher.search

    def counted(text: str, *args: object) -> object:
        searched.append(text)
        return search(text, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(watching._searcher, "search", counted)
    watches = [watching.watching.add(ADA, "le budget", threshold=ANY * (1 + at)) for at in range(5)]
    watching.watching.add("Personne d'Autre", "le budget", threshold=ANY)
    add(watching, tmp_path)
    assert searched == ["le budget"]
    assert {len(told(watching, watch)) for watch in watches} == {1}


# nothing is lost, nothing is told twice


def test_a_program_that_is_killed_before_it_looks_loses_nothing(watching: Engine, home: Path, tmp_path: Path) -> None:
    watch = watching.watching.add(ADA, None, webhook=None)
    killed = Engine(LocalStore(home), HashEncoder(), Settings(home=home))  # adds, and never looks
    add(killed, tmp_path)
    killed.close()
    assert told(watching, watch) == []
    other = open_engine(home)
    assert other.watching.look() == 1
    assert told(watching, watch) == [("d", ADA, SAID[0])]
    assert (other.watching.look(), watching.watching.look()) == (0, 0)
    other.close()


def test_a_finding_and_its_delivery_are_written_together(watching: Engine, tmp_path: Path) -> None:
    file = watching.watching._file
    watch = keep(watching, webhook="https://example.org/")
    with file.writing() as connection:
        connection.execute("CREATE TRIGGER no AFTER INSERT ON findings BEGIN SELECT RAISE(ABORT, 'killed'); END")
    add(watching, tmp_path)
    counts = "SELECT (SELECT count(*) FROM findings), (SELECT count(*) FROM deliveries)"
    assert (told(watching, watch), file.rows(counts)) == ([], [(0, 0)])
    with file.writing() as connection:
        connection.execute("DROP TRIGGER no")
    assert watching.watching.look() == 1
    assert file.rows(counts) == [(1, 1)]


def keep(engine: Engine, webhook: str) -> Watch:
    """A watch for Ada, without looking the webhook's name up."""
    watch = Watch("w", MOMENT, ADA, None, 0.5, webhook, "whsec_AAAA", "fr")
    return engine.watching._watches.add(watch, engine.watching._present, backfill=False)


def test_two_programs_that_look_at_once_tell_once(home: Path, tmp_path: Path) -> None:
    engines = [open_engine(home) for _ in range(3)]
    watch = keep(engines[0], "https://example.org/")
    adding = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    barrier = threading.Barrier(3)

    def together(engine: Engine) -> int:
        barrier.wait()
        return engine.watching.look()

    with ThreadPoolExecutor(3) as pool:
        for round_ in range(8):
            add(adding, tmp_path, id_=f"d{round_}")
            assert sum(pool.map(together, engines)) == 1
    assert [debate for debate, *_ in told(engines[0], watch)] == [f"d{round_}" for round_ in range(8)]
    assert engines[0].watching._file.rows("SELECT count(*) FROM deliveries") == [(8,)]
    for engine in (adding, *engines):
        engine.close()


def test_watches_that_cannot_be_kept_do_not_keep_a_debate_from_being_added(
    watching: Engine, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / DATABASE).write_bytes(b"no database " * 100)
    with caplog.at_level(logging.WARNING, "qdq"):
        add(watching, tmp_path)
    assert [debate.id for debate in watching.debates()] == ["d"]
    assert [record.getMessage() for record in caplog.records] == ["watches could not look at a debate: StoreDamaged"]
    with pytest.raises(StoreDamaged):
        watching.watching.all()


def test_the_log_does_not_tell_what_is_watched_for(
    watching: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError("le secret de Polichinelle")

    bad, good = watching.watching.add(None, "le secret"), watching.watching.add(ADA, None)
    monkeypatch.setattr(watching._searcher, "search", broken)
    with caplog.at_level(logging.DEBUG):
        add(watching, tmp_path)
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
    assert (told(watching, bad), len(told(watching, good))) == ([], 1)


def test_the_file_is_nobody_elses_and_there_is_none_without_a_watch(
    watching: Engine, home: Path, tmp_path: Path
) -> None:
    add(watching, tmp_path)
    assert watching.watching.all() == []
    assert not (home / DATABASE).exists()
    watching.watching.add(ADA, None)
    assert (home / DATABASE).stat().st_mode & 0o777 == 0o600


Step = tuple[str, str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "label", "remove", "watch", "everything", "look"]),
        st.sampled_from("abc"),
        st.integers(0, 3),
    ),
    max_size=30,
)


@given(STEPS)
def test_each_watch_looks_at_what_came_after_it_in_its_last_state(steps: list[Step]) -> None:
    """Against a model: by watch, the states of debates that it has still to look at. A watch for a person looks again
    when a debate's speakers are named otherwise."""
    watches, present = Watches(WatchFile(None)), dict[str, Known]()
    waiting: dict[str, set[str]] = {}
    new: dict[str, set[str]] = {}
    numbers = iter(range(100))

    def change(debate: str, known: Known) -> None:
        fresh = present.get(debate) is None or present[debate].source != known.source
        for watch, debates in waiting.items():
            if fresh:
                new[watch].add(debate)
            if debate in new[watch] and present.get(debate) != known:
                debates.add(debate)
        present[debate] = known

    for what, debate, number in [*steps, ("look", "a", 0)]:
        if what == "add":
            change(debate, Known(f"source {number}", 0))
        elif what == "label" and debate in present:
            change(debate, replace(present[debate], labelled=number))
        elif what == "remove":
            present.pop(debate, None)
            for debates in (*waiting.values(), *new.values()):
                debates.discard(debate)
        elif what in ("watch", "everything"):
            watch = Watch(f"w{next(numbers)}", MOMENT, ADA, None, 0.5, None, "whsec_AAAA", "fr")
            watches.add(watch, lambda: present, backfill=what == "everything")
            waiting[watch.id] = set(present) if what == "everything" else set()
            new[watch.id] = set(waiting[watch.id])
        elif what == "look":
            watches.notice(lambda: present)
            seen: dict[str, set[str]] = {watch: set() for watch in waiting}
            while (look := watches.next_look()) is not None:
                for one in look.watches:
                    assert look.debate not in seen[one.id]
                    seen[one.id].add(look.debate)
                watches.record(look, "", {}, lambda: "m")
            assert seen == waiting
            waiting = {watch: set() for watch in waiting}
        if what in ("add", "label", "remove"):
            watches.notice(lambda: present)


def test_the_same_words_cut_elsewhere_are_the_same_passage() -> None:
    long = "un deux trois quatre cinq six sept huit neuf dix onze douze"
    assert same_words("Je refuse d'augmenter ce budget.", "je REFUSE d’augmenter ce budget, et je le redis ici.")
    assert same_words(f"avant avant {long}", f"{long} après après après")
    assert not same_words("Le budget de la culture doit doubler.", "Le budget de la culture doit baisser.")
    assert not same_words(f"{long} et puis rien", f"onze douze {long[:-8]}")
    assert not same_words("Oui.", "Non.")


@given(st.text(max_size=40), st.text(max_size=40))
def test_being_the_same_passage_goes_both_ways_and_never_fails(one: str, other: str) -> None:
    assert same_words(one, one)
    assert same_words(one, other) == same_words(other, one)


# what cannot be watched


@pytest.mark.parametrize(
    ("speaker", "topic", "threshold", "reason"),
    [
        (None, None, 0.5, "a person or a topic is needed"),
        ("  ", "\n", 0.5, "a person or a topic is needed"),
        ("?!", None, 0.5, "it holds no word"),
        (ADA, "…", 0.5, "it holds no word"),
        ("a" * 201, None, 0.5, "200"),
        (None, "mot " * 300, 0.5, "1000"),
        (ADA, None, 0.0, "threshold"),
        (ADA, None, 1.01, "threshold"),
        (ADA, None, float("nan"), "threshold"),
    ],
)
def test_a_watch_for_nothing_is_refused(
    watching: Engine, speaker: str | None, topic: str | None, threshold: float, reason: str
) -> None:
    with pytest.raises(WatchInvalid, match=reason):
        watching.watching.add(speaker, topic, threshold=threshold)
    assert watching.watching.all() == []


def test_there_are_as_many_watches_as_the_settings_allow(home: Path) -> None:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, max_watches=2), watches=home)
    first, _ = engine.watching.add(ADA, None), engine.watching.add(JEAN, None)
    with pytest.raises(WatchInvalid, match="QDQ_MAX_WATCHES"):
        engine.watching.add(ADA, None)
    engine.watching.remove(first.id)
    engine.watching.add(ADA, None)
    with pytest.raises(WatchUnknown):
        engine.watching.remove(first.id)
    engine.close()


# the feed


FOUND = Finding(
    7,
    "w",
    "d",
    "Débat <b>&amp;</b> \x07",
    MOMENT,
    Passage(
        ADA,
        Origin.LABELLED,
        1.0,
        5.0,
        9.5,
        "a < b && « c »\x00\x0b\ud800\uffff fin",
        0.9,
        "/d/d?t=5,10",
        "https://v.example/?t=5",
    ),
)


def feed_of(watch: Watch, *findings: Finding) -> etree._Element:
    return etree.fromstring(atom(watch, findings, "https://qdq.example", "https://qdq.example/v1/watches/w/feed"))


def texts(element: etree._Element, name: str) -> list[str | None]:
    return [child.text for child in element.findall(f"{ATOM}{name}")]


def test_the_feed_has_what_the_standard_requires() -> None:
    """RFC 4287, 4.1.1 and 4.1.2; ids are tag URIs (RFC 4151), dates RFC 3339."""
    watch = Watch("w", MOMENT, ADA, "le budget", 0.5, None, "whsec_AAAA", "fr")
    root = feed_of(watch, FOUND, replace(FOUND, number=6))
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    ids = [*texts(root, "id"), *(id_ for entry in root.findall(f"{ATOM}entry") for id_ in texts(entry, "id"))]
    tag = "tag:qui-dit-quoi.invalid,2026:watches/w"
    assert ids == [tag, f"{tag}/7", f"{tag}/6"]
    assert texts(root, "title") == ["Ada Martin sur « le budget »"]
    assert texts(root, "updated") == ["2026-11-23T12:00:00+00:00"]
    assert texts(root.findall(f"{ATOM}author")[0], "name") == ["Qui dit quoi"]
    links = [(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")]
    assert links == [("self", "https://qdq.example/v1/watches/w/feed")]
    for entry in root.findall(f"{ATOM}entry"):
        assert texts(entry, "updated") == ["2026-11-23T12:00:00+00:00"]
        links = [(link.get("rel"), link.get("href")) for link in entry.findall(f"{ATOM}link")]
        assert links == [("alternate", "https://qdq.example/d/d?t=5,10"), ("related", "https://v.example/?t=5")]
        assert [len(texts(entry, name)) for name in ("title", "content", "id")] == [1, 1, 1]


def test_what_xml_cannot_hold_is_shown_as_such_and_the_rest_to_the_letter() -> None:
    watch = Watch("w", MOMENT, None, "a & <b>", 0.5, None, "whsec_AAAA", "en")
    root = feed_of(watch, FOUND)
    (entry,) = root.findall(f"{ATOM}entry")
    assert texts(entry, "content") == ["“a < b && « c »\ufffd\ufffd\ufffd\ufffd fin”"]
    assert texts(entry, "title") == ["Ada Martin, 00:05–00:09 – Débat <b>&amp;</b> \ufffd"]
    assert texts(root, "title") == ["“a & <b>”"]
    assert len(list(root.iter())) == 7 + 8, "nothing of a text becomes an element"


@given(st.text())
def test_any_text_makes_a_feed_that_can_be_read(text: str) -> None:
    watch = Watch("w", MOMENT, text, text, 0.5, None, "whsec_AAAA", "fr")
    told = replace(FOUND, title=text, passage=replace(FOUND.passage, quote=text, speaker=text))
    (entry,) = feed_of(watch, told).findall(f"{ATOM}entry")
    (content,) = texts(entry, "content")
    assert content is not None
    assert len(content.replace("\r\n", "\n")) <= len(text) + 4
    if text.isprintable():
        assert content == f"« {text} »"


@pytest.fixture
def client(watching: Engine, tmp_path: Path) -> TestClient:
    add(watching, tmp_path, id_="there")
    return TestClient(create_app(watching), raise_server_exceptions=False)


def test_the_routes_add_list_show_and_remove(client: TestClient, watching: Engine, tmp_path: Path) -> None:
    made = client.post("/v1/watches", json={"speaker": "martin", "topic": "budget", "threshold": ANY})
    assert made.status_code == 201
    watch = made.json()
    assert (watch["speaker"], watch["topic"], watch["secret"], watch["language"]) == ("martin", "budget", None, "en")
    add(watching, tmp_path)
    shown = client.get(f"/v1/watches/{watch['id']}").json()
    assert shown == {name: watch[name] for name in shown}
    assert client.get("/v1/watches").json() == {"watches": [shown]}
    found = client.get(f"/v1/watches/{watch['id']}/findings").json()
    assert [(one["debate"], one["speaker"], one["quote"]) for one in found["findings"]] == [("d", ADA, SAID[0])]
    assert found["findings"][0]["permalink"] == "/d/d?t=0,10"
    assert client.delete(f"/v1/watches/{watch['id']}").status_code == 204
    for path in ("", "/findings", "/feed"):
        gone = client.get(f"/v1/watches/{watch['id']}{path}", headers={"Accept-Language": "fr"})
        assert (gone.status_code, gone.json()["type"]) == (404, "urn:qui-dit-quoi:watch-unknown")
        assert gone.json()["detail"].startswith(f"Aucune veille « {watch['id']} »")


@pytest.mark.parametrize(
    "body", [{}, {"speaker": ""}, {"topic": "a", "threshold": 0}, {"topic": "a", "x": 1}, {"topic": "\ud800"}, []]
)
def test_the_route_refuses_what_is_no_watch(client: TestClient, body: object) -> None:
    refused = client.post("/v1/watches", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


def test_a_reader_gets_the_feed_again_only_when_it_has_changed(
    client: TestClient, watching: Engine, tmp_path: Path
) -> None:
    path = client.post("/v1/watches", json={"speaker": ADA}, headers={"Accept-Language": "fr"}).json()["feed"]
    empty = client.get(path)
    assert (empty.status_code, empty.headers["content-type"]) == (200, "application/atom+xml")
    tags = {"If-None-Match": f'"other", {empty.headers["etag"]}'}
    dates = {"If-Modified-Since": empty.headers["last-modified"]}
    for known in (tags, dates):
        again = client.get(path, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", empty.headers["etag"])
    early = {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    assert client.get(path, headers=early).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": "yesterday"}).status_code == 200
    add(watching, tmp_path)
    changed = client.get(path, headers=tags)
    assert changed.status_code == 200
    root = etree.fromstring(changed.content)
    assert [texts(entry, "content") for entry in root.findall(f"{ATOM}entry")] == [[f"« {SAID[0]} » (0,2 min)"]]
    assert root.findall(f"{ATOM}link")[0].get("href") == f"http://testserver{path}"


def test_a_token_opens_one_feed_alone(watching: Engine) -> None:
    one, other = watching.watching.add(ADA, None), watching.watching.add(JEAN, None)
    tokens = {
        watch.id: TestClient(create_app(watching)).get(f"/v1/watches/{watch.id}").json()["feed"].partition("token=")[2]
        for watch in (one, other)
    }
    opens: Callable[[str, str], bool] = watching.watching.opens_feed
    assert opens(one.id, tokens[one.id])
    assert opens(other.id, tokens[other.id])
    for watch, token in ((one.id, tokens[other.id]), ("nobody", tokens[one.id]), (one.id, ""), (one.id, "é\ud800")):
        assert not opens(watch, token)
    assert len({one.secret, other.secret, *tokens.values()}) == 4


def test_where_keys_are_needed_the_token_opens_its_feed_and_nothing_else(watching: Engine, home: Path) -> None:
    keys = Keys(home)
    reading, writing = (keys.add(scope.value, scope)[1] for scope in (KeyScope.READ, KeyScope.WRITE))
    client = TestClient(create_app(watching, access=Access(keys, Mode.KEYS)))

    def status(method: str, path: str, key: str = "", **given: Any) -> int:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.request(method, path, headers=headers, **given).status_code

    wanted = {"speaker": ADA}
    assert [status("POST", "/v1/watches", key, json=wanted) for key in ("", reading)] == [401, 403]
    made = client.post("/v1/watches", headers={"Authorization": f"Bearer {writing}"}, json=wanted).json()
    other = watching.watching.add(JEAN, None)
    feed, path = made["feed"], f"/v1/watches/{made['id']}"
    assert [status(method, feed) for method in ("GET", "HEAD", "POST", "DELETE")] == [200, 405, 401, 401]
    assert status("GET", f"{path}/feed", reading) == 200
    query = feed.partition("?")[2]
    closed = [
        *(f"{path}/feed", f"{path}/feed?token=", f"{path}/feed?token={'0' * 40}", f"{feed}&{query}", f"{feed}x"),
        *(f"{path}?{query}", f"{path}/findings?{query}", f"/v1/watches?{query}", f"/v1/debates?{query}"),
        *(f"/v1/watches/{other.id}/feed?{query}", f"/v1/watches/nobody/feed?{query}", f"{path}/feed/?{query}"),
    ]
    assert {address: status("GET", address) for address in closed} == dict.fromkeys(closed, 401)
    assert [status("DELETE", path, key) for key in (reading, writing)] == [403, 204]
    assert status("GET", feed) == 401


# the command line


def test_the_commands_add_show_and_remove(qdq: Qdq, tmp_path: Path) -> None:
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    (tmp_path / "d.speakers.tsv").write_text(f"start\tspeaker\n0\t{ADA}\n10\t{JEAN}\n", "utf-8")
    done = qdq("watch", "add", "--speaker", "Petit", "--json")
    watch = json.loads(done.stdout)
    assert (done.returncode, watch["speaker"], watch["topic"]) == (0, "Petit", None)
    assert qdq("add", str(tmp_path / "d.srt")).returncode == 0
    shown = qdq("watch", "show", watch["id"])
    assert f"{JEAN} (labelled)  d  /d/d?t=10,30\n{SAID[1]} {SAID[2]}" in shown.stdout
    removed = qdq("watch", "remove", watch["id"])
    assert (removed.returncode, removed.stdout) == (0, f"{watch['id']} removed.\n")
    gone = qdq("watch", "show", watch["id"])
    assert (gone.returncode, gone.stderr.startswith(f"No watch “{watch['id']}”")) == (1, True)


def test_the_command_has_the_threshold_of_the_rest() -> None:
    assert inspect.signature(watch_command.add).parameters["threshold"].default == DEFAULT_THRESHOLD


def test_a_watch_is_told_in_a_line(watching: Engine) -> None:
    first = watching.watching.add(ADA, None)
    second = replace(
        watching.watching.add(ADA, "le budget", threshold=0.75),
        webhook="https://hook.example/s3cret",
        active=False,
        error="HTTP 410",
    )
    assert "When Ada Martin speaks" in watches_text([first], "en")
    assert watches_text([first, second], "fr").splitlines() == [
        f"{first.id}  Quand Ada Martin parle  ≥ 50 %",
        f"{second.id}  Ada Martin sur « le budget »  ≥ 75 %  https://hook.example/… (arrêté)  ! HTTP 410",
    ]
    assert watches_text([], "en") == "No watch."
    assert second.secret in added_text(second, "en")
    assert first.secret not in added_text(first, "en")
    sent = [
        Sent("m", first.id, "d", State.WAITING, Attempt(500)),
        Sent("n", first.id, "d", State.DELIVERED, Attempt(200)),
    ]
    assert delivered_text(2, sent, "en") == f"2 passages found, 1 of 2 notices received.\n  {first.id}  HTTP 500"
