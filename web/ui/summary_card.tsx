// What was handed over to the person, shown to both sides; the customer can put it right, and both see what was changed.

import { t } from "../core/i18n.ts";
import type { HandOverSummary, Row, SummaryLine } from "../core/shapes.ts";
import { useDeeds } from "./deeds.ts";
import { Rows } from "./rows.tsx";

export function SummaryCard({ summary }: { summary: HandOverSummary }) {
  const { correction } = useDeeds();
  return (
    <section class="card summary" aria-labelledby="hand-over-summary">
      <h3 id="hand-over-summary">{t("What we handed over")}</h3>
      <Rows rows={summaryRows(summary, t("Your correction"))} />
      {correction?.(summaryLines(summary))}
    </section>
  );
}

/** Every line that can be put right, empty ones too. */
function summaryLines(summary: HandOverSummary): SummaryLine[] {
  return [
    { key: "order", label: t("Order"), value: summary.order ?? "" },
    { key: "problem", label: t("Problem"), value: summary.problem ?? "" },
    ...(summary.facts ?? []).map((fact, place) => ({ key: `facts.${place}`, label: fact.label, value: fact.value })),
    { key: "tried", label: t("Tried so far"), value: summary.tried?.join(" / ") ?? "" },
    { key: "wish", label: t("Wish"), value: summary.wish ?? "" },
    { key: "question", label: t("Open question"), value: summary.question ?? "" },
  ];
}

/** What there is to show: a changed line tells what stood there before. */
export function summaryRows(summary: HandOverSummary, correction: string): Row[] {
  const before = summary.before ?? {};
  return [
    ...summaryLines(summary).map(({ key, label, value }) => ({
      label,
      value: key in before ? t("{now} (changed by the customer; before: {before})", { now: value, before: before[key] || "–" }) : value,
    })),
    { label: correction, value: summary.correction ?? "" },
  ].filter((row) => row.value);
}
