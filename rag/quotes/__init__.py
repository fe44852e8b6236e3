"""Did X really say this? See ``check`` for the way, ``types`` for the answer."""
