"""Voices of people that are kept, so that they are known again."""

from index.errors.base import QdqError


class EnrolmentError(QdqError):
    """Something about the voices that are kept."""


class EnrolmentOff(EnrolmentError):
    """Nobody switched it on."""

    fr = (
        "Reconnaître des personnes à leur voix est désactivé : leur empreinte vocale est une donnée biométrique. "
        "Pour l'activer : QDQ_VOICE_ENROLMENT=true."
    )
    en = (
        "Knowing people by their voice is switched off: a print of their voice is biometric data. "
        "To switch it on: QDQ_VOICE_ENROLMENT=true."
    )


class EnrolmentShort(EnrolmentError):
    """Nobody knows a voice by so little."""

    fr = (
        "On n'entend pas assez {person} seul dans « {debate} » ({seconds} s, il en faut {least}) : "
        "donnez un débat où cette personne parle davantage, ou dites quelle voix est la sienne."
    )
    en = (
        "{person} is not heard enough alone in “{debate}” ({seconds} s, {least} are needed): "
        "give a debate in which they speak more, or say which voice is theirs."
    )


class EnrolmentUnheard(EnrolmentError):
    """Whether the times of the transcript are those of the recording is not known."""

    fr = (
        "Les voix de « {debate} » n'ont pas été distinguées dans son enregistrement : "
        "faites-le d'abord avec « qdq voices {debate} --media FICHIER »."
    )
    en = (
        "The voices of “{debate}” were not told apart in its recording: "
        "do that first, with “qdq voices {debate} --media FILE”."
    )


class EnrolledUnknown(EnrolmentError):
    """Nobody of this name was enrolled."""

    fr = "La voix de {person} n'est pas gardée. Voix gardées : {known}."
    en = "The voice of {person} is not kept. Voices kept: {known}."
