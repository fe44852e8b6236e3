"""What is watched for, and who is told."""

from index.errors.base import QdqError


class WatchError(QdqError):
    """What is watched for in the debates to come, and who is told of it."""


class WatchUnknown(WatchError):
    """No watch has this id."""

    fr = "Aucune veille « {watch} » : « qdq watch list » donne celles qu'il y a."
    en = "No watch “{watch}”: “qdq watch list” gives those that there are."


class WatchInvalid(WatchError):
    """It watches for nothing, or something of it cannot be."""

    fr = "Cette veille ne va pas : {reason_fr}."
    en = "This watch will not do: {reason}."


class WebhookForbidden(WatchError):
    """A webhook in a place that only this machine or its network reaches."""

    fr = "Rien n'est envoyé à {host} : {reason_fr}. Donnez une adresse publique en https."
    en = "Nothing is sent to {host}: {reason}. Give a public address with https."
