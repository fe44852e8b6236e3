"""What recognisers write as JSON, and the editors of their transcripts: one module a provider.

Each has ``looks_like``, which tells by the structure and claims no other's, and ``read``, which raises Unreadable for
another structure. json_fields.py takes values out of the JSON, cues.py makes words and cues of them.
"""
