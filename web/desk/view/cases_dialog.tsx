// My cases, what is due first; the cases that I follow; and the tasks of my desks. Choosing one opens its newest conversation.

import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { CaseLine, CaseTask } from "../state/case.ts";
import { openCase } from "../state/following.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { focusId } from "./focus.ts";

export function CasesDialog() {
  const desk = useDesk();
  const [cases, setCases] = useState<readonly CaseLine[] | null>(null);
  const [tasks, setTasks] = useState<readonly CaseTask[]>([]);
  const [followed, setFollowed] = useState<readonly CaseLine[]>([]);

  useEffect(() => {
    void desk.attempt(async () => {
      const [mine, ours, theirs] = await Promise.all([
        desk.api.get<{ cases: CaseLine[] }>("/cases?state=open&state=waiting_for_us&state=waiting_for_customer&state=waiting_for_third_party&state=investigating&state=reopened&owner=me"),
        desk.api.get<{ tasks: CaseTask[] }>("/tasks"),
        desk.api.get<{ cases: CaseLine[] }>("/cases", { followed: "true" }),
      ]);
      setCases(mine.cases);
      setTasks(ours.tasks);
      setFollowed(theirs.cases);
    });
  }, []);

  const open = (number: string): void => void openCase(desk, number);

  async function unfollow(number: string): Promise<void> {
    const done = await desk.attempt(() => desk.api.post(`/cases/${number}/follow`, { follow: false }));
    if (!done) return;
    setFollowed(followed.filter((one) => one.number !== number));
    desk.tell(t("You do not follow it any more."));
    focusId("desk-followed-cases");
  }

  return (
    <Dialog title={t("My cases and tasks")} kind="cases" onHeading>
      <section aria-labelledby="desk-my-cases">
        <h3 id="desk-my-cases">{t("My cases")}</h3>
        {cases && !cases.length && <p class="empty">{t("None")}</p>}
        <ul class="openable">
          {cases?.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => open(one.number)}>
                <span>{`${one.number} ${one.customer_name} ${one.category_label}`}</span>
                <small>{[one.state_label, one.wish_label, one.follow_up_due && t("Follow-up is due"), one.promised_at && t("promised by {at}", { at: dayAndTime(one.promised_at) })].filter(Boolean).join(" · ")}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="desk-followed-cases">
        <h3 id="desk-followed-cases" tabIndex={-1}>
          {t("Cases that I follow")}
        </h3>
        {cases && !followed.length && <p class="empty">{t("None")}</p>}
        <ul class="openable">
          {followed.map((one) => (
            <li key={one.id} class="with-deed">
              <button type="button" onClick={() => open(one.number)}>
                <span>{`${one.number} ${one.customer_name} ${one.category_label}`}</span>
                <small>{one.state_label}</small>
              </button>
              <button type="button" class="quiet" aria-label={t("Unfollow {number}", { number: one.number })} onClick={() => void unfollow(one.number)}>
                {t("Unfollow")}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="desk-our-tasks">
        <h3 id="desk-our-tasks">{t("Tasks of my desks")}</h3>
        {cases && !tasks.length && <p class="empty">{t("None")}</p>}
        <ul class="openable">
          {tasks.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => open(one.case_number)}>
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
