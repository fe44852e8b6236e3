"""A file that is brought."""

from index.errors.base import QdqError

_FORMATS_FR = (
    "sous-titres (SubRip, WebVTT, TTML…), JSON des logiciels de transcription (Whisper…), texte horodaté, CSV ou TSV, "
    "DOCX, RTF, HTML, formats de recherche (ELAN, Praat, CHAT, Transcriber, NIST)"
)
_FORMATS_EN = (
    "subtitles (SubRip, WebVTT, TTML…), the JSON of recognisers (Whisper…), text with times, CSV or TSV, DOCX, RTF, "
    "HTML, formats of research (ELAN, Praat, CHAT, Transcriber, NIST)"
)
"""The families; docs/formats.md has the list."""


class TranscriptError(QdqError):
    """A file that was brought cannot become a transcript."""


class FileUnreadable(TranscriptError):
    """Missing, a folder, or not permitted."""

    fr = "Impossible de lire {path} ({reason}) : vérifiez le chemin et les droits."
    en = "Cannot read {path} ({reason}): check the path and its permissions."


class FileEmpty(TranscriptError):
    """No byte, or only white space."""

    fr = "Le fichier {path} est vide : rien n'a été ajouté."
    en = "The file {path} is empty: nothing was added."


class FileBinary(TranscriptError):
    """Not a text in any encoding that is read."""

    fr = (
        f"Le fichier {{path}} n'est pas une transcription ({{reason}}). Formats lus : {_FORMATS_FR}. "
        "Un enregistrement doit d'abord être transcrit, par exemple avec "
        "« whisper {path} --output_format json », puis ajoutez le JSON obtenu."
    )
    en = (
        f"The file {{path}} is no transcript ({{reason}}). Formats read: {_FORMATS_EN}. "
        "A recording has to be transcribed first, for example with “whisper {path} --output_format json”; "
        "then add the JSON that it gives."
    )


class FileTooLarge(TranscriptError):
    """Over ``max_file_mb`` of the settings."""

    fr = "Le fichier {path} dépasse {limit_mb} Mo : coupez-le, ou relevez la limite avec QDQ_MAX_FILE_MB."
    en = "The file {path} is over {limit_mb} MB: cut it, or raise the limit with QDQ_MAX_FILE_MB."


class LimitExceeded(TranscriptError):
    """More in a file than the limits of the settings allow."""

    fr = "{path} a plus de {limit} {what_fr} : coupez le fichier, ou relevez la limite avec {setting}."
    en = "{path} has more than {limit} {what}: cut the file, or raise the limit with {setting}."


class FormatUnknown(TranscriptError):
    """A structured file (JSON, say) in a layout that no reader knows."""

    fr = f"Le format de {{path}} n'est pas reconnu ({{reason_fr}}). Formats lus : {_FORMATS_FR}."
    en = f"The format of {{path}} is not recognised ({{reason}}). Formats read: {_FORMATS_EN}."


class FormatBroken(TranscriptError):
    """Recognised, but it cannot be read to the end."""

    fr = "{path}, lu comme {format}, est fautif à la ligne {line} : {reason_fr}. Corrigez le fichier et recommencez."
    en = "{path}, read as {format}, is broken at line {line}: {reason}. Mend the file and try again."


class TimesMissing(TranscriptError):
    """A text in which no timestamp was found."""

    fr = (
        f"Aucun horodatage dans {{path}}. Formats essayés : {_FORMATS_FR}. Le fichier commence par :\n{{head}}\n"
        "Chaque passage doit commencer par son temps, par exemple « 03:40Bonjour » ; à défaut, "
        "« --words-per-minute 150 » estime les temps d'après le nombre de mots."
    )
    en = (
        f"No timestamps in {{path}}. Formats tried: {_FORMATS_EN}. The file begins with:\n{{head}}\n"
        "Each passage has to begin with its time, for example “03:40Hello”; failing that, "
        "“--words-per-minute 150” estimates the times from the number of words."
    )


class MetadataInvalid(TranscriptError):
    """The side file with title, date and so on cannot be used."""

    fr = "{path} est inutilisable ({reason_fr}). Champs permis : {fields}."
    en = "{path} cannot be used ({reason}). Fields allowed: {fields}."


class MendingRefused(TranscriptError):
    """Strict reading was asked for, and the file is not as it should be."""

    fr = "{path} n'est pas sans défaut ({count}, d'abord {first_fr}) : corrigez-le, ou ajoutez-le sans --strict."
    en = "{path} is not without faults ({count}, first {first}): mend it, or add it without --strict."


class SpeakersInvalid(TranscriptError):
    """The side file that says who speaks cannot be used."""

    fr = (
        "Le fichier des locuteurs {path} est inutilisable (ligne {line}) : {reason_fr}. "
        "Il faut un RTTM, un JSON (start, end, speaker), ou un TSV ou un CSV avec les colonnes start et speaker."
    )
    en = (
        "The speaker file {path} cannot be used (line {line}): {reason}. "
        "It has to be RTTM, JSON (start, end, speaker), or TSV or CSV with columns start and speaker."
    )
