// What a contact by mail shows beside its words: the mail itself on a page of its own, and a reply that can be taken back.

import { useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { Entry } from "../../core/shapes.ts";
import { Words } from "../../ui/words.tsx";
import { replyOf } from "../state/mail_replies.ts";
import { useDesk } from "./context.ts";

export function MailLink({ entry }: { entry: Entry }) {
  const id = entry.data.mail_id;
  if (typeof id !== "string" || entry.kind === "mail.checked") return null;
  return (
    <p class="fact-note">
      <a href={`/desk/mails/${encodeURIComponent(id)}`} target="_blank" rel="noopener">
        {t("Open the mail")}
        <span class="unseen-text"> ({t("new tab")})</span>
      </a>
    </p>
  );
}

/** A reply on its way: until it leaves, its words can go back to the composer. */
export function WaitingMail({ entry }: { entry: Entry }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const reply = replyOf(entry, desk.talk.value?.entries.value ?? []);
  if (!reply) return null;
  const when = dayAndTime(reply.dueAt);

  function takeBack(): void {
    if (busy || !reply) return;
    setBusy(true);
    void desk.takeBack(entry.contact_id, reply.id, reply.text).finally(() => setBusy(false));
  }

  return (
    <>
      <Words text={reply.text} links={false} />
      <p class="read">
        {reply.fate === "left" && t("Has left by mail")}
        {reply.fate === "back" && t("Taken back; it was not sent")}
        {reply.fate === "waiting" && t("Will be sent by mail: {time}", { time: when })}{" "}
        {reply.fate === "waiting" && (
          <button type="button" class="quiet" aria-disabled={busy} onClick={takeBack}>
            {t("Take back and edit")}
          </button>
        )}
      </p>
    </>
  );
}
