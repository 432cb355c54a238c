// Runs snippets for node_process.py: one JSON line in, one JSON line out.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// From the directory it is started in: there stands the package.json that names twilio.
const twilio = createRequire(`${process.cwd()}/`)("twilio");
const AsyncFunction = (async () => {}).constructor;

async function run({ url, accountSid, authToken, snippet, given }) {
  const client = twilio(accountSid, authToken, { timeout: 10_000 });
  client.api.baseUrl = url;
  const body = new AsyncFunction("client", ...Object.keys(given), snippet);
  return await body(client, ...Object.values(given));
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { value: (await run(JSON.parse(line))) ?? null };
  } catch (error) {
    const { message, status, code, moreInfo } = error;
    answer = { error: { type: error.constructor.name, message, status, code, moreInfo } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
