// Resolve: one more step than a key press, with room for closing words to the customer.

import { useRef, useState } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import { belongsToIme } from "../../core/keys.ts";
import { close } from "../state/ask.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function ResolveDialog() {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [anyway, setAnyway] = useState(false);
  const openTasks = desk.case.value?.openTasks ?? 0;
  const contact = desk.talk.value?.contact.value;
  if (!contact) return null;

  async function resolve(event?: Event): Promise<void> {
    event?.preventDefault();
    if (busy || !contact) return;
    setBusy(true);
    const refusal = await desk.resolve(contact, field.current?.value.trim(), anyway);
    setBusy(false);
    setProblem(refusal);
    if (!refusal) close(desk.openId.peek() ? "desk-handover-heading" : "desk-list");
  }

  function onKey(event: KeyboardEvent): void {
    if (!belongsToIme(event) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) void resolve(event);
  }

  return (
    <Dialog title={t("Resolve")} kind="resolve">
      <p class="note">{t("The customer is asked whether it is solved. Any answer of theirs opens it again.")}</p>
      <form onSubmit={resolve}>
        <label>
          {t("Closing words to the customer (optional)")}
          <textarea ref={field} rows={3} maxLength={4000} onKeyDown={onKey} lang={contact.language} />
        </label>
        {openTasks > 0 && (
          <label class="switch">
            <input type="checkbox" checked={anyway} onChange={(event) => setAnyway(event.currentTarget.checked)} />
            {tn("Solve it although {n} task is open", "Solve it although {n} tasks are open", openTasks)}
          </label>
        )}
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary" data-first aria-disabled={busy}>
            {t("Resolve and open the next")}
          </button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
