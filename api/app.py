"""The application, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI

import rag.ask
from api import problems
from api.engine import QUEUE, Ask, Engine, Load, Search
from api.metrics import Metrics
from api.middleware import MAX_BODY, LimitBody, Observe
from api.routes import ask as ask_routes
from api.routes import collection, health, page
from api.settings import Settings

_ABOUT = """Answers questions about the guiding cases of the Supreme People's Procuratorate of China
(最高人民检察院指导性案例). Every claim cites words of a source, found at `start`..`end` (code points) of
the text that `GET /v1/sources/{source_sha256}` serves. Errors are `application/problem+json` with a
stable `code`."""


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document["components"]["schemas"]
        if "Problem" not in schemas:
            schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {}) | {"Problem": schema}
            # FastAPI adds its own shape of a 422 wherever there is a parameter and no 422 is documented.
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path in document["paths"].values():
                for operation in path.values():
                    if "HTTPValidationError" in str(operation["responses"].get("422")):
                        del operation["responses"]["422"]
        return document


def create_app(
    settings: Settings,
    load: Load,
    *,
    ask: Ask = rag.ask.ask,
    search: Search = rag.ask.search,
    workers: int | None = None,
    queue: int = QUEUE,
    max_body: int = MAX_BODY,
) -> FastAPI:
    """The service. ``load`` runs in a background thread once the application starts.

    ``workers`` questions are worked on at a time (None: one per core) and ``queue`` may wait;
    ``max_body`` is the most bytes that a request's body may have.
    """
    engine = Engine(load, ask=ask, search=search, workers=workers, queue=queue)
    metrics = Metrics(engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        engine.start()
        yield

    app = _Application(
        title="Jianli",
        summary="Question answering with exact citations over Chinese guiding cases",
        description=_ABOUT,
        version=_version(),
        lifespan=lifespan,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        # FastAPI's own telemetry would carry the text of questions along.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.metrics = metrics
    problems.install(app)
    app.add_middleware(LimitBody, limit=max_body)
    app.add_middleware(Observe, metrics=metrics)  # added last: outermost
    for router in (ask_routes.router, collection.router, health.router, page.router()):
        app.include_router(router)
    return app


def _version() -> str:
    try:
        return version("jianli")
    except PackageNotFoundError:
        return "0"
