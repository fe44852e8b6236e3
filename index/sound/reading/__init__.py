"""A recording, whatever FFmpeg reads -> blocks of sound at their times."""
