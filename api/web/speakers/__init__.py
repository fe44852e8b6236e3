"""Saying who speaks: the least certain turns first, in the reader, and people over all debates."""
