"""What the program itself needs: files to write, settings, an address, an extra."""

from index.errors.base import QdqError


class FileUnwritable(QdqError):
    """A file that is asked for cannot be written."""

    fr = "Impossible d'écrire {path} ({reason}) : choisissez un autre dossier."
    en = "Cannot write {path} ({reason}): choose another folder."


class SettingsInvalid(QdqError):
    """A ``QDQ_`` variable or a line of a settings file that is unknown or out of bounds."""

    fr = "Réglage invalide : {reason}."
    en = "Invalid setting: {reason}."


class AddressUnavailable(QdqError):
    """The server's address is taken, not permitted or not of this machine."""

    fr = "Impossible d'écouter sur {address} ({reason}) : choisissez une autre adresse avec --host et --port."
    en = "Cannot listen on {address} ({reason}): choose another address with --host and --port."


class AssistantExtraMissing(QdqError):
    """An optional dependency."""

    fr = "Les assistants (MCP) demandent le paquet mcp : installez-le avec « pip install 'qui-dit-quoi[mcp]' »."
    en = "Assistants (MCP) need the package mcp: install it with “pip install 'qui-dit-quoi[mcp]'”."
