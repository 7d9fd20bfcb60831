// What is not right: what was handed over, or how it goes with the person who helps.

import { useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { SummaryLine } from "../core/shapes.ts";
import type { Escalation, Visit } from "./visit.ts";

/** Three levels: explained again, another or a senior person, a deed demanded. */
export function SomebodyElse({ visit }: { visit: Visit }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const details = useRef<HTMLDetailsElement>(null);
  const wishes: [Escalation, string][] = [
    ["again", t("Explain once more")],
    ["other", t("Ask for another person")],
    ["senior", t("Ask for a senior person")],
    ["demand", t("Ask a senior person to act on this")],
  ];
  async function ask(wish: Escalation): Promise<void> {
    const text = field.current?.value.trim() ?? "";
    if (!text && (wish === "again" || wish === "demand")) return field.current?.focus();
    if ((await visit.attempt(() => visit.settle("escalation", { wish, text }))) && details.current) details.current.open = false;
  }
  return (
    <details ref={details}>
      <summary>{t("Not satisfied with how this goes?")}</summary>
      <label>
        {t("Your words (for the first and the last button)")}
        <textarea ref={field} rows={2} maxLength={4000} />
      </label>
      <div class="deeds">
        {wishes.map(([wish, label]) => (
          <button type="button" key={wish} aria-disabled={visit.busy} onClick={() => void ask(wish)}>
            {label}
          </button>
        ))}
      </div>
    </details>
  );
}

/** One line of what was handed over, as it should be. */
export function Correction({ lines, visit }: { lines: readonly SummaryLine[]; visit: Visit }) {
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState("");
  const line = useRef<HTMLSelectElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  function edit(on: boolean): void {
    setEditing(on);
    requestAnimationFrame(() => (on ? line : button).current?.focus());
  }

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const text = field.current?.value.trim();
    if (!text) return field.current?.focus();
    setProblem("");
    await visit.settle("summary", { text, line: line.current?.value ?? "" }).then(
      () => edit(false),
      (error: Error) => setProblem(error.message),
    );
  }

  if (!editing) {
    return (
      <button type="button" ref={button} class="quiet" onClick={() => edit(true)}>
        {t("Correct")}
      </button>
    );
  }
  return (
    <form onSubmit={send}>
      <label>
        {t("What should be different?")}
        <select ref={line}>
          {lines.map((one) => (
            <option key={one.key} value={one.key}>
              {one.label}
            </option>
          ))}
          <option value="">{t("Something else")}</option>
        </select>
      </label>
      <label>
        {t("How it should read")}
        <textarea ref={field} rows={3} maxLength={4000} />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="deeds">
        <button class="primary">{t("Save")}</button>
        <button type="button" onClick={() => edit(false)}>
          {t("Cancel")}
        </button>
      </div>
    </form>
  );
}
