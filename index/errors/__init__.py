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
    │   ├── TranscriptChanged       it is not the one of which the recording was listened to
    │   ├── VoiceUnknown            a voice to name that nobody heard in the debate
    │   ├── WordUnknown             a word to cut at that the segment does not have
    │   ├── CorrectionUnknown       a correction to undo that is not there
    │   ├── PersonUnknown           somebody to rename whom nobody knows
    │   └── MomentUnknown           an address of an assistant that is none of ours
    ├── RecordingError              the sound of a debate
    │   ├── AudioMissing            the extra that hears it is not installed
    │   ├── RecordingUnreadable     missing, a folder, no permission
    │   ├── RecordingUnknown        neither sound nor pictures, or a list of other files
    │   ├── RecordingWithoutSound   pictures only
    │   ├── RecordingUnsupported    locked, a kind that is not decoded, a size that no debate has
    │   ├── RecordingDamaged        too much of it cannot be decoded
    │   ├── RecordingTruncated      it ends before the time that it tells itself
    │   ├── RecordingShort          it holds only a part of the transcript
    │   ├── RecordingShifted        it goes with the transcript, at other times
    │   ├── RecordingOther          it does not go with the transcript
    │   ├── VoiceModelUnusable      the encoder of voices
    │   └── VoiceWeightsDamaged     of the networks that listen
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
    ├── EnrolmentError              voices of people that are kept
    │   ├── EnrolmentOff            nobody switched it on
    │   ├── EnrolmentShort          too little is heard of somebody
    │   ├── EnrolmentUnheard        nobody listened to the recording of that debate
    │   └── EnrolledUnknown         nobody of this name is kept
    ├── FileUnwritable              a result or an export
    ├── SettingsInvalid             a ``QDQ_`` variable, or a file of settings
    ├── AddressUnavailable          the server cannot listen there
    ├── AssistantExtraMissing       the extra that speaks to assistants is not installed
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
    └── RequestMisdirected          under a name that is not the server's

Each class holds its sentence in French and in English; both name what to do next. A test draws this tree again from the
classes and compares.
"""

# in the order of the tree
from index.errors.base import *
from index.errors.transcripts import *
from index.errors.debates import *
from index.errors.recordings import *
from index.errors.questions import *
from index.errors.watches import *
from index.errors.store import *
from index.errors.models import *
from index.errors.evaluation import *
from index.errors.enrolment import *
from index.errors.program import *
from index.errors.access import *
from index.errors.requests import *
