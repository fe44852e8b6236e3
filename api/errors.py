"""One table from errors to HTTP statuses, and the form in which they leave: RFC 9457, ``application/problem+json``."""

import errno
import logging
import re
import tempfile
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.serving.methods import allowed
from api.serving.seen.current import route_of
from index import errors
from index.errors import (
    KeyMissing,
    KeysTried,
    KeyWrong,
    Language,
    QdqError,
    RequestTooMany,
    ScopeMissing,
    ServerBusy,
    StoreFull,
)

_LOG = logging.getLogger("qdq")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ASKED = 'Bearer realm="qui-dit-quoi"'

STATUS: dict[type[QdqError], HTTPStatus] = {
    errors.TranscriptError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.LimitExceeded: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.DebateUnknown: HTTPStatus.NOT_FOUND,
    errors.MediaMissing: HTTPStatus.NOT_FOUND,
    errors.CorrectionUnknown: HTTPStatus.NOT_FOUND,
    errors.PersonUnknown: HTTPStatus.NOT_FOUND,
    errors.VoiceUnknown: HTTPStatus.NOT_FOUND,
    errors.EnrolledUnknown: HTTPStatus.NOT_FOUND,
    errors.EnrolmentOff: HTTPStatus.FORBIDDEN,
    errors.EnrolmentShort: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.EnrolmentUnheard: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MomentUnknown: HTTPStatus.NOT_FOUND,
    errors.SegmentsChanged: HTTPStatus.CONFLICT,
    errors.TranscriptChanged: HTTPStatus.CONFLICT,
    errors.DebatePresent: HTTPStatus.CONFLICT,
    errors.SegmentUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.WordUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.DebateIdInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.DebateTwice: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FieldInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ParticipantsMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RecordingError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AudioMissing: HTTPStatus.NOT_IMPLEMENTED,
    errors.VoiceModelUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.VoiceWeightsDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AnswerUnknown: HTTPStatus.NOT_FOUND,
    errors.WatchUnknown: HTTPStatus.NOT_FOUND,
    errors.WatchInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.WebhookForbidden: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.StoreDamaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreNewer: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StoreBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreHeld: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreLate: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreUnwritable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreExtraMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MigrationError: HTTPStatus.CONFLICT,
    errors.BackupError: HTTPStatus.CONFLICT,
    errors.BackupInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ModelMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.EncoderError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.LlmError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.LlmReplyInvalid: HTTPStatus.BAD_GATEWAY,
    errors.EvaluationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FileUnwritable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.SettingsInvalid: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.AddressUnavailable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.AccessError: HTTPStatus.FORBIDDEN,
    errors.KeyMissing: HTTPStatus.UNAUTHORIZED,
    errors.KeyWrong: HTTPStatus.UNAUTHORIZED,
    errors.KeysTried: HTTPStatus.TOO_MANY_REQUESTS,
    errors.KeyNameTaken: HTTPStatus.CONFLICT,
    errors.KeyUnknown: HTTPStatus.NOT_FOUND,
    errors.ServerBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RequestTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.RequestTooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.RequestLate: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RequestSlow: HTTPStatus.REQUEST_TIMEOUT,
    errors.RequestForeign: HTTPStatus.FORBIDDEN,
    errors.RequestMisdirected: HTTPStatus.MISDIRECTED_REQUEST,
    errors.AssistantExtraMissing: HTTPStatus.NOT_IMPLEMENTED,
}
"""By the nearest class: a row for a branch holds for its leaves."""


def status_of(error: type[QdqError]) -> HTTPStatus:
    """The status of the nearest class in ``STATUS``."""
    return next(STATUS[branch] for branch in error.__mro__ if branch in STATUS)


def problem_type(error: type[QdqError]) -> str:
    """A stable name for programs: FileEmpty -> "urn:qui-dit-quoi:file-empty"."""
    return "urn:qui-dit-quoi:" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", error.__name__).lower()


def problem(error: QdqError, language: Language) -> dict[str, Any]:
    """The members of RFC 9457 for one of our errors."""
    status = status_of(type(error))
    return {
        "type": problem_type(type(error)),
        "title": status.phrase,
        "status": int(status),
        "detail": error.message(language),
    }


def install(app: FastAPI) -> None:
    """Every error of ``app`` leaves as a problem, also those of FastAPI itself."""
    for kind in KINDS:
        app.add_exception_handler(kind, as_problem)


