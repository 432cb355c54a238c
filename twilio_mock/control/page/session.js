// The control token of this tab: asked for when the server refuses, kept until the tab is closed.

import { byId } from "./dom.js";

const KEY = "twilio_mock control token";
let token = remembered();
let waiting = [];

function remembered() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

// A header takes bytes: a token beyond ASCII goes as the UTF-8 that the server compares.
function asBytes(text) {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

export function authorization() {
  return token ? { Authorization: `Bearer ${asBytes(token)}` } : {};
}

// Shows the form, and resolves when a token was given.
export function askForToken() {
  if (!waiting.length) {
    byId("token-problem").textContent = token ? "That is not the token." : "";
    byId("locked").hidden = false;
    byId("main").hidden = true;
    byId("token").focus();
  }
  return new Promise((resolve) => waiting.push(resolve));
}

export function watchTokenForm() {
  byId("locked").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    token = byId("token").value;
    byId("token").value = "";
    try {
      sessionStorage.setItem(KEY, token);
    } catch {
      // it is kept here, then
    }
    byId("locked").hidden = true;
    byId("main").hidden = false;
    const those = waiting;
    waiting = [];
    for (const resolve of those) resolve();
  });
}
