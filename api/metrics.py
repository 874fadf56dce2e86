"""What Prometheus reads. Every application has a registry of its own."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from api.engine import Engine
from rag.types import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class EngineCollector(Collector):
    """Reads the engine when it is asked, so that no gauge can be stale."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        ready = self._engine.state == "ready"
        yield GaugeMetricFamily("jianli_ready", "1 when questions can be answered.", float(ready))
        yield GaugeMetricFamily("jianli_working", "Questions being worked on.", float(self._engine.working))
        yield GaugeMetricFamily("jianli_waiting", "Questions that wait.", float(self._engine.waiting))
        if ready:
            held = self._engine.loaded().collection
            labels = {"snapshot": held.snapshot_id, "model": held.model}
            yield InfoMetricFamily("jianli_snapshot", "The snapshot that answers.", labels)
            yield GaugeMetricFamily("jianli_passages", "Passages held.", float(len(held.passages)))


class Metrics:
    def __init__(self, engine: Engine) -> None:
        self._registry = registry = CollectorRegistry()
        registry.register(EngineCollector(engine))
        self._requests = Counter(
            "jianli_http_requests", "Requests.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "jianli_http_request_duration_seconds",
            "Time until the last byte.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter("jianli_answers", "Answers.", ("mode", "outcome"), registry=registry)
        self._stages = Histogram(
            "jianli_stage_duration_seconds",
            "Time of each stage of an answer.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def answer(self, answer: Answer) -> None:
        self._answers.labels(answer.mode, "abstained" if answer.abstained else "answered").inc()
        for stage in ("embed", "retrieve", "read", "answer"):
            self._stages.labels(stage).observe(getattr(answer.timings, stage) / 1000)

    def text(self) -> bytes:
        """The exposition format, UTF-8."""
        return generate_latest(self._registry)
