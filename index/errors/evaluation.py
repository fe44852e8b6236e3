"""An evaluation that cannot be run, read or compared."""

from index.errors.base import QdqError


class EvaluationError(QdqError):
    """An evaluation that cannot be run, read or compared."""


class QuestionsInvalid(EvaluationError):
    """A line of a file of questions, documents or judgements."""

    fr = "{path}, ligne {line} : {reason_fr}. Corrigez cette ligne et recommencez."
    en = "{path}, line {line}: {reason}. Mend that line and try again."


class SuiteUnknown(EvaluationError):
    """Neither the name of a suite nor a path."""

    fr = "Aucune suite « {suite} ». Donnez {known}, un dossier de débats et de questions, ou des questions en JSONL."
    en = "No suite “{suite}”. Give {known}, a folder of debates and questions, or a JSONL file of questions."


class SuiteInvalid(EvaluationError):
    """A folder in which something is missing, or a switch that does not fit."""

    fr = "{suite} ne peut pas servir de suite : {reason_fr}. Voyez eval/README.md."
    en = "{suite} cannot be used as a suite: {reason}. See eval/README.md."


class SystemUnknown(EvaluationError):
    """Neither a name nor a file."""

    fr = "Aucun système « {system} ». Donnez l'un de {known}, ou un fichier de réglages (JSON ou TOML)."
    en = "No system “{system}”. Give one of {known}, or a file of settings (JSON or TOML)."


class ResultInvalid(EvaluationError):
    """Not the JSON that ``qdq eval run`` writes."""

    fr = "{path} n'est pas un résultat d'évaluation ({reason}) : donnez un fichier écrit par « qdq eval run »."
    en = "{path} is not the result of an evaluation ({reason}): give a file written by “qdq eval run”."


class ResultsDiffer(EvaluationError):
    """Two results that do not compare."""

    fr = "Ces résultats ne se comparent pas : leurs {what_fr} diffèrent. Refaites l'un des deux avec « qdq eval run »."
    en = "These results do not compare: their {what} differ. Run one of them again with “qdq eval run”."


class QuestionUnknown(EvaluationError):
    """No question has this id."""

    fr = "Aucune question « {question} » dans ce résultat. Questions : {known}."
    en = "No question “{question}” in this result. Questions: {known}."


class FloorsInvalid(EvaluationError):
    """The file that holds the lowest accepted values."""

    fr = "Le fichier de seuils {path} est inutilisable : {reason_fr}."
    en = "The file of floors {path} cannot be used: {reason}."
