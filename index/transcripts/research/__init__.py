"""Transcripts of linguists and of evaluations of speech recognition, with tiers, codes and words with times."""
