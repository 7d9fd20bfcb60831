// One deed on all chosen rows: what it needs, how many it meets, and whether it can be taken back.

import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import type { Agent } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import { type BulkDeed, type BulkWish, UNDOABLE } from "../state/bulk.ts";
import { bulkLabel } from "../state/many_commands.ts";
import type { SavedReply } from "../state/saved_replies.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { times } from "./snooze_dialog.tsx";
import { Target } from "./transfer_dialog.tsx";

export function BulkDialog({ deed }: { deed: BulkDeed }) {
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const n = desk.bulk.selection.count.value;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string): string => String(form.get(name) ?? "").trim();
    const wish = wishOf(deed, read);
    if (!wish) return setProblem(t("Something is missing: please choose or write it."));
    const words = new Map<string, string>();
    if (read("reply") && !wish.text) {
      const filled = await desk.replies.fill(read("reply"), desk.bulk.chosen).catch(() => []);
      const empty = filled.filter((one) => one.missing.length);
      if (!filled.length) return setProblem(t("The saved replies could not be read. Please try again."));
      if (empty.length) return setProblem(tn("In {n} row something of the saved reply is not known ({places}). Choose another one.", "In {n} rows something of the saved reply is not known ({places}). Choose another one.", empty.length, { places: [...new Set(empty.flatMap((one) => one.missing))].join(" ") }));
      for (const one of filled) words.set(one.contact_id, one.text);
    }
    if (await desk.bulk.run(wish, words.size ? (contact) => words.get(contact.id) ?? "" : undefined)) close("desk-list");
  }

  return (
    <Dialog title={bulkLabel(deed)} kind="bulk-dialog">
      <form onSubmit={submit}>
        <p class="note">
          {tn("For {n} row; each as if it were alone.", "For {n} rows; each as if it were alone.", n)}{" "}
          {UNDOABLE.includes(deed) ? t("You can undo it for a short time.") : t("This cannot be undone.")}
        </p>
        <Needs deed={deed} />
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary" aria-disabled={desk.bulk.busy.value}>
            {tn("{deed}: {n} row", "{deed}: {n} rows", n, { deed: bulkLabel(deed) })}
          </button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Needs({ deed }: { deed: BulkDeed }) {
  switch (deed) {
    case "assign":
      return <ToWhom />;
    case "transfer":
      return <ToQueue />;
    case "hold":
      return <UntilWhen />;
    case "resolve":
      return <ClosingWords />;
    case "note":
      return (
        <label>
          {t("Note (staff only)")}
          <textarea name="text" rows={3} maxLength={4000} data-first="" />
        </label>
      );
    case "label":
      return <WhichLabel />;
  }
}

function ToWhom() {
  const desk = useDesk();
  const [agents, setAgents] = useState<readonly Agent[]>([]);
  useEffect(() => {
    void desk.attempt(async () => setAgents(await desk.api.get<Agent[]>("/agents")));
  }, []);
  const me = desk.me.value;
  return (
    <fieldset>
      <legend>{t("To whom")}</legend>
      <Target value="" label={t("Me")} detail={`${me.open_contacts} / ${me.capacity}`} checked first />
      {agents
        .filter((agent) => agent.id !== me.id)
        .map((agent) => (
          <Target key={agent.id} value={agent.id} label={agent.name} detail={`${agent.status_label} · ${agent.open_contacts} / ${agent.capacity}`} closed={agent.status !== "available" || agent.open_contacts >= agent.capacity} />
        ))}
    </fieldset>
  );
}

function ToQueue() {
  const desk = useDesk();
  return (
    <>
      <fieldset>
        <legend>{t("To a queue")}</legend>
        {desk.queues.value.map((queue, index) => (
          <Target key={queue.id} value={queue.id} label={queue.name} detail={tn("{n} waiting", "{n} waiting", queue.waiting)} first={index === 0} />
        ))}
      </fieldset>
      <label>
        {t("Note for whoever takes over (staff only)")}
        <textarea name="note" rows={2} maxLength={4000} />
      </label>
    </>
  );
}

function UntilWhen() {
  const [own, setOwn] = useState(false);
  return (
    <fieldset>
      <legend>{t("Put on hold until")}</legend>
      {times(new Date()).map(({ label, at }, index) => (
        <Target key={label} value={at.toISOString()} label={label} detail={dayAndTime(at)} first={index === 0} checked={index === 0} onPick={() => setOwn(false)} />
      ))}
      <Target value="own" label={t("Another time")} detail="" onPick={() => setOwn(true)} />
      {own && <input type="datetime-local" name="until" aria-label={t("Another time")} />}
    </fieldset>
  );
}

function ClosingWords() {
  const desk = useDesk();
  const [replies, setReplies] = useState<readonly SavedReply[]>([]);
  useEffect(() => void desk.replies.listed().then(setReplies, () => undefined), []);
  return (
    <>
      <label>
        {t("Saved reply, in each customer's language")}
        <select name="reply" data-first="">
          <option value="">{t("None")}</option>
          {replies.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("Or the same words to all (optional)")}
        <textarea name="text" rows={3} maxLength={4000} />
      </label>
      <label class="switch">
        <input type="checkbox" name="anyway" value="yes" />
        {t("Also where tasks are open")}
      </label>
    </>
  );
}

function WhichLabel() {
  const { views } = useDesk();
  useEffect(() => void views.loadFilters().catch(() => undefined), []);
  return (
    <label>
      {t("Label")}
      <input type="text" name="label" maxLength={40} list="desk-labels" data-first="" autocomplete="off" />
      <datalist id="desk-labels">
        {views.filters.value?.labels.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </datalist>
    </label>
  );
}

/** What is sent; null where something is missing. */
function wishOf(deed: BulkDeed, read: (name: string) => string): BulkWish | null {
  const text = read("text");
  if (deed === "assign") return { deed, agent_id: read("to") };
  if (deed === "transfer") return read("to") ? { deed, queue: read("to"), note: read("note") } : null;
  if (deed === "note") return text ? { deed, text } : null;
  if (deed === "label") return read("label") ? { deed, label: read("label") } : null;
  if (deed === "follow" || deed === "follow_case") return { deed };
  if (deed === "hold") {
    const until = new Date(read("to") === "own" ? read("until") : read("to"));
    return until.getTime() > Date.now() ? { deed, until: until.toISOString() } : null;
  }
  return { deed, text, anyway: read("anyway") === "yes" };
}
