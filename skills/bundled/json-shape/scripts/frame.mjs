// The frame of the script: its arguments, its clock, its progress, and errors that a person can act on.

import { mkdirSync, statSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";

import { visible } from "./wording.mjs";

/** What was given cannot be used: says what happened and why, and what to do next. */
export class Unusable extends Error {
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}

/** Read `--name value` pairs; a name that is not given is an empty text. */
export function slots(names) {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string", default: "" }]));
  try {
    return parseArgs({ options }).values;
  } catch (problem) {
    throw new Unusable(`The arguments cannot be read: ${visible(problem.message)}`, `Give --${names.join(", --")}.`);
  }
}

/** Check an attached file by the value of its slot; throws Unusable where it is none or lies elsewhere. */
export function workspaceFile(value) {
  const shown = visible(value);
  if (!value) throw new Unusable("No file was given.", "Attach a file, or name one that is in the input folder.");
  if (value.startsWith("/") || value.split("/").includes("..") || value.includes("\0"))
    throw new Unusable(`“${shown}” is not in the workspace.`, "Attach the file, and name it without a path.");
  const found = statSync(value, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    const why = found === undefined ? "does not exist" : found.isDirectory() ? "is a folder" : "is no regular file";
    throw new Unusable(`“${shown}” ${why}, so it cannot be read.`, "Attach the file that is meant.");
  }
  return value;
}

/** Give the time that the run was given (AGENT_NOW), in seconds since the epoch, so that results are repeatable. */
export function now() {
  return Number.parseFloat(process.env.AGENT_NOW || "") || Date.now() / 1000;
}

/** Tell whoever waits how far the work is. */
export function progress(percent, text) {
  writeSync(2, `::progress ${Math.max(0, Math.min(100, Math.round(percent)))} ${text}\n`);
}

/** Write a result into the output folder; `stem` is made a safe file name. */
export function writeResult(stem, ending, text) {
  mkdirSync("output", { recursive: true });
  writeFileSync(`output/${safeName(stem)}${ending}`, text);
}

/** Run `main` and print the summary it returns; errors end the process with words, not a traceback. */
export function run(main) {
  try {
    writeSync(1, `${main()}\n`);
  } catch (problem) {
    const [message, fix] = words(problem);
    writeSync(2, `${message}\n${fix}\n`);
    process.exitCode = 1;
  }
}

function words(problem) {
  if (problem instanceof Unusable) return [problem.message, problem.fix];
  if (problem.syscall)
    return [`A file could not be read or written: ${problem.code}.`, "Check that it can be read; try again."];
  const what = visible(`${problem.name}: ${problem.message}`).slice(0, 500);
  return [`The script met something that it does not know (${what}).`, "Please report it with the file."];
}

function safeName(text) {
  const name = visible(text).replace(/[\\/:*?"<>|\s]+/gu, " ");
  let safe = name.replace(/^[ .-]+|[ .-]+$/gu, "");
  while (Buffer.byteLength(safe) > 120) safe = [...safe].slice(0, -1).join("");
  return safe.trim() || "unnamed";
}
