// Put on hold: a menu of times, or one of one's own. A word of the customer brings the contact back earlier.

import { useRef, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function SnoozeDialog() {
  const desk = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const contact = desk.talk.value?.contact.value;
  if (!contact) return null;

  function until(moment: Date): void {
    if (!contact) return;
    close();
    void desk.snooze(contact, moment);
  }

  function own(event: Event): void {
    event.preventDefault();
    const moment = new Date(field.current?.value ?? "");
    if (!(moment.getTime() > Date.now())) return setProblem(t("Choose a moment in the future."));
    until(moment);
  }

  return (
    <Dialog title={t("Put on hold until")} kind="snooze">
      <p class="note">{t("It comes back at that time, or as soon as the customer writes.")}</p>
      <ul class="times">
        {times(new Date()).map(({ label, at }, index) => (
          <li key={label}>
            <button type="button" data-first={index === 0 ? "" : undefined} onClick={() => until(at)}>
              <span>{label}</span>
              <small>{dayAndTime(at)}</small>
            </button>
          </li>
        ))}
      </ul>
      <form class="inline" onSubmit={own}>
        <label>
          {t("Another time")}
          <input ref={field} type="datetime-local" aria-describedby="desk-snooze-problem" aria-invalid={problem ? true : undefined} />
        </label>
        <button>{t("Put on hold")}</button>
      </form>
      <p class="problem" id="desk-snooze-problem" role="alert">
        {problem}
      </p>
    </Dialog>
  );
}

/** The times that one most often means. */
export function times(now: Date): { label: string; at: Date }[] {
  const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
  const morning = (days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9, 0);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { label: t("30 minutes"), at: later(30) },
    { label: t("2 hours"), at: later(120) },
    { label: t("Tomorrow 9:00"), at: morning(1) },
    { label: t("Monday 9:00"), at: morning(toMonday) },
  ];
}
