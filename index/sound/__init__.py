"""What the recording of a debate tells: who speaks when. Needs the extra ``audio``."""
