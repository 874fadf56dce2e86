"""``jianli serve``: the HTTP service."""

from __future__ import annotations

import logging
import socket
from argparse import Namespace

import uvicorn

from api.app import create_app
from api.commands import terminal
from api.settings import Settings
from api.wiring import load


def run_serve(arguments: Namespace, settings: Settings) -> int:
    host = arguments.host or settings.host
    port = settings.port if arguments.port is None else arguments.port
    try:
        listener = _listener(host, port)
    except OSError as error:
        terminal.note(
            f"jianli: cannot listen on {host} port {port}: {error.strerror or error}. "
            "Choose another with JIANLI_HOST and JIANLI_PORT."
        )
        return 1
    with listener:
        _log_to_stderr(settings.log_level)
        app = create_app(settings, lambda: load(settings, terminal.progress("Embedding")))
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        print(f"Jianli listens on {address} (page: {address}/, API: {address}/docs)", flush=True)
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=10)
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _log_to_stderr(level: str) -> None:
    """The program's own events from ``level`` on; other libraries' from WARNING on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for room in ("api", "index", "rag"):
        logging.getLogger(room).setLevel(level.upper())


def _listener(host: str, port: int) -> socket.socket:
    """Bound before anything is loaded: a taken port is told at once. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener
