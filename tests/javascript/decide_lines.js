// Decides leads line by line: {"script": …} loads a policy's script, {"record", "as_of"} is decided.
"use strict";
const lines = require("readline").createInterface({ input: process.stdin, crlfDelay: Infinity });
let decide = null;
lines.on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked.script !== undefined) {
    decide = new Function(`${asked.script}; return decide;`)();
    return;
  }
  let told;
  try {
    told = decide(asked.record, asked.as_of, { partial: asked.partial === true });
  } catch (crash) {
    told = { status: "crash", crash: String(crash.stack) };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
