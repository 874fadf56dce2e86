from collections.abc import Callable, Sequence

import pytest

from eval.questions import Question, QuestionsRefused, digest
from eval.row import Ranking
from eval.run import Run, run_evaluation
from rag.errors import BadQuestion, NotHeld
from rag.types import Answer, Hit, Request
from tests.eval.small import answer, citation, hit, near_miss, question, small_collection

C = small_collection()
RIGHT = question()
WRONG = question(id="q3", question="判了多久？", evidence=("拘役三个月",), must=(("三个月",),), lang="en")
DECLINED = question(
    id="q4",
    case=2,
    cases=(2,),
    kind="list",
    question="骗了多少？",
    evidence=("5000万元",),
    must=(("5000万元",),),
)
MISS = near_miss()
FOOLED = near_miss(id="q5", question="乙某哪年出生？", kind="list")
QUESTIONS = (RIGHT, MISS, WRONG, DECLINED, FOOLED)

VALUE = citation(C, "1-zh-basic_case-2")
OTHER = citation(C, "2-zh-basic_case-1")
ANSWERS = {
    RIGHT.question: answer("价值2500元。[1]", VALUE, confidence=0.9),
    MISS.question: answer("没有找到。", abstained=True, confidence=0.2),
    WRONG.question: answer("乙某骗取5000万元。[1]", OTHER, confidence=0.6),
    DECLINED.question: answer("没有找到。", abstained=True, confidence=0.4),
    FOOLED.question: answer("乙某骗取5000万元。[1]", OTHER, confidence=0.5),
}
FOUND = {
    RIGHT.question: ["1-zh-gist-1", "1-en-basic_case-1", "1-zh-basic_case-2", "1-zh-basic_case-1"],
    WRONG.question: ["2-zh-basic_case-1"],
    DECLINED.question: ["2-zh-basic_case-1"],
}


def ask(request: Request) -> Answer:
    return ANSWERS[request.question]


def search(request: Request) -> Sequence[Hit]:
    assert request.top_k == 10
    return [hit(C, passage) for passage in FOUND[request.question]]


def run(
    questions: Sequence[Question] = QUESTIONS, ask: Callable[[Request], Answer] = ask, **more: str
) -> Run:
    return run_evaluation(questions, ask, search, C, settings={"reader": "on", **more}, commit="abc")


