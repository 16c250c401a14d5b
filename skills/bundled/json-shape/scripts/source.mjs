// A JSON file as values: one document, or one on each line; refused where it is none.

import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, extname } from "node:path";

import { Unusable } from "./frame.mjs";
import { counted, size, visible } from "./wording.mjs";

const LARGEST = 40_000_000;
const BLOCK = 1 << 20;
const MOST_SKIPPED = 0.5;
const BY_LINES = new Set([".jsonl", ".ndjson"]);

/** A file that was looked at; `lines` tells whether there is a value on each line, `skipped` how many are none. */
export class Source {
  constructor(path) {
    this.path = path;
    this.name = visible(basename(path));
    this.bytes = statSync(path).size;
    this.skipped = 0;
    this.firstSkipped = 0;
    const start = this.#beginning();
    this.#refuse(start);
    this.wide = start[0] === 0xff || start[0] === 0xfe;
    this.lines = !this.wide && (BY_LINES.has(extname(path).toLowerCase()) || this.#looksLikeLines(start));
  }

  /** Give each value with the share of the file (0 to 1) that was read; throws Unusable at what is no JSON. */
  *values() {
    if (!this.lines) {
      yield [this.#document(), 1];
      return;
    }
    let number = 0;
    let read = 0;
    for (const line of this.#split()) {
      number += 1;
      read += line.length + 1;
      const text = line.toString("utf8").replace(/^\ufeff/u, "").trim();
      if (!text) continue;
      try {
        yield [JSON.parse(text), Math.min(1, read / this.bytes)];
      } catch (problem) {
        if (!(problem instanceof SyntaxError)) throw problem;
        this.skipped += 1;
        this.firstSkipped ||= number;
      }
    }
  }

  /** Throw Unusable where there was no value, or where more lines are broken than not. */
  refuseNothing(values) {
    if (values === 0 && !this.skipped) throw this.#empty();
    if (this.skipped > MOST_SKIPPED * (values + this.skipped))
      throw new Unusable(
        `“${this.name}” is neither JSON nor JSON lines: ${counted(this.skipped, "line")} cannot be read, ` +
          `the first is line ${this.firstSkipped}.`,
        "Check that each line is one complete JSON value.",
      );
  }

  #document() {
    if (this.bytes > LARGEST)
      throw new Unusable(
        `“${this.name}” is one JSON document of ${size(this.bytes)}; up to ${size(LARGEST)} can be read.`,
        "Save it as JSON lines, one record a line: jq -c '.[]' FILE.json > FILE.jsonl",
      );
    const text = decoded(readFileSync(this.path));
    try {
      return JSON.parse(text);
    } catch (problem) {
      if (!(problem instanceof SyntaxError)) throw problem;
      const why = visible(problem.message.split(" in JSON at")[0]);
      throw new Unusable(
        `“${this.name}” is no JSON: ${why}${place(problem.message, text)}.`,
        "Correct it there, and attach it again.",
      );
    }
  }

  /** Give the lines as bytes; memory holds one block and one line. */
  *#split() {
    const file = openSync(this.path, "r");
    let rest = [];
    let length = 0;
    try {
      for (;;) {
        const block = Buffer.allocUnsafe(BLOCK);
        const count = readSync(file, block, 0, BLOCK, null);
        if (count === 0) break;
        let from = 0;
        for (let to = block.indexOf(10); to >= 0 && to < count; to = block.indexOf(10, from)) {
          yield Buffer.concat([...rest, block.subarray(from, to)]);
          [rest, length, from] = [[], 0, to + 1];
        }
        rest.push(block.subarray(from, count));
        length += count - from;
        if (length > LARGEST)
          throw new Unusable(`“${this.name}” has a line of over ${size(LARGEST)}.`, "Check that it has line ends.");
      }
    } finally {
      closeSync(file);
    }
    if (length) yield Buffer.concat(rest);
  }

  #beginning() {
    const file = openSync(this.path, "r");
    const start = Buffer.alloc(65_536);
    try {
      return start.subarray(0, readSync(file, start, 0, start.length, 0));
    } finally {
      closeSync(file);
    }
  }

  #refuse(start) {
    if (/^[\s\ufeff]*$/u.test(decoded(start))) throw this.#empty();
    const wide = start[0] === 0xff || start[0] === 0xfe;
    if (!wide && start.includes(0))
      throw new Unusable(`“${this.name}” is a binary file, not JSON.`, "Export it as JSON, and attach that.");
  }

  #empty() {
    return new Unusable(`“${this.name}” is empty, so it has no shape.`, "Attach a file with JSON in it.");
  }

  /** Tell whether the first line is a whole value and the second begins one: JSON lines under another ending. */
  #looksLikeLines(start) {
    const found = start.toString("utf8").split("\n").filter((line) => line.trim());
    if (found.length < 2 || !/^\s*[[{]/u.test(found[1])) return false;
    try {
      JSON.parse(found[0].replace(/^\ufeff/u, ""));
      return true;
    } catch {
      return false;
    }
  }
}

function decoded(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

/** Say where an error of JSON.parse is; Node.js tells the position, or not, or that the text ends too early. */
function place(message, text) {
  const found = /position (\d+)/u.exec(message);
  if (!found) return "";
  const before = text.slice(0, Number(found[1])).split("\n");
  return `, at line ${before.length}, column ${before.at(-1).length + 1}`;
}
