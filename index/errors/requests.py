"""A request that a server does not take."""

from index.errors.base import QdqError


class ServerBusy(QdqError):
    """Too many requests at once for this server: one more would only make all of them wait longer."""

    fr = "{count} {what_fr} attendent déjà ici : recommencez dans {seconds} secondes."
    en = "{count} {what} are already waiting here: try again in {seconds} seconds."


class RequestTooLarge(QdqError):
    """More in a request than the limits of the settings allow; what is over them is not read."""

    fr = "La requête a plus de {limit} : envoyez moins à la fois, ou relevez la limite avec {setting}."
    en = "The request has more than {limit}: send less at once, or raise the limit with {setting}."


class RequestTooMany(QdqError):
    """So many requests from one key or address that others might have to wait for them."""

    fr = "Plus de {count} requêtes en une minute : recommencez dans {seconds} secondes."
    en = "More than {count} requests within a minute: try again in {seconds} seconds."


class RequestLate(QdqError):
    """The time of a request is up. What is at work for it may still come to its end: nobody waits for it any more."""

    fr = (
        "Pas de réponse en {limit} secondes (limite {setting}). Recommencez plus tard ; une modification a pu se faire "
        "malgré tout : regardez avant de la redemander."
    )
    en = (
        "No answer within {limit} seconds (limit {setting}). Try again later; a change may have been made all the "
        "same: look before you ask for it again."
    )


class RequestSlow(QdqError):
    """Its body was announced and does not come: a line that is cut, or somebody who holds the place on purpose."""

    fr = "Le corps de la requête n'est pas arrivé en {limit} secondes (limite {setting}) : envoyez-le de nouveau."
    en = "The body of the request did not arrive within {limit} seconds (limit {setting}): send it again."


class RequestForeign(QdqError):
    """A page of another site, open in the same browser, sent what would change something."""

    fr = "Cette demande vient de la page d'un autre site : rien n'a été changé. Ouvrez la page de ce serveur."
    en = "This request comes from a page of another site: nothing was changed. Open the page on this server."


class RequestMisdirected(QdqError):
    """The server listens for its own machine only, and is called by a name that another site may have given it."""

    fr = "Ce serveur ne répond pas au nom « {host} » : ouvrez l'adresse qu'il affiche quand il démarre."
    en = "This server does not answer to the name “{host}”: open the address that it prints when it starts."
