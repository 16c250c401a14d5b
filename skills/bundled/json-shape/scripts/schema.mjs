// A JSON Schema (draft 2020-12) that every value that was seen fits.

import { STANDARD } from "./formats.mjs";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** Give the schema of a whole file. */
export function schema(shape, title) {
  return { $schema: DIALECT, title, ...part(shape) };
}

function part(shape) {
  const types = [...shape.types.keys()].sort();
  // Every integer is a number.
  const named = types.includes("number") ? types.filter((type) => type !== "integer") : types;
  if (!named.length) return {};
  return {
    type: named.length === 1 ? named[0] : named,
    ...(shape.objects ? object(shape) : {}),
    ...(shape.items ? { items: part(shape.items) } : {}),
    ...format(shape),
  };
}

function object(shape) {
  if (shape.entries !== null) return { additionalProperties: part(shape.entries) };
  const keys = [...shape.keys];
  const required = keys.filter(([, inner]) => inner.count === shape.objects).map(([name]) => name);
  // Entries and not assignments: a key may be called __proto__.
  const properties = Object.fromEntries(keys.map(([name, inner]) => [name, part(inner)]));
  return { properties, ...(required.length ? { required } : {}) };
}

function format(shape) {
  const [only, ...more] = shape.formats.keys();
  return only && !more.length && STANDARD.has(only) ? { format: only } : {};
}
