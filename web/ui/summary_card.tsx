// What was handed over to the person, shown to both sides; the customer can put it right.

import { useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { HandOverSummary } from "../core/shapes.ts";
import { useDeeds } from "./deeds.ts";
import { Rows } from "./rows.tsx";

export function SummaryCard({ summary }: { summary: HandOverSummary }) {
  const { correct } = useDeeds();
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  function edit(on: boolean): void {
    setEditing(on);
    requestAnimationFrame(() => (on ? field : button).current?.focus());
  }

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const text = field.current?.value.trim();
    if (!text || !correct) return;
    setProblem("");
    await correct(text).then(
      () => edit(false),
      (error: Error) => setProblem(error.message),
    );
  }

  return (
    <section class="card summary" aria-labelledby="hand-over-summary">
      <div class="heading">
        <h3 id="hand-over-summary">{t("What we handed over")}</h3>
        {correct && !editing && (
          <button type="button" ref={button} class="quiet" onClick={() => edit(true)}>
            {t("Correct")}
          </button>
        )}
      </div>
      <Rows rows={summaryRows(summary)} />
      {editing && (
        <form onSubmit={send}>
          <label>
            {t("What should be different?")}
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
      )}
    </section>
  );
}

export function summaryRows(summary: HandOverSummary) {
  return [
    { label: t("Order"), value: summary.order },
    { label: t("Problem"), value: summary.problem },
    ...(summary.facts ?? []),
    { label: t("Tried so far"), value: summary.tried?.join(" / ") },
    { label: t("Wish"), value: summary.wish },
    { label: t("Open question"), value: summary.question },
    { label: t("Your correction"), value: summary.correction },
  ].filter((row): row is { label: string; value: string } => !!row.value);
}
