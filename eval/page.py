"""A run as one HTML file that loads nothing: header, figures, plots, and every wrong answer beside what
should have been said. Matplotlib is loaded with this module: import it only where a page is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from eval.fault import faults, not_held, reason, wanted
from eval.markup import Markup, element, joined
from eval.page_style import STYLE
from eval.plots import Plot, plots
from eval.row import CitedSpan, Row
from eval.run import Run
from eval.storage import write_whole
from eval.table import ANSWERS, PROOFS, RETRIEVAL, Column, groups, interval, of_one, percent, proof
from rag.errors import JianliError

# Questions and answers are escaped; should one slip through all the same, a browser runs and loads nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class PageRefused(JianliError):
    """A page cannot be written where it was asked for."""

    code = "page_refused"


def save_page(run: Run, path: Path) -> None:
    """Creates the folder where it is absent; replaces a file of that name, in one step. Raises
    PageRefused."""
    # A half of a surrogate pair, which JSON can hold and UTF-8 cannot, is written as a reference.
    content = format_page(run).encode("utf-8", "xmlcharrefreplace")
    try:
        write_whole(path, content)
    except OSError as error:
        raise PageRefused(f"{path}: the page cannot be written ({error.strerror or error})") from error
    except ValueError:  # "." and "/" have no name to put a file beside
        raise PageRefused(f"{path}: the page cannot be written (name a file)") from None


def format_page(run: Run) -> str:
    """The same run gives the same text."""
    title = f"Evaluation: {run.name or 'questions'}"
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    body = element("body", element("h1", title), _header(run), _figures(run), _drawings(run), _faults(run))
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def _header(run: Run) -> Markup:
    asked = f"{run.name or 'questions'}, {len(run.rows)} questions, sha256 {run.questions_sha256[:12]}…"
    made = {
        "Set": asked,
        "Date": run.started,
        "Commit": run.commit + (" (with changes that the commit lacks)" if run.dirty else ""),
        "Snapshot": run.snapshot,
        "Embedder": run.embedder,
        "Settings": _told(run.settings),
        "Versions": _told(run.versions),
    }
    return _list(made)


def _told(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sorted(values.items())) or "none"


def _list(entries: Mapping[str, str]) -> Markup:
    pairs = (joined(element("dt", name), element("dd", text)) for name, text in entries.items())
    return element("dl", *pairs, class_="facts")


def _figures(run: Run) -> Markup:
    f = run.overall
    proofs = " · ".join(f"{name} {proof(f[name])}" for name in PROOFS)
    warning = not_held(run)
    return element(
        "section",
        element("h2", "Figures"),
        *([element("p", warning, class_="notice")] if warning else []),
        _table(run, "Answers, % of the questions of the row (AUC of 1)", ANSWERS, "n"),
        _terms(ANSWERS),
        _table(
            run,
            "Retrieval, % of the answerable questions whose evidence is held (MRR and nDCG of 1)",
            RETRIEVAL,
            "n_retrieval",
        ),
        _terms(RETRIEVAL),
        element("p", f"Proofs: {proofs}"),
        element(
            "p",
            f"On the evidence: {percent(f['citation_on_evidence'])} % of citations · "
            f"AURC {of_one(f['aurc'])} · errors {f['errors']:.0f}",
        ),
    )


def _table(run: Run, caption: str, columns: tuple[Column, ...], count: str) -> Markup:
    with_interval = columns is ANSWERS
    headings = ["n", *(["95 % of right"] if with_interval else []), *(c.heading for c in columns)]
    bodies = []
    for by, of_group in groups(run):
        rows = [element("tr", element("th", f"by {by}", colspan=str(len(headings) + 1)))] if by else []
        for name, figures in of_group.items():
            cells = [f"{figures[count] or 0:.0f}", *([interval(figures)] if with_interval else [])]
            cells += [column.cell(figures) for column in columns]
            rows.append(element("tr", element("th", name, scope="row"), *(element("td", c) for c in cells)))
        bodies.append(element("tbody", *rows))
    head = element("thead", element("tr", element("td"), *(element("th", h, scope="col") for h in headings)))
    # Above the part that scrolls, so that a telephone shows all of it.
    return joined(
        element("p", caption, class_="soft"), element("div", element("table", head, *bodies), class_="wide")
    )


def _terms(columns: Iterable[Column]) -> Markup:
    headings: dict[str, list[str]] = {}
    for column in columns:
        headings.setdefault(column.meaning, []).append(column.heading)
    entries = (
        element("div", element("dt", ", ".join(of_it)), element("dd", meaning))
        for meaning, of_it in headings.items()
    )
    return element("dl", *entries, class_="terms")


def _drawings(run: Run) -> Markup:
    return element(
        "section", element("h2", "Plots"), element("div", *map(_drawing, plots(run)), class_="plots")
    )


def _drawing(plot: Plot) -> Markup:
    return element("figure", element("h3", plot.title), plot.svg, element("figcaption", plot.caption))


def _faults(run: Run) -> Markup:
    found = faults(run)
    counts = Counter(map(reason, found)).most_common()
    return element(
        "section",
        element("h2", f"Wrong: {len(found)} of {len(run.rows)}"),
        element("ul", *(element("li", f"{what}: {n}") for what, n in counts)),
        *map(_fault, found),
    )


def _fault(row: Row) -> Markup:
    return element(
        "article",
        element(
            "h3",
            element("strong", row.id),
            f" · {row.kind} · {row.lang} on {row.edition} · ",
            element("span", reason(row), class_="bad"),
        ),
        element("p", row.question, class_="question", lang=_language(row.question)),
        element(
            "div",
            element("div", element("h4", "Should have been"), *_expected(row)),
            element("div", element("h4", "Was served"), *_served(row)),
            class_="pair",
        ),
    )


def _expected(row: Row) -> Iterator[Markup]:
    yield _text(wanted(row))
    if not row.answerable:
        return
    facts = " + ".join(" / ".join(group) for group in row.must)
    yield _list({"Facts": facts or "none named", "Section": ", ".join(row.sections) or "not located"})
    for piece in row.evidence:
        yield element("blockquote", piece, lang=_language(piece))
    if not row.evidence:
        yield element("p", "This run was saved without the evidence's text.", class_="soft")


def _served(row: Row) -> Iterator[Markup]:
    if row.abstained:
        yield element("p", f"Declined ({row.abstention_reason or 'no reason given'})", class_="bad")
    if row.error:
        yield element("p", f"Failed: {row.error}", class_="bad")
    if row.answer:
        yield _text(row.answer)
    yield _list({"Confidence": "none" if row.confidence is None else f"{row.confidence:.2f}"})
    if row.citations:
        yield element("ul", *(element("li", _citation(span)) for span in row.citations))
    else:
        yield element("p", "No citation.", class_="soft")


def _citation(span: CitedSpan) -> str:
    where = "announcement" if span.case_number is None else f"case {span.case_number}"
    return f"[{span.marker}] {where}, {span.section}, characters {span.start} to {span.end}"


def _text(text: str) -> Markup:
    return element("p", text, class_="text", lang=_language(text))


def _language(text: str) -> str:
    """For a browser's choice of Chinese letters: without it it may draw their Japanese forms."""
    return "zh-Hans" if any("一" <= letter <= "鿿" for letter in text) else "en"
