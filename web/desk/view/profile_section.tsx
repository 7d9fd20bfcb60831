// What is worth knowing of a person, with its reason and source, their cases, and notes of staff.

import { useRef, useState } from "preact/hooks";
import { shortWhen } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import type { CaseView } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import type { CustomerState } from "../state/customer.ts";
import { openCase } from "../state/following.ts";
import type { CustomerNote, PersonSignal } from "../state/overview.ts";
import { useDesk } from "./context.ts";

const LONGEST = 2000;

export function Signals({ signals }: { signals: readonly PersonSignal[] }) {
  if (!signals.length) return <p class="empty">{t("Nothing calls for special care.")}</p>;
  return (
    <>
      <ul class="person-facts">
        {signals.map((one) => (
          <li key={one.kind}>
            <Icon name="warn" /> {one.text}
            <small> {[one.why, one.sources.length > 0 && t("Source: {sources}", { sources: one.sources.join(", ") })].filter(Boolean).join(" · ")}</small>
          </li>
        ))}
      </ul>
      <p class="hint">{t("Facts, not a verdict: nothing is refused because of them.")}</p>
    </>
  );
}

/** Those that are open first; the others when one wants them. */
export function Cases({ open, all }: { open: readonly CaseView[]; all: readonly CaseView[] }) {
  const over = all.filter((one) => !open.some((other) => other.id === one.id));
  return (
    <>
      {open.length ? <CaseList cases={open} /> : <p class="empty">{t("No case is open.")}</p>}
      {over.length > 0 && (
        <details>
          <summary>{tn("{n} solved case", "{n} solved cases", over.length)}</summary>
          <CaseList cases={over} />
        </details>
      )}
    </>
  );
}

function CaseList({ cases }: { cases: readonly CaseView[] }) {
  const desk = useDesk();
  return (
    <ul class="openable">
      {cases.map((one) => (
        <li key={one.number}>
          <button type="button" onClick={() => void openCase(desk, one.number)}>
            <span>{`${one.number} ${one.category_label}`}</span>
            <small>{one.state_label}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Notes({ state, notes }: { state: CustomerState; notes: readonly CustomerNote[] }) {
  return (
    <>
      {!notes.length && <p class="empty">{t("None")}</p>}
      <ul class="person-facts">
        {notes.map((one) => (
          <li key={one.id}>
            <p dir="auto">{one.text}</p>
            <small>
              {one.by} <time dateTime={one.written_at}>{shortWhen(one.written_at)}</time>
              {one.changed_at && <> ({t("changed {time}", { time: shortWhen(one.changed_at) })})</>}
            </small>
            {one.mine && <Own state={state} note={one} />}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("New note on the customer")}</summary>
        <NoteForm state={state} />
      </details>
    </>
  );
}

function Own({ state, note }: { state: CustomerState; note: CustomerNote }) {
  return (
    <details>
      <summary>
        {t("Change the note")}
        <span class="unseen-text">: {note.text.slice(0, 40)}</span>
      </summary>
      <NoteForm state={state} note={note} />
    </details>
  );
}

function NoteForm({ state, note }: { state: CustomerState; note?: CustomerNote }) {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [busy, setBusy] = useState(false);

  async function write(text: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    const done = await desk.attempt(() => state.writeNote(text, note?.id));
    setBusy(false);
    if (!done) return;
    if (field.current && !note) field.current.value = "";
    document.getElementById("desk-person-notes-heading")?.focus();
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = field.current?.value.trim() ?? "";
    if (text) void write(text);
    else field.current?.focus();
  }

  return (
    <form class="person-note" onSubmit={submit}>
      <textarea ref={field} rows={2} maxLength={LONGEST} dir="auto" aria-label={note ? t("Change the note") : t("New note on the customer")} defaultValue={note?.text} />
      <div class="deeds">
        <button aria-disabled={busy}>{t("Save the note")}</button>
        {note && (
          <button type="button" class="quiet" onClick={() => void write("")}>
            {t("Remove the note")}
          </button>
        )}
      </div>
    </form>
  );
}
