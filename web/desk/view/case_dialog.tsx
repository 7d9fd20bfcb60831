// One deed on the case: its fields, its button, and the server's refusal in words. What was typed stays until it is done.

import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import type { Agent } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import { type CaseDeed, type Field, formOf } from "../state/case_deeds.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

const ERROR = "desk-case-problem";

export function CaseDialog({ deed, task }: { deed: CaseDeed; task?: string | undefined }) {
  const desk = useDesk();
  const [agents, setAgents] = useState<readonly Agent[]>([]);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const state = desk.case.value;
  const file = state?.file.value;

  useEffect(() => {
    if (deed === "escalate" || deed === "pass") void desk.attempt(async () => setAgents(await desk.api.get<Agent[]>("/agents")));
  }, [deed]);

  if (!state || !file) return null;
  const form = formOf(deed, file, {
    queues: desk.queues.value,
    agents: agents.filter((one) => one.id !== desk.me.value.id),
    task: file.tasks.find((one) => one.id === task),
  });

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy || !state) return;
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const missing = form.fields.find((field) => !field.optional && !given.getAll(field.name).some((value) => String(value).trim()));
    if (missing) return setProblem(t("Please fill in: {field}", { field: missing.label }));
    setBusy(true);
    const { method, path, body } = form.send(given);
    const refusal = await state.work(method, path, body);
    setBusy(false);
    setProblem(refusal);
    if (refusal) return;
    close("desk-case-heading");
    desk.tell(t("Done: {deed}", { deed: form.title }));
    void desk.talk.peek()?.load();
  }

  return (
    <Dialog title={form.title} kind="case-work">
      {form.note && <p class="note">{form.note}</p>}
      <form onSubmit={submit}>
        {form.fields.map((field, index) => (
          <Entry key={field.name} field={field} first={index === 0} wrong={!!problem} />
        ))}
        <p class="problem" id={ERROR} role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary" aria-disabled={busy}>
            {form.button}
          </button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Entry({ field, first, wrong }: { field: Field; first: boolean; wrong: boolean }) {
  const common = {
    name: field.name,
    "data-first": first ? "" : undefined,
    "aria-required": field.optional ? undefined : true,
    "aria-describedby": wrong ? ERROR : undefined,
  };
  const label = field.optional ? t("{label} (optional)", { label: field.label }) : field.label;
  if (field.kind === "ticks") {
    return (
      <fieldset>
        <legend>{label}</legend>
        {field.options?.map((one, index) => (
          <label key={one.id} class="switch">
            <input type="checkbox" name={field.name} value={one.id} data-first={first && index === 0 ? "" : undefined} />
            {one.name}
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <label>
      {label}
      {field.kind === "area" ? (
        <textarea {...common} rows={3} maxLength={1000} defaultValue={field.value} />
      ) : field.kind === "choice" ? (
        <select {...common} defaultValue={field.value ?? ""}>
          <option value="">{t("Not chosen")}</option>
          {field.options?.map((one) => (
            <option key={one.id} value={one.id} selected={one.id === field.value}>
              {one.name}
            </option>
          ))}
        </select>
      ) : field.kind === "moment" ? (
        <input {...common} type="datetime-local" defaultValue={field.value} />
      ) : (
        <input {...common} type="text" maxLength={200} defaultValue={field.value} />
      )}
    </label>
  );
}
