"""GET /healthz, /readyz and /metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.problems import documented
from api.routes.shared import EngineHere, MetricsHere

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    snapshot: str
    model: str
    reader: str | None
    """None where it is switched off."""
    mode: Literal["extractive", "generative"]
    cases: int
    passages: int
    notes: list[str]


@router.get("/healthz")
async def healthz() -> Health:
    """The process is alive."""
    return Health()


@router.get("/readyz", responses=documented(503))
async def readyz(engine: EngineHere) -> Ready:
    """The index is loaded and questions can be answered."""
    loaded = engine.loaded()
    held = loaded.collection
    return Ready(
        snapshot=held.snapshot_id,
        model=held.model,
        reader=loaded.reader.name if loaded.reader else None,
        mode=engine.mode,
        cases=len({e.case_number for e in held.editions if e.case_number is not None}),
        passages=len(held.passages),
        notes=list(loaded.notes),
    )


@router.get("/metrics", response_class=Response)
def metrics(metrics: MetricsHere) -> Response:
    """Figures for Prometheus."""
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