KINDS = (QdqError, RequestValidationError, HTTPException, Exception)
"""What an app has a handler for; one that is more special goes before."""


async def as_problem(request: Request, error: Exception) -> JSONResponse:
    """Any error, for a program."""
    document, headers = told(request, error, language_of(request))
    return _response(document, headers)


def told(request: Request, error: Exception, language: Language) -> tuple[dict[str, Any], dict[str, str]]:
    """The members of RFC 9457 for any error, and the headers that go with its status. One that nobody expected is
    logged."""
    error = _without_room(error) or error
    if isinstance(error, QdqError):
        return problem(error, language), _headers(error)
    if isinstance(error, RequestValidationError):
        return invalid(error, language), {}
    if isinstance(error, HTTPException):
        headers = dict(error.headers or {})
        return _http(error, language), headers | ({"Allow": allowed(request)} if "Allow" in headers else {})
    _LOG.error("unexpected error on %s", route_of(request.scope), exc_info=error)
    return unexpected(language), {}


def _without_room(error: Exception) -> StoreFull | None:
    """For a disk that was full, also while a form was put there, of which FastAPI says that it cannot be read."""
    cause = error.__cause__ if isinstance(error, HTTPException) else error
    if isinstance(cause, OSError) and cause.errno in _NO_ROOM:
        return StoreFull(path=cause.filename or tempfile.gettempdir())
    return None


def _headers(error: QdqError) -> dict[str, str]:
    """When to come back, and what is asked for (https://www.rfc-editor.org/rfc/rfc6750#section-3)."""
    if isinstance(error, ServerBusy | KeysTried | RequestTooMany):
        return {"Retry-After": str(error.details["seconds"])}
    if isinstance(error, KeyMissing):
        return {"WWW-Authenticate": _ASKED}
    if isinstance(error, KeyWrong):
        return {"WWW-Authenticate": f'{_ASKED}, error="invalid_token"'}
    if isinstance(error, ScopeMissing):
        return {"WWW-Authenticate": f'{_ASKED}, error="insufficient_scope", scope="{error.details["scope"]}"'}
    return {}


def language_of(request: Request) -> Language:
    """French when the first language that the client accepts is French."""
    return "fr" if request.headers.get("accept-language", "").strip().lower().startswith("fr") else "en"


def problem_response(request: Request, error: QdqError) -> JSONResponse:
    """In the language that the request accepts first."""
    return _response(*told(request, error, language_of(request)))


def invalid(error: RequestValidationError, language: Language) -> dict[str, Any]:
    """Which field is wrong, and how, without sending the input back."""
    faults = [
        {"field": ".".join(part for part in fault["loc"] if isinstance(part, str)), "reason": fault["msg"]}
        for fault in error.errors()
    ]
    listed = "; ".join(f"{fault['field']}: {fault['reason']}" for fault in faults)
    detail = f"La requête est invalide ({listed})." if language == "fr" else f"The request is invalid ({listed})."
    return _plain(HTTPStatus.UNPROCESSABLE_ENTITY, detail) | {"errors": faults}


_FRENCH = {
    HTTPStatus.NOT_FOUND: "Rien à cette adresse.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Cette méthode n'est pas permise ici.",
    HTTPStatus.BAD_REQUEST: "La requête est illisible.",
}


def _http(error: HTTPException, language: Language) -> dict[str, Any]:
    status = HTTPStatus(error.status_code)
    if too_many := _TOO_MANY.fullmatch(str(error.detail)):
        return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _of_form(too_many[1], too_many[2], language))
    french = _FRENCH.get(status) if language == "fr" else None
    return _plain(status, french or str(error.detail))


_TOO_MANY = re.compile(r"Too many (files|fields)\. Maximum number of \w+ is (\d+)\.")
"""As starlette says it of a form, with the status of one that is broken."""


def _of_form(what: str, most: str, language: Language) -> str:
    what_fr = "fichiers" if what == "files" else "champs"
    if language == "fr":
        return f"Le formulaire a trop de {what_fr} : {most} au plus à la fois."
    return f"The form has too many {what}: {most} at most at once."


def unexpected(language: Language) -> dict[str, Any]:
    """The problem that stands for an error of ours."""
    french, english = "Erreur inattendue : le journal du serveur dit laquelle.", "Unexpected: see the server's log."
    return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, french if language == "fr" else english)


def _plain(status: HTTPStatus, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}


def _response(document: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    media_type = "application/problem+json"
    return JSONResponse(document, status_code=document["status"], headers=headers, media_type=media_type)
