// What a text is written as, where it is more than words.

const LONGEST = 256;

// The first that fits counts; names are those of JSON Schema where it has one.
const FORMATS = [
  ["date-time", /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/u],
  ["date", /^\d{4}-\d\d-\d\d$/u],
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu],
  ["ipv4", /^(?:\d{1,3}\.){3}\d{1,3}$/u],
  ["number", /^[+-]?\d{1,30}(?:[.,]\d{1,30})?$/u],
  ["uri", /^[a-z][a-z0-9+.-]{1,20}:\/\/\S+$/iu],
  ["email", /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/u],
  ["empty", /^\s*$/u],
];

/** The formats that JSON Schema knows; a date with a time is one only by RFC 3339. */
export const STANDARD = new Set(["date", "uuid", "ipv4", "uri", "email"]);

/** Give what a text is written as: the name of a format, or "text". */
export function formatOf(text) {
  if (text.length > LONGEST) return "text";
  return FORMATS.find(([, pattern]) => pattern.test(text))?.[0] ?? "text";
}
