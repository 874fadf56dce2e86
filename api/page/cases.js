// The list of cases; a case opens to its sections.

import { $, call, el, link } from "/page/dom.js";
import { language, tag, word } from "/page/words.js";

const PAGE = 20;
let round = 0; // a later search makes the answer to an earlier one void

export async function showCases(askOnly, offset = 0) {
  const mine = ++round;
  const query = new URLSearchParams({ q: $("case-search").value.trim(), limit: PAGE, offset });
  let found;
  try {
    found = await call(`/v1/cases?${query}`);
  } catch {
    if (mine === round) $("case-state").textContent = word("list_failed");
    return;
  }
  if (mine !== round) return;
  const items = found.cases.map((held) => caseItem(held, askOnly));
  if (offset === 0) $("case-list").replaceChildren(...items);
  else $("case-list").append(...items);
  $("case-count").textContent = word("n_cases", found.total);
  const empty = $("case-search").value.trim() ? "none_found" : "none_held";
  $("case-state").textContent = found.total ? "" : word(empty);
  $("more-cases").hidden = found.next === null;
  $("more-cases").onclick = () => showCases(askOnly, offset + PAGE);
}

// The title in the page's language where the case is held in it.
export const titleOf = (held) => held.titles[language()] ?? held.title;

function caseItem(held, askOnly) {
  const body = el("div");
  const languages = held.languages.map((code) => word(code)).join(" / ");
  const batch = held.batch === null ? null : word("batch_n", held.batch);
  const details = el("details", {},
    el("summary", {}, el("strong", { text: `${word("case_n", held.case_number)} ` }), titleOf(held), " ",
      el("span", { class: "count", text: [batch, languages].filter(Boolean).join(" · ") })),
    body,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !body.hasChildNodes()) showCase(body, held, askOnly);
  });
  return el("li", {}, details);
}

async function showCase(body, held, askOnly) {
  body.textContent = word("loading_text");
  try {
    const full = await call(`/v1/cases/${held.case_number}`);
    const only = el("button", { type: "button", class: "quiet", text: word("only_this"), on: { click: () => askOnly(held.case_number) } });
    body.replaceChildren(only, ...full.editions.map(edition));
  } catch {
    body.replaceChildren(el("p", { class: "field-error", text: word("text_failed") }));
    setTimeout(() => body.replaceChildren(), 4000); // opening it again tries again
  }
}

function edition(one) {
  return el("div", {},
    el("h3", { text: `${word(one.language)}: ` }, el("span", { lang: tag(one.language), text: one.title })),
    el("ul", { class: "sections" }, ...one.sections.map((section) => el("li", {},
      el("details", {},
        el("summary", {}, el("span", { lang: tag(one.language), text: section.heading || word(section.id) })),
        el("div", { class: "source-text", lang: tag(one.language), tabindex: "0", text: section.text }),
      )))),
    el("p", { class: "links" }, link(`/v1/sources/${one.source_sha256}`, `${word("open_source")} (${one.source})`)),
  );
}
