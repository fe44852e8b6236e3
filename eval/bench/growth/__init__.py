"""How times, memory and recall grow with the index: a made corpus of any size, added debate by debate."""
