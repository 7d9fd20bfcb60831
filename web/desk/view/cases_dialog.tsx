// My cases, what is due first; and the tasks of my desks. Choosing one opens its newest conversation.

import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import type { CaseFile, CaseLine, CaseTask } from "../state/case.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function CasesDialog() {
  const desk = useDesk();
  const [cases, setCases] = useState<readonly CaseLine[] | null>(null);
  const [tasks, setTasks] = useState<readonly CaseTask[]>([]);

  useEffect(() => {
    void desk.attempt(async () => {
      const [mine, ours] = await Promise.all([
        desk.api.get<{ cases: CaseLine[] }>("/cases?state=open&state=waiting_for_us&state=waiting_for_customer&state=waiting_for_third_party&state=investigating&state=reopened&owner=me"),
        desk.api.get<{ tasks: CaseTask[] }>("/tasks"),
      ]);
      setCases(mine.cases);
      setTasks(ours.tasks);
    });
  }, []);

  async function open(number: string): Promise<void> {
    await desk.attempt(async () => {
      const file = await desk.api.get<CaseFile>(`/cases/${number}`);
      const newest = file.contacts.at(-1);
      if (!newest) return void desk.tell(t("This case has no conversation."));
      close();
      desk.open(newest.id, "heading");
    });
  }

  return (
    <Dialog title={t("My cases and tasks")} kind="cases" onHeading>
      <section aria-labelledby="desk-my-cases">
        <h3 id="desk-my-cases">{t("My cases")}</h3>
        {cases && !cases.length && <p class="empty">{t("None")}</p>}
        <ul class="earlier">
          {cases?.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => void open(one.number)}>
                <span>{`${one.number} ${one.customer_name} ${one.category_label}`}</span>
                <small>{[one.state_label, one.wish_label, one.follow_up_due && t("Follow-up is due"), one.promised_at && t("promised by {at}", { at: dayAndTime(one.promised_at) })].filter(Boolean).join(" · ")}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="desk-our-tasks">
        <h3 id="desk-our-tasks">{t("Tasks of my desks")}</h3>
        {cases && !tasks.length && <p class="empty">{t("None")}</p>}
        <ul class="earlier">
          {tasks.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => void open(one.case_number)}>
                <span>{one.title}</span>
                <small>{[one.case_number, one.queue?.name, one.due_at && dayAndTime(one.due_at), one.overdue && t("overdue")].filter(Boolean).join(" · ")}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  );
}
