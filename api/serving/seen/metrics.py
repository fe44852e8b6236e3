"""Figures for Prometheus, of one app. Every label has few values: routes as they are written in the program, never an
address or an id of anybody's."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.serving.limits.kinds import Kind
from api.serving.seen.current import Seen
from index.errors import QdqError

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_STAGE_SECONDS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10, 30)
_REFUSED = {401: "key", 403: "right", 408: "slow", 413: "large", 421: "name", 429: "rate", 503: "busy"}


class Metrics:
    """Told by what is around the app."""

    def __init__(
        self, debates: Callable[[], int], ready: Callable[[], bool], notices: Callable[[], Mapping[str, int]]
    ) -> None:
        """``debates`` counts those of the index, ``notices`` those of watches by their state; either may raise a
        QdqError. ``ready`` tells whether the model is there."""
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "qdq_requests", "Requests that were answered.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram("qdq_request_seconds", "Their time.", ("route",), buckets=_SECONDS, registry=registry)
        self._refused = Counter("qdq_refused", "Of them refused, by reason.", ("reason",), registry=registry)
        self._progress = Gauge("qdq_in_progress", "Requests that are here now.", registry=registry)
        self._here = Gauge("qdq_places_taken", "By kind, at work or waiting.", ("kind",), registry=registry)
        self._stages = Histogram(
            "qdq_stage_seconds", "Of a question.", ("stage",), buckets=_STAGE_SECONDS, registry=registry
        )
        self._answers = Counter("qdq_answers", "By whether they abstain.", ("abstained",), registry=registry)
        registry.register(_State(debates, ready, notices))
        ProcessCollector(registry=registry)

    def text(self) -> bytes:
        """https://prometheus.io/docs/instrumenting/exposition_formats/"""
        return generate_latest(self._registry)

    def here(self, kind: Kind, count: int) -> None:
        self._here.labels(kind.value).set(count)

    def begun(self) -> None:
        self._progress.inc()

    def ended(self, route: str, method: str, status: int | None, seconds: float, seen: Seen) -> None:
        """``status`` is None of a request that its client left."""
        self._progress.dec()
        self._requests.labels(route, method, "left" if status is None else str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if reason := _REFUSED.get(status or 0):
            self._refused.labels(reason).inc()
        for stage, took in seen.stages.items():
            self._stages.labels(stage).observe(took)
        if seen.abstained is not None:
            self._answers.labels("yes" if seen.abstained else "no").inc()


class _State(Collector):
    """What is looked up when somebody asks. What cannot be read has no number."""

    def __init__(
        self, debates: Callable[[], int], ready: Callable[[], bool], notices: Callable[[], Mapping[str, int]]
    ) -> None:
        self._debates = debates
        self._ready = ready
        self._notices = notices

    def describe(self) -> list[Metric]:
        names = ("qdq_debates", "qdq_model_loaded", "qdq_watch_notices")
        return [GaugeMetricFamily(name, "") for name in names]

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("qdq_model_loaded", "1 once questions need not wait for it.", float(self._ready()))
        with suppress(QdqError):
            yield GaugeMetricFamily("qdq_debates", "In the index.", float(self._debates()))
        with suppress(QdqError):
            notices = GaugeMetricFamily("qdq_watch_notices", "To webhooks, of the last 30 days.", labels=("state",))
            for state, count in self._notices().items():
                notices.add_metric((state,), float(count))
            yield notices
