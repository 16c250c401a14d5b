// Numbers, sizes and texts as a person reads them, the same on every machine.

// Joiners are part of words and emoji.
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffe\uffff]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Give `text` with every control, direction mark and half character written out, as in `a\nb` or `\u202e`. */
export function visible(text) {
  return text.replace(HIDDEN, (found) => {
    const code = found.codePointAt(0);
    if (found in SHORT) return SHORT[found];
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Give `text` cut to `width` characters, an ellipsis being the last of them. */
export function clipped(text, width) {
  // So long a beginning has all the characters that can be shown, and not the rest of a long text.
  const characters = [...text.slice(0, 2 * width + 2)];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("").trimEnd()}…`;
}

/** Give "1 row" or "1,234 rows". */
export function counted(amount, one, many = `${one}s`) {
  return `${grouped(amount)} ${amount === 1 ? one : many}`;
}

/** Give a number with commas between thousands. */
export function grouped(amount) {
  if (!Number.isInteger(amount) || Math.abs(amount) >= 1e15) return String(amount);
  return String(amount).replace(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** Give a size in decimal units with three figures. */
export function size(amount) {
  let value = amount;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return counted(amount, "byte");
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${UNITS[unit]}`;
}

/** Give "12 %"; what is not nothing is never shown as "0 %", and what is not everything never as "100 %". */
export function share(part, whole) {
  const percent = (100 * part) / whole;
  if (percent < 1) return "< 1 %";
  return percent > 99 && percent < 100 ? "> 99 %" : `${Math.round(percent)} %`;
}

/** Give the local day and time of a time in seconds since the epoch. */
export function minute(seconds) {
  const at = new Date(seconds * 1000);
  const clock = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}, ${clock}`;
}

/** Give the place of a key below a path, as `$.a.b` or `$["odd key"]`. */
export function below(path, key) {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
