import os
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib
import pytest

from eval.plots import plots
from rag.errors import BadQuestion
from rag.types import Answer, Request, Timings
from tests.conftest import ROOT
from tests.eval.small import question
from tests.eval.test_run import MISS, run


def drawn(**changes: object) -> dict[str, str]:
    return {plot.name: plot.svg for plot in plots(replace(run(), **changes))}  # type: ignore[arg-type]


def letters(svg: str) -> list[str]:
    return [text for element in ElementTree.fromstring(svg).iter() if (text := (element.text or "").strip())]


def test_every_plot_is_xml_with_english_labels_and_ids_of_its_own() -> None:
    got = drawn()
    assert list(got) == ["risk", "reliability", "kind", "crossing", "latency"]
    assert "Risk: % of them not fully right" in letters(got["risk"])
    assert {"fact  (n = 3)", "list  (n = 2)"} <= set(letters(got["kind"]))
    assert {"en on zh  (n = 1)", "zh on zh  (n = 4)"} <= set(letters(got["crossing"]))
    assert {"p50 10 ms", "p95 10 ms"} <= set(letters(got["latency"]))
    ids = [found for svg in got.values() for found in re.findall(r'\sid="([^"]*)"', svg)]
    assert len(ids) == len(set(ids))
    for svg in got.values():
        named = set(re.findall(r'href="#([^"]*)"', svg)) | set(re.findall(r"url\(#([^)]*)\)", svg))
        assert named <= set(re.findall(r'\sid="([^"]*)"', svg))
        assert "metadata" not in svg


def test_what_the_captions_say() -> None:
    said = {plot.name: plot.caption for plot in plots(run())}
    # Right .9, wrong .6 and .5: (0 + 1/2 + 2/3) / 3.
    assert "(AURC) 0.39; of all answers 67 % are wrong" in said["risk"]
    # Of five questions at .9 .2 .6 .4 .5 the first alone is answerable and right:
    # (.1 + .2 + .6 + .4 + .5) / 5, and of the three answers given (.1 + .6 + .5) / 3.
    assert "0.36 over all 5 questions, 0.40 over the 3 answers given" in said["reliability"]
    assert said["kind"].startswith("fact 67 %, list 0 %.")
    assert "p50 10 ms, p95 10 ms, slowest 10 ms" in said["latency"]


def test_what_there_is_nothing_to_draw_for_is_left_out() -> None:
    def failing(request: Request) -> Answer:
        raise BadQuestion("too long")

    assert [plot.name for plot in plots(run(ask=failing))] == ["kind", "crossing"]
    assert [plot.name for plot in plots(run([MISS]))] == ["reliability", "kind", "crossing", "latency"]
    rows = tuple(replace(row, timings=Timings()) for row in run().rows)
    assert "latency" not in drawn(rows=rows)


@pytest.mark.parametrize("kind", ["$x_{$", "<script>", 'id="a" url(#b)', "事实", "\ud800\x00"])
def test_a_kind_from_elsewhere_is_only_letters(kind: str) -> None:
    svg = drawn(by_kind={kind: run().overall})["kind"]
    assert "<script" not in svg
    assert any(ascii(kind)[1:-1] in text.replace("kind-", "") for text in letters(svg))


def test_a_long_kind_leaves_room_for_the_plot() -> None:
    assert "k" * 24 + "…  (n = 5)" in letters(drawn(by_kind={"k" * 500: run().overall})["kind"])


def test_the_same_run_gives_the_same_bytes_whatever_the_reader_has_set() -> None:
    one = run()
    first = plots(one)
    with matplotlib.rc_context({"lines.linewidth": 9, "svg.hashsalt": "other", "font.size": 30}):
        assert plots(one) == first
    assert matplotlib.rcParams["svg.hashsalt"] is None


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import hashlib; from eval.plots import plots; from tests.eval.test_run import run; "
        "print(hashlib.sha256(repr(plots(run())).encode()).hexdigest())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]


def test_only_a_page_loads_matplotlib() -> None:
    program = (
        "import sys; import api.commands.evaluation; print([m for m in sys.modules if 'matplotlib' in m])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
    assert "matplotlib.pyplot" not in sys.modules


def test_one_question_is_enough() -> None:
    assert len(plots(run([question()]))) == 5
