// Above the list: what is done with the chosen rows, and what came of the last deed, with the way back while there is one.

import { useEffect } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import type { BulkDeed, BulkResult } from "../state/bulk.ts";
import { nameOf } from "../state/desk.ts";
import { BULK_DEEDS, bulkLabel } from "../state/many_commands.ts";
import { useChord, useDesk } from "./context.ts";

export function BulkBar() {
  const desk = useDesk();
  const { selection, busy } = desk.bulk;
  const n = selection.count.value;
  if (!n) return null;
  const whole = desk.inbox.shown.length;
  return (
    <div class="bulk" role="group" aria-label={t("With the chosen rows")}>
      <p>
        <strong>{tn("{n} row chosen", "{n} rows chosen", n)}</strong>
        {n < whole && (
          <button type="button" class="quiet" onClick={() => selection.add(desk.inbox.shown)}>
            {t("All {n}", { n: whole })}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => (selection.clear(), document.getElementById("desk-list")?.focus())}>
          {t("Deselect")}
        </button>
      </p>
      <div class="bulk-deeds">
        {BULK_DEEDS.map((deed) => (
          <button key={deed} id={`desk-bulk-${deed}`} type="button" aria-disabled={busy.value} onClick={() => ask({ kind: "bulk", deed })}>
            {bulkLabel(deed)}
          </button>
        ))}
      </div>
    </div>
  );
}

export function BulkOutcome() {
  const desk = useDesk();
  const result = desk.bulk.result.value;
  const left = desk.bulk.undoLeft.value;
  const undo = useChord("undo");

  useEffect(() => {
    if (result) desk.announcer.say([outcomeText(result), ...result.refused.slice(0, 3).map(refusedText), undo && result.undoUntil ? t("{key} undoes it.", { key: undo }) : ""].join(" "));
  }, [result]);

  if (!result) return null;
  return (
    <section class="bulk-outcome" aria-labelledby="desk-bulk-outcome">
      <div class="bulk-outcome-head">
        <h3 id="desk-bulk-outcome">{outcomeText(result)}</h3>
        <button type="button" class="quiet icon-only" aria-label={t("Close")} onClick={() => (desk.bulk.result.value = null)}>
          <Icon name="close" />
        </button>
      </div>
      {result.refused.length > 0 && (
        <details open={result.refused.length <= 3}>
          <summary>{tn("{n} was not possible", "{n} were not possible", result.refused.length)}</summary>
          <ul>
            {result.refused.map((one, index) => (
              <li key={one.contact?.id ?? index}>{refusedText(one)}</li>
            ))}
          </ul>
        </details>
      )}
      {left > 0 && !result.undone && (
        <button type="button" onClick={() => void desk.bulk.undo()} aria-keyshortcuts={undo}>
          {t("Undo")} <span aria-hidden="true">{t("{n} s left", { n: left })}</span>
          {undo && <kbd aria-hidden="true">{undo}</kbd>}
        </button>
      )}
    </section>
  );
}

function outcomeText(result: BulkResult): string {
  const n = result.done;
  if (result.undone) return tn("Undone for {n} row.", "Undone for {n} rows.", n);
  const words: Record<BulkDeed, string> = {
    assign: tn("{n} row assigned.", "{n} rows assigned.", n),
    transfer: tn("{n} row transferred.", "{n} rows transferred.", n),
    hold: tn("{n} row put on hold.", "{n} rows put on hold.", n),
    resolve: tn("{n} row resolved.", "{n} rows resolved.", n),
    note: tn("Note added to {n} row.", "Note added to {n} rows.", n),
    label: tn("Label added to {n} row.", "Label added to {n} rows.", n),
    follow: tn("You follow {n} row.", "You follow {n} rows.", n),
    follow_case: tn("You follow the case of {n} row.", "You follow the cases of {n} rows.", n),
  };
  return words[result.deed];
}

function refusedText(one: BulkResult["refused"][number]): string {
  return one.contact ? t("{name}: {why}", { name: nameOf(one.contact), why: one.why }) : one.why;
}

