"""A small document in each dialect of recognisers and editors, with what has to be read of it."""

from typing import Any

Row = tuple[float, float | None, str, str | None]
"""Start, end, text, speaker."""


def stamped(text: str, start: float = 0, **more: Any) -> list[dict[str, Any]]:
    """As most recognisers list words: one every half second."""
    return [
        {"word": word, "start": start + at / 2, "end": start + at / 2 + 0.5, **more}
        for at, word in enumerate(text.split())
    ]


def in_milliseconds(text: str, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [
        {"text": word, "start": start + at * 500, "end": start + at * 500 + 500, "confidence": 0.9, **more}
        for at, word in enumerate(text.split())
    ]


LONG = " ".join(["mot"] * 41)

# Whisper -------------------------------------------------------------------------------------------------------------

OPENAI = {
    "text": " Bonjour à tous.",
    "language": "fr",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.1, "end": 1.5, "text": " Bonjour à tous.", "tokens": [1, 2],
         "words": [{"word": " Bonjour", "start": 0.1, "end": 0.6, "probability": 0.9},
                   {"word": " à", "start": 0.6, "end": 0.7, "probability": 0.9},
                   {"word": " tous", "start": 0.7, "end": 1.4, "probability": 0.9},
                   {"word": ".", "start": 1.4, "end": 1.5, "probability": 0.9}]},
    ],
}  # fmt: skip
TIMESTAMPED = {
    "language": "en",
    "segments": [{"start": 0.12, "end": 0.62, "text": " Yeah, so", "confidence": 0.9,
                  "words": [{"text": "Yeah,", "start": 0.12, "end": 0.38, "confidence": 0.7},
                            {"text": "so", "start": 0.38, "end": 0.62, "confidence": 0.7}]}],
}  # fmt: skip
WHISPERX = {
    "language": "en",
    "segments": [
        {"start": 0.0, "end": 2.0, "text": " In 2014, yes. No.", "speaker": "SPEAKER_00", "words": [
            {"word": "In", "start": 0.0, "end": 0.5, "score": 0.9, "speaker": "SPEAKER_00"},
            {"word": "2014,"},
            {"word": "yes.", "start": 1.0, "end": 1.4, "score": 0.9, "speaker": "SPEAKER_00"},
            {"word": "No.", "start": 1.5, "end": 2.0, "score": 0.9, "speaker": "SPEAKER_01"}]},
        {"start": 3.0, "end": 3.5, "text": "Ok.", "words": [
            {"word": "Ok.", "start": 3.0, "end": 3.5, "score": 0.9, "speaker": "SPEAKER_01"}]},
    ],
    "word_segments": [{"word": "In", "start": 0.0, "end": 0.5, "score": 0.9}],
}  # fmt: skip
CPP = {
    "result": {"language": "en"},
    "transcription": [
        {"timestamps": {"from": "00:00:00,040", "to": "00:00:01,000"}, "offsets": {"from": 40, "to": 1000},
         "text": " Everybody, hi", "speaker": "1", "tokens": [
            {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "id": 50364},
            {"text": " Every", "offsets": {"from": 40, "to": 200}, "id": 1},
            {"text": "body", "offsets": {"from": 200, "to": 600}, "id": 2},
            {"text": ",", "offsets": {"from": 600, "to": 600}, "id": 3},
            {"text": " hi", "offsets": {"from": 700, "to": 1000}, "id": 4}]},
    ],
}  # fmt: skip
CPP_WORDS = {
    "result": {"language": "en"},
    "transcription": [
        {"offsets": {"from": at * 300, "to": at * 300 + 300}, "text": text}
        for at, text in enumerate([" Ask", " not", " what", ",", " you", " know", "."])
    ],
}
VERBOSE = {
    "task": "transcribe", "language": "french", "duration": 3.0, "text": "Oui, bien sûr. Non.",
    "segments": [{"id": 0, "start": 0.0, "end": 1.5, "text": " Oui, bien sûr."},
                 {"id": 1, "start": 1.5, "end": 3.0, "text": " Non."}],
    "words": stamped("Oui bien sûr Non"),
}  # fmt: skip
CHUNKS = {"text": " Hi there", "chunks": [{"timestamp": [0.0, 2.5], "text": " Hi there"},
                                          {"timestamp": [2.5, None], "text": " you too"}]}  # fmt: skip

