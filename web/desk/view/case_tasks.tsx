// What desks have to do for the case: each task with its state, and what can be done with it by whoever looks.

import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { ask } from "../state/ask.ts";
import type { CaseState, CaseTask } from "../state/case.ts";
import { More } from "./case_more.tsx";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";

export function Tasks({ state, tasks }: { state: CaseState; tasks: readonly CaseTask[] }) {
  return (
    <More title={t("Tasks")} count={tasks.length} open>
      <ol class="case-list tasks">
        {tasks.map((task) => (
          <li key={task.id} id={rowId(task)} tabIndex={-1} class={task.state}>
            <span>
              <strong>{task.state_label}</strong> {task.title}
              <small>
                {[task.queue?.name, task.assignee?.name, task.due_at && dayAndTime(task.due_at), task.overdue && t("overdue")].filter(Boolean).join(" · ")}
              </small>
              {task.result && <small dir="auto">{task.result}</small>}
            </span>
            <Deeds state={state} task={task} />
          </li>
        ))}
      </ol>
    </More>
  );
}

function Deeds({ state, task }: { state: CaseState; task: CaseTask }) {
  const desk = useDesk();
  async function at(deed: "start" | "reopen"): Promise<void> {
    const refusal = await state.work("post", `/tasks/${task.id}`, { deed, state: task.state });
    desk.tell(refusal || (deed === "start" ? t("Task begun.") : t("The task is open again.")), !!refusal);
    focusId(rowId(task)); // the button that was pressed is gone
  }
  const form = (deed: "finish" | "drop" | "pass"): void => ask({ kind: "case", deed, task: task.id });
  const all = [
    { deed: "start", words: t("Begin"), label: t("Begin: {task}", { task: task.title }), run: () => void at("start") },
    { deed: "finish", words: t("Done"), label: t("Done: {deed}", { deed: task.title }), run: () => form("finish") },
    { deed: "pass", words: t("Pass on"), label: t("Pass on: {task}", { task: task.title }), run: () => form("pass") },
    { deed: "drop", words: t("Drop"), label: t("Drop: {task}", { task: task.title }), run: () => form("drop") },
    { deed: "reopen", words: t("Open again"), label: t("Open again: {task}", { task: task.title }), run: () => void at("reopen") },
  ];
  return (
    <span class="task-deeds">
      {all
        .filter((one) => task.deeds.includes(one.deed))
        .map((one) => (
          <button key={one.deed} type="button" aria-label={one.label} onClick={one.run}>
            {one.words}
          </button>
        ))}
    </span>
  );
}

function rowId(task: CaseTask): string {
  return `desk-task-${task.id}`;
}
