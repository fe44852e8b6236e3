"""Every measure, with what a person calls it. The order is that of the tables."""

from dataclasses import dataclass

from index.errors import Language


@dataclass(frozen=True, slots=True)
class Measure:
    """``higher`` is better, or lower. A ``share`` lies in [0, 1]; ``of_set`` measures are computed
    over all questions at once and have no value for one."""

    name: str
    fr: str
    en: str
    meaning_fr: str
    meaning_en: str
    higher: bool = True
    share: bool = True
    of_set: bool = False

    def label(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en

    def meaning(self, language: Language) -> str:
        return self.meaning_fr if language == "fr" else self.meaning_en


_ALL = (
    Measure(
        "hit_1", "réussite@1", "hit@1", "le premier passage touche une réponse", "the first passage touches an answer"
    ),
    Measure("hit_3", "réussite@3", "hit@3", "l'un des trois premiers la touche", "one of the first three does"),
    Measure("hit_5", "réussite@5", "hit@5", "l'un des cinq premiers la touche", "one of the first five does"),
    Measure(
        "success_1",
        "succès@1 (à moitié juste)",
        "success@1 (half gold)",
        "la moitié au moins du temps du premier passage est attendue",
        "at least half of the first passage's time is gold",
    ),
    Measure(
        "precision_5",
        "précision@5 (à moitié justes)",
        "precision@5 (half gold)",
        "part des cinq premiers passages à moitié justes",
        "share of the first five passages that are half gold",
    ),
    Measure(
        "words",
        "mots du premier passage",
        "words of the first passage",
        "ce qu'il faut lire d'abord",
        "what has to be read first",
        higher=False,
        share=False,
    ),
    Measure(
        "mrr_10",
        "MRR@10",
        "MRR@10",
        "1 / rang du premier passage qui touche une réponse",
        "1 / rank of the first passage that touches an answer",
    ),
    Measure(
        "recall_5",
        "rappel@5",
        "recall@5",
        "part des réponses touchées par les cinq premiers passages",
        "share of the answering spans that the first five touch",
    ),
    Measure(
        "ndcg_20",
        "nDCG@20 des segments",
        "nDCG@20 of segments",
        "ordre des segments lus, gains 2^note - 1",
        "order in which segments are read, gains 2^grade - 1",
    ),
    Measure(
        "recording_mrr_10",
        "MRR@10 des enregistrements",
        "MRR@10 of recordings",
        "1 / rang du premier enregistrement attendu",
        "1 / rank of the first right recording",
    ),
    Measure(
        "recording_hit_10",
        "réussite@10 des enregistrements",
        "hit@10 of recordings",
        "un enregistrement attendu est parmi les dix premiers",
        "a right recording is among the first ten",
    ),
    Measure(
        "citation_precision",
        "précision des citations",
        "citation precision",
        "part attendue du temps que la réponse cite",
        "gold share of the time that the answer cites",
    ),
    Measure(
        "citation_recall",
        "rappel des citations",
        "citation recall",
        "part du temps des réponses que la réponse cite",
        "share of the answering time that the answer cites",
    ),
    Measure(
        "quote_precision",
        "précision des guillemets",
        "quote precision",
        "part attendue des mots entre guillemets",
        "gold share of the words in quotation marks",
    ),
    Measure(
        "exact_quotes",
        "guillemets mot pour mot",
        "quotes word for word",
        "passages et guillemets présents tels quels dans la transcription",
        "passages and quotes that stand in the transcript as they are",
    ),
    Measure(
        "right_speaker",
        "bon locuteur, ce qui est cité",
        "right speaker, what is cited",
        "part des mots cités que la personne demandée dit vraiment",
        "share of the cited words that the person asked about really says",
    ),
    Measure(
        "right_speaker_5",
        "bon locuteur, cinq passages",
        "right speaker, five passages",
        "la même part, dans les cinq premiers passages",
        "the same share, of the first five passages",
    ),
    Measure(
        "auroc",
        "AUROC de l'abstention",
        "AUROC of abstention",
        "la confiance sépare ce qui a une réponse de ce qui n'en a pas",
        "confidence tells the answerable from the others",
        of_set=True,
    ),
    Measure(
        "aurc",
        "aire risque-couverture",
        "risk-coverage area",
        "erreur moyenne en répondant d'abord aux plus sûres",
        "mean error when the surest are answered first",
        higher=False,
        of_set=True,
    ),
    Measure(
        "excess_aurc",
        "  au-dessus du meilleur ordre",
        "  above the best order",
        "ce qu'un ordre parfait des mêmes réponses éviterait",
        "what a perfect order of the same answers would save",
        higher=False,
        of_set=True,
    ),
    Measure(
        "wrong_refusals",
        "refus à tort",
        "wrong refusals",
        "questions avec réponse restées sans réponse",
        "answerable questions that were refused",
        higher=False,
    ),
    Measure(
        "wrong_answers",
        "réponses à tort",
        "wrong answers",
        "questions sans réponse qui en ont reçu une",
        "unanswerable questions that were answered",
        higher=False,
    ),
)
MEASURES = {measure.name: measure for measure in _ALL}

_OF_SPEAKERS = (
    Measure("accuracy", "justesse", "accuracy", "part juste des mots nommés", "right share of the named words"),
    Measure("coverage", "couverture", "coverage", "part des mots nommés", "share of words that got a name"),
    Measure("accuracy_60", "justesse à 60 %", "accuracy at 60%", "les 60 % les plus sûrs", "the surest 60%"),
    Measure("accuracy_80", "justesse à 80 %", "accuracy at 80%", "les 80 % les plus sûrs", "the surest 80%"),
    Measure("accuracy_100", "justesse de tout", "accuracy of all", "tous les mots", "all words"),
    Measure("turn_f1", "F1 des tours", "turn F1", "changements, à un segment près", "changes, within one segment"),
)
SPEAKER_MEASURES = {measure.name: measure for measure in _OF_SPEAKERS}
"""Of who speaks, over recordings rather than questions."""
