// The hand-over card: what the assistant knows, read first; the same words the customer sees and can correct.

import { t } from "../../core/i18n.ts";
import { Rows } from "../../ui/rows.tsx";
import type { Talk } from "../state/talk.ts";
import { reasonLabel } from "./words.ts";

export function HandOver({ talk }: { talk: Talk }) {
  const summary = talk.summary.value;
  if (!summary) return null;
  // read before the first reply; then the conversation needs the room
  const answered = talk.entries.value.some((entry) => entry.mine && entry.kind === "message");
  const rows = [
    { label: t("Order"), value: summary.order },
    { label: t("Problem"), value: summary.problem },
    ...(summary.facts ?? []),
    { label: t("Tried so far"), value: summary.tried?.join(" / ") },
    { label: t("Wish"), value: summary.wish },
    { label: t("Open question"), value: summary.question },
    { label: t("Corrected by the customer"), value: summary.correction },
    { label: t("Reason"), value: reasonLabel(summary.reason) },
  ].filter((row): row is { label: string; value: string } => !!row.value);
  return (
    <details class="handover" open={!answered}>
      <summary>
        <h3 id="desk-handover-heading" tabIndex={-1}>
          {t("Hand-over")}
        </h3>
        <span class="handover-about">{summary.wish || summary.problem}</span>
      </summary>
      <Rows rows={rows} />
    </details>
  );
}
