// The hand-over card: what the assistant knows, read first; the same words the customer sees and can correct.

import { t } from "../../core/i18n.ts";
import { Rows } from "../../ui/rows.tsx";
import { summaryRows } from "../../ui/summary_card.tsx";
import type { Talk } from "../state/talk.ts";
import { reasonLabel } from "./words.ts";

export function HandOver({ talk }: { talk: Talk }) {
  const summary = talk.summary.value;
  if (!summary) return null;
  // read before the first reply; then the conversation needs the room
  const answered = talk.entries.value.some((entry) => entry.mine && entry.kind === "message");
  const rows = [...summaryRows(summary, t("Corrected by the customer")), { label: t("Reason"), value: reasonLabel(summary.reason) }].filter((row) => row.value);
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
