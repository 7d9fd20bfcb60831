import { belongsToIme } from "../core/keys.ts";

/** Arrow keys, Home and End move through the messages while the log has the focus; true where they did. */
export function readBack(event: KeyboardEvent): boolean {
  if (belongsToIme(event)) return false;
  const log = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  if (target !== log && target.parentElement?.parentElement !== log) return false;
  const rows = [...log.querySelectorAll<HTMLElement>(":scope > ol > li")];
  const at = rows.indexOf(target);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? rows.length - 1 : at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = next === undefined ? undefined : rows[next];
  if (!row) return false;
  event.preventDefault();
  row.focus();
  return true;
}
