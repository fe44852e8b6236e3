"""A recording that arrives in a form: straight into the folder of recordings, a part at a time. A form that FastAPI
reads lies in the folder for temporary files first, which is memory on some machines.
"""

import errno
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import Request, Response, UploadFile
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.access.quotas import Share
from index.errors import FieldInvalid, FileUnwritable, StoreFull
from index.transcripts.report import shortened
from rag.engine import Engine
from rag.uploads import Uploads

Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]
_FORM, _PLAIN_FORM = "multipart/form-data", "application/x-www-form-urlencoded"
_FILE = "file"
"""The field in which a recording is sent."""

_FIELDS = 20
_NOT_WHOLE = "The form did not come whole."
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Copy(UploadFile):
    """A file of a form at its ``path`` in the folder of recordings. Whoever takes it in hand has ``claimed`` it, and
    sees that it goes where nothing plays it."""

    def __init__(self, path: Path, file: BinaryIO, filename: str, headers: Headers) -> None:
        super().__init__(file, size=0, filename=filename, headers=headers)
        self.path = path
        self.claimed = False

    def claim(self) -> Path:
        """All of it is on the disk then. Raises StoreFull, FileUnwritable; then nobody has claimed it."""
        try:
            self.file.close()
        except OSError as error:
            raise _unwritten(self.path.parent, error) from error
        self.claimed = True
        return self.path


class _Parser(MultiPartParser):
    """Puts each file of a form into a copy, which is in ``copies`` from then on."""

    def __init__(self, request: Request, stream: Any, uploads: Uploads, copies: list[Copy]) -> None:
        super().__init__(request.headers, stream, max_files=1, max_fields=_FIELDS)
        self._uploads = uploads
        self._copies = copies

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        file = self._current_part.file
        if file is not None and file.filename:
            path, opened = self._uploads.create(file.filename)
            file.file.close()
            self._current_part.file = copy = Copy(path, opened, file.filename, file.headers)
            self._copies.append(copy)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        file = self._current_part.file
        if file is not None and not isinstance(file, Copy):
            raise MultiPartException("A file needs a name.")
        super().on_part_data(data, start, end)


class _Arriving(Request):
    """A request whose form is read so."""

    def __init__(self, request: Request, uploads: Uploads) -> None:
        super().__init__(request.scope, request.receive)
        self._uploads = uploads
        self.copies: list[Copy] = []

    async def read(self) -> None:
        """Raises HTTPException for a form that is broken, FieldInvalid, StoreFull, FileUnwritable."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in (_FORM, _PLAIN_FORM, ""):  # its fields would be taken for none
            raise FieldInvalid(field="Content-Type", value=shortened(kind), expected=_FORM, expected_fr=_FORM)
        if kind != _FORM:
            return
        try:
            async with aclosing(self.stream()) as stream:
                self._form: FormData | None = await _Parser(self, stream, self._uploads, self.copies).parse()
            if not set(self.copies).issubset(value for value in self._form.values() if isinstance(value, Copy)):
                raise HTTPException(400, _NOT_WHOLE)
            _check_field(self._form)
        except MultiPartException as error:
            raise HTTPException(400, error.message) from error
        except ClientDisconnect as error:
            raise HTTPException(400, _NOT_WHOLE) from error
        except OSError as error:
            raise _unwritten(self._uploads.folder, error) from error


def _check_field(form: FormData) -> None:
    """A recording in another field would be passed over in silence. Raises FieldInvalid."""
    for field, value in form.multi_items():
        if isinstance(value, Copy) and field != _FILE:
            expected, expected_fr = f"sent in the field “{_FILE}”", f"envoyé dans le champ « {_FILE} »"
            name = shortened(value.filename or "")
            raise FieldInvalid(field=shortened(field), value=name, expected=expected, expected_fr=expected_fr)


def _unwritten(folder: Path, error: OSError) -> StoreFull | FileUnwritable:
    if error.errno in _NO_ROOM:
        return StoreFull(path=folder)
    return FileUnwritable(path=str(folder), reason=error.strerror or str(error))


def taking(handler: Handler) -> Handler:
    """``handler`` of a route with ``debate`` in its path, around which a form is read so. What may not be is refused
    before anything of it is read; a copy that nobody claims is gone."""

    async def handled(request: Request) -> Response:
        engine: Engine = request.app.state.engine
        share = Share(request.app.state.access.keys, engine, request.state.caller)
        length = request.headers.get("content-length", "")
        await run_sync(share.expect, request.path_params["debate"], int(length) if length.isdecimal() else 0)
        await run_sync(engine.uploads.sweep)
        arriving = _Arriving(request, engine.uploads)
        try:
            await arriving.read()
            return await handler(arriving)
        finally:
            with CancelScope(shield=True):  # also where the client has left
                await run_sync(given_up, arriving.copies)

    return handled


def given_up(copies: list[Copy]) -> None:
    """Those that nobody claimed are gone, whatever the disk says of their last bytes."""
    for copy in copies:
        if not copy.claimed:
            with suppress(OSError):  # on a full disk it cannot write what it holds yet
                copy.file.close()
            copy.path.unlink(missing_ok=True)


class RecordingRoute(APIRoute):
    """A route of the API that takes a recording."""

    def get_route_handler(self) -> Handler:
        return taking(super().get_route_handler())
