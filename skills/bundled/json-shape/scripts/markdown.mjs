// The shape as Markdown, in which nothing that the file says is markup.

import { kinds, onlyFormat, places } from "./findings.mjs";
import { SCALARS } from "./shape.mjs";
import { clipped, counted, grouped, minute, share, size, visible } from "./wording.mjs";

const MOST = 1000;

/** Give the page. */
export function markdown(shape, source, standingOut, created) {
  const what = source.lines ? counted(shape.count, "record") : "One document";
  const all = [...places(shape)];
  const rows = all.slice(0, MOST).map(row);
  const rest = all.length > MOST ? [plain(`${counted(all.length - MOST, "more place")}; the schema has them.`)] : [];
  const parts = [
    `# Shape of ${plain(source.name)}`,
    plain(`${what}, ${size(source.bytes)}. Prepared on ${minute(created)}.`),
    "## What stands out",
    standingOut.map((item) => `- ${plain(item)}`).join("\n"),
    "## Every place",
    table(["Place", "Type", "There", "Values", "Examples"], rows),
    ...rest,
    "## How to read this",
    [
      "$ is the whole of a value, [] each item of a list, {} each value of an object whose keys are data.",
      "“There” is how often a key is there, where the object around it is.",
      "The schema beside this page fits every value that was seen; a new one may differ.",
    ].map((item) => `- ${plain(item)}`).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Give `text` so that Markdown shows it as it is. */
export function plain(text) {
  return visible(text).replace(/[\\`*_{}[\]()#+\-.!|~&<>:@$]/gu, "\\$&");
}

function table(heading, rows) {
  const lines = [heading, heading.map(() => "---"), ...rows.map((cells) => cells.map(plain))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function row({ path, shape, around }) {
  const optional = around !== null && shape.count < around.objects;
  const there = around === null ? "" : optional ? share(shape.count, around.objects) : "always";
  return [clipped(visible(path), 160), types(shape), there, values(shape), shape.examples().join(", ")];
}

function types(shape) {
  const several = shape.types.size > 1;
  const found = [...shape.types].sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1));
  return found.map(([type, count]) => (several ? `${type} ${share(count, shape.count)}` : type)).join(", ");
}

/** Say what values there are: a format, all of a few, or from where to where. */
function values(shape) {
  const parts = [];
  if (shape.entries) parts.push(`${grouped(shape.mapKeys)}${shape.mapIsOpen ? " or more" : ""} keys that are data`);
  if (shape.items || shape.types.has("array")) parts.push(range(shape.lengths, "item"));
  const format = onlyFormat(shape);
  if (format && format !== "text") parts.push(format);
  const choices = kinds(shape).every((kind) => SCALARS.includes(kind)) ? shape.choices() : [];
  if (choices.length) parts.push(`one of ${choices.join(", ")}`);
  else if (!shape.numbers.empty) parts.push(range(shape.numbers));
  else if (kinds(shape).join() === "string") parts.push(range(shape.lengths, "character"));
  return parts.join("; ");
}

function range({ low, high }, noun = "") {
  const amount = low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`;
  return noun ? `${amount} ${noun}${high === 1 && low === 1 ? "" : "s"}` : amount;
}
