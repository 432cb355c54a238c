// The accounts, and their Applications and numbers: each one's URLs as the flow that they are.

import { allAccounts, choose, chosen, loadAccounts, named, onChoice, one } from "./accounts.js";
import { get, of } from "./api.js";
import { byId, el, fillIfNew } from "./dom.js";
import { FIELDS, plural, short, span } from "./words.js";

const CARDS = 60;
const WHEN = ["first", "if that fails", "when it is over"];

export async function showFlows() {
  await loadAccounts({ again: false });
  const sid = one();
  const accounts = allAccounts();
  fillIfNew(byId("account-cards"), [accounts.slice(0, CARDS), chosen()], () => accountCards(accounts));
  if (!sid) return;
  const text = byId("flow-text").value.trim();
  const found = await get(of(sid, `flows?text=${encodeURIComponent(text)}`));
  if (sid !== one()) return;
  const numbers = found.numbers.filter((number) => own(number));
  byId("flow-counts").textContent =
    `${plural(found.found.applications, "Application")}, ${plural(found.found.numbers, "number")} of ${short(sid)}`;
  fillIfNew(byId("flows"), [sid, text, found], () => (found.applications.length || numbers.length
    ? [found.applications.map((each) => applicationCard(sid, each)),
      numbers.map((each) => numberCard(sid, each)), more(found)]
    : nothing(text)));
}

// A number's own URLs count where it carries no Application.
const own = (number) => !number.voice_application_sid || !number.sms_application_sid;

function accountCards(accounts) {
  return el("ul", { class: "cards" }, accounts.slice(0, CARDS).map((account) => el("li", {},
    el("button", {
      type: "button", class: "account-card", "aria-pressed": String(account.sid === one()),
      on: { click: () => choose(account.sid) },
    },
    el("strong", {}, named(account)),
    el("span", { class: "quiet" }, [
      plural(account.records.applications, "Application"),
      plural(account.records.incoming_phone_numbers, "number"),
      plural(account.requests, "request"),
      account.status === "active" ? null : account.status,
      account.owner_account_sid ? `below ${short(account.owner_account_sid)}` : null,
    ].filter(Boolean).join(" · "))))),
  accounts.length > CARDS ? el("li", { class: "quiet" }, `and ${accounts.length - CARDS} more`) : null);
}

function applicationCard(sid, application) {
  const numbers = application.numbers.join(", ");
  return el("article", { class: "card flow" },
    el("h3", {}, application.friendly_name || "(no name)", " ",
      el("span", { class: "quiet" }, application.sid, numbers ? ` · ${numbers}` : "")),
    flow("a call arrives", application.voice, `#/try/${sid}/call/${application.sid}`),
    flow("a message arrives", application.message, `#/try/${sid}/message/${application.sid}`));
}

function numberCard(sid, number) {
  return el("article", { class: "card flow" },
    el("h3", {}, number.phone_number, " ", el("span", { class: "quiet" }, number.friendly_name, " · its own URLs")),
    number.voice_application_sid ? null : flow("a call arrives", number.voice, `#/try/${sid}/call/${number.phone_number}`),
    number.sms_application_sid ? null : flow("a message arrives", number.message, `#/try/${sid}/message/${number.phone_number}`));
}

function flow(title, steps, href) {
  const first = steps[0];
  return el("ol", { class: "chain", "aria-label": title },
    el("li", { class: "node start" }, title,
      first?.url ? el("a", { class: "try", href, "aria-label": `try it: ${title}` }, "try it")
        : el("span", { class: "quiet" }, "nobody is asked")),
    steps.map((step, place) => [arrow(step, WHEN[step.field.endsWith("callback") ? 2 : place]), node(step)]));
}

// What goes along the arrow: when, and what became of it the last time.
function arrow(step, when) {
  return el("li", { class: `arrow ${step.url ? "" : "unset"}`, "aria-hidden": step.url ? null : "true" },
    el("span", { class: "quiet" }, when), outcome(step));
}

export function outcome(step) {
  const last = step.last;
  if (!step.url) return null;
  if (!last) return el("span", { class: "status silent" }, "not asked yet");
  const failed = Boolean(last.error_code);
  const words = failed ? `error ${last.error_code}` : `${last.status ?? "no answer"} · ${span(last.seconds)}`;
  return el("span", { class: `status ${failed ? "broken" : "good"}`, title: last.reason || null }, words,
    failed ? el("span", { class: "unseen" }, last.reason) : null);
}

function node(step) {
  return el("li", { class: `node ${step.url ? "" : "unset"}` },
    el("strong", {}, FIELDS[step.field] ?? step.field),
    step.url ? el("span", { class: "url" }, `${step.method} ${step.url}`) : el("span", { class: "quiet" }, "not set"));
}

function more(found) {
  const left = found.found.applications - found.applications.length + found.found.numbers - found.numbers.length;
  return left > 0 ? el("p", { class: "quiet" }, `${left} more: filter by name, number, SID or URL.`) : null;
}

function nothing(text) {
  return el("div", { class: "empty" }, text
    ? el("p", {}, "No Application or number has this text.")
    : [el("h3", {}, "No Application yet"),
      el("p", {}, "An Application is the set of URLs that Twilio asks when a call or a message arrives. Your code creates one, or you do:"),
      el("p", {}, el("a", { href: "#/start" }, "Quick start"))]);
}

export function watchFlows(refresh) {
  byId("flow-filter").addEventListener("submit", (event) => event.preventDefault());
  byId("flow-text").addEventListener("input", refresh);
  onChoice(refresh);
}
