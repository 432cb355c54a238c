// A call or a message, step by step: each attempt with its request, signature and answer.

import { copyable } from "./copy.js";
import { el } from "./dom.js";
import { table } from "./table.js";
import { FIELDS, KINDS, clock, span, statusClass } from "./words.js";

const CALLBACKS = ["status_callback", "sms_status_callback", "message_status_callback"];
// Which parts a reader has opened: they stay open while the delivery grows.
const opened = new Map();

export function steps(delivery) {
  return [
    el("h3", {}, KINDS[delivery.kind] ?? delivery.kind, " ", el("span", { class: "quiet" }, delivery.sid)),
    el("p", { class: "quiet" }, `${delivery.status || "beginning"}${delivery.held ? " · held by a fault" : ""}${delivery.cause ? ` · asked for by ${delivery.cause}` : ""}`),
    el("ol", { class: "steps" }, inOrder(delivery).map((step) => (step.attempt
      ? attemptStep(delivery, step)
      : eventStep(step.event)))),
  ];
}

// What became of it, for those who hear the page.
export function inShort(delivery) {
  const verdicts = [...delivery.attempts, ...delivery.status_callbacks].map((attempt) =>
    `${FIELDS[attempt.field]} ${attempt.error_code ? `error ${attempt.error_code}` : "went well"}`);
  return [delivery.held ? "held by a fault" : delivery.status, ...verdicts].join(", ");
}

// The events in their order; each verdict with its attempt.
function inOrder(delivery) {
  const queues = { asked: [...delivery.attempts], told: [...delivery.status_callbacks] };
  const found = [];
  let pending = null;
  let fallback = 0;
  for (const event of delivery.events) {
    if (event.name === "asked") {
      pending = event;
    } else if (event.name === "answered" || event.name === "failed") {
      const field = event.detail.slice(1).split(" ")[0];
      const queue = CALLBACKS.includes(field) ? "told" : "asked";
      const attempt = queues[queue].shift();
      if (attempt) found.push({ attempt, event, number: fallback++ });
      pending = null;
    } else {
      found.push({ event });
    }
  }
  if (pending) found.push({ event: { ...pending, name: delivery.held ? "held" : "waiting for the answer" } });
  return found;
}

function eventStep(event) {
  return el("li", { class: "event" },
    el("span", { class: "quiet" }, clock(event.time)), " ", el("strong", {}, event.name),
    event.detail ? ` ${event.detail}` : "");
}

function attemptStep(delivery, { attempt, event, number }) {
  const failed = Boolean(attempt.error_code);
  const fallback = attempt.field.includes("fallback");
  return el("li", { class: `attempt ${failed ? "broken" : "good"}` },
    el("div", {},
      el("span", { class: "quiet" }, clock(event.time)), " ",
      el("strong", {}, FIELDS[attempt.field] ?? attempt.field),
      fallback ? [" ", el("span", { class: "mark fault" }, "fallback")] : null, " ",
      el("span", { class: `status ${failed ? "broken" : "good"}` },
        failed ? `error ${attempt.error_code}` : "went well"), " ",
      el("span", { class: "quiet" }, span(attempt.seconds))),
    el("p", { class: "url" }, `${attempt.method} ${attempt.url}`),
    failed ? el("p", { class: "problem" }, attempt.reason) : null,
    attempt.warnings.map((warning) => el("p", {}, el("span", { class: "mark finding" }, "warning"), " ", warning)),
    attempt.hops.map((hop, place) => hopStep(hop, `${delivery.sid} ${number} ${place}`, failed)));
}

function hopStep(hop, key, failed) {
  const { request, reply, failure } = hop;
  const signature = request.headers.find(([name]) => name.toLowerCase() === "x-twilio-signature");
  const headers = request.headers.filter((header) => header !== signature);
  return el("div", { class: "hop" },
    hop.why === "asked" ? null : el("p", {}, el("span", { class: "mark finding" }, hop.why), ` ${request.method} ${request.url}`),
    folded(key, "request", `Request: ${request.parameters.length} parameters`, false, [
      table(["parameter", "value"], request.parameters),
      el("dl", {},
        el("dt", {}, "Signed URL"), el("dd", {}, request.signed_url),
        signature ? [el("dt", {}, signature[0]), el("dd", {}, el("code", {}, signature[1]))] : null),
      headers.length ? table(["header", "value"], headers) : null]),
    reply ? folded(key, "answer", ["Answer: ", el("span", { class: `status ${statusClass(reply.status)}` }, String(reply.status)), answerKind(reply)], !failed || Boolean(reply.body), [
      reply.body ? copyable(reply.body, "the answer") : el("p", { class: "quiet" }, "no body"),
      folded(key, "answer headers", "Headers", false, table(["header", "value"], reply.headers))]) : null,
    failure ? el("p", { class: "problem" }, `No answer: ${failure.reason}`) : null);
}

function answerKind(reply) {
  const type = reply.headers.find(([name]) => name.toLowerCase() === "content-type");
  const twiml = reply.body.includes("<Response") ? ", TwiML" : "";
  return ` ${type ? type[1] : "without a content type"}${twiml}`;
}

function folded(key, part, title, open, content) {
  const name = `${key} ${part}`;
  const element = el("details", { open: opened.get(name) ?? open }, el("summary", {}, title), content);
  element.addEventListener("toggle", () => opened.set(name, element.open));
  if (opened.size > 500) opened.clear();
  return element;
}
