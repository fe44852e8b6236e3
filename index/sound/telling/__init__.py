"""Voices told apart: windows of a recording, their vectors, how many voices, which one when, and whose words."""
