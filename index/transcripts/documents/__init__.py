"""Word, RTF and HTML: the text inside is taken out, and read by the reader that fits it."""
