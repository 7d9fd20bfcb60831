// Ask a colleague into the conversation: as an interpreter, a second agent, or for advice before it is handed over.

import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import type { Agent } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import type { Role } from "../state/people.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { languageName } from "./words.ts";

const ROLES: readonly Role[] = ["second", "interpreter", "consult"];

function roleText(role: Role): { label: string; detail: string } {
  if (role === "interpreter") return { label: t("Interpreter"), detail: t("Writes to the customer, who sees it") };
  if (role === "consult") return { label: t("Ask first, then hand over"), detail: t("Notes between you two; the customer notices nothing") };
  return { label: t("Second agent"), detail: t("Writes to the customer too, who sees it") };
}

export function PeopleDialog() {
  const desk = useDesk();
  const [agents, setAgents] = useState<readonly Agent[]>([]);
  const [role, setRole] = useState<Role>("second");
  const [search, setSearch] = useState("");
  const [to, setTo] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const contact = desk.talk.value?.contact.value;

  useEffect(() => {
    void desk.attempt(async () => setAgents(await desk.api.get<Agent[]>("/agents")));
  }, []);

  if (!contact) return null;
  const taken = new Set(desk.hands.people.value?.list.value.map((one) => one.agent_id));
  const wanted = search.trim().toLowerCase();
  const fits = (agent: Agent): boolean => !wanted || wordsOf(agent, desk.queues.value).includes(wanted);
  const speaksIt = (agent: Agent): boolean => role !== "interpreter" || agent.languages.includes(contact.language);
  const shown = agents
    .filter((agent) => agent.id !== desk.me.value.id && !taken.has(agent.id) && agent.roles.some((one) => one === "agent" || one === "supervisor") && fits(agent) && speaksIt(agent))
    .toSorted((a, b) => rank(a) - rank(b));
  const queues = desk.queues.value.filter((queue) => !wanted || queue.name.toLowerCase().includes(wanted));

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get("note") ?? "");
    const [kind, id] = to.split("/");
    if (!id) return setProblem(t("Choose a queue or a colleague."));
    if (busy) return;
    setBusy(true);
    const refusal = await desk.hands.invite({ role, note, ...(kind === "queue" ? { queue: id } : { agent_id: id }) });
    setBusy(false);
    setProblem(refusal);
    if (!refusal) close("desk-talk-heading");
  }

  return (
    <Dialog title={t("Ask somebody in")} kind="people">
      <form onSubmit={submit}>
        <fieldset>
          <legend>{t("As what")}</legend>
          {ROLES.map((one, index) => (
            // oxlint-disable-next-line jsx-a11y/label-has-associated-control
            <label key={one} class="target">
              <input type="radio" name="role" value={one} checked={role === one} data-first={index === 0 ? "" : undefined} onChange={() => setRole(one)} />
              <span class="labels">
                <span>{roleText(one).label}</span>
                <small>{roleText(one).detail}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <label>
          {t("Find by name, language or queue")}
          <input type="search" name="search" value={search} onInput={(event) => setSearch((event.currentTarget as HTMLInputElement).value)} />
        </label>
        <p class="unseen-text" role="status">
          {tn("{n} colleague", "{n} colleagues", shown.length)}
        </p>
        <div class="targets">
          <fieldset>
            <legend>{t("A colleague")}</legend>
            {shown.map((agent) => (
              // oxlint-disable-next-line jsx-a11y/label-has-associated-control
              <label key={agent.id} class="target">
                <input type="radio" name="to" value={`agent/${agent.id}`} checked={to === `agent/${agent.id}`} onChange={() => setTo(`agent/${agent.id}`)} />
                <span class="labels">
                  <span>{agent.name}</span>
                  <small>{`${agent.status_label} · ${agent.languages.map(languageName).join(", ")} · ${agent.open_contacts} / ${agent.capacity}`}</small>
                </span>
              </label>
            ))}
            {!shown.length && <p class="note">{t("Nobody fits.")}</p>}
          </fieldset>
          <fieldset>
            <legend>{t("Whoever comes first, of a queue")}</legend>
            {queues.map((queue) => (
              // oxlint-disable-next-line jsx-a11y/label-has-associated-control
              <label key={queue.id} class="target">
                <input type="radio" name="to" value={`queue/${queue.id}`} checked={to === `queue/${queue.id}`} onChange={() => setTo(`queue/${queue.id}`)} />
                <span class="labels">
                  <span>{queue.name}</span>
                  <small>{tn("{n} agent free", "{n} agents free", queue.available_agents)}</small>
                </span>
              </label>
            ))}
          </fieldset>
        </div>
        <label>
          {t("What it is about (staff only)")}
          <textarea name="note" rows={2} maxLength={4000} />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary" aria-disabled={busy}>
            {t("Ask")}
          </button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Those who are there first. */
function rank(agent: Agent): number {
  return { available: 0, after_contact: 1, on_call: 1, busy: 1, break: 2 }[agent.status] ?? 3;
}

function wordsOf(agent: Agent, queues: readonly { id: string; name: string }[]): string {
  const serves = queues.filter((queue) => agent.queues.includes(queue.id) || agent.queues.includes("*"));
  return [agent.name, ...agent.languages, ...agent.languages.map(languageName), ...serves.map((queue) => queue.name)].join(" ").toLowerCase();
}
