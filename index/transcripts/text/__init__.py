"""Plain text with times in the layouts of programs and people, tables, and text without times."""
