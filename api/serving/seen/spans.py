"""Spans of OpenTelemetry, where somebody gathers them: one a request, and in it one a stage of its question. They tell
the route and the time, never what is asked; those that FastAPI makes hold whole addresses, and are switched off."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import NoOpTracerProvider, ProxyTracerProvider, Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers

from api.serving.seen.current import Seen
from index.errors import SettingsInvalid
from rag.settings import Settings

_NAME = "qui-dit-quoi"
_PARENT = TraceContextTextMapPropagator()


def tracer_of(settings: Settings) -> Tracer | None:
    """What sends spans where the settings say, or as whoever started this process arranged it; None where nobody wants
    them. Raises SettingsInvalid where the packages are not there."""
    if settings.otlp_url:
        return _to(settings.otlp_url)
    provider = trace.get_tracer_provider()
    return None if isinstance(provider, ProxyTracerProvider | NoOpTracerProvider) else provider.get_tracer(_NAME)


def _to(url: str) -> Tracer:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsInvalid(reason="QDQ_OTLP_URL: pip install 'qui-dit-quoi[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return provider.get_tracer(_NAME)


@contextmanager
def span_of(tracer: Tracer, method: str, headers: Headers, seen: Seen) -> Iterator[Span]:
    """Of a request, within the trace that its client says it belongs to."""
    carrier = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
    attributes = {"http.request.method": method, "qdq.request_id": seen.id}
    with tracer.start_as_current_span(
        method,
        _PARENT.extract(carrier),
        SpanKind.SERVER,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        yield span


def end(span: Span, method: str, route: str, status: int | None, seen: Seen) -> None:
    """What is known once a request is answered."""
    span.update_name(f"{method} {route}")
    found = {
        "http.route": route,
        "http.response.status_code": status,
        "qdq.passages": seen.passages,
        "qdq.abstained": seen.abstained,
    }
    span.set_attributes({name: value for name, value in found.items() if value is not None})
    if status is None or status >= 500:
        span.set_status(StatusCode.ERROR)
