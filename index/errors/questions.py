"""What is asked."""

from index.errors.base import QdqError


class QuestionError(QdqError):
    """A question that cannot be asked."""


class QuestionEmpty(QuestionError):
    """Nothing but white space or signs."""

    fr = "La question est vide : posez-la en une phrase, par exemple « Que pense Kempf du RGPD ? »."
    en = "The question is empty: ask it in a sentence, for example “What does Kempf think about GDPR?”."


class QuestionTooLong(QuestionError):
    """Over ``max_question_chars`` of the settings."""

    fr = "La question compte {length} caractères ; la limite est {limit}. Posez-la en une phrase."
    en = "The question has {length} characters; the limit is {limit}. Ask it in one sentence."


class QuoteEmpty(QuestionError):
    """No word to look for."""

    fr = "La citation ne contient aucun mot : donnez les mots dits, par exemple « Je n'y crois pas »."
    en = "The quote holds no word: give the words that were said, for example “I do not believe it”."


class QuoteTooLong(QuestionError):
    """Over ``max_quote_chars`` of the settings."""

    fr = (
        "La citation compte {length} caractères ({words} mots) ; la limite est {limit} caractères. Vérifiez-la par "
        "morceaux, ou relevez la limite avec QDQ_MAX_QUOTE_CHARS."
    )
    en = (
        "The quote has {length} characters ({words} words); the limit is {limit} characters. Verify it in parts, or "
        "raise the limit with QDQ_MAX_QUOTE_CHARS."
    )


class TopKInvalid(QuestionError):
    """``top_k`` outside 1 to 50."""

    fr = "top_k vaut {top_k} : il faut un entier de 1 à 50."
    en = "top_k is {top_k}: it has to be a whole number from 1 to 50."


class SpeakerUnknown(QuestionError):
    """The filter names nobody who takes part."""

    fr = "Personne ne s'appelle « {speaker} » dans ces débats. Participants : {known}."
    en = "Nobody is called “{speaker}” in these debates. Participants: {known}."


class AnswerUnknown(QuestionError):
    """No answer is kept under this id: none ever was, it was deleted, or its time is over."""

    fr = "Aucune réponse « {answer} » n'est conservée : elle a pu être effacée ou expirer (QDQ_KEEP_ANSWERS_DAYS)."
    en = "No answer “{answer}” is kept: it may have been deleted, or have expired (QDQ_KEEP_ANSWERS_DAYS)."
