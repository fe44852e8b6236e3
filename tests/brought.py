"""Files to bring, of five formats: each says the same two sentences."""

from tests.binary_files import docx
from tests.format_examples import examples

SAID = "Bonjour à tous. Merci de votre accueil."
_NAMES = {"SubRip": "a.srt", "WebVTT": "b.vtt", "Whisper JSON": "c.json", "CSV / TSV": "d.tsv"}

FILES: dict[str, tuple[str, bytes]] = {
    **{one.name: (_NAMES[one.name], one.text.encode()) for one in examples() if one.name in _NAMES},
    "DOCX": ("e.docx", docx("Ada Martin [00:01]", "Bonjour à tous.", "Jean Petit [00:04]", "Merci de votre accueil.")),
}
"""By format: a name and its content."""
