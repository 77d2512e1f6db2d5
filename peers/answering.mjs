// Answers one request a line: {"task": …, …} on standard input, {"answer": …} or {"error": …}
// on standard output.

import * as dataIntegrity from './data-integrity.mjs';
import * as tokens from './tokens.mjs';
import {createInterface} from 'node:readline';

const tasks = {...dataIntegrity, ...tokens};

for await (const line of createInterface({input: process.stdin})) {
  const {task, ...details} = JSON.parse(line);
  let said;
  try {
    said = {answer: await tasks[task](details)};
  } catch(error) {
    said = {error: `${error.name}: ${error.message}`};
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
