// Finds the shape of a JSON file: `node report.mjs --file input/data.json`.

import { basename, extname } from "node:path";

import { findings } from "./findings.mjs";
import { markdown } from "./markdown.mjs";
import { now, progress, run, slots, workspaceFile, writeResult } from "./frame.mjs";
import { schema } from "./schema.mjs";
import { Shape } from "./shape.mjs";
import { Source } from "./source.mjs";
import { counted, size, visible } from "./wording.mjs";

function main() {
  const path = workspaceFile(slots(["file"]).file);
  const name = basename(path);
  progress(2, "Reading the file");
  const source = new Source(path);
  const shape = new Shape();
  let told = 0;
  for (const [value, part] of source.values()) {
    shape.add(value);
    if (part >= told + 0.05) {
      told = part;
      progress(2 + 80 * part, "Reading the file");
    }
  }
  source.refuseNothing(shape.count);
  shape.settle();
  progress(85, "Writing the shape");
  const standingOut = findings(shape, source);
  const stem = name.slice(0, name.length - extname(name).length) || name;
  writeResult(stem, " shape.md", markdown(shape, source, standingOut, now()));
  writeResult(stem, " schema.json", `${JSON.stringify(schema(shape, name), null, 2)}\n`);
  progress(100, "Done");
  const what = source.lines ? counted(shape.count, "record") : "one document";
  return [`${visible(name)}: ${what}, ${size(source.bytes)}.`, ...standingOut.slice(0, 2)].join("\n");
}

run(main);
