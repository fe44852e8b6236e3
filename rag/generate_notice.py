"""What an answer says of the language model that was asked, in the question's language."""

from collections.abc import Mapping

from index.errors import Language, LlmError, LlmPackageMissing, LlmUnset
from rag.checked import Fault
from rag.types import Generated

_FAULTS: Mapping[Fault, tuple[str, str]] = {
    Fault.UNCITED: ("sans citation", "no citation"),
    Fault.CITATION_UNKNOWN: ("numéro de passage inexistant", "no such passage"),
    Fault.MARKUP: ("lien ou balise", "a link or markup"),
    Fault.ORDER: ("ordre venu d'une transcription", "an order from a transcript"),
    Fault.QUOTE: ("citation inexacte", "inexact quote"),
    Fault.SPEAKER: ("propos prêtés à quelqu'un d'autre", "words given to somebody else"),
    Fault.NAME: ("nom absent du passage", "a name that is not in the passage"),
    Fault.NUMBER: ("chiffre absent du passage", "a figure that is not in the passage"),
    Fault.UNSUPPORTED: ("affirmation que le passage ne porte pas", "a claim that the passage does not bear"),
    Fault.DANGLING: ("« il » ou « elle » sans référent sûr", "“he” or “she” without a sure referent"),
}
_BY = (
    "Rédigé par le modèle de langage {model} d'après les citations.",
    "Worded by the language model {model} from the quotes.",
)
_REMOVED = (
    ("1 phrase du modèle a été retirée : {why}.", "{count} phrases du modèle ont été retirées : {why}."),
    ("1 sentence of the model was taken out: {why}.", "{count} sentences of the model were taken out: {why}."),
)
_CUT = ("Sa réponse n'est pas complète : {reason}.", "Its answer is not complete: {reason}.")
_FAILED = ("Le modèle de langage n'a pas pu répondre : {reason}.", "The language model could not answer: {reason}.")
_NOTHING = (
    "Le modèle de langage n'a pas trouvé de réponse dans les passages.",
    "The language model found no answer in the passages.",
)
_NO_TEXT = ("Le modèle de langage n'a rien répondu.", "The language model replied nothing.")
_ALONE = ("Réponse par citations seules.", "Answer by quotes alone.")


def notice(generated: Generated, language: Language, failure: LlmError | None, *, declined: bool = False) -> str:
    """Who worded what, how many sentences were taken out and why, and what went wrong. ``declined``: the model itself
    says that the passages do not answer."""
    choice = 0 if language == "fr" else 1
    said: list[str] = []
    if generated.sentences:
        said.append(_BY[choice].format(model=generated.model))
    if count := generated.sentences_removed:
        why = ", ".join(f"{_FAULTS[Fault(one.fault)][choice]} ({one.count})" for one in generated.removed)
        said.append(_REMOVED[choice][count > 1].format(count=count, why=why))
    if failure is not None:
        said.append((_CUT if generated.sentences else _FAILED)[choice].format(reason=reason(failure, language)))
    elif declined:
        said.append(_NOTHING[choice])
    elif not generated.sentences and not count:
        said.append(_NO_TEXT[choice])
    if not generated.sentences:
        said.append(_ALONE[choice])
    return " ".join(said)


def reason(failure: LlmError, language: Language) -> str:
    """For a reader, so without addresses; whoever runs the server finds the whole in its log."""
    if isinstance(failure, LlmUnset):
        return "aucun n'est réglé (QDQ_LLM_URL)" if language == "fr" else "none is set (QDQ_LLM_URL)"
    if isinstance(failure, LlmPackageMissing):
        return "le paquet openai n'est pas installé" if language == "fr" else "the package openai is not installed"
    return str(failure.details["reason_fr" if language == "fr" else "reason"])
