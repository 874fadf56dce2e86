"""What routes share: how they come by the engine and the metrics."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.engine import Engine
from api.metrics import Metrics
from api.problems import Refusal
from rag.protocols import Collection


def _engine(request: Request) -> Engine:
    engine = request.app.state.engine
    assert isinstance(engine, Engine)
    return engine


def _metrics(request: Request) -> Metrics:
    metrics = request.app.state.metrics
    assert isinstance(metrics, Metrics)
    return metrics


def _collection(request: Request) -> Collection:
    return _engine(request).loaded().collection


def require_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(
            415, "unsupported_media_type", "Send the body as JSON with Content-Type: application/json."
        )


EngineHere = Annotated[Engine, Depends(_engine)]
MetricsHere = Annotated[Metrics, Depends(_metrics)]
CollectionHere = Annotated[Collection, Depends(_collection)]
