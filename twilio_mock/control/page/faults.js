// Faults: added, watched and removed.

import { onChoice, one } from "./accounts.js";
import { ask, get, of } from "./api.js";
import { byId, el, fill, fillIfNew } from "./dom.js";
import { EFFECTS, WEBHOOK_EFFECTS } from "./fault_words.js";
import { input, only, onSend, problemLine, select } from "./fields.js";
import { FIELDS } from "./words.js";

const form = () => byId("fault");
const webhookForm = () => byId("webhook-fault");
const USUAL = ["on", "effect", "times", "after", "probability"];
const COUNT = { type: "number", min: 1, step: 1 };

export async function showFaults() {
  const account = one();
  if (!account) return;
  const [{ faults }, webhook] = await Promise.all([get(of(account, "faults")), get(of(account, "webhooks/faults"))]);
  if (account !== one()) return;
  fillIfNew(byId("faults"), [account, faults], () => [
    el("h3", {}, "Set now"),
    faults.length ? list(faults.map((fault) => setFault(account, fault)))
      : el("p", { class: "quiet" }, "None. A fault that is added hits the next request that it is for."),
    faults.length > 1 ? remover(account, "faults", "Remove all") : null]);
  fillIfNew(byId("webhook-faults"), [account, webhook.faults], () => [
    el("h3", {}, "Set for webhooks"),
    webhook.faults.length ? list(webhook.faults.map(setWebhookFault)) : el("p", { class: "quiet" }, "None."),
    webhook.faults.length ? remover(account, "webhooks/faults", "Remove all of webhooks") : null]);
}

const list = (items) => el("ul", { class: "plain faults" }, items);

function setFault(account, fault) {
  const left = fault.left === null ? "until it is removed" : `${fault.left} left`;
  return el("li", { "data-fault": fault.name },
    el("div", {}, el("strong", {}, fault.name), el("span", { class: "quiet" }, ` on ${fault.on}`)),
    el("div", {}, fault.effects.map((name) => el("span", { class: "mark fault" }, name)),
      ` met ${fault.matched}, hit ${fault.fired}, ${left}`),
    remover(account, `faults/${encodeURIComponent(fault.name)}`, "Remove", fault.name));
}

function setWebhookFault(fault) {
  const field = fault.field === "*" ? "any URL" : FIELDS[fault.field] ?? fault.field;
  return el("li", {}, el("span", { class: "mark fault" }, fault.effect), ` ${field}: hit ${fault.hits}, ${fault.times} left`);
}

function remover(account, path, text, name = "") {
  return el("button", {
    type: "button", "aria-label": name ? `${text} ${name}` : null,
    on: {
      click: async () => {
        await ask("DELETE", of(account, path)).catch(() => {}); // it is gone already
        await showFaults();
      },
    },
  }, text);
}

// The body of the call that sets what the form says.
function body({ on, effect, times, after, probability, ...own }) {
  const told = { effect };
  for (const [key, value] of Object.entries(own)) {
    told[key.slice(effect.length + 1)] = value;
  }
  if (typeof told.body === "string") told.body = asJson(told.body);
  const often = { times, after, probability };
  return { on, effects: [told], ...Object.fromEntries(Object.entries(often).filter(([, value]) => value !== undefined)) };
}

function asJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
}

const ownFields = (effect) => Object.keys(EFFECTS[effect].need).map((name) => `${effect}-${name}`);

function adapt() {
  only(form(), [...USUAL, ...ownFields(form().elements.effect.value)]);
  const effect = webhookForm().elements.effect.value;
  only(webhookForm(), ["effect", "field", "times", ...(effect === "delay" ? ["seconds"] : [])]);
}

async function offerOperations() {
  const { operations } = await get("coverage");
  fill(byId("operations"), Object.keys(operations).map((value) => el("option", { value })));
}

function makeForm() {
  fill(form(),
    el("h3", {}, "Add a fault"),
    input("On which requests", "on", { required: true, value: "CreateApplication", list: "operations" },
      "An operation, or a method and a path: POST Messages. * stands for anything."),
    el("datalist", { id: "operations" }),
    select("What happens", "effect", Object.entries(EFFECTS).map(([name, { says }]) => [name, `${name}: ${says}`])),
    Object.entries(EFFECTS).map(([effect, { need }]) => Object.entries(need).map(([name, { label, value, properties }]) =>
      input(label, `${effect}-${name}`, { ...properties, value: String(value) }))),
    el("div", { class: "row" },
      input("Times", "times", { ...COUNT, value: "1" }, "empty: always"),
      input("After", "after", { ...COUNT, min: 0 }, "so many pass first"),
      input("Probability", "probability", { type: "number", min: 0, max: 1, step: "any" }, "0 to 1")),
    problemLine(),
    el("button", { class: "primary" }, "Add the fault"));
}

function makeWebhookForm() {
  fill(webhookForm(),
    el("h3", {}, "Add one for webhooks"),
    select("What happens", "effect", Object.entries(WEBHOOK_EFFECTS).map(([name, says]) => [name, `${name}: ${says}`])),
    select("To which URL", "field", [["*", "any"], ...Object.entries(FIELDS).filter(([name]) => name !== "sms_status_callback")]),
    el("div", { class: "row" }, input("Times", "times", { ...COUNT, value: "1" }),
      input("Seconds", "seconds", { type: "number", min: 0, step: "any", value: "2" })),
    problemLine(),
    el("button", { class: "primary" }, "Add it"));
}

export function watchFaults() {
  makeForm();
  makeWebhookForm();
  adapt();
  for (const each of [form(), webhookForm()]) each.elements.effect.addEventListener("change", adapt);
  onSend(form(), async (values) => {
    await ask("POST", of(one(), "faults"), body(values));
    await showFaults();
  });
  onSend(webhookForm(), async (values) => {
    await ask("POST", of(one(), "webhooks/faults"), values);
    await showFaults();
  });
  onChoice(() => { if (!byId("view-faults").hidden) showFaults(); });
  byId("fault").addEventListener("focusin", offerOperations, { once: true });
}
