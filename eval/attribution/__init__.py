"""How well the speakers of recordings are told without labels."""
