// Calls of the control API.

import { askForToken, authorization } from "./session.js";

const ROOT = new URL("../", import.meta.url);

export class Refused extends Error {
  constructor(status, problem) {
    super((problem?.detail ?? `the server answered ${status}`).replace(/^twilio_mock: /, ""));
    this.status = status;
  }
}

export const place = (path) => new URL(path, ROOT);

export async function ask(method, path, body) {
  for (;;) {
    const response = await fetch(place(path), {
      method,
      headers: authorization(),
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
    if (response.status === 401) {
      await askForToken();
      continue;
    }
    const text = await response.text();
    const value = text ? JSON.parse(text) : null;
    if (!response.ok) throw new Refused(response.status, value);
    return value;
  }
}

export const get = (path) => ask("GET", path);

// A path below an account.
export const of = (sid, path) => `accounts/${encodeURIComponent(sid)}/${path}`;
