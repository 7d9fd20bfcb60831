// A reply on its way: until it leaves, its time can be changed, or its words go back to the composer.

import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { Entry } from "../../core/shapes.ts";
import { Words } from "../../ui/words.tsx";
import { fieldOf, momentOf, replyOf, type WaitingReply } from "../state/mail_replies.ts";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";

export function WaitingMail({ entry }: { entry: Entry }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [changing, setChanging] = useState(false);
  const reply = replyOf(entry, desk.talk.value?.entries.value ?? []);
  if (!reply) return null;
  const waiting = reply.fate === "waiting";

  function takeBack(): void {
    if (busy || !reply) return;
    setBusy(true);
    void desk.takeBack(entry.contact_id, reply.id, reply.text).finally(() => setBusy(false));
  }

  function done(): void {
    setChanging(false);
    focusId(buttonId(reply));
  }

  return (
    <>
      <Words text={reply.text} links={false} />
      <p class="read">
        {reply.fate === "left" && t("Has left by mail")}
        {reply.fate === "back" && t("Taken back; it was not sent")}
        {waiting && t("Will be sent by mail: {time}", { time: dayAndTime(reply.dueAt) })}{" "}
        {waiting && (
          <>
            <button type="button" class="quiet" id={buttonId(reply)} aria-expanded={changing} onClick={() => setChanging(!changing)}>
              {t("Change the time")}
            </button>
            <button type="button" class="quiet" aria-disabled={busy} onClick={takeBack}>
              {t("Take back and edit")}
            </button>
          </>
        )}
      </p>
      {waiting && changing && <OtherTime reply={reply} done={done} />}
    </>
  );
}

function OtherTime({ reply, done }: { reply: WaitingReply; done: () => void }) {
  const desk = useDesk();
  const [at, setAt] = useState(() => fieldOf(new Date(reply.dueAt)));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = `desk-time-${reply.id}`;
  useEffect(() => focusId(field), []);

  async function keep(event: Event): Promise<void> {
    event.preventDefault();
    const moment = momentOf(at);
    if (busy) return;
    if (!(new Date(moment).getTime() > Date.now())) {
      setProblem(t("Choose a moment in the future."));
      return focusId(field);
    }
    setBusy(true);
    await desk.attempt(async () => {
      await desk.api.put(`/replies/${reply.id}`, { text: reply.text, send_at: moment, version: reply.version });
      desk.tell(t("Will be sent by mail: {time}", { time: dayAndTime(moment) }));
      done();
    });
    setBusy(false);
    await desk.talk.peek()?.load();
  }

  return (
    <form class="other-time" noValidate onSubmit={(event) => void keep(event)} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), done())}>
      <label for={field}>{t("When it is sent (your time)")}</label>
      <input
        id={field}
        type="datetime-local"
        value={at}
        min={fieldOf(new Date())}
        aria-invalid={!!problem}
        aria-describedby={problem ? `${field}-problem` : undefined}
        onInput={(event) => setAt(event.currentTarget.value)}
      />
      <p class="problem" id={`${field}-problem`} role="alert">
        {problem}
      </p>
      <div class="deeds">
        <button class="primary" aria-disabled={busy}>
          {t("Keep")}
        </button>
        <button type="button" onClick={done}>
          {t("Cancel")}
        </button>
      </div>
    </form>
  );
}

function buttonId(reply: WaitingReply | null): string {
  return `desk-change-${reply?.id ?? ""}`;
}
