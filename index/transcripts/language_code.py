"""How files name their language (ISO 639-1, ISO 639-2 and -3, BCP 47, English) -> the two letters of ISO 639-1."""

import re

_CODE = re.compile(r"[a-z]{2}")
_LANGUAGES = {
    name: code
    for code, names in {
        "ar": "arabic ara",
        "ca": "catalan cat",
        "de": "german deu ger",
        "en": "english eng",
        "es": "spanish spa",
        "fr": "french fra fre français",
        "hi": "hindi hin",
        "it": "italian ita",
        "ja": "japanese jpn",
        "ko": "korean kor",
        "nl": "dutch nld dut",
        "pl": "polish pol",
        "pt": "portuguese por",
        "ru": "russian rus",
        "tr": "turkish tur",
        "uk": "ukrainian ukr",
        "zh": "chinese mandarin cmn zho chi",
    }.items()
    for name in names.split()
}
"""The three letters, both those of ISO 639-2/B and of ISO 639-2/T, and the English name -> ISO 639-1."""


def language_code(*values: object) -> str | None:
    """The two letters of the first of ``values`` that names a language.

    >>> language_code("fr-FR"), language_code("en_us"), language_code("french"), language_code(None, "cmn-Hans-CN")
    ('fr', 'en', 'fr', 'zh')
    """
    for value in values:
        code = re.split(r"[-_]", value.strip().lower())[0] if isinstance(value, str) else ""
        if code in _LANGUAGES or _CODE.fullmatch(code):
            return _LANGUAGES.get(code, code)
    return None
