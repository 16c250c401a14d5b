// The shape of JSON values, collected in bounded memory and without recursion over the values.

import { formatOf } from "./formats.mjs";
import { clipped, visible } from "./wording.mjs";

const DEEPEST = 64;
const MOST_KEYS = 200;
const MOST_PLACES = 50_000;
const MOST_VALUES = 12;
const MOST_EXAMPLES = 3;
const KEYS_OF_A_MAP = 12;
const RARE = 0.3;
const KEY_OF_DATA = /^(?:\d[\d.:_/-]*|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|[A-Za-z_-]{1,12}\d+)$/iu;

export const SCALARS = ["string", "integer", "number", "boolean", "null"];

/** What was seen at one place: how often, of which types, and what is below it. */
export class Shape {
  constructor(depth = 0, budget = { left: MOST_PLACES }) {
    this.depth = depth;
    this.budget = budget; // of all shapes together
    this.count = 0;
    this.types = new Map();
    this.keys = new Map();
    this.entries = null; // of an object whose keys are data
    this.merging = []; // shapes that will be part of `entries`; what waits to be noted may still hold them
    this.mapKeys = 0;
    this.mapIsOpen = false;
    this.items = null;
    this.lengths = new Range();
    this.numbers = new Range();
    this.formats = new Map();
    this.values = new Map();
    this.unsafe = 0;
    this.deeper = 0;
  }

  /** Take in a value with all that is in it. */
  add(value) {
    const stack = [{ shapes: this, values: [value], next: 0 }];
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top.next === top.values.length) {
        stack.pop();
        continue;
      }
      const place = top.next++;
      const shape = top.shapes instanceof Shape ? top.shapes : top.shapes[place];
      if (shape !== null) shape.#note(top.values[place], stack);
    }
  }

  /** Give the objects that were seen here. */
  get objects() {
    return this.types.get("object") ?? 0;
  }

  /** Once all is seen: make maps of objects whose keys are data. */
  settle() {
    if (this.entries === null && this.#keysAreData()) this.#becomeMap();
    this.entries?.#merge(this.merging.splice(0));
    for (const inner of [...this.keys.values(), this.entries, this.items]) inner?.settle();
  }

  #note(value, stack) {
    this.count += 1;
    const type = typeOf(value);
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
    if (type === "object") this.#noteObject(value, stack);
    else if (type === "array") this.#noteArray(value, stack);
    else this.#noteScalar(type, value);
  }

  #noteObject(value, stack) {
    const shapes = Object.keys(value).map((name) => this.#below(name));
    this.deeper += shapes.filter((inner) => inner === null).length;
    stack.push({ shapes, values: Object.values(value), next: 0 });
  }

  #noteArray(value, stack) {
    this.lengths.add(value.length);
    if (value.length) this.items ??= this.#inner();
    if (this.items === null) this.deeper += value.length;
    else stack.push({ shapes: this.items, values: value, next: 0 });
  }

  /** Give the shape of what is below a key; null where it is too deep, or there are too many. */
  #below(name) {
    if (this.entries === null && !this.keys.has(name) && this.keys.size >= MOST_KEYS) this.#becomeMap();
    if (this.entries !== null) {
      this.mapIsOpen = true;
      return this.entries;
    }
    const inner = this.keys.get(name) ?? this.#inner();
    if (inner !== null) this.keys.set(name, inner);
    return inner;
  }

  #inner() {
    if (this.depth >= DEEPEST || this.budget.left <= 0) return null;
    this.budget.left -= 1;
    return new Shape(this.depth + 1, this.budget);
  }

  #noteScalar(type, value) {
    if (type === "string") {
      this.lengths.add(value.length);
      const format = formatOf(value);
      this.formats.set(format, (this.formats.get(format) ?? 0) + 1);
    } else if (type === "integer" || type === "number") {
      this.numbers.add(value);
      this.unsafe += type === "integer" && !Number.isSafeInteger(value) ? 1 : 0;
    }
    const shown = type === "string" ? `"${clipped(visible(value), 60)}"` : String(value);
    add(this.values, [[shown, 1]], MOST_VALUES + 1);
  }

  /** Give all values where they are few and come again and again, else nothing. */
  choices() {
    const few = this.values.size > 1 && this.values.size <= MOST_VALUES;
    return few && this.count >= 5 * this.values.size ? [...this.values.keys()] : [];
  }

  /** Give a few values as they were first seen. */
  examples() {
    return [...this.values.keys()].filter((shown) => shown !== "null").slice(0, MOST_EXAMPLES);
  }

  /** Tell whether the keys are identifiers and the like, or so many and so rare that nobody named them. */
  #keysAreData() {
    if (this.keys.size < KEYS_OF_A_MAP) return false;
    if ([...this.keys.keys()].every((key) => KEY_OF_DATA.test(key))) return true;
    const most = Math.max(...[...this.keys.values()].map((inner) => inner.count));
    return this.objects >= 10 && most < RARE * this.objects;
  }

  #becomeMap() {
    this.entries = new Shape(this.depth + 1, this.budget);
    this.mapKeys = this.keys.size;
    this.merging = [...this.keys.values()];
    this.keys = new Map();
  }

  #merge(others) {
    for (const other of others) {
      this.count += other.count;
      add(this.types, other.types);
      add(this.formats, other.formats);
      add(this.values, other.values, MOST_VALUES + 1);
      this.lengths.take(other.lengths);
      this.numbers.take(other.numbers);
      this.unsafe += other.unsafe;
      this.deeper += other.deeper;
      if (other.items) (this.items ??= this.#inner())?.#merge([other.items]);
      for (const [name, inner] of other.keys) this.#below(name)?.#merge([inner]);
      if (other.entries) this.#mergeMap(other);
    }
  }

  #mergeMap(other) {
    if (this.entries === null) this.#becomeMap();
    this.mapKeys = Math.max(this.mapKeys, other.mapKeys);
    this.mapIsOpen ||= other.mapIsOpen;
    this.merging.push(other.entries, ...other.merging);
  }
}

function add(counts, others, most = Infinity) {
  for (const [name, count] of others)
    if (counts.has(name) || counts.size < most) counts.set(name, (counts.get(name) ?? 0) + count);
}

/** The smallest and the largest of what was seen. */
export class Range {
  constructor() {
    this.low = Infinity;
    this.high = -Infinity;
  }

  add(value) {
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
  }

  take(other) {
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
  }

  get empty() {
    return this.low > this.high;
  }
}

function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
