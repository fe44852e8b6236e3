"""The commands ``qdq keys``: who may use the server, and for what."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.access.scopes import KeyScope
from api.commands.console import print_either, print_json, reported, say
from api.commands.options import Json

if TYPE_CHECKING:
    from api.access.keys import Key, Keys

app = typer.Typer(
    no_args_is_help=True,
    help=say("Les clefs du serveur : créer, lister, révoquer.", "The server's keys: make, list, revoke."),
)
Name = Annotated[str, typer.Argument(help=say("Pour qui ou pour quoi elle est.", "Whom or what it is for."))]
IdOrName = Annotated[
    str, typer.Argument(metavar=say("ID|NOM", "ID|NAME"), help=say("Identifiant ou nom.", "Its id or name."))
]
Scope = Annotated[
    KeyScope,
    typer.Option(
        help=say(
            "Lire et demander ; aussi ajouter, corriger, supprimer ; tout.",
            "Read and ask; also add, correct, remove; everything.",
        )
    ),
]
Days = Annotated[
    int | None,
    typer.Option("--expires", min=1, max=36_500, metavar="DAYS", help=say("Valable tant de jours.", "Days it holds.")),
]
MaxDebates = Annotated[
    int | None, typer.Option(min=0, help=say("Débats qu'elle peut ajouter.", "Debates that it may add."))
]
MaxMb = Annotated[
    int | None,
    typer.Option(min=0, help=say("Mo que ses débats peuvent prendre.", "MB that its debates may take.")),
]


@app.command(help=say("Créer une clef, montrée cette seule fois.", "Make a key, which is shown this once."))
@reported
def add(
    name: Name,
    scope: Scope = KeyScope.READ,
    expires: Days = None,
    max_debates: MaxDebates = None,
    max_mb: MaxMb = None,
    as_json: Json = False,
) -> None:
    """The key alone goes to stdout."""
    key, secret = _keys().add(name, scope, days=expires, max_debates=max_debates, max_mb=max_mb)
    if as_json:
        from api.schemas.keys import new_key_out

        print_json(new_key_out(key, secret).model_dump(mode="json"))
        return
    typer.echo(secret)
    typer.echo(say("Notez-la : elle n'est gardée nulle part.", "Note it down: it is kept nowhere."), err=True)


@app.command("list", help=say("Les clefs, aussi celles qui ne valent plus.", "The keys, also those out of force."))
@reported
def list_keys(as_json: Json = False) -> None:
    from api.access.quotas import used_by_key
    from api.schemas.keys import keys_out

    store = _keys()
    found, used = store.all(), used_by_key(store)
    told = [f"{_line(key, store.now())}  {_share(key, *used.get(key.id, (0, 0)))}".rstrip() for key in found]
    print_either(as_json, lambda: keys_out(found, used), lambda: "\n".join(told))


@app.command(help=say("Refuser une clef, dès maintenant et partout.", "Refuse a key, from now on and everywhere."))
@reported
def revoke(key: IdOrName, as_json: Json = False) -> None:
    from api.schemas.keys import KeyOut

    found = _keys().revoke(key)
    done = say(f"{found.id} ({found.name}) est révoquée.", f"{found.id} ({found.name}) is revoked.")
    print_either(as_json, lambda: KeyOut.model_validate(found), lambda: done)


def _keys() -> "Keys":
    from api.access.keys import Keys
    from rag.settings import load_settings

    return Keys(load_settings().home)


def _line(key: "Key", now: float) -> str:
    """Id, name, scope, then what else there is to say."""
    if key.revoked:
        state = say(f"révoquée le {key.revoked:%Y-%m-%d}", f"revoked {key.revoked:%Y-%m-%d}")
    elif not key.holds(now):
        state = say(f"expirée le {key.expires:%Y-%m-%d}", f"expired {key.expires:%Y-%m-%d}")
    elif key.expires:
        state = say(f"jusqu'au {key.expires:%Y-%m-%d}", f"until {key.expires:%Y-%m-%d}")
    else:
        state = ""
    used = say(f"servie le {key.used}", f"used {key.used}") if key.used else say("jamais servie", "never used")
    return "  ".join(filter(None, [key.id, f"{key.scope:<5}", key.name, used, state]))


def _share(key: "Key", debates: int, size: int) -> str:
    """What it has in the index, of what it may have."""
    if not debates and key.max_debates is None and key.max_mb is None:
        return ""
    most_debates = "" if key.max_debates is None else f"/{key.max_debates}"
    most_mb = "" if key.max_mb is None else f"/{key.max_mb}"
    return f"{debates}{most_debates} {say('débats', 'debates')}, {size / 1e6:.1f}{most_mb} {say('Mo', 'MB')}"
