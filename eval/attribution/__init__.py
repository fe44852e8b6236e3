"""How well speakers are told without labels: from voices, from the text, from a few labels."""
