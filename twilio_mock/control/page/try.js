// Lets calls and messages happen, and shows them step by step while they do.

import { choose, chosen, onChoice, one } from "./accounts.js";
import { ask, get, of } from "./api.js";
import { byId, el, fill, fillIfNew } from "./dom.js";
import { input, only, onSend, problemLine, select } from "./fields.js";
import { goOn } from "./go_on.js";
import { inShort, steps } from "./steps.js";
import { KINDS, short } from "./words.js";

// What each kind can be told; the target is a number or an Application.
const FORMS = {
  incoming_call: ["kind", "target", "from", "deliver_to"],
  sdk_call: ["kind", "target", "identity", "to", "deliver_to"],
  outgoing_call: ["kind", "target", "to", "from", "deliver_to"],
  incoming_message: ["kind", "target", "from", "body", "deliver_to"],
  outgoing_message: ["kind", "target", "to", "from", "body", "deliver_to"],
};
const BUTTONS = {
  incoming_call: "Let it ring", sdk_call: "Call out", outgoing_call: "Call",
  incoming_message: "Let it arrive", outgoing_message: "Send",
};

let shown = { account: "", sid: "" };
let running = false;
let timer = 0;

const form = () => byId("try");
const kind = () => form().elements.kind.value;

export async function showTry(account, what, target) {
  if (account && what && target) {
    if (chosen() !== account) choose(account);
    form().elements.kind.value = what === "call" ? "incoming_call" : "incoming_message";
  } else if (account && what) {
    await showDelivery(account, what);
  }
  adapt();
  await offerTargets(target);
  await showRecent();
}

async function offerTargets(wanted) {
  const sid = one();
  if (!sid) return;
  const found = await get(of(sid, "flows"));
  const incoming = kind().startsWith("incoming");
  const numbers = incoming ? found.numbers.map((each) => [each.phone_number, `${each.phone_number} ${each.friendly_name ?? ""}`]) : [];
  const applications = found.applications.map((each) => [each.sid, `${each.friendly_name || "(no name)"} ${short(each.sid)}`]);
  const offered = [...numbers, ...applications];
  const field = form().elements.target;
  const kept = wanted || field.value;
  fillIfNew(field, offered, () => offered.map(([value, text]) => el("option", { value }, text)));
  if (offered.some(([value]) => value === kept)) field.value = kept;
  form().querySelector(".hint").hidden = offered.length > 0;
  form().querySelector("button.primary").disabled = !offered.length;
}

function adapt() {
  only(form(), FORMS[kind()]);
  form().querySelector("button.primary").textContent = BUTTONS[kind()];
}

async function begin(values) {
  const { kind: name, target, ...body } = values;
  body[target.startsWith("+") ? "to" : "application_sid"] = target;
  const account = one();
  shown = { account, sid: "" };
  running = true;
  fill(byId("delivery"), el("p", { class: "quiet" }, "It begins ..."));
  try {
    const delivery = await ask("POST", of(account, name), body);
    shown = { account, sid: delivery.sid };
    draw(delivery);
  } catch (problem) {
    fill(byId("delivery"));
    throw problem;
  } finally {
    running = false;
  }
  await showRecent();
}

// An event of the server: a delivery has gone on.
export function deliveryHappened({ account_sid: account, sid }) {
  if (running && account === shown.account && !shown.sid) shown = { account, sid };
  if (account !== shown.account || sid !== shown.sid || timer) return;
  timer = setTimeout(async () => {
    timer = 0;
    if (sid !== shown.sid) return; // another one is looked at meanwhile
    await showDelivery(account, sid).catch(() => {}); // it was forgotten meanwhile
  }, 120);
}

export async function showDelivery(account, sid) {
  shown = { account, sid };
  const delivery = await get(of(account, `webhooks/deliveries/${sid}`));
  if (shown.sid === sid) draw(delivery);
}

function draw(delivery) {
  fillIfNew(byId("delivery"), delivery, () => el("article", { class: "card" },
    steps(delivery), goOn(shown.account, delivery, draw)));
  byId("outcome").textContent = `${KINDS[delivery.kind]}: ${inShort(delivery)}`;
}

async function showRecent() {
  const account = one();
  if (!account) return;
  const { deliveries } = await get(of(account, "webhooks/deliveries?last=8"));
  const brief = deliveries.reverse().map((each) => [each.sid, each.kind, each.error_code]);
  fillIfNew(byId("recent"), [account, brief], () => brief.map(([sid, name, code]) => el("button", {
    type: "button", class: "chip", on: { click: () => showDelivery(account, sid) },
  }, KINDS[name] ?? name, " ", el("span", { class: "quiet" }, short(sid)), code ? el("span", { class: "mark fault" }, String(code)) : null)));
}

export function watchTry() {
  fill(form(),
    select("What happens", "kind", Object.entries(KINDS)),
    select("To", "target", [], { required: true }),
    el("p", { class: "hint quiet", hidden: true }, "This account has no Application and no number yet: see ", el("a", { href: "#/start" }, "Quick start"), "."),
    input("From", "from", { placeholder: "+15005550001" }),
    input("Identity of the client", "identity", { value: "alice" }),
    input("To whom", "to", { placeholder: "+15005550009", value: "+15005550009" }),
    input("Text", "body", { value: "Hello" }),
    input("Deliver to", "deliver_to", { type: "url", placeholder: "http://127.0.0.1:3000" },
      "The base URL of a server of yours that takes it, where the URLs lead elsewhere."),
    problemLine(),
    el("button", { class: "primary" }, "Let it ring"));
  form().elements.kind.addEventListener("change", () => { adapt(); offerTargets(); });
  onSend(form(), begin);
  onChoice(() => { if (!byId("view-try").hidden) { offerTargets(); showRecent(); } });
  adapt();
}
