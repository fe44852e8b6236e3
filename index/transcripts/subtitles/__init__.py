"""Captions and subtitles of films, television and the web; their markup, rolling lines and languages."""
