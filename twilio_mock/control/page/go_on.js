// The buttons under a call or a message: how it goes on, and how it ends.

import { ask, of } from "./api.js";
import { el } from "./dom.js";
import { problemLine } from "./fields.js";

const ENDED = ["completed", "busy", "no-answer", "canceled", "failed", "delivered", "undelivered"];

function ways(delivery) {
  if (delivery.held) return [["Let it go on", "release"]];
  if (ENDED.includes(delivery.status) || delivery.kind === "incoming_message") return [];
  if (delivery.kind === "outgoing_message") {
    return [["Delivered", "status", { status: "delivered" }],
      ["Undelivered (30003)", "status", { status: "undelivered", error_code: 30003 }]];
  }
  const ends = [["Hang up after 12 s", "status", { status: "completed", duration: 12 }]];
  if (delivery.status !== "in-progress") {
    ends.push(["Busy", "status", { status: "busy" }], ["No answer", "status", { status: "no-answer" }]);
  }
  return ends;
}

export function goOn(account, delivery, draw) {
  const found = ways(delivery);
  if (!found.length) return null;
  const line = problemLine();
  const buttons = found.map(([text, path, body]) => el("button", {
    type: "button",
    on: {
      click: async () => {
        line.textContent = "";
        try {
          draw(await ask("POST", of(account, `deliveries/${delivery.sid}/${path}`), body));
        } catch (problem) {
          line.textContent = problem.message;
        }
      },
    },
  }, text));
  return el("div", { class: "go-on" }, el("h4", {}, "How does it go on?"), el("div", { class: "buttons" }, buttons), line);
}
