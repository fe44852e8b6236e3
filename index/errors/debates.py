"""What is asked of a debate."""

from index.errors.base import QdqError


class DebateError(QdqError):
    """Something asked of a debate."""


class DebateUnknown(DebateError):
    """No debate has this id."""

    fr = "Aucun débat « {debate} » dans l'index. Débats présents : {known}."
    en = "No debate “{debate}” in the index. Debates present: {known}."


class DebateTwice(DebateError):
    """Two files of one run have the same id."""

    fr = "{path} deviendrait le débat « {debate} », comme {other} : ajoutez-le seul, avec --id."
    en = "{path} would become the debate “{debate}”, as {other} did: add it by itself, with --id."


class DebatePresent(DebateError):
    """Its id is that of a debate in the index, which nobody said is to be replaced."""

    fr = (
        "{path} deviendrait le débat « {debate} », qui est déjà là (« {title} ») : rien n'a été changé. "
        "Demandez de le remplacer, ou donnez un autre identifiant."
    )
    en = (
        "{path} would become the debate “{debate}”, which is there already (“{title}”): nothing was changed. "
        "Ask to replace it, or give another id."
    )


class DebateIdInvalid(DebateError):
    """An id has to be a slug: it stands in links."""

    fr = "« {debate} » ne peut pas être un identifiant : minuscules sans accent, chiffres et tirets, 120 au plus."
    en = "“{debate}” cannot be an id: lower-case letters without accents, digits and dashes, 120 at most."


class ParticipantsMissing(DebateError):
    """Neither its title nor its labels name anybody."""

    fr = (
        "Personne n'est connu comme participant de « {debate} » : donnez « participants: » dans le fichier YAML posé à "
        "côté de la transcription, et ajoutez-la de nouveau."
    )
    en = (
        "Nobody is known to take part in “{debate}”: give “participants:” in the YAML file beside the transcript, "
        "and add it again."
    )


class FieldInvalid(DebateError):
    """A date, language or link that cannot be one."""

    fr = "Le champ {field} vaut « {value} » : il faut {expected_fr}."
    en = "The field {field} is “{value}”: it has to be {expected}."


class MediaMissing(DebateError):
    """A file to play that was never given, or was moved away since."""

    fr = (
        "Le débat « {debate} » n'a pas ici de fichier audio ou vidéo, ou ce fichier a été déplacé : "
        "donnez-le avec « qdq edit {debate} --media FICHIER »."
    )
    en = (
        "The debate “{debate}” has no audio or video file here, or that file was moved: "
        "give it with “qdq edit {debate} --media FILE”."
    )


class SegmentUnknown(DebateError):
    """A correction of segments that are not there."""

    fr = "Le débat « {debate} » n'a pas les segments {first} à {last} : ils vont de 0 à {end}."
    en = "The debate “{debate}” has no segments {first} to {last}: they go from 0 to {end}."


class SegmentsChanged(DebateError):
    """Somebody changed the debate between looking at it and correcting it."""

    fr = "Les segments {first} à {last} du débat « {debate} » ont changé depuis : relisez-les, puis recommencez."
    en = "Segments {first} to {last} of the debate “{debate}” have changed since: read them again, then try again."


class TranscriptChanged(DebateError):
    """Somebody changed its transcript while its recording was listened to."""

    fr = (
        "La transcription de « {debate} » a changé pendant l'écoute de son enregistrement : rien n'a été modifié. "
        "Recommencez l'écoute."
    )
    en = (
        "The transcript of “{debate}” was changed while its recording was listened to: nothing was modified. "
        "Listen to it again."
    )


class VoiceUnknown(DebateError):
    """A whole voice is named that nobody has heard in this debate."""

    fr = "Aucune voix « {voice} » dans le débat « {debate} ». Voix présentes : {known}."
    en = "No voice “{voice}” in the debate “{debate}”. Voices present: {known}."


class WordUnknown(DebateError):
    """A segment is cut before one of its words; before the first one only if a segment comes before."""

    fr = "Le segment {segment} ne peut pas être coupé avant le mot {word} : il faut 0 à {last}, et un mot avant."
    en = "Segment {segment} cannot be cut before word {word}: it has to be 0 to {last}, with a word before it."


class CorrectionUnknown(DebateError):
    """No correction of this debate has this number."""

    fr = "Aucune correction n° {correction} dans le débat « {debate} ». Corrections présentes : {known}."
    en = "No correction {correction} in the debate “{debate}”. Corrections present: {known}."


class PersonUnknown(DebateError):
    """A rename of somebody who is not in the index."""

    fr = "Personne ne s'appelle « {person} » dans l'index. Noms présents : {known}."
    en = "Nobody is called “{person}” in the index. Names present: {known}."


class MomentUnknown(DebateError):
    """An assistant asked for something else than a debate or a moment of one."""

    fr = "Aucun débat à l'adresse « {uri} » : il faut qdq://debates/ID, ou qdq://debates/ID?t=DÉBUT,FIN en secondes."
    en = "No debate at the address “{uri}”: it has to be qdq://debates/ID, or qdq://debates/ID?t=START,END in seconds."
