// Transfer to a queue or a colleague, with a note that only staff see.

import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import type { Agent } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function TransferDialog() {
  const desk = useDesk();
  const [agents, setAgents] = useState<readonly Agent[]>([]);
  const [to, setTo] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const contact = desk.talk.value?.contact.value;

  useEffect(() => {
    void desk.attempt(async () => setAgents(await desk.api.get<Agent[]>("/agents")));
  }, []);

  if (!contact) return null;
  const colleagues = agents.filter((agent) => agent.id !== desk.me.value.id);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get("note") ?? "");
    const [kind, id] = to.split("/");
    if (!id) return setProblem(t("Choose a queue or a colleague."));
    if (busy || !contact) return;
    setBusy(true);
    const refusal = await desk.transfer(contact, { ...(kind === "queue" ? { queue: id } : { agent_id: id }), note });
    setBusy(false);
    setProblem(refusal);
    if (!refusal) close(desk.openId.peek() ? "desk-handover-heading" : "desk-list");
  }

  return (
    <Dialog title={t("Transfer")} kind="transfer">
      <form onSubmit={submit}>
        <div class="targets">
          <fieldset>
            <legend>{t("To a queue")}</legend>
            {desk.queues.value.map((queue, index) => (
              <Target
                key={queue.id}
                value={`queue/${queue.id}`}
                label={queue.name}
                detail={[queue.open ? "" : t("closed"), tn("{n} waiting", "{n} waiting", queue.waiting), tn("{n} agent free", "{n} agents free", queue.available_agents)].filter(Boolean).join(" · ")}
                onPick={setTo}
                first={index === 0}
              />
            ))}
          </fieldset>
          <fieldset>
            <legend>{t("To a colleague")}</legend>
            {colleagues.map((agent) => (
              <Target
                key={agent.id}
                value={`agent/${agent.id}`}
                label={agent.name}
                detail={`${agent.status_label} · ${agent.open_contacts} / ${agent.capacity}`}
                onPick={setTo}
                closed={agent.status !== "available" || agent.open_contacts >= agent.capacity}
              />
            ))}
            {!colleagues.length && <p class="note">{t("No colleague is signed up.")}</p>}
          </fieldset>
        </div>
        <label>
          {t("Note for whoever takes over (staff only)")}
          <textarea name="note" rows={3} maxLength={4000} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary" aria-disabled={busy}>
            {t("Transfer")}
          </button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface TargetProps {
  value: string;
  label: string;
  detail: string;
  onPick?: (value: string) => void;
  checked?: boolean;
  first?: boolean;
  /** Nobody there, or no room: shown, but not to be chosen. */
  closed?: boolean;
}

export function Target({ value, label, detail, onPick, first, checked, closed }: TargetProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control
    <label class="target">
      <input type="radio" name="to" value={value} data-first={first ? "" : undefined} disabled={closed} defaultChecked={checked} onChange={() => onPick?.(value)} />
      <span class="labels">
        <span>{label}</span>
        <small>{detail}</small>
      </span>
    </label>
  );
}