# Providers -----------------------------------------------------------------------------------------------------------

DEEPGRAM = {
    "metadata": {"channels": 1},
    "results": {"channels": [{"detected_language": "en", "alternatives": [{"transcript": "Yeah. As well.", "words": [
        {"word": "yeah", "start": 0.08, "end": 0.32, "punctuated_word": "Yeah.", "speaker": 0},
        {"word": "as", "start": 0.32, "end": 0.8, "punctuated_word": "As", "speaker": 1},
        {"word": "well", "start": 0.8, "end": 1.1, "speaker": 1}]}]}]},
}  # fmt: skip
DEEPGRAM_UTTERANCES = {
    "results": {
        "channels": DEEPGRAM["results"]["channels"],  # type: ignore[index]
        "utterances": [
            {"start": 0.08, "end": 0.32, "channel": 0, "speaker": 0, "transcript": "Yeah.", "words": [
                {"word": "yeah", "start": 0.08, "end": 0.32, "punctuated_word": "Yeah.", "speaker": 0}]},
            {"start": 0.32, "end": 1.1, "channel": 0, "speaker": 1, "transcript": "As well", "words": []}],
    },
}  # fmt: skip
DEEPGRAM_PARAGRAPHS = {"results": {"channels": [{"alternatives": [{"transcript": "Yeah. As well.", "paragraphs": {
    "paragraphs": [{"speaker": 2, "start": 0.08, "end": 1.1, "sentences": [
        {"text": "Yeah.", "start": 0.08, "end": 0.32}, {"text": "As well.", "start": 0.32, "end": 1.1}]}]}}]}]}
}  # fmt: skip
DEEPGRAM_CHANNELS = {"results": {"channels": [
    {"alternatives": [{"words": stamped("a b.") + stamped("c.", 9)}]}, {"alternatives": [{"words": stamped("d.", 4)}]}]}
}  # fmt: skip
ASSEMBLYAI = {
    "id": "x", "status": "completed", "language_code": "en_us", "audio_duration": 2, "text": "Smoke from. Us.",
    "words": in_milliseconds("Smoke from.", 250, speaker=None) + in_milliseconds("Us.", 1250), "utterances": None,
}  # fmt: skip
ASSEMBLYAI_UTTERANCES = {
    "language_code": "en",
    "words": in_milliseconds("Smoke from.", 250, speaker="A"),
    "utterances": [{"speaker": "A", "text": "Smoke from.", "start": 250, "end": 1250, "confidence": 0.9,
                    "words": in_milliseconds("Smoke from.", 250, speaker="A")}],
}  # fmt: skip
ASSEMBLYAI_LONG = {
    "utterances": [{"speaker": "B", "text": LONG, "start": 0, "end": 20500, "confidence": 0.9,
                    "words": in_milliseconds(LONG, speaker="B")}],
}  # fmt: skip
ASSEMBLYAI_SENTENCES = {
    "id": "x",
    "sentences": [{"text": "Smoke from.", "start": 250, "end": 1250, "confidence": 0.9, "speaker": "A",
                   "words": in_milliseconds("Smoke from.", 250)}],
}  # fmt: skip


def item(content: str, start: str | None = None, end: str | None = None, **more: Any) -> dict[str, Any]:
    """As Amazon writes it: punctuation has no times."""
    kind = {"type": "punctuation"} if start is None else {"type": "pronunciation", "start_time": start, "end_time": end}
    return {"alternatives": [{"confidence": "1.0", "content": content}, {"content": "other"}], **kind, **more}


