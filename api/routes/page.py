"""GET /: the web page for people, whole in this package: it works without the internet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Checked each time by its ETag: a new version of the service shows its own page at once.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


def _files() -> dict[str, _File]:
    found = {}
    for entry in resources.files("api").joinpath("page").iterdir():
        suffix = entry.name[entry.name.rfind(".") :]
        if suffix in _TYPES:
            content = entry.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[entry.name] = _File(content, _TYPES[suffix], etag)
    return found


def router() -> APIRouter:
    """Reads the page's files once."""
    files = _files()
    routes = APIRouter(include_in_schema=False)

    def respond(name: str, request: Request) -> Response:
        file = files.get(name)
        if file is None:
            raise HTTPException(404)
        headers = {**_HEADERS, "ETag": file.etag}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, headers=headers, media_type=file.media_type)

    @routes.get("/")
    async def index(request: Request) -> Response:
        return respond("index.html", request)

    @routes.get("/page/{name}")
    async def asset(name: str, request: Request) -> Response:
        return respond(name, request)

    return routes
