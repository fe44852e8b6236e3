"""The index, on disk or on a server; what it is copied and saved to."""

from index.errors.base import QdqError


class StoreError(QdqError):
    """The index, on disk or on a server."""


class StoreDamaged(StoreError):
    """SQLite found its file damaged. Nothing was touched."""

    fr = (
        "L'index {path} est endommagé ({reason}). Rien n'a été modifié : restaurez une sauvegarde, "
        "ou déplacez ce fichier et ajoutez de nouveau les transcriptions."
    )
    en = (
        "The index {path} is damaged ({reason}). Nothing was touched: restore a backup, "
        "or move that file away and add the transcripts again."
    )


class StoreNewer(StoreError):
    """A later version of the program made it."""

    fr = "{path} vient d'une version plus récente (schéma {found}, connu : {known}) : mettez à jour qui-dit-quoi."
    en = "{path} comes from a later version (schema {found}, known: {known}): update qui-dit-quoi."


class StoreFull(StoreError):
    """No room left while writing."""

    fr = "Plus de place pour {path} : l'index est resté comme avant. Libérez de l'espace et recommencez."
    en = "No room left for {path}: the index is as it was before. Free some space and try again."


class StoreBusy(StoreError):
    """Another program is writing."""

    fr = "Un autre programme écrit dans {path} : recommencez dans un instant."
    en = "Another program is writing to {path}: try again in a moment."


class StoreHeld(StoreError):
    """milvus-lite keeps a folder for one process as long as it runs: waiting is of no use."""

    fr = (
        "{path} est ouvert dans un autre programme, et un « .db » n'en sert qu'un : "
        "arrêtez-le, ou passez par son API HTTP ; pour plusieurs à la fois, il faut un serveur Milvus."
    )
    en = (
        "{path} is open in another program, and a “.db” serves one only: "
        "stop that one, or use its HTTP API; for several at once a Milvus server is needed."
    )


class StoreLate(StoreError):
    """Nothing names the rows of a change before it is whole; from some age on they are taken for leftovers."""

    fr = (
        "Écrire dans {path} a pris plus de {minutes} min, et l'index est resté comme avant. Recommencez ; "
        "s'il est trop grand pour se reconstruire là, copiez-le dans un dossier, reconstruisez-le, "
        "et copiez-le vers un index vide, avec « qdq migrate » et « qdq rebuild »."
    )
    en = (
        "Writing to {path} took more than {minutes} min, and the index is as it was before. Try again; "
        "if it is too large to be rebuilt there, copy it to a folder, rebuild that, "
        "and copy it to an empty index, with “qdq migrate” and “qdq rebuild”."
    )


class StoreUnwritable(StoreError):
    """Read-only file, folder or disk."""

    fr = "Impossible d'écrire dans {path} ({reason}) : vérifiez les droits, ou changez de dossier avec QDQ_HOME."
    en = "Cannot write to {path} ({reason}): check its permissions, or choose another folder with QDQ_HOME."


class ModelMismatch(StoreError):
    """The vectors of the index come from another model, or from other windows."""

    fr = (
        "L'index a été construit avec le modèle {found}, et le modèle choisi est {wanted}. "
        "Reconstruisez-le avec « qdq rebuild », ou revenez à l'autre modèle avec QDQ_MODEL."
    )
    en = (
        "The index was built with the model {found}, and the model chosen is {wanted}. "
        "Rebuild it with “qdq rebuild”, or go back to the other model with QDQ_MODEL."
    )


class StoreUnreachable(StoreError):
    """No connection, or an answer that refuses."""

    fr = (
        "Le serveur Milvus {place} ne répond pas comme il faut ({reason}) : "
        "vérifiez qu'il tourne, et QDQ_STORE et QDQ_STORE_TOKEN."
    )
    en = (
        "The Milvus server {place} does not answer as it should ({reason}): "
        "check that it runs, and QDQ_STORE and QDQ_STORE_TOKEN."
    )


class StoreExtraMissing(StoreError):
    """Not installed with the rest, since most have one server."""

    fr = "Le paquet qui parle à Milvus n'est pas installé : « pip install '{package}' », ou retirez QDQ_STORE."
    en = "The package that speaks to Milvus is not installed: “pip install '{package}'”, or unset QDQ_STORE."


class MigrationError(StoreError):
    """An index that is copied to another place."""


class MigrationMixed(MigrationError):
    """Vectors of two models cannot stand in one index."""

    fr = (
        "{target} a des vecteurs du modèle {found}, et {source} du modèle {wanted} : rien n'a été copié. "
        "Donnez une cible vide, ou reconstruisez l'un des deux avec « qdq rebuild »."
    )
    en = (
        "{target} has vectors of the model {found}, and {source} of the model {wanted}: nothing was copied. "
        "Give an empty target, or rebuild one of the two with “qdq rebuild”."
    )


class MigrationConflict(MigrationError):
    """Nothing in the target is replaced unless somebody says so."""

    fr = (
        "{target} a déjà, sous une autre forme, ces débats ({count}) : {debates}. Ils sont restés tels quels, "
        "le reste est copié. « --replace » les remplace."
    )
    en = (
        "{target} already has these debates in another form ({count}): {debates}. They were left as they are, "
        "the rest is copied. “--replace” replaces them."
    )


class MigrationDiffers(MigrationError):
    """The copy was read again, and compared."""

    fr = (
        "Dans {target}, ces débats ne sont pas ce qui a été copié ({count}) : {debates}. "
        "La source est intacte ; recommencez avec « --replace »."
    )
    en = (
        "In {target}, these debates are not what was copied ({count}): {debates}. "
        "The source is untouched; try again with “--replace”."
    )


class MigrationSame(MigrationError):
    """A copy of an index in itself."""

    fr = "La source et la cible sont le même index ({target}) : donnez-en une autre avec --from ou --to."
    en = "The source and the target are the same index ({target}): give another one with --from or --to."


class MigrationEmpty(MigrationError):
    """No index, or one without a debate."""

    fr = "{source} n'a aucun débat : rien à copier. Donnez l'index à copier avec --from."
    en = "{source} has no debate: nothing to copy. Give the index to copy with --from."


class BackupError(StoreError):
    """Everything that a home holds, in one file, and back."""


class BackupPresent(BackupError):
    """What was kept once is not lost by a slip of the pen."""

    fr = "Le fichier {path} existe déjà : donnez un autre nom, ou « --force » pour le remplacer."
    en = "The file {path} is there already: give another name, or “--force” to replace it."


class BackupEmpty(BackupError):
    """There is no index there."""

    fr = "Aucun index dans {path} : rien à sauvegarder. Donnez le bon dossier avec QDQ_HOME."
    en = "There is no index in {path}: nothing to back up. Give the right folder with QDQ_HOME."


class BackupInvalid(BackupError):
    """Another file, or one that was cut or changed since."""

    fr = "{path} n'est pas une sauvegarde intacte ({reason_fr}) : rien n'a été modifié. Prenez-en une autre."
    en = "{path} is no intact backup ({reason}): nothing was changed. Take another one."


class BackupOccupied(BackupError):
    """What is there goes only when somebody says so."""

    fr = "{path} a déjà des débats ({count}) : rien n'a été modifié. « --replace » met la sauvegarde à leur place."
    en = "{path} has debates already ({count}): nothing was changed. “--replace” puts the backup in their place."