AMAZON_ITEMS = [item("I've", "4.87", "5.02"), item("been", "5.02", "5.17"), item("."), item("Sorry", "5.3", "5.6")]
AMAZON = {
    "jobName": "j", "accountId": "1", "results": {
        "language_code": "en-US", "transcripts": [{"transcript": "I've been. Sorry"}], "items": AMAZON_ITEMS,
        "speaker_labels": {"speakers": 2, "segments": [
            {"start_time": "4.87", "end_time": "5.17", "speaker_label": "spk_0", "items": [
                {"start_time": "4.87", "end_time": "5.02", "speaker_label": "spk_0"}, {"start_time": "5.02"}]},
            {"speaker_label": "spk_1", "items": [{"start_time": "5.3", "speaker_label": "spk_1"}]}]}},
    "status": "COMPLETED",
}  # fmt: skip
AMAZON_SEGMENTS = {
    "results": {
        "language_codes": [{"language_code": "fr-FR", "duration_in_seconds": 4.0}],
        "items": [{"id": at, **one} for at, one in enumerate(AMAZON_ITEMS)],
        "audio_segments": [
            {"id": 0, "transcript": "I've been.", "start_time": "4.87", "end_time": "5.2", "speaker_label": "spk_0",
             "items": [0, 1, 2]},
            {"id": 1, "transcript": "Sorry", "start_time": "5.3", "end_time": "5.6", "speaker_label": "spk_1",
             "items": [3]}],
    },
}  # fmt: skip
AMAZON_CHANNELS = {
    "results": {"items": [item("Yes", "1.0", "1.5"), item("."), item("No", "0.2", "0.5")], "channel_labels": {
        "number_of_channels": 2, "channels": [
            {"channel_label": "ch_0", "items": [item("Yes", "1.0", "1.5"), item(".")]},
            {"channel_label": "ch_1", "items": [item("No", "0.2", "0.5")]}]}},
}  # fmt: skip


def uttered(text: str, start: float, **more: Any) -> list[dict[str, Any]]:
    """As Google writes words."""
    return [
        {"startTime": f"{start + at / 2:.3f}s", "endTime": f"{start + at / 2 + 0.5:.3f}s", "word": word, **more}
        for at, word in enumerate(text.split())
    ]


