"""Starting, ending, being killed, starting again, and running side by side."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.end_to_end.service import Service, serving

pytestmark = pytest.mark.model

QUESTION = "检例第86号的相关规定"


def files_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_start_builds_nothing_and_two_run_side_by_side(service: Service, data: Path) -> None:
    snapshots = data / "snapshots"
    before = files_of(snapshots)
    with serving(data, ROOT / "seeds") as second:
        told = second.ready()
        assert told["snapshot"] == service.ready()["snapshot"]
        assert told["notes"] == []
        assert second.client.base_url != service.client.base_url
        answers = [each.post("/v1/ask", question="gist of case 87") for each in (service, second)]
        first, other = (answer | {"timings_ms": None} for answer in answers)
        assert first == other
        status, printed = second.end(signal.SIGTERM)
    assert status in (0, -signal.SIGTERM)
    assert "Embedding" not in printed
    assert "Traceback" not in printed
    assert files_of(snapshots) == before
    assert service.post("/v1/ask", question="gist of case 87") | {"timings_ms": None} == first


def test_a_kill_in_the_middle_of_the_first_build(few_seeds: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, ROOT / "seeds") as service:  # long enough to be caught in the middle
        service.line(r"Embedding: [1-9]\d* of ")
        assert service.client.get("/readyz").status_code == 503
        refused = service.client.post("/v1/ask", json={"question": QUESTION})
        assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
        assert "retry-after" in refused.headers
        status, _ = service.end(signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert not (data / "current").exists()
    with serving(data, few_seeds) as service:
        assert service.ready()["cases"] == 2
        answer = service.post("/v1/ask", question=QUESTION)
        assert [c["quote"] for c in answer["citations"]] == [
            "《中华人民共和国刑法》第三百三十八条",
            "《中华人民共和国环境保护法》第四十二条",
        ]
        status, printed = service.end(signal.SIGTERM)
    assert status in (0, -signal.SIGTERM)
    assert "Traceback" not in printed
    assert not [path for path in (data / "snapshots").iterdir() if path.name.startswith(".")]
