"""``/debates``: the list, the form that brings files, and how a debate is removed."""

import datetime
import html
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.serving.app import create_app
from api.web.debates.brought import chosen
from api.web.debates.figures import duration, number, percent
from api.web.debates.listed import PAGE, Order, listed
from index.local import LocalStore
from index.types import DebateSummary, Participant, joined_text
from rag.asked import Catalogue
from rag.engine import Engine
from rag.settings import Settings
from tests.brought import FILES, SAID
from tests.fakes import HashEncoder

HOSTILE = "<img src=x onerror='alert(1)'>.srt"


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), headers={"Accept-Language": "fr"})


def bring(client: TestClient, *files: tuple[str, bytes], **form: Any) -> Any:
    return client.post("/debates", files=[("files", file) for file in files], data=form)


def shown(text: str) -> str:
    """What a reader sees of a page, in one line."""
    body = text[text.index("<main") :] if "<main" in text else text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


class _Elements(HTMLParser):
    """The elements of a page and the names of their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def summary(
    id_: str, title: str = "", date: datetime.date | None = None, *people: str, words: int = 10
) -> DebateSummary:
    participants = tuple(Participant(name) for name in people)
    return DebateSummary(id_, title or id_, participants, date, None, "fr", 3, words, 5, 100.0)


def catalogue(*debates: DebateSummary, **speaking: str) -> Catalogue:
    return Catalogue("g", debates, {name: frozenset(ids.split()) for name, ids in speaking.items()})


DAYS = [datetime.date(2024, 1, 1), datetime.date(2024, 5, 2), None]
THREE = catalogue(
    summary("a", "Élections : le débat", DAYS[0], "Zoé Élan"),
    summary("b", "budget", DAYS[1]),
    summary("c", "Zèle", DAYS[2]),
    Ada="b c",
)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["b", "a", "c"]),
        ("ELECTIONS", ["a"]),
        ("élan zoe debat", ["a"]),
        ("ada", ["b", "c"]),
        ("ada budget", ["b"]),
        ("nobody", []),
    ],
)
def test_a_search_finds_titles_and_names_whatever_their_accents(search: str, found: list[str]) -> None:
    assert [debate.id for debate in listed(THREE, search, Order.DATE, 1).debates] == found


def test_the_newest_come_first_or_the_titles_in_order() -> None:
    assert [debate.id for debate in listed(THREE, "", Order.TITLE, 1).debates] == ["b", "a", "c"]
    assert [debate.id for debate in listed(THREE, "", Order.DATE, 1).debates] == ["b", "a", "c"]
    assert listed(THREE, "", Order.DATE, 1).people == {"a": ("Zoé Élan",), "b": ("Ada",), "c": ("Ada",)}


@given(st.lists(st.tuples(st.sampled_from(["loi", "Été", "été"]), st.sampled_from(DAYS)), max_size=3 * PAGE))
def test_the_pages_hold_every_debate_once(drawn: list[tuple[str, datetime.date | None]]) -> None:
    every = catalogue(*(summary(f"d{at}", title, date) for at, (title, date) in enumerate(drawn)))
    for order in Order:
        first = listed(every, "ete", order, 1)
        pages = [listed(every, "ete", order, page + 1) for page in range(first.pages)]
        found = [debate for page in pages for debate in page.debates]
        assert sorted(one.id for one in found) == sorted(one.id for one in every.debates if one.title != "loi")
        assert (first.found, first.every) == (len(found), len(drawn))
        assert all(len(page.debates) == PAGE for page in pages[:-1])
        assert listed(every, "ete", order, first.pages + 7) == pages[-1]
        days = [one.date or datetime.date.min for one in found]
        assert order is Order.TITLE or days == sorted(days, reverse=True)


def test_the_address_of_a_list_holds_what_is_not_usual() -> None:
    assert listed(THREE, "", Order.DATE, 1).address() == "/debates"
    found = listed(THREE, "ada & zoé", Order.TITLE, 1)
    assert found.address(page=2) == "/debates?search=ada+%26+zo%C3%A9&sort=title&page=2"
    assert found.address(order=Order.DATE) == "/debates?search=ada+%26+zo%C3%A9"


def test_figures_are_written_as_they_are_read() -> None:
    assert (number(1_234_567, "fr"), number(1_234_567, "en")) == ("1\u202f234\u202f567", "1,234,567")
    assert [duration(s) for s in (0, 29.6, 60, 3570, 36000)] == [
        "0\xa0s",
        "30\xa0s",
        "1\xa0min",
        "1\xa0h\xa000",
        "10\xa0h\xa000",
    ]
    assert [percent(*one) for one in ((0, 0), (1, 1000), (999, 1000), (5, 5))] == [0, 1, 99, 100]


class _Many(Engine):
    """Has more debates than anybody reads."""

    def catalogue(self) -> Catalogue:
        people = [f"Personne {at}" for at in range(12)]
        return catalogue(
            *(summary(f"debat-{at}", f"Débat {at} " + "sur la loi " * 20, None, *people) for at in range(1500))
        )


def test_a_page_of_many_debates_is_light(home: Path, encoder: HashEncoder) -> None:
    engine = _Many(LocalStore(home), encoder, Settings(home=home))
    client = TestClient(create_app(engine), headers={"Accept-Language": "fr"})
    page = client.get("/debates?page=2")
    assert page.text.count('<h3 lang="fr">') == PAGE
    loaded = [client.get(html.unescape(path)) for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)]
    assert len(loaded) == 3
    assert sum(len(one.content) for one in (page, *loaded)) < 150_000
    assert "1\u202f500 débats" in page.text
    assert ('href="/debates"' in page.text, 'href="/debates?page=3"' in page.text) == (True, True)
    assert "page 2 sur 30" in page.text
    assert "et 6 autres personnes" in page.text
    engine.close()


def test_a_debate_is_listed_with_what_is_known_of_it(client: TestClient) -> None:
    assert "Aucun débat pour l'instant" in shown(client.get("/debates").text)
    form = {"title": "Le <b>budget</b>", "date": "2024-11-01", "language": "fr", "participants": "Ada Martin, avocate"}
    assert bring(client, FILES["SubRip"], **form).status_code == 200
    page = client.get("/debates").text
    assert '<a href="/d/a">Le &lt;b&gt;budget&lt;/b&gt;</a>' in page
    assert "1er novembre 2024 · 6\xa0s · 7 mots · 2 segments" in html.unescape(page)
    assert "Ada Martin On ne sait pas qui parle vérifier les tours incertains : Le <b>budget</b> modifier" in shown(
        page
    )
    assert bring(client, FILES["WebVTT"]).status_code == 200
    assert "On sait toujours qui parle modifier" in shown(client.get("/debates?search=LE%20DEBAT").text)
    found = client.get("/debates?search=zz").text
    assert ("0 trouvé" in found, '<h3 lang="fr">' in found) == (True, False)


def test_each_of_five_formats_is_brought_with_its_report(client: TestClient, engine: Engine) -> None:
    response = bring(client, *FILES.values())
    assert response.status_code == 200
    told = [shown(part) for part in response.text.split("<article")[1:]]
    for (format_, (name, _)), one in zip(FILES.items(), told, strict=True):
        assert f"{name} Ajouté :" in one
        assert f"Lu comme {format_}, encodage" in one
        assert "2 segments, 7 mots, 00:01–00:0" in one
        named = "Ada Martin" in joined_names(engine, name[0])
        assert ("Locuteurs : Ada Martin, Jean Petit" in one, "Le fichier ne dit pas qui parle" in one) == (
            named,
            not named,
        )
        assert joined_text(engine.debate(name[0]).segments) == SAID


def joined_names(engine: Engine, debate: str) -> str:
    return " ".join(segment.speaker or "" for segment in engine.debate(debate).segments)


def test_a_file_that_cannot_be_read_stops_no_other_and_side_files_go_along(client: TestClient, engine: Engine) -> None:
    who = ("a.speakers.tsv", b"start\tspeaker\n0\tAda Martin\n4\tJean Petit\n")
    about = ("a.yaml", b"title: Le soir\n")
    files = [who, ("vide.srt", b""), FILES["SubRip"], about, ("seul.yml", b"title: x")]
    response = bring(client, *files)
    assert response.status_code == 200
    text = shown(response.text)
    assert "vide.srt Le fichier vide.srt est vide : rien n'a été ajouté." in text
    assert "a.srt Ajouté : Le soir" in text
    assert "seul.yml va avec une transcription du même nom : choisissez-la aussi." in text
    assert joined_names(engine, "a") == "Ada Martin Jean Petit"
    assert [debate.id for debate in engine.debates()] == ["a"]


def test_what_was_mended_is_told_by_kind_and_voices_by_their_names(client: TestClient) -> None:
    cues = "".join(f"{at}\n00:00:0{at},000 --> 00:00:0{at},500\n<i>Mot.</i>\n\n" for at in range(1, 9))
    text = shown(bring(client, ("balises.srt", cues.encode())).text)
    assert "Ce qui a été réparé ou écarté ligne 2 : balisage retiré" in text
    assert text.count("balisage retiré") == 5
    assert "et 3 de même" in text
    vtt = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v SPEAKER_00>Bonjour.\n\n00:04.000 --> 00:06.000\n<v SPEAKER_01>Merci.\n"
    assert "SPEAKER_00 : personne ne sait qui c'est" in shown(bring(client, ("v.vtt", vtt.encode())).text)


@pytest.mark.parametrize(
    ("files", "form", "told"),
    [
        ([("a.yaml", b"title: x")], {}, "a.yaml va avec une transcription du même nom"),
        ([FILES["SubRip"], FILES["WebVTT"]], {"title": "Un"}, "valent pour une seule transcription"),
        ([FILES["SubRip"]], {"url": "nowhere"}, "une adresse qui commence par http:// ou https://"),
        ([FILES["SubRip"]], {"date": "demain"}, "La requête est invalide (body.date"),
        ([FILES["SubRip"]], {"participants": ", avocate"}, "un nom, puis un rôle après une virgule"),
        ([("p.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))], {}, "Le fichier p.png n'est pas une transcription"),
        ([("t.txt", b"Bonjour.")], {}, "Aucun horodatage dans t.txt"),
    ],
)
def test_what_cannot_be_brought_is_told_in_a_sentence(
    client: TestClient, engine: Engine, files: list[tuple[str, bytes]], form: dict[str, str], told: str
) -> None:
    response = bring(client, *files, **form)
    assert response.status_code == 422
    assert told in shown(response.text)
    assert engine.debates() == []


def test_an_empty_form_as_a_browser_sends_it_is_told_so(client: TestClient) -> None:
    kind = "application/octet-stream"
    parts = [f'name="{name}"; filename=""\r\nContent-Type: {kind}\r\n\r\n' for name in ("files", "speakers")]
    parts += [f'name="{name}"\r\n\r\n' for name in ("title", "date", "url", "language", "participants", "id")]
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = client.post("/debates", content=body, headers=headers)
    assert (response.status_code, "Aucun fichier n'a été choisi." in shown(response.text)) == (422, True)
    with_file = body.replace('filename=""\r\n', 'filename="a.srt"\r\n', 1).replace(
        f"{kind}\r\n\r\n", f"{kind}\r\n\r\n{FILES['SubRip'][1].decode()}", 1
    )
    response = client.post("/debates", content=with_file.encode(), headers=headers)
    assert (response.status_code, "a.srt Ajouté : a" in shown(response.text)) == (200, True)


def test_a_file_over_the_limit_is_told_before_and_after_it_is_sent(home: Path, encoder: HashEncoder) -> None:
    engine = Engine(LocalStore(home), encoder, Settings(home=home, max_file_mb=1))
    client = TestClient(create_app(engine), headers={"Accept-Language": "en"})
    told = "The file a.srt is over 1 MB"
    assert told in shown(bring(client, ("a.srt", b"x" * 1_000_001)).text)
    before = client.post("/debates/chosen", data={"name": ["a.srt", "b.srt"], "size": [1_000_001, 5]}).text
    assert told in shown(before)
    assert shown(before).count("Add ") == 1
    engine.close()


def test_a_debate_is_replaced_only_when_that_is_asked(client: TestClient, engine: Engine) -> None:
    assert bring(client, FILES["SubRip"], title="Avant").status_code == 200
    refused = bring(client, FILES["SubRip"], title="Après")
    assert (refused.status_code, engine.debate("a").title) == (422, "Avant")
    assert "a.srt deviendrait le débat « a », qui est déjà là (« Avant »)" in shown(refused.text)
    done = bring(client, FILES["SubRip"], title="Après", overwrite="true")
    assert "a.srt Remplacé : Après" in shown(done.text)
    assert engine.debate("a").title == "Après"


def test_the_name_of_a_file_is_only_shown(client: TestClient) -> None:
    names = [HOSTILE, "débat né à l'été – 日本.srt", "../../etc/passwd.srt"]
    pages = [
        bring(client, *((name, FILES["SubRip"][1]) for name in names)).text,
        client.post("/debates/chosen", data={"name": names}).text,
        client.get("/debates").text,
        client.get("/debates", params={"search": HOSTILE, "removed": HOSTILE}).text,
        client.get("/debates/debat-ne-a-l-ete/added", params={"name": HOSTILE}).text,
    ]
    for page in pages:
        read = _Elements(page)
        assert "img" not in read.tags
        assert not [name for name in read.attributes if name.startswith("on")]
    assert HOSTILE in shown(pages[0])
    assert "débat né à l'été – 日本.srt Ajouté : débat né à l'été – 日本" in shown(pages[0])
    assert "etc" not in shown(pages[0])


def test_files_that_are_chosen_say_what_goes_together_and_what_would_be_replaced() -> None:
    names = ["b.speakers.tsv", "a.srt", "a.yaml", "z.yaml", "b.vtt"]
    a, b, z = chosen(names, [1, 2_000_000], [summary("b", "Le B")], 1, "en")
    assert (a.name, a.id, a.speakers, a.metadata, a.present) == ("a.srt", "a", None, "a.yaml", None)
    assert (b.with_it, b.present and b.present.title, b.problem) == (["b.speakers.tsv"], "Le B", "")
    assert (z.name, z.alone, z.with_it) == ("z.yaml", True, [])
    assert a.problem == "The file a.srt is over 1 MB: cut it, or raise the limit with QDQ_MAX_FILE_MB."


def test_of_files_of_one_name_none_is_taken(client: TestClient, engine: Engine) -> None:
    """They lie in different folders, which a browser does not tell."""
    vtt, who = FILES["WebVTT"], ("c.speakers.tsv", b"start\tspeaker\n0\tAda Martin\n")
    subtitles = ("c.srt", FILES["SubRip"][1])
    response = bring(client, FILES["SubRip"], FILES["SubRip"], vtt, who, subtitles, who)
    assert [debate.id for debate in engine.debates()] == ["b"]
    text = shown(response.text)
    assert text.count("Plusieurs fichiers s'appellent a.srt") == 1
    assert "c.srt Plusieurs fichiers s'appellent c.speakers.tsv" in text
    part = client.post("/debates/chosen", data={"name": ["a.srt", "b.vtt", "a.srt"], "size": [5, 5]}).text
    first, second = part.split("<li ")[1:]
    told = "Plusieurs fichiers s'appellent a.srt"
    assert (told in shown("<li " + first), told in shown("<li " + second)) == (True, False)
    assert (first.count("<button"), second.count("<button")) == (1, 2)


def test_the_script_is_told_before_which_debate_would_be_replaced(client: TestClient) -> None:
    bring(client, FILES["SubRip"], title="Avant")
    part = client.post("/debates/chosen", data={"name": ["a.srt", "n.srt"], "size": [5, 5]}).text
    first, second = part.split("<li ")[1:]
    assert "Un débat porte déjà cet identifiant et serait remplacé : Avant" in shown("<li " + first)
    assert ('<label class="check" hidden>' in first, '<label class="check" hidden>' in second) == (False, True)
    assert "<html" not in part
    report = client.get("/debates/a/added", params={"name": "a.srt", "replaced": "true"}).text
    assert "a.srt Remplacé : Avant Lu comme SubRip, encodage utf-8 2 segments, 7 mots, 00:01–00:06" in shown(report)
    assert client.get("/debates/nope/added").status_code == 404


def test_a_debate_is_deleted_after_a_page_that_says_what_is_lost(client: TestClient, engine: Engine) -> None:
    bring(client, FILES["SubRip"], title="Le soir")
    engine.correct("a", 0, 1, "Ada Martin")
    asked = shown(client.get("/debates/a/delete").text)
    assert "Le soir 6\xa0s · 7 mots · 2 segments".replace("\xa0", " ") in asked
    assert "2 corrections faites à la main sont perdues aussi." in asked
    assert [debate.id for debate in engine.debates()] == ["a"]
    done = client.post("/debates/a/delete", follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/debates?removed=a")
    assert engine.debates() == []
    assert "Le débat est supprimé." in shown(client.get("/debates?removed=a").text)
    assert (client.get("/debates/a/delete").status_code, client.post("/debates/a/delete").status_code) == (404, 404)


def test_a_notice_of_what_is_still_there_is_not_believed(client: TestClient) -> None:
    bring(client, FILES["SubRip"])
    for removed in ("a", "Appelez le 0800 !", "", "é"):
        page = client.get("/debates", params={"removed": removed}).text
        assert "est supprimé" not in page
        assert "0800" not in shown(page)


def test_another_site_brings_and_deletes_nothing(client: TestClient, engine: Engine) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    bring(client, FILES["SubRip"])
    assert client.post("/debates/a/delete", headers=foreign).status_code == 403
    files: Sequence[Any] = [("files", FILES["WebVTT"])]
    assert client.post("/debates", files=files, headers=foreign).status_code == 403
    assert [debate.id for debate in engine.debates()] == ["a"]


def test_what_is_said_of_a_debate_is_changed_in_a_form(client: TestClient, engine: Engine) -> None:
    bring(client, FILES["WebVTT"], title="Avant", participants="Ada Martin, avocate\nJean Petit", url="https://a.org/b")
    page = client.get("/debates/b/edit").text
    assert 'name="title" value="Avant"' in page
    assert "\nAda Martin, avocate\nJean Petit</textarea>" in page
    before = engine.debate("b")
    form = {"title": "Après <b>", "date": "2024-05-06", "language": "fr", "url": "", "media": "https://a.org/b.mp3"}
    form["participants"] = "Ada Martin, avocate\r\nJean Petit, ministre, maire"
    done = client.post("/debates/b/edit", data=form, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/debates/b/edit?changed=true")
    found = engine.debate("b")
    assert (found.title, found.date, found.url, found.media) == (
        "Après <b>",
        datetime.date(2024, 5, 6),
        None,
        "https://a.org/b.mp3",
    )
    assert found.participants == (Participant("Ada Martin", "avocate"), Participant("Jean Petit", "ministre, maire"))
    assert found.segments == before.segments
    shown_again = client.get("/debates/b/edit?changed=true").text
    assert "C'est enregistré." in shown(shown_again)
    assert 'value="Après &lt;b&gt;"' in shown_again
    same = client.post("/debates/b/edit", data={**form, "participants": form["participants"]}, follow_redirects=False)
    assert (same.status_code, engine.debate("b")) == (303, found)


def hidden(page: str) -> str:
    """What the form says that it showed."""
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_two_who_change_a_debate_at_once_undo_nothing_of_each_other(client: TestClient, engine: Engine) -> None:
    bring(client, FILES["WebVTT"], title='L\'"un"', participants="Ada Martin\nJean Petit")
    seen = hidden(client.get("/debates/b/edit").text)
    form = {"title": 'L\'"un"', "language": "fr", "participants": "Ada Martin\r\nJean Petit\r\n", "seen": seen}
    first = client.post("/debates/b/edit", data={**form, "title": "Deux"}, follow_redirects=False)
    second = client.post("/debates/b/edit", data={**form, "date": "2024-05-06"}, follow_redirects=False)
    assert [one.headers["location"] for one in (first, second)] == ["/debates/b/edit?changed=true"] * 2
    found = engine.debate("b")
    assert (found.title, found.date, found.url) == ("Deux", datetime.date(2024, 5, 6), None)
    refused = client.post("/debates/b/edit", data={**form, "language": "français"})
    assert hidden(refused.text) == seen
    assert client.post("/debates/b/edit", data={**form, "seen": "{"}).status_code == 422
    assert engine.debate("b") == found


def test_saved_is_said_only_of_what_is_saved(client: TestClient) -> None:
    bring(client, FILES["WebVTT"], title="T", participants="Ada Martin\nJean Petit")
    form = {"title": "T", "language": "fr", "participants": " Ada Martin\r\n\r\nJean Petit "}
    form["seen"] = hidden(client.get("/debates/b/edit").text)
    done = client.post("/debates/b/edit", data=form, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/debates/b/edit")
    assert "C'est enregistré." not in shown(client.get("/debates/b/edit").text)


def test_names_on_other_lines_are_other_people(client: TestClient, engine: Engine) -> None:
    bring(client, FILES["SubRip"], title="T", participants="Ada Martin Bob")
    form = {"title": "T", "language": "fr", "participants": "Ada Martin\r\nBob"}
    assert client.post("/debates/a/edit", data=form, follow_redirects=False).headers["location"].endswith("true")
    assert engine.debate("a").participants == (Participant("Ada Martin"), Participant("Bob"))


def test_what_a_person_said_needs_no_check(client: TestClient, engine: Engine) -> None:
    bring(client, FILES["SubRip"])
    engine.correct("a", 0, 0, "Ada Martin")
    text = shown(client.get("/debates").text)
    assert "On sait, ou on déduit, qui parle pour" in text
    assert "vérifier les tours incertains" in text
    engine.correct("a", 1, 1, "Jean Petit")
    assert "On sait toujours qui parle modifier" in shown(client.get("/debates").text)
    engine.correct("a", 1, 1, None)
    assert "On sait, ou on déduit, qui parle pour" in shown(client.get("/debates").text)


def test_what_is_inferred_is_said_to_be_and_can_be_checked(home: Path, encoder: HashEncoder) -> None:
    class Known(Engine):
        def catalogue(self) -> Catalogue:
            told = {"none": (0, 0), "some": (57, 20), "inferred": (100, 99), "told": (100, 100)}
            words = {id_: summary(id_, words=100) for id_ in told}
            return catalogue(
                *(replace(words[id_], labelled_words=known, told_words=one) for id_, (known, one) in told.items())
            )

    engine = Known(LocalStore(home), encoder, Settings(home=home))
    page = TestClient(create_app(engine), headers={"Accept-Language": "fr"}).get("/debates?sort=title").text
    rows = [shown(row).partition(" segments ")[2].partition(" modifier")[0] for row in page.split("<h3 ")[1:]]
    check = "vérifier les tours incertains"
    assert rows == [
        f"On sait, ou on déduit, toujours qui parle {check} : inferred",
        f"On ne sait pas qui parle {check} : none",
        f"On sait, ou on déduit, qui parle pour 57 % des mots {check} : some",
        "On sait toujours qui parle",
    ]
    engine.close()


def test_other_names_of_people_and_a_file_that_plays_stay(home: Path, encoder: HashEncoder, tmp_path: Path) -> None:
    (tmp_path / "b.mp3").write_bytes(b"x")
    engine = Engine(LocalStore(home), encoder, Settings(home=home, media_folder=tmp_path))
    client = TestClient(create_app(engine), headers={"Accept-Language": "fr"})
    about = ("b.yaml", b"participants: [{name: Ada Martin, aliases: [AM]}]\nmedia: b.mp3")
    assert bring(client, FILES["WebVTT"], about).status_code == 200
    page = client.get("/debates/b/edit").text
    assert ('value="/d/b/media"' in page, str(tmp_path) in page) == (True, False)
    form = {"title": "T", "language": "fr", "media": "/d/b/media", "participants": "Ada Martin, avocate\nJean Petit"}
    assert client.post("/debates/b/edit", data=form).status_code == 200
    found = engine.debate("b")
    assert found.media == str((tmp_path / "b.mp3").resolve())
    assert found.participants[0] == Participant("Ada Martin", "avocate", ("AM",))
    assert client.post("/debates/b/edit", data={**form, "media": ""}).status_code == 200
    assert engine.debate("b").media is None
    engine.close()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", " ", "Le champ title vaut"),
        ("date", "demain", "un jour écrit AAAA-MM-JJ"),
        ("url", "javascript:alert(1)", "une adresse qui commence par http:// ou https://"),
        ("media", "/etc/passwd", "QDQ_MEDIA_FOLDER"),
        ("language", "français", "un code de deux lettres"),
        ("participants", ", maire", "un nom, puis un rôle après une virgule"),
    ],
)
def test_a_field_that_cannot_be_is_told_and_what_was_typed_stays(
    client: TestClient, engine: Engine, field: str, value: str, told: str
) -> None:
    bring(client, FILES["SubRip"], title="Avant")
    before = engine.debate("a")
    form = {"title": "Après", "language": "fr", field: value}
    response = client.post("/debates/a/edit", data=form)
    assert (response.status_code, told in shown(response.text)) == (422, True)
    assert html.escape(value) in response.text
    assert engine.debate("a") == before
    assert client.post("/debates/nope/edit", data=form).status_code == 404
