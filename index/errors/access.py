"""Who may do what over HTTP."""

from index.errors.base import QdqError


class AccessError(QdqError):
    """Who may do what over HTTP."""


class KeyMissing(AccessError):
    """No key, and nobody signed in, where one of them is needed."""

    fr = (
        "Ce serveur demande une clef : envoyez « Authorization: Bearer qdq_… », ou connectez-vous sur /signin. "
        "Celui qui le fait tourner en crée avec « qdq keys add »."
    )
    en = (
        "This server asks for a key: send “Authorization: Bearer qdq_…”, or sign in at /signin. "
        "Whoever runs it makes keys with “qdq keys add”."
    )


class KeyWrong(AccessError):
    """Which of them it is stays unsaid: it would tell which keys there are."""

    fr = "Cette clef est inconnue, révoquée ou expirée : vérifiez-la, ou demandez-en une autre."
    en = "This key is unknown, revoked or expired: check it, or ask for another one."


class KeysTried(AccessError):
    """Only wrong ones are refused so: the right key is let in at any time."""

    fr = "Trop de clefs fausses en une minute : réessayez dans {seconds} s, avec la bonne."
    en = "Too many wrong keys within a minute: try again in {seconds} s, with the right one."


class ScopeMissing(AccessError):
    """A key that may do less than is asked."""

    fr = "La clef « {name} » ne le permet pas : il faut la portée « {scope} ». Demandez une clef qui l'a."
    en = "The key “{name}” does not allow this: the scope “{scope}” is needed. Ask for a key that has it."


class TokenMissing(AccessError):
    """A form of somebody who is signed in that no page of ours gave them, or that of an earlier session."""

    fr = "Ce formulaire ne vient pas d'une page de votre session : rien n'a été changé. Rechargez-la et recommencez."
    en = "This form is not from a page of your session: nothing was changed. Load the page again and try once more."


class QuotaExceeded(AccessError):
    """More debates, or bytes of them in the index, than a key may have."""

    fr = (
        "La clef « {name} » a droit à {limit} {what_fr} : {used} pris, et {more} de plus ici. Rien n'a été ajouté ; "
        "supprimez un de ses débats, ou demandez une part plus grande."
    )
    en = (
        "The key “{name}” may have {limit} {what}: {used} are taken, and this is {more} more. Nothing was added; "
        "remove one of its debates, or ask for a larger share."
    )


class DebateOwned(AccessError):
    """A key with a quota has its own debates, and no way to make room of somebody else's."""

    fr = (
        "Le débat « {debate} » n'a pas été ajouté par la clef « {name} », qui ne remplace et ne supprime que les "
        "siens : donnez un autre identifiant."
    )
    en = (
        "The debate “{debate}” was not added by the key “{name}”, which replaces and removes its own only: "
        "give another id."
    )


class ProxyUnexpected(AccessError):
    """A server that needs no key since only its own machine reaches it, and a proxy that lets others in."""

    fr = (
        "Un proxy a transmis cette demande à un serveur ouvert à sa seule machine. Pour servir derrière un proxy, "
        "réglez QDQ_REQUIRE_KEY=true et donnez des clefs avec « qdq keys add »."
    )
    en = (
        "A proxy passed this request on to a server that is open to its own machine only. To serve behind a proxy, "
        "set QDQ_REQUIRE_KEY=true and give out keys with “qdq keys add”."
    )


class KeysNeeded(AccessError):
    """A server that others may reach, and nobody has a key."""

    fr = (
        "Pas de service sur {address} sans clef : d'autres que vous pourraient y lire et tout y changer. "
        "Créez-en une avec « qdq keys add NOM », ou dites --insecure si tout le monde le peut."
    )
    en = (
        "Nothing is served at {address} without a key: others could read everything there, and change it. "
        "Make one with “qdq keys add NAME”, or say --insecure if everybody may."
    )


class KeyNameTaken(AccessError):
    """Two keys of one name could not be told apart."""

    fr = "Une clef s'appelle déjà « {name} » : donnez un autre nom, ou révoquez-la avec « qdq keys revoke {name} »."
    en = "A key is called “{name}” already: give another name, or revoke it with “qdq keys revoke {name}”."


class KeyUnknown(AccessError):
    """Neither the id nor the name of a key that holds."""

    fr = "Aucune clef valable « {key} » : « qdq keys list » les montre."
    en = "No key “{key}” is in force: “qdq keys list” shows them."
