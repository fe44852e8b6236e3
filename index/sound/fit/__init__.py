"""Whether a recording belongs to a transcript, and how the clock of one runs against that of the other."""
