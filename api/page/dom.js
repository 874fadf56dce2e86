// Elements are made here and nowhere else: text only ever becomes a text node, never markup.

export const $ = (id) => document.getElementById(id);

export function el(name, options = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (key === "text") node.textContent = value;
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// A link within this service; anything else that a case might carry is shown without a link.
export function link(href, text) {
  return /^\/v1\//.test(href) ? el("a", { href, text, target: "_blank", rel: "noopener" }) : el("span", { text });
}

export class Failure extends Error {
  constructor(message, code, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

// JSON from the service. Throws Failure with the problem's own words, or code "unreachable".
export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure("", "unreachable", 0);
  }
  const text = await response.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    if (response.ok) throw new Failure("", "unreachable", response.status);
  }
  if (!response.ok) throw new Failure(body.detail ?? response.statusText, body.code ?? "http_error", response.status);
  return body;
}

export async function textOf(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Failure(response.statusText, "http_error", response.status);
  return response.text();
}
