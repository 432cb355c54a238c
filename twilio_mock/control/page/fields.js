// Fields of forms: a label with what is typed or chosen.

import { el } from "./dom.js";

export function input(label, name, properties = {}, hint = "") {
  return el("label", { "data-field": name }, label, el("input", { name, autocomplete: "off", ...properties }),
    hint ? el("span", { class: "quiet" }, hint) : null);
}

export function select(label, name, options, properties = {}) {
  return el("label", { "data-field": name }, label, el("select", { name, ...properties },
    options.map(([value, text]) => el("option", { value }, text ?? value))));
}

export const problemLine = () => el("p", { class: "problem", role: "alert" });

// Shows those fields of a form that count, and takes the others out of the order of the keys.
export function only(form, names) {
  for (const label of form.querySelectorAll("[data-field]")) {
    label.hidden = !names.includes(label.dataset.field);
  }
}

// What a form says: its fields that count and are not empty.
export function said(form) {
  const values = {};
  for (const label of form.querySelectorAll("[data-field]:not([hidden])")) {
    const field = label.querySelector("input, select, textarea");
    if (field.value !== "") values[field.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  return values;
}

// Calls a function when the form is sent; what it throws stands in the form.
export function onSend(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const line = form.querySelector(".problem");
    const button = form.querySelector("button.primary");
    line.textContent = "";
    button.disabled = true;
    try {
      await send(said(form));
    } catch (problem) {
      line.textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  });
}
