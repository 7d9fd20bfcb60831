// W3: the conversation. Queue banner, log, what comes after, composer.

import { useEffect, useRef } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Ledger } from "../core/ledger.ts";
import { usePicking } from "../ui/attachments.tsx";
import { Composer } from "../ui/composer.tsx";
import { MessageList } from "../ui/message_list.tsx";
import { later, Lazily } from "./lazy.tsx";
import type { Visit } from "./visit.ts";

export function Chat({ visit, ledger }: { visit: Visit; ledger: Ledger }) {
  const box = useRef<HTMLDivElement>(null);
  const limits = visit.shop?.limits ?? { message_chars: 4000, attachment_mb: 10, media_types: ["image/*", "application/pdf"] };
  const picking = usePicking((file) => visit.upload(file), limits);
  const contact = ledger.contact;
  const ended = contact?.state === "ended";

  useEffect(() => visit.look());

  function dropped(event: DragEvent): void {
    event.preventDefault();
    if (!ended) picking.add(event.dataTransfer?.files ?? []);
  }

  return (
    <div class="chat" ref={box} onDragOver={(event) => event.preventDefault()} onDrop={dropped}>
      <button type="button" class="quiet earlier" onClick={() => visit.history()}>
        {t("Earlier enquiries")}
      </button>
      <p class="banner" role="status">
        {contact?.owner.kind === "queue" ? contact.expectation?.text || contact.state_label : ""}
      </p>
      {contact && <Lazily of={later} show={({ Waiting }) => <Waiting visit={visit} contact={contact} />} />}
      <MessageList
        ledger={ledger}
        entries={ledger.entries}
        pending={ledger.unconfirmed(visit.outbox.pending)}
        reader="customer"
        label={t("Conversation")}
        focusSeq={visit.focusSeq}
        typing={visit.saying ? `${visit.typing}\n${visit.saying}` : visit.typing && t("{name} is typing", { name: visit.typing })}
      >
        {contact && contact.state !== "open" && <Lazily of={later} show={({ Aftercare }) => <Aftercare visit={visit} ledger={ledger} />} />}
      </MessageList>
      {ended && contact ? (
        <div class="composer">
          <button type="button" class="primary" onClick={() => visit.open({ case: contact.case?.number ?? "", order: contact.order_number })}>
            {t("Ask again about this")}
          </button>
        </div>
      ) : (
        <Composer
          key={`${ledger.contactId} ${visit.takenBack}`}
          draft={visit.drafts.get(ledger.contactId)}
          focus={visit.takenBack > 0}
          onDraft={(text) => visit.drafts.set(ledger.contactId, text)}
          onSend={(text, files) => visit.say(text, files)}
          onTyping={() => visit.live.typing(ledger.contactId)}
          onPage={(direction) => page(box.current, direction)}
          limit={limits.message_chars}
          sends="enter"
          label={t("Write a message")}
          picking={picking}
        />
      )}
    </div>
  );
}

function page(box: HTMLElement | null, direction: number): void {
  const log = box?.querySelector<HTMLElement>(".log");
  log?.scrollBy({ top: direction * log.clientHeight * 0.9 });
}
