"""Which shape of answer a question wants, in French and English, and the topic that remains."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words.lexical import fold
from rag.kinds import kind_of, without_preamble, words_suffice
from rag.question import parse
from rag.speech_acts import NAME
from rag.types import Kind
from tests.conftest import KEMPF, PAVLEAS

CAST = [PAVLEAS, KEMPF, "Présentatrice", "Ada Martin"]

TABLE: dict[Kind, list[tuple[str, str | None]]] = {
    Kind.OPINION: [
        ("Que pense Kempf du RGPD ?", "RGPD"),
        ("que pense kempf du rgpd", "rgpd"),
        ("Selon Kempf, le RGPD est-il utile ?", "le RGPD est utile"),
        ("What does Kempf think about GDPR?", "GDPR"),
        ("Peux-tu me dire ce que Kempf pense du RGPD ?", "RGPD"),
        ("Que dit Thierry Breton du RGPD ?", "RGPD"),
        ("Quel est l'avis de Kempf sur le rapport Draghi ?", "le rapport Draghi"),
        ("Que pensent-ils de la réforme des retraites ?", "la réforme des retraites"),
    ],
    Kind.FACT: [
        ("Quel âge a Jean-Baptiste Kempf ?", None),
        ("Qui a signé un moratoire sur l'intelligence artificielle ?", None),
        ("qui a signe le moratoire", None),
        ("Quand sort VLC ?", None),
        ("Quand sort la prochaine version de VLC ?", None),
        ("When does the Paris court plan to start using AI?", None),
        ("Combien de GPU Scaleway a-t-il déployés ?", None),
        ("How many people route cases at the Paris commercial court?", None),
        ("Qui sont les invités ?", None),
        ("Qui édite VLC ?", None),
        ("Qui entre au capital des entreprises européennes d'IA ?", None),
        ("Who founded Mistral AI?", None),
        ("Who benefits from GDPR compliance complexity?", None),
        ("Quel avantage ont les Français en intelligence artificielle ?", None),
        ("Quels documents se répètent dans les tribunaux ?", None),
        ("Quelles puces NVIDIA sont annoncées ?", None),
        ("Que dit le rapport Draghi ?", None),
        ("À quoi sert Playruo ?", None),
        ("De quand date l'article fondateur des transformers ?", None),
        ("De quoi souffre l'économie européenne ?", None),
        ("Combien de fois plus d'énergie consomme l'IA ?", None),
        ("À quelle heure commence le match ?", None),
        ("De quoi parle-t-on quand on parle de souveraineté ?", None),
        ("What is Colossus?", None),
        ("Qu'est-ce qu'une injonction de payer ?", None),
        ("Qui dirige désormais la technologie chez Scaleway ?", None),
        ("Quelles écoles expliquent la présence des Français dans l'IA ?", None),
        ("Dis-moi combien coûte un GPU", "combien coûte un GPU"),
    ],
    Kind.WHO: [
        ("Qui parle du rapport Draghi ?", "rapport Draghi"),
        ("qui parle de l'europe", "l'europe"),
        ("Qui est-ce qui parle de Google ?", "Google"),
        ("Qui a parlé de Google ?", "Google"),
        ("Qui évoque les GPU ?", "les GPU"),
        ("qui evoque les gpu", "les gpu"),
        ("Qui défend la réglementation ?", "la réglementation"),
        ("Qui est pour la réglementation ?", "la réglementation"),
        ("Qui est contre les hyperscalers ?", "les hyperscalers"),
        ("Qui s'oppose au nucléaire ?", "au nucléaire"),
        ("Qui cite le rapport Draghi ?", "le rapport Draghi"),
        ("qui trouve qu'il y a trop de lois pour le web", None),
        ("Quels invités parlent de la Chine ?", "la Chine"),
        ("Who mentions the Draghi report?", "the Draghi report"),
        ("Who talks about Google?", "Google"),
        ("who is in favour of regulation", "regulation"),
        ("Which speakers mention China?", "China"),
        ("Bonjour, pourriez-vous me dire qui parle de Mistral ?", "Mistral"),
        ("Can you tell me who talks about Mistral?", "Mistral"),
    ],
    Kind.WHEN: [
        ("À quel moment parle-t-on du RGPD ?", "RGPD"),
        ("a quel moment parle t on du rgpd", None),
        ("À quel moment Kempf parle-t-il de Google ?", "Google"),
        ("A quelle minute parlent-ils de Scaleway ?", "Scaleway"),
        ("Quand parle-t-on du tribunal de commerce ?", "tribunal de commerce"),
        ("Quand est-ce qu'on parle de Google ?", "Google"),
        ("Quand Kempf évoque-t-il Apple ?", "Apple"),
        ("When do they talk about Google?", "Google"),
        ("At what time do they mention Draghi?", "Draghi"),
        ("When is the Draghi report mentioned?", None),
        ("Dites-moi à quel moment il est question de Meta", None),
    ],
    Kind.LIST: [
        ("Quelles startups françaises d'IA sont citées ?", "startups françaises d'IA"),
        ("quelles startups sont citees", "startups"),
        ("Quelles entreprises cite Kempf ?", "entreprises"),
        ("Quelles entreprises françaises de la data sont nommées ?", "entreprises françaises de la data"),
        ("Quels nombres de GPU sont cités ?", "nombres de GPU"),
        ("Quels chiffres sont donnés ?", "chiffres"),
        ("Combien de fois Kempf parle-t-il de Google ?", "Google"),
        ("Combien de fois parle-t-on de Google ?", "Google"),
        ("How many times does Kempf mention Google?", None),
        ("Which companies are mentioned?", "companies"),
        ("Liste toutes les entreprises citées", None),
        ("Tous les passages sur la Chine", "la Chine"),
        ("All mentions of Google", "Google"),
    ],
    Kind.EACH: [
        ("Que pense chacun de la réglementation ?", "la réglementation"),
        ("que pense chacun des invités de la réglementation", "la réglementation"),
        ("Que pensent les invités de l'arrivée de l'IA au tribunal ?", "l'arrivée de l'IA au tribunal"),
        ("que pensent les invites du harcelement en ligne", "harcelement en ligne"),
        ("Quelle est la position de chaque candidat sur les retraites ?", "les retraites"),
        ("Que pensent Kempf et Pavléas du RGPD ?", "RGPD"),
        ("Compare Kempf et Pavléas sur le RGPD", "le RGPD"),
        ("Quelles sont les positions des participants sur l'Europe ?", "l'Europe"),
        ("What does each guest think about regulation?", "regulation"),
        ("What do the guests think about regulation?", "regulation"),
        ("Compare Kempf and Pavléas on GDPR", "GDPR"),
        ("What do Kempf and Pavléas think about GDPR?", "GDPR"),
    ],
    Kind.OVERVIEW: [
        ("De quoi parle ce débat ?", None),
        ("de quoi parle ce debat", None),
        ("De quoi parle-t-on dans cette émission ?", None),
        ("De quoi parlent-ils ?", None),
        ("De quoi parle Kempf ?", ""),
        ("Résume le débat", None),
        ("resume moi ce debat", None),
        ("Peux-tu résumer cette émission ?", None),
        ("Quels sont les thèmes abordés ?", None),
        ("quels sujets sont abordes dans ce debat", None),
        ("Quels sont les principaux sujets du débat ?", None),
        ("What is this debate about?", None),
        ("what's the debate about", None),
        ("What do they talk about?", None),
        ("What topics are discussed?", None),
        ("Summarize the debate", None),
        ("Give me an overview of the debate", None),
    ],
    Kind.EXCHANGE: [
        ("Que répond Kempf à Pavléas sur le RGPD ?", "à Pavléas sur le RGPD"),
        ("que repond kempf sur la consommation d'energie", "la consommation d'energie"),
        ("Que répond Kempf quand on lui demande si l'automatisation l'inquiète ?", None),
        ("Comment réagit Pavléas à la nomination de Musk ?", None),
        ("Quelle est la réponse de Kempf à la question sur les investissements ?", None),
        ("How does Kempf respond to the question on investment?", None),
        ("What does Kempf answer when asked about energy?", None),
        ("Que répond Arthur Mensch à Kempf ?", None),
    ],
}
ROWS = [(text, kind, topic) for kind, rows in TABLE.items() for text, topic in rows]


@pytest.mark.parametrize(("text", "kind", "topic"), ROWS, ids=[row[0] for row in ROWS])
def test_the_kind_and_the_topic(text: str, kind: Kind, topic: str | None) -> None:
    question = parse(text, CAST)
    assert question.kind is kind
    assert question.text == text
    assert topic is None or question.topic == topic


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for text, kind, _topic in ROWS if "Breton" not in text])
def test_accents_capitals_and_signs_at_the_end_do_not_matter(text: str, kind: Kind) -> None:
    """But for somebody unknown, who is told by capitals alone."""
    bare = re.sub(r"[\s?.]+$", "", fold(text))
    assert parse(bare, CAST).kind is kind


def test_politeness_is_no_part_of_the_question() -> None:
    assert without_preamble("Bonjour, peux-tu me dire qui parle ?") == "qui parle ?"
    assert without_preamble("Bonjour") == "Bonjour"
    assert without_preamble("Savez-vous qui parle ?") == "qui parle ?"


def test_words_prove_that_somebody_speaks_of_a_thing_and_not_where_they_stand() -> None:
    assert words_suffice("Qui parle du RGPD ?")
    assert words_suffice("who mentions GDPR")
    assert not words_suffice("Qui défend le RGPD ?")
    assert not words_suffice("Who is against GDPR?")


def test_somebody_alone_is_an_opinion_and_several_are_each() -> None:
    assert kind_of(f"{NAME} sur les retraites", 1) is Kind.OPINION
    assert kind_of(f"{NAME} et {NAME} sur les retraites", 2) is Kind.EACH


@given(st.text(max_size=80))
def test_any_text_has_a_kind(text: str) -> None:
    assert parse(text, CAST).kind in Kind