GOOGLE = {
    "results": [
        {"languageCode": "fr-fr", "alternatives": [
            {"transcript": "Bonjour à", "words": uttered("Bonjour à", 1.3)}, {"transcript": "Bon jour"}]},
        {"alternatives": [{"transcript": " tous.", "words": [
            {"startTime": {"seconds": "2", "nanos": 300000000}, "endTime": {"seconds": 3}, "word": "tous."}]}]},
    ],
}  # fmt: skip
GOOGLE_SPEAKERS = {
    "name": "1", "done": True, "response": {"results": [
        {"alternatives": [{"transcript": "oui", "words": uttered("oui", 1.3)}], "languageCode": "en-us"},
        {"alternatives": [{"transcript": "non", "words": uttered("non", 1.8)}]},
        {"alternatives": [{"words": uttered("oui", 1.3, speakerTag=1) + uttered("non", 1.8, speakerTag=2)}]}]},
}  # fmt: skip
GOOGLE_V2 = {
    "results": [
        {"alternatives": [{"transcript": "Hi you", "words": [
            {"endOffset": "0.400s", "word": "Hi", "speakerLabel": "1"},
            {"startOffset": "0.400s", "endOffset": "0.800s", "word": "you", "speakerLabel": "1"}]}],
         "resultEndOffset": "0.800s", "languageCode": "en-US"},
        {"alternatives": [{"transcript": "Bye now"}], "resultEndOffset": "2.500s", "languageCode": "en-US"}],
}  # fmt: skip
GOOGLE_SNAKE = {
    "results": [{"alternatives": [{"transcript": "Hi", "words": [
        {"start_time": {}, "end_time": {"seconds": {"low": 1, "high": 0}}, "word": "Hi", "speaker_tag": 0}]}]}],
}  # fmt: skip
AZURE = {
    "durationInTicks": 41200000, "combinedRecognizedPhrases": [{"channel": 0, "display": "Hello world."}],
    "recognizedPhrases": [
        {"recognitionStatus": "Success", "channel": 0, "speaker": 1, "locale": "en-US", "offset": "PT0.07S",
         "duration": "PT1.59S", "offsetInTicks": 700000.0, "durationInTicks": 15900000.0, "nBest": [
            {"confidence": 0.9, "lexical": "hello world", "display": "Hello world.", "words": [
                {"word": "hello", "offset": "PT0.09S", "duration": "PT0.48S", "offsetInTicks": 900000.0,
                 "durationInTicks": 4800000.0},
                {"word": "world", "offset": "PT0.59S", "duration": "PT0.16S"}]}, {"display": "Yellow"}]},
        {"recognitionStatus": "Success", "channel": 0, "speaker": 2, "offset": "PT1M2.5S", "duration": "PT1S",
         "nBest": [{"display": "Yes."}]}],
}  # fmt: skip
AZURE_FAST = {
    "durationMilliseconds": 1600, "combinedPhrases": [{"text": "Good afternoon."}],
    "phrases": [{"speaker": 0, "offsetMilliseconds": 960, "durationMilliseconds": 640, "text": "Good afternoon.",
                 "locale": "en-US", "words": [
                     {"text": "Good", "offsetMilliseconds": 960, "durationMilliseconds": 240},
                     {"text": "afternoon.", "offsetMilliseconds": 1200, "durationMilliseconds": 400}]}],
}  # fmt: skip
AZURE_FILES = {
    "AudioFileResults": [
        {"AudioFileName": "Channel.0.wav", "SegmentResults": [
            {"RecognitionStatus": "Success", "Offset": 50000000, "Duration": 13300000, "NBest": [
                {"Display": "What's that?", "Words": None}]}]},
        {"AudioFileName": "Channel.1.wav", "SegmentResults": [
            {"RecognitionStatus": "Success", "OffsetInSeconds": 1.5, "DurationInSeconds": 2, "SpeakerId": "Guest-1",
             "Offset": 15000000, "NBest": [{"Display": "Here."}]}]}],
}  # fmt: skip
AZURE_SDK = [
    {"Id": "1", "RecognitionStatus": "Success", "Offset": 400000, "Duration": 13300000, "DisplayText": "What's that?",
     "PrimaryLanguage": {"Language": "en-US"},
     "NBest": [{"Display": "What's that?", "Words": [{"Word": "what's", "Offset": 400000, "Duration": 5000000}]}]},
]  # fmt: skip
WATSON = {
    "result_index": 0,
    "results": [
        {"final": True, "alternatives": [{"transcript": "hello %HESITATION yeah ", "confidence": 0.9, "timestamps": [
            ["hello", 0.68, 1.19], ["%HESITATION", 1.2, 1.4], ["yeah", 1.47, 1.93]]}, {"transcript": "hullo"}]},
        {"final": True, "alternatives": [{"transcript": "good ", "timestamps": [["good", 3.5, 4.0]]}]}],
    "speaker_labels": [{"from": 0.68, "to": 1.19, "speaker": 2}, {"from": 1.47, "to": 1.93, "speaker": 1},
                       {"from": 3.5, "to": 4.0, "speaker": 1}],
}  # fmt: skip
WATSON_JOB = {"id": "x", "status": "completed", "results": [WATSON]}