def test_a_run_records_what_made_it() -> None:
    seen = []
    got = run_evaluation(
        QUESTIONS,
        ask,
        search,
        C,
        settings={"reader": "on"},
        commit="abc",
        dirty=True,
        name="small",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (got.name, got.commit, got.dirty, got.settings) == ("small", "abc", True, {"reader": "on"})
    assert (got.snapshot, got.embedder, got.questions_sha256) == ("small", "none", digest(QUESTIONS))
    assert got.versions.keys() >= {"python", "numpy"}
    assert got.started.endswith("+00:00")
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert [row.id for row in got.rows] == ["q1", "q2", "q3", "q4", "q5"]


def test_rankings_count_ranks_in_passages_and_a_section_once() -> None:
    retrieval = run().rows[0].retrieval
    assert retrieval is not None
    # The English edition's passage stands for the section, but holds no Chinese evidence.
    assert retrieval.sections == Ranking(
        ("1/gist", "1/basic_case", "again:1-zh-basic_case-2", "again:1-zh-basic_case-1"), ("1/basic_case",)
    )
    assert retrieval.evidence == Ranking(
        tuple(FOUND[RIGHT.question]), ("1-zh-basic_case-1", "1-zh-basic_case-2")
    )


def test_figures_by_hand() -> None:
    f = run().overall
    expected = {
        "n": 5,
        "n_answerable": 3,
        "n_retrieval": 3,
        "errors": 0,
        "located": 1,
        # Section ranks 2, none, 1; evidence ranks 3 and 4 of two, none, 1.
        "section_hit@1": 1 / 3,
        "section_hit@5": 2 / 3,
        "section_mrr@10": (1 / 2 + 0 + 1) / 3,
        "section_ndcg@10": (0.63093 + 0 + 1) / 3,
        "evidence_hit@1": 1 / 3,
        "evidence_hit@10": 2 / 3,
        "evidence_recall@10": 2 / 3,
        "evidence_mrr@10": (1 / 3 + 0 + 1) / 3,
        "evidence_ndcg@10": ((0.5 + 0.43068) / 1.63093 + 0 + 1) / 3,
        # Right: the first, and the near-miss that was declined.
        "fully_right": 2 / 5,
        "fully_right_answerable": 1 / 3,
        "facts_present": 1 / 3,
        "facts_share": 1 / 3,
        "section_cited": 1 / 3,
        "cases_share": 1 / 3,
        "citation_right_case": 1 / 2,
        "citation_on_evidence": 1 / 2,
        "quotes_verbatim": 1,
        "marker_integrity": 1,
        "numbers_supported": 1,
        "abstention_precision": 1 / 2,
        "abstention_recall": 1 / 2,
        "coverage": 2 / 3,
        # Answerable .9 .6 .4, near-misses .2 .5: the threshold is .4; five of six pairs in order.
        "declined_at_90": 1 / 2,
        "auc": 5 / 6,
        # Answers given: .9 right, .6 wrong, .5 wrong.
        "aurc": (0 + 1 / 2 + 2 / 3) / 3,
        "citations_median": 1,
        # 11, 14 and 14, markers included.
        "characters_median": 14,
        "latency_p50_ms": 10,
        "latency_p95_ms": 10,
        "embed_mean_ms": 1,
        "retrieve_mean_ms": 2,
        "read_mean_ms": 4,
        "answer_mean_ms": 3,
    }
    assert {name: f[name] for name in expected} == pytest.approx(expected, abs=1e-5)
    low, high = f["fully_right_low"], f["fully_right_high"]
    assert low is not None
    assert high is not None
    assert 0 <= low < 0.4 < high <= 1


def test_groups_part_the_questions() -> None:
    got = run()
    assert {name: f["n"] for name, f in got.by_kind.items()} == {"fact": 3, "list": 2}
    assert {name: f["n"] for name, f in got.by_language.items()} == {"en": 1, "zh": 4}
    assert {name: f["n"] for name, f in got.by_crossing.items()} == {"en on zh": 1, "zh on zh": 4}
    assert got.by_language["en"]["fully_right"] == 0
    assert got.by_language["en"]["auc"] is None


def test_a_failing_question_is_wrong_and_the_run_goes_on() -> None:
    def failing(request: Request) -> Answer:
        if request.question == RIGHT.question:
            raise BadQuestion("too long")
        return ask(request)

    got = run(ask=failing)
    row = got.rows[0]
    assert (row.error, row.confidence, row.judgement.fully_right) == ("ask: too long", None, False)
    assert (row.answered, row.abstained) == (False, False)
    assert row.retrieval is not None
    assert got.overall["errors"] == 1
    assert got.overall["fully_right"] == 1 / 5
    assert got.overall["coverage"] == pytest.approx(1 / 3)
    # A failed near-miss was not declined.
    assert run([MISS], ask=lambda request: failing(Request(RIGHT.question))).overall["fully_right"] == 0


def test_a_failing_search_leaves_the_answer() -> None:
    def failing(request: Request) -> Sequence[Hit]:
        raise NotHeld("no index")

    got = run_evaluation([RIGHT], ask, failing, C, settings={}, commit="abc")
    assert (got.rows[0].error, got.overall["fully_right"]) == ("search: no index", 1)
    assert got.overall["section_hit@10"] == 0


def test_a_defect_ends_the_run() -> None:
    with pytest.raises(KeyError):
        run([question(question="unscripted", case=9, cases=(9,))])


def test_evidence_that_is_not_held_is_not_searched_for() -> None:
    got = run([question(evidence=("价值2600元",), must=(("2600元",),))])
    assert got.rows[0].retrieval is None
    assert (got.overall["located"], got.overall["n_retrieval"]) == (0, 0)
    assert got.overall["section_mrr@10"] is None
    assert got.overall["fully_right"] == 0


def test_no_questions() -> None:
    with pytest.raises(QuestionsRefused):
        run([])
