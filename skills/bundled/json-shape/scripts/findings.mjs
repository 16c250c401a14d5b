// What stands out in a shape, as sentences: what breaks programs first.

import { below, clipped, counted, grouped, share, visible } from "./wording.mjs";

const SHOWN = 3;
const UNSAFE = "integers beyond 2^53, which many programs round";

/** Give the places of a shape in order: path, shape, and the shape of the object around it (null at the top). */
export function* places(shape, path = "$", around = null) {
  yield { path, shape, around };
  for (const [name, inner] of shape.keys) yield* places(inner, below(path, name), shape);
  if (shape.entries) yield* places(shape.entries, `${path}{}`, null);
  if (shape.items) yield* places(shape.items, `${path}[]`, null);
}

/** Give the types of a place that make a difference: null apart, integers and numbers as one. */
export function kinds(shape) {
  const names = new Set([...shape.types.keys()].map((type) => (type === "integer" ? "number" : type)));
  names.delete("null");
  return [...names].sort();
}

/** Give what stands out, what matters most first. */
export function findings(shape, source) {
  const all = [...places(shape)];
  const keys = all.filter(({ around }) => around !== null);
  const optional = keys.filter(({ shape: inner, around }) => inner.count < around.objects);
  const mixed = all.filter(({ shape: inner }) => kinds(inner).length > 1);
  const nulls = keys.filter(({ shape: inner }) => inner.types.has("null"));
  const numeric = all.filter(({ shape: inner }) => onlyFormat(inner) === "number");
  const maps = all.filter(({ shape: inner }) => inner.entries !== null);
  const unsafe = all.filter(({ shape: inner }) => inner.unsafe > 0);
  return [
    summary(keys.length, optional.length),
    ...mixed.slice(0, 5).map(mixture),
    ...told(optional, "is sometimes missing", "are sometimes missing", ({ shape: inner, around }) => {
      return `in ${share(around.objects - inner.count, around.objects)}`;
    }),
    ...told(nulls, "is sometimes null", "are sometimes null", ({ shape: inner }) => {
      return `in ${share(inner.types.get("null"), inner.count)}`;
    }),
    ...told(numeric, "is a number written as a text", "are numbers written as texts"),
    ...told(maps, "is a map: its keys are data", "are maps: their keys are data"),
    ...told(unsafe, `has ${UNSAFE}`, `have ${UNSAFE}`),
    ...remarks(all, source),
  ];
}

/** Give the one format that all texts of a place have; undefined where there are several, or other values. */
export function onlyFormat(shape) {
  const [only, ...more] = [...shape.formats.keys()];
  return more.length || kinds(shape).join() !== "string" ? undefined : only;
}

function summary(keys, optional) {
  if (!keys) return "There are no objects with fixed keys in it.";
  return `${counted(keys, "key")}, ${optional ? `${grouped(optional)} of them optional` : "all of them always there"}.`;
}

function mixture({ path, shape }) {
  const parts = [...shape.types].sort(([, first], [, second]) => second - first);
  return `${named(path)} has several types: ${parts.map(([type, count]) => `${type} (${grouped(count)})`).join(", ")}.`;
}

function* told(found, one, many, detail = () => "") {
  if (!found.length) return;
  const shown = found.slice(0, SHOWN).map((place) => {
    const more = detail(place);
    return more ? `${named(place.path)} (${more})` : named(place.path);
  });
  const rest = found.length - shown.length;
  const more = rest > 0 ? ` and ${counted(rest, "more place")}` : "";
  yield `${shown.join(", ")}${more} ${found.length === 1 ? one : many}.`;
}

function* remarks(all, source) {
  if (source.skipped) {
    const lines = counted(source.skipped, "line is", "lines are");
    yield `${lines} no JSON and left out, the first is line ${grouped(source.firstSkipped)}.`;
  }
  const deeper = all.filter(({ shape }) => shape.deeper > 0).length;
  if (deeper) yield `At ${counted(deeper, "place")} it goes deeper, or has more keys, than is looked at.`;
}

function named(path) {
  return `“${clipped(visible(path), 80)}”`;
}
