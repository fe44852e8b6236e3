"""What assistants (language models with tools) may ask, by the Model Context Protocol: https://modelcontextprotocol.io.

``tools.py`` has the six tools and ``resources.py`` the debates and moments to read, both as functions of the engine;
``server.py`` puts them into the official SDK, ``stdio.py`` and ``over_http.py`` are the ways in. No module here or
elsewhere is called ``mcp``, so that none is ever imported in place of the SDK. Everything only reads.
"""