def spoken(content: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    """As Speechmatics writes it."""
    alternative = {"content": content, "confidence": 1.0, "language": "en", "speaker": more.pop("speaker", "S1")}
    return {"type": "word", "start_time": start, "end_time": end, "alternatives": [alternative], **more}


def mark(content: str, at: float, attaches: str = "previous") -> dict[str, Any]:
    return spoken(content, at, at, type="punctuation", attaches_to=attaches)


SPEECHMATICS = {
    "format": "2.9", "job": {"data_name": "a.mp3"},
    "metadata": {"type": "transcription", "transcription_config": {"language": "en", "diarization": "speaker"}},
    "results": [spoken("Yeah", 2.04, 2.31), mark(".", 2.31), spoken("He", 2.4, 2.6), mark("«", 2.6, "next"),
                spoken("is", 2.6, 2.8), mark("-", 2.8, "both"), spoken("was", 2.8, 3.0),
                spoken("$5 million", 3.0, 3.5, type="entity", speaker="UU"),
                {"type": "speaker_change", "start_time": 3.5, "end_time": 3.5}],
}  # fmt: skip
SPEECHMATICS_CHANNELS = {
    "format": "2.9",
    "results": [spoken("Yes", 1.0, 1.2, channel="Agent", speaker=None), spoken("No", 0.5, 0.7, channel="Caller")],
}
SPEECHMATICS_1 = {
    "format": "1.0", "job": {"lang": "en", "name": "a.mp4", "duration": 3},
    "speakers": [{"duration": "1.0", "confidence": None, "name": "F4", "time": "13.0"},
                 {"duration": "1.0", "confidence": None, "name": "M1", "time": "14.1"}],
    "words": [{"duration": "0.5", "confidence": "1.0", "name": "There", "time": "13.05"},
              {"duration": "0.1", "confidence": "1.0", "name": ".", "time": "13.60"},
              {"duration": "0.5", "confidence": "1.0", "name": "Well", "time": "14.20"}],
}  # fmt: skip

# Editors and lists ---------------------------------------------------------------------------------------------------

KALDI_WORDS = [
        {"start": 13.0, "end": 13.2, "word": "there", "punct": "There", "confidence": 0.7, "index": 0},
        {"start": 13.2, "end": 13.4, "word": "is", "punct": "is.", "confidence": 0.7, "index": 1},
        {"start": 14.0, "end": 14.4, "word": "no", "punct": "No.", "confidence": 0.7, "index": 2},
        {"start": 99.0, "end": 99.5, "word": "late", "punct": "late", "confidence": 0.7, "index": 3}]  # fmt: skip
KALDI_BODY = {
    "punct": "There is. No.",
    "words": KALDI_WORDS,
    "segmentation": {"@type": "AudioFile", "segments": [
        {"@type": "Segment", "start": 13.9, "duration": 1, "speaker": {"@id": "S2", "gender": "M"}},
        {"@type": "Segment", "start": 0, "duration": 13.15, "speaker": {"@id": "S12", "gender": "F"}}]},
}  # fmt: skip
KALDI = {"action": "audio-transcribe", "retval": {"status": True, **KALDI_BODY}}
AUTOEDIT = {
    "title": "Un  entretien",
    "text": [
        {"id": 0, "speaker": "Ada", "paragraph": [
            {"id": 0, "line": [{"id": 0, "text": "There", "startTime": 13.02, "endTime": 13.17},
                               {"id": 1, "text": "is.", "startTime": 13.17, "endTime": 13.38}]}]},
        {"id": 1, "speaker": "Uknown Spk", "paragraphs": [{"text": "No.", "start": 14, "end": 14.5}]}],
}  # fmt: skip
PAPER_EDIT = {
    "words": [{"id": 0, "start": 13.02, "end": 13.17, "text": "There"},
              {"id": 1, "start": 13.17, "end": 13.38, "text": "is"}, {"id": 2, "start": 15, "end": 15.5, "text": "no"}],
    "paragraphs": [{"id": 0, "start": 13.02, "end": 13.38, "speaker": "F_S12"},
                   {"id": 1, "start": 15, "end": 15.5, "speaker": "TBC 1"}],
}  # fmt: skip
AUTOEDIT_3 = {"title": "Le débat", "transcript": PAPER_EDIT}
DRAFT = {
    "entityMap": {"0": {"type": "WORD", "mutability": "MUTABLE", "data": {"start": 1, "end": 1.5}}},
    "blocks": [
        {"key": "a", "text": "There, is", "type": "paragraph", "entityRanges": [], "data": {
            "speaker": "TBC 0", "start": 1, "words": [{"start": 1, "end": 1.5, "word": "there", "punct": "There"},
                                                      {"start": 1.5, "end": 2, "text": "is"}]}},
        {"key": "b", "text": "Typed by hand", "type": "paragraph", "data": {"speaker": "Ada", "start": 3}}],
}  # fmt: skip
PODCAST = {
    "version": "1.0.0",
    "segments": [{"speaker": "Ada", "startTime": 0.5, "endTime": 2.75, "body": "I am your father."},
                 {"startTime": 3, "endTime": 4.0, "body": "Nooooo"}],
}  # fmt: skip
PODCAST_WORDS = {
    "version": "1.0.0",
    "segments": [{"speaker": who, "startTime": at / 2, "endTime": at / 2 + 0.5, "body": word}
                 for at, (who, word) in enumerate([("Ada", "I"), ("Ada", "am"), ("Ada", "here"), ("Jean", "Oh"),
                                                   ("Jean", "no.")])],
}  # fmt: skip
YOUTUBE = [{"text": "Hey there", "start": 0.0, "duration": 1.54}, {"text": "this is", "start": 1.54, "duration": 4.16}]
YOUTUBE_FETCHED = {"video_id": "x", "language": "French", "language_code": "fr", "snippets": YOUTUBE}
LHOTSE = [
    {"id": "s1", "recording_id": "r1", "start": 0.1, "duration": 0.3, "channel": 0, "text": "hello you",
     "language": "english", "speaker": "Ada", "alignment": {"word": [["hello", 0.1, 0.1], ["you", 0.2, 0.2, 0.9]]}},
    {"id": "s2", "recording_id": "r2", "start": 0.5, "duration": 0.4},
]  # fmt: skip

CASES: dict[str, tuple[str, Any, list[Row], str | None]] = {
    "openai": ("Whisper JSON", OPENAI, [(0.1, 1.5, "Bonjour à tous.", None)], "fr"),
    "timestamped": ("Whisper JSON", TIMESTAMPED, [(0.12, 0.62, "Yeah, so", None)], "en"),
    "faster-whisper": (
        "Whisper JSON",
        [{"id": 1, "start": 0.0, "end": 2.0, "text": " Hi you", "words": [{"word": " Hi", "start": 0.0, "end": 1.0}]}],
        [(0.0, 2.0, "Hi you", None)],
        None,
    ),
    "whisperx": (
        "WhisperX JSON",
        WHISPERX,
        [(0.0, 1.4, "In 2014, yes.", "SPEAKER_00"), (1.5, 2.0, "No.", "SPEAKER_01"), (3.0, 3.5, "Ok.", "SPEAKER_01")],
        "en",
    ),
    "whisper.cpp": ("Whisper JSON", CPP, [(0.04, 1.0, "Everybody, hi", "Speaker 1")], "en"),
    "whisper.cpp words": ("Whisper JSON", CPP_WORDS, [(0.0, 2.1, "Ask not what, you know.", None)], "en"),
    "verbose": ("Whisper JSON", VERBOSE, [(0.0, 1.5, "Oui, bien sûr.", None), (1.5, 3.0, "Non.", None)], "fr"),
    "only words": ("Whisper JSON", {"words": stamped("Oui. Non")},
                   [(0, 0.5, "Oui.", None), (0.5, 1, "Non", None)], None),
    "chunks": ("Whisper JSON", CHUNKS, [(0.0, 2.5, "Hi there", None), (2.5, None, "you too", None)], None),
    "deepgram": (
        "Deepgram JSON", DEEPGRAM, [(0.08, 0.32, "Yeah.", "Speaker 0"), (0.32, 1.1, "As well", "Speaker 1")], "en",
    ),
    "deepgram utterances": (
        "Deepgram JSON",
        DEEPGRAM_UTTERANCES,
        [(0.08, 0.32, "Yeah.", "Speaker 0"), (0.32, 1.1, "As well", "Speaker 1")],
        "en",
    ),
    "deepgram paragraphs": (
        "Deepgram JSON",
        DEEPGRAM_PARAGRAPHS,
        [(0.08, 0.32, "Yeah.", "Speaker 2"), (0.32, 1.1, "As well.", "Speaker 2")],
        None,
    ),
    "deepgram channels": (
        "Deepgram JSON",
        DEEPGRAM_CHANNELS,
        [(0, 1.0, "a b.", "Channel 0"), (4, 4.5, "d.", "Channel 1"), (9, 9.5, "c.", "Channel 0")],
        None,
    ),
    "assemblyai": ("AssemblyAI JSON", ASSEMBLYAI, [(0.25, 1.25, "Smoke from.", None), (1.25, 1.75, "Us.", None)], "en"),
    "assemblyai utterances": (
        "AssemblyAI JSON", ASSEMBLYAI_UTTERANCES, [(0.25, 1.25, "Smoke from.", "Speaker A")], "en",
    ),
    "assemblyai long": (
        "AssemblyAI JSON",
        ASSEMBLYAI_LONG,
        [(0, 10, " ".join(["mot"] * 20), "Speaker B"), (10, 20, " ".join(["mot"] * 20), "Speaker B"),
         (20, 20.5, "mot", "Speaker B")],
        None,
    ),
    "assemblyai sentences": ("AssemblyAI JSON", ASSEMBLYAI_SENTENCES, [(0.25, 1.25, "Smoke from.", "Speaker A")], None),
    "amazon": (
        "Amazon Transcribe JSON", AMAZON, [(4.87, 5.17, "I've been.", "spk_0"), (5.3, 5.6, "Sorry", "spk_1")], "en",
    ),
    "amazon segments": (
        "Amazon Transcribe JSON",
        AMAZON_SEGMENTS,
        [(4.87, 5.2, "I've been.", "spk_0"), (5.3, 5.6, "Sorry", "spk_1")],
        "fr",
    ),
    "amazon channels": (
        "Amazon Transcribe JSON", AMAZON_CHANNELS, [(0.2, 0.5, "No", "ch_1"), (1.0, 1.5, "Yes.", "ch_0")], None,
    ),
    "amazon items": (
        "Amazon Transcribe JSON", AMAZON_ITEMS, [(4.87, 5.17, "I've been.", None), (5.3, 5.6, "Sorry", None)], None,
    ),
    "google": ("Google Speech JSON", GOOGLE, [(1.3, 2.3, "Bonjour à", None), (2.3, 3.0, "tous.", None)], "fr"),
    "google speakers": (
        "Google Speech JSON", GOOGLE_SPEAKERS, [(1.3, 1.8, "oui", "Speaker 1"), (1.8, 2.3, "non", "Speaker 2")], "en",
    ),
    "google v2": (
        "Google Speech JSON", GOOGLE_V2, [(0.0, 0.8, "Hi you", "Speaker 1"), (0.8, 2.5, "Bye now", None)], "en",
    ),
    "google snake": ("Google Speech JSON", GOOGLE_SNAKE, [(0.0, 1.0, "Hi", None)], None),
    "azure": (
        "Azure Speech JSON",
        AZURE,
        [(0.07, 1.66, "Hello world.", "Speaker 1"), (62.5, 63.5, "Yes.", "Speaker 2")],
        "en",
    ),
    "azure fast": ("Azure Speech JSON", AZURE_FAST, [(0.96, 1.6, "Good afternoon.", "Speaker 0")], "en"),
    "azure files": (
        "Azure Speech JSON", AZURE_FILES, [(1.5, 3.5, "Here.", "Guest-1"), (5.0, 6.33, "What's that?", None)], None,
    ),
    "azure sdk": ("Azure Speech JSON", AZURE_SDK, [(0.04, 1.37, "What's that?", None)], "en"),
    "azure sdk alone": ("Azure Speech JSON", AZURE_SDK[0], [(0.04, 1.37, "What's that?", None)], "en"),
    "watson": (
        "IBM Watson JSON",
        WATSON,
        [(0.68, 1.19, "hello", "Speaker 2"), (1.47, 1.93, "yeah", "Speaker 1"), (3.5, 4.0, "good", "Speaker 1")],
        None,
    ),
    "watson job": (
        "IBM Watson JSON",
        WATSON_JOB,
        [(0.68, 1.19, "hello", "Speaker 2"), (1.47, 1.93, "yeah", "Speaker 1"), (3.5, 4.0, "good", "Speaker 1")],
        None,
    ),
    "speechmatics": (
        "Speechmatics JSON",
        SPEECHMATICS,
        [(2.04, 2.31, "Yeah.", "S1"), (2.4, 3.0, "He «is-was", "S1"), (3.0, 3.5, "$5 million", None)],
        "en",
    ),
    "speechmatics channels": (
        "Speechmatics JSON", SPEECHMATICS_CHANNELS, [(0.5, 0.7, "No", "S1"), (1.0, 1.2, "Yes", "Agent")], None,
    ),
    "speechmatics 1": (
        "Speechmatics JSON", SPEECHMATICS_1, [(13.05, 13.55, "There.", "F4"), (14.2, 14.7, "Well", "M1")], "en",
    ),
    "kaldi": (
        "BBC Kaldi JSON",
        KALDI,
        [(13.0, 13.4, "There is.", "S12"), (14.0, 14.4, "No.", "S2"), (99.0, 99.5, "late", None)],
        None,
    ),
    "kaldi bare": (
        "BBC Kaldi JSON",
        {"words": KALDI_WORDS[:2]},
        [(13.0, 13.4, "There is.", None)],
        None,
    ),
    "autoedit": ("autoEdit JSON", AUTOEDIT, [(13.02, 13.38, "There is.", "Ada"), (14, 14.5, "No.", None)], None),
    "paper edit": (
        "digital-paper-edit JSON", PAPER_EDIT, [(13.02, 13.38, "There is", "F_S12"), (15, 15.5, "no", None)], None,
    ),
    "autoedit 3": (
        "digital-paper-edit JSON", AUTOEDIT_3, [(13.02, 13.38, "There is", "F_S12"), (15, 15.5, "no", None)], None,
    ),
    "draft-js": ("draft-js JSON", DRAFT, [(1, 2, "There, is", None), (3, None, "Typed by hand", "Ada")], None),
    "podcast": (
        "Podcast Namespace JSON", PODCAST, [(0.5, 2.75, "I am your father.", "Ada"), (3, 4.0, "Nooooo", None)], None,
    ),
    "podcast words": (
        "Podcast Namespace JSON", PODCAST_WORDS, [(0, 1.5, "I am here", "Ada"), (1.5, 2.5, "Oh no.", "Jean")], None,
    ),
    "youtube": ("YouTube transcript JSON", YOUTUBE, [(0, 1.54, "Hey there", None), (1.54, 5.7, "this is", None)], None),
    "youtube file": ("YouTube transcript JSON", [YOUTUBE[:1]], [(0, 1.54, "Hey there", None)], None),
    "youtube fetched": (
        "YouTube transcript JSON",
        YOUTUBE_FETCHED,
        [(0, 1.54, "Hey there", None), (1.54, 5.7, "this is", None)],
        "fr",
    ),
    "lhotse": ("Lhotse supervisions JSON", LHOTSE, [(0.1, 0.4, "hello you", "Ada"), (0.5, 0.9, "", None)], "en"),
}  # fmt: skip
