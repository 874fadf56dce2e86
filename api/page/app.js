// The page: state of the service, the form, and what becomes of a question.

import { showAnswer } from "/page/answer.js";
import { showCases, titleOf } from "/page/cases.js";
import { $, call, el } from "/page/dom.js";
import { choose, EXAMPLES, language, SECTIONS, tag, word } from "/page/words.js";

const FILTERS = { "f-case": "case_numbers", "f-batch": "batches", "f-language": "languages", "f-section": "sections" };
let held = []; // the cases, for the filters
let ready = false;
let last = null; // the answer shown, to show it again in the other language
let asking = null; // AbortController of the question under way

function translate() {
  document.documentElement.lang = tag(language());
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = word(node.dataset.text);
  const other = language() === "zh" ? "en" : "zh";
  $("switch").textContent = other === "en" ? "English" : "中文";
  $("switch").lang = tag(other);
  $("examples").replaceChildren(...EXAMPLES[language()].map((text) =>
    el("li", {}, el("button", { type: "button", text, on: { click: () => { $("question").value = text; ask(); } } }))));
  fillFilters();
  if (last) showAnswer($("result-body"), last);
  if (ready) showCases(askOnly);
}

function fillFilters() {
  const batches = [...new Set(held.map((c) => c.batch).filter((b) => b !== null))].sort((a, b) => a - b);
  const choices = {
    "f-case": held.map((c) => [c.case_number, `${word("case_n", c.case_number)} ${titleOf(c)}`]),
    "f-batch": batches.map((b) => [b, word("batch_n", b)]),
    "f-language": [["zh", word("zh")], ["en", word("en")]],
    "f-section": SECTIONS.map((id) => [id, word(id)]),
  };
  for (const [id, options] of Object.entries(choices)) {
    const before = $(id).value;
    $(id).replaceChildren(el("option", { value: "", text: word("any") }), ...options.map(([value, text]) => el("option", { value, text })));
    $(id).value = before;
  }
  countFilters();
}

function countFilters() {
  const n = Object.keys(FILTERS).filter((id) => $(id).value).length;
  $("filter-count").textContent = n ? word("n_set", n) : "";
}

function askOnly(number) {
  $("f-case").value = String(number);
  $("filters").open = true;
  countFilters();
  $("question").focus();
}

function filters() {
  const chosen = {};
  for (const [id, name] of Object.entries(FILTERS)) {
    const value = $(id).value;
    if (value) chosen[name] = [id === "f-case" || id === "f-batch" ? Number(value) : value];
  }
  return chosen;
}

async function ask() {
  const question = $("question").value.trim();
  $("question-error").hidden = Boolean(question);
  $("question").setAttribute("aria-invalid", String(!question));
  if (!question) {
    $("question-error").textContent = word("blank");
    $("question").focus();
    return;
  }
  if (!ready) return;
  asking?.abort();
  const mine = (asking = new AbortController());
  last = null;
  $("result").hidden = false;
  $("result").setAttribute("aria-busy", "true");
  $("result-body").replaceChildren(el("p", { class: "hint", text: word("asking") }));
  try {
    const body = JSON.stringify({ question, filters: filters() });
    const headers = { "Content-Type": "application/json" };
    last = await call("/v1/ask", { method: "POST", headers, body, signal: mine.signal });
    last.question = question;
    showAnswer($("result-body"), last);
  } catch (error) {
    if (mine.signal.aborted) return;
    showFailure(error);
  }
  $("result").setAttribute("aria-busy", "false");
  $("result").focus({ preventScroll: true });
  $("result").scrollIntoView({ block: "nearest" });
}

function showFailure(error) {
  const text = error.message ? word("failed") + error.message : word("unreachable");
  const again = el("button", { type: "button", class: "quiet", text: word("retry"), on: { click: ask } });
  $("result-body").replaceChildren(el("div", { class: "notice bad" }, el("p", { text }), again));
  if (error.code === "not_ready") watch();
}

function showState(text, kind) {
  $("state").hidden = !text;
  $("state").className = `notice ${kind}`;
  $("state").textContent = text;
}

// Ask /readyz until it says yes, or that loading failed.
async function watch() {
  try {
    await call("/readyz");
  } catch (error) {
    ready = false;
    $("submit").disabled = true;
    if (error.code === "load_failed") return showState(word("load_failed") + error.message, "bad");
    const loading = error.code === "not_ready";
    showState(word(loading ? "loading_index" : "unreachable"), loading ? "warn" : "bad");
    return setTimeout(watch, 1500);
  }
  ready = true;
  $("submit").disabled = false;
  showState("", "");
  await loadCases();
}

async function loadCases() {
  held = [];
  try {
    for (let path = "/v1/cases?limit=200"; path; ) {
      const page = await call(path);
      held.push(...page.cases);
      path = page.next;
    }
  } catch {
    // The list below says so; questions can still be asked.
  }
  fillFilters();
  showCases(askOnly);
}

function remember(code) {
  choose(code);
  try {
    localStorage.setItem("language", language());
  } catch {
    // A browser may refuse storage: the choice then lasts for this page.
  }
  translate();
}

function remembered() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
}

$("ask").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
$("question").addEventListener("keydown", (event) => {
  // While Chinese is being composed, Enter picks a word.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); ask(); }
});
$("switch").addEventListener("click", () => remember(language() === "zh" ? "en" : "zh"));
$("clear").addEventListener("click", () => { for (const id of Object.keys(FILTERS)) $(id).value = ""; countFilters(); });
for (const id of Object.keys(FILTERS)) $(id).addEventListener("change", countFilters);
let typing;
$("case-search").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => showCases(askOnly), 250); });

choose(remembered() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));
$("submit").disabled = true;
translate();
watch();
