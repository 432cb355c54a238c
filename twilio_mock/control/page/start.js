// The first lines of code for this very server, to be copied.

import { onChoice, one } from "./accounts.js";
import { get, of } from "./api.js";
import { copyable } from "./copy.js";
import { byId, el, fill, fillIfNew } from "./dom.js";

const linesFor = (account) => get(of(account, `quick_start?url=${encodeURIComponent(location.origin)}`));

export async function showStart() {
  const account = one();
  if (!account) return;
  const { lines } = await linesFor(account);
  fillIfNew(byId("lines"), lines, () => lines.map(block));
}

function block({ language, about, text }) {
  return el("article", { class: "card" }, el("h3", {}, language), el("p", { class: "quiet" }, withCode(about)),
    copyable(text, `the lines for ${language}`));
}

// A text in which what stands between backticks is code.
const withCode = (text) => text.split("`").map((part, place) => (place % 2 ? el("code", {}, part) : part));

// What the list of requests shows while there are none.
export async function showEmpty() {
  const account = one();
  if (!account) return;
  const { lines } = await linesFor(account);
  const curl = lines.find((each) => each.language === "curl");
  fill(byId("no-requests"),
    el("h3", {}, "Nothing was asked yet"),
    el("p", {}, "Every request to this mock appears here as it comes. Send the first one from a shell:"),
    copyable(curl.text, "the curl command"),
    el("p", {}, el("a", { href: "#/start" }, "Quick start"), " has the lines for Python, Node and other languages. Then ",
      el("a", { href: "#/try" }, "let a call arrive"), ", or ",
      el("a", { href: "#/faults" }, "add a fault"), " and see how your code takes it."));
}

export function watchStart() {
  onChoice(() => {
    showEmpty();
    if (!byId("view-start").hidden) showStart();
  });
}
