// One request in full: what was sent, what came back, and what it caused.

import { get, of } from "./api.js";
import { copyable } from "./copy.js";
import { byId, el, fill } from "./dom.js";
import { table } from "./table.js";
import { moment, pretty, span, statusClass, statusText } from "./words.js";

// Characters of a body that are shown: a browser lays out no more in good time.
const LONGEST = 200_000;
let asked = 0;
let close = () => {};

export function onClose(listener) {
  close = listener;
}

export async function showRequest(request) {
  const number = ++asked;
  const base = request.account_sid ? of(request.account_sid, "requests") : "unknown_requests";
  const query = `request_id=${encodeURIComponent(request.request_id)}`;
  const url = `url=${encodeURIComponent(location.origin)}`;
  try {
    const [found, command] = await Promise.all([
      get(`${base}?${query}`), get(`${base}/curl?${query}&${url}`),
    ]);
    if (number !== asked) return; // another one was chosen meanwhile
    // After a reset Request-Ids begin again: the time tells whether it is this one.
    const whole = found.requests.find((each) => each.started === request.started);
    if (whole) draw(whole, command.text.trim());
    else drawBrief(request, "The journal does not have it any more: the account was reset, or later requests took its place.");
  } catch (problem) {
    if (number === asked) drawBrief(request, `The rest cannot be read: ${problem.message}`);
  }
}

function heading(request) {
  const path = request.query ? `${request.path}?${request.query}` : request.path;
  return [
    el("button", { type: "button", class: "back", on: { click: () => close() } }, "← Back to the list"),
    el("h3", {},
      el("span", { class: `status ${statusClass(request.status)}` }, statusText(request.status)),
      el("span", { class: "method" }, request.method), " ", el("span", { class: "path" }, path)),
  ];
}

function drawBrief(request, text) {
  fill(byId("detail"), heading(request), el("p", { class: "quiet" }, text),
    request.parameters ? part("Parameters", el("p", {}, request.parameters)) : null);
}

function draw(request, command) {
  fill(byId("detail"), heading(request), facts(request), findings(request), parameters(request),
    body(request), webhooks(request),
    part("The same with curl", copyable(command, "the curl command"),
      el("p", { class: "quiet" }, "A shell puts in TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")));
}

function part(title, ...content) {
  return el("section", {}, el("h4", {}, title), content);
}

function facts(request) {
  const rows = [
    ["Operation", request.operation ?? "none"],
    ["Account", request.account_sid ?? "none: its credentials opened no account"],
    ["Credentials", request.caller ?? "none"],
    ["Error", request.error_code],
    ["Fault", request.faults.join(", ")],
    ["Created", request.created.join(", ")],
    ["Updated", request.updated.join(", ")],
    ["Deleted", request.deleted.join(", ")],
    ["Took", span(request.duration)],
    ["At", moment(request.started)],
    ["Request-Id", request.request_id],
  ].filter(([, value]) => value);
  return el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
}

function findings(request) {
  if (!request.findings.length) return null;
  return part("Findings", el("ul", { class: "plain" }, request.findings.map((finding) => el("li", {},
    el("span", { class: "mark finding" }, finding.rule), " ", finding.message))));
}

function parameters(request) {
  if (!request.parameters.length) return part("Parameters", el("p", { class: "quiet" }, "none"));
  return part("Parameters", table(["name", "value"], request.parameters));
}

function body(request) {
  const text = request.response_body;
  if (!text) {
    return part("Answer", el("p", { class: "quiet" }, request.status ? "no body" : "none was sent"));
  }
  return part("Answer", copyable(pretty(text.slice(0, LONGEST)), "the body of the answer"),
    text.length > LONGEST ? el("p", { class: "quiet" }, `${text.length} characters; these are the first.`) : null);
}

function webhooks(request) {
  if (!request.webhooks.length) return null;
  return part("Caused", el("ul", { class: "plain" }, request.webhooks.map((delivery) => {
    const failed = delivery.error_codes.filter((code) => code);
    return el("li", {},
      el("a", { href: `#/try/${request.account_sid}/${delivery.sid}` }, `${delivery.kind} ${delivery.sid}`),
      ` ${delivery.status}`, failed.length ? el("span", { class: "mark fault" }, `error ${failed.join(", ")}`) : null);
  })));
}
