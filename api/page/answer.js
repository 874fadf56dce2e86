// One answer: its sentences with numbered citations, each of which opens at its place in the source.

import { call, el, link, textOf } from "/page/dom.js";
import { tag, word } from "/page/words.js";

const AROUND = 400; // code points shown on either side where there is no section to show

export function showAnswer(box, answer) {
  const cited = new Map(answer.citations.map((citation) => [citation.marker, citation]));
  const parts = [];
  const text = el("p", { class: "answer", lang: tag(answer.language) }, ...withMarkers(answer.answer, cited));
  parts.push(answer.abstained ? el("div", { class: "notice warn" }, el("strong", { text: word("abstained") }), text) : text);
  if (answer.interpreted_as && answer.interpreted_as !== answer.question) {
    parts.push(el("p", { class: "meta" }, word("understood"), el("q", { text: answer.interpreted_as })));
  }
  if (answer.warnings.length) {
    parts.push(el("h3", { text: word("warnings") }), el("ul", {}, ...answer.warnings.map((text) => el("li", { text }))));
  }
  if (answer.citations.length) {
    parts.push(el("h3", { text: word("citations") }), el("ol", { class: "citations" }, ...answer.citations.map(citationItem)));
  }
  parts.push(passageList(answer));
  box.replaceChildren(...parts);
}

// "[1]" becomes a link to its citation; brackets that no citation answers to stay as they are.
function withMarkers(text, cited) {
  return text.split(/(\[\d+\])/).map((part) => {
    const number = /^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : null;
    if (number === null || !cited.has(number)) return document.createTextNode(part);
    return el("a", {
      class: "marker", href: `#cite-${number}`, text: part, "aria-label": word("cite_n", number),
      on: { click: (event) => openCitation(event, number) },
    });
  });
}

function openCitation(event, number) {
  event.preventDefault();
  const details = document.getElementById(`cite-${number}`);
  details.open = true;
  details.querySelector("summary").focus();
  details.scrollIntoView({ block: "nearest" });
}

function citationItem(citation) {
  const context = el("div", { class: "source-text", lang: tag(citation.language), tabindex: "0", role: "region", "aria-label": word("in_context") });
  const details = el("details", { id: `cite-${citation.marker}` },
    el("summary", {}, el("strong", { text: `[${citation.marker}] ` }), citation.label),
    el("blockquote", { lang: tag(citation.language), cite: `/v1/sources/${citation.source_sha256}`, text: citation.quote }),
    el("p", { class: "meta", text: place(citation) }),
    el("p", { class: "meta", text: word("in_context") }),
    context,
    el("p", { class: "links" }, link(citation.url, word("open_case")), link(`/v1/sources/${citation.source_sha256}`, `${word("open_source")} (${citation.source})`)),
  );
  details.addEventListener("toggle", () => {
    if (details.open && !context.hasChildNodes()) showContext(context, citation);
  });
  return el("li", {}, details);
}

function place(item) {
  return [item.case_title, item.section_heading, item.subsection, word("paragraph", item.paragraph)].filter(Boolean).join(" · ");
}

async function showContext(box, citation) {
  box.textContent = word("loading_text");
  try {
    const around = (await sectionAround(citation)) ?? (await windowAround(citation));
    const points = Array.from(around.text); // offsets count code points, not UTF-16 units
    const from = citation.start - around.start;
    const to = citation.end - around.start;
    const mark = el("mark", { text: points.slice(from, to).join("") });
    box.replaceChildren(points.slice(0, from).join(""), mark, points.slice(to).join(""));
    box.scrollTop = Math.max(0, mark.offsetTop - box.offsetTop - box.clientHeight / 3);
  } catch {
    box.replaceChildren();
    box.append(el("span", { text: word("text_failed") }));
  }
}

async function sectionAround(citation) {
  if (citation.case_number === null) return null;
  const held = await call(`/v1/cases/${citation.case_number}?language=${citation.language}`);
  return held.editions
    .filter((edition) => edition.source_sha256 === citation.source_sha256)
    .flatMap((edition) => edition.sections)
    .find((section) => section.start <= citation.start && citation.end <= section.end);
}

async function windowAround(citation) {
  const points = Array.from(await textOf(`/v1/sources/${citation.source_sha256}`));
  const start = Math.max(0, citation.start - AROUND);
  return { start, text: points.slice(start, citation.end + AROUND).join("") };
}

function passageList(answer) {
  const items = answer.passages.map((passage) => el("li", {},
    el("details", {},
      el("summary", { text: [passage.case_number === null ? word("announcement") : word("case_n", passage.case_number), passage.section_heading || word(passage.section), word("score", passage.score.toFixed(3))].join(" · ") }),
      el("blockquote", { lang: tag(passage.language), text: passage.text }),
      el("p", { class: "links" }, link(`/v1/sources/${passage.source_sha256}`, `${word("open_source")} (${passage.source})`)),
    ),
  ));
  const list = items.length ? el("ul", { class: "passages" }, ...items) : el("p", { class: "hint", text: word("no_passages") });
  // Where there is no answer the nearest passages are what is left to read: they are not folded away.
  if (answer.abstained) return el("div", {}, el("h3", { text: word("nearest") }), list);
  return el("details", {}, el("summary", { text: `${word("passages")} (${items.length})` }), list);
}
