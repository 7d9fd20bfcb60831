// The call that is booked, above its conversation: when, from which number, how it stands, and what can be changed.

import { useEffect, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Callback, Contact, Row } from "../core/shapes.ts";
import { Rows } from "../ui/rows.tsx";
import type { Visit } from "./visit.ts";

const FACT = "callback.changed";
const SOON_MS = 10 * 60_000;
const LOOKS_AGAIN_MS = 5000;

export function CallCard({ visit, contact }: { visit: Visit; contact: Contact }) {
  const seen = useCall(visit, contact);
  if (!seen) return null;
  const calling = seen.state === "dialling" || seen.state === "connected";
  return (
    <section class="waits" aria-labelledby="call-state">
      <div role="status">
        <h3 id="call-state">{stateText(seen)}</h3>
      </div>
      {seen.late && seen.live && <p class="note">{t("Our call is late. We are sorry, and call as soon as we can")}</p>}
      {seen.state === "missed" && <Missed visit={visit} seen={seen} />}
      {seen.live && (
        <>
          {!calling && <Rows rows={rows(seen)} />}
          <Deeds visit={visit} contact={contact} seen={seen} />
          <p class="note">{calling ? <OnTheLine visit={visit} /> : seen.ringtone_text}</p>
          {seen.place_kept && !calling && <p class="note">{t("Your place in line came along from the chat.")}</p>}
        </>
      )}
    </section>
  );
}

function stateText(seen: Callback): string {
  if (seen.state === "dialling") return t("We are calling you now from {number}", { number: seen.caller_id });
  if (seen.state === "connected") return t("We are on the phone with you");
  return seen.state_text;
}

function rows(seen: Callback): Row[] {
  return [
    { label: t("When"), value: seen.when_text },
    { label: t("At this moment"), value: seen.wait_text },
    { label: t("We call this number"), value: seen.phone },
    { label: t("Enquiry number"), value: seen.case_number },
  ].filter((row) => row.value);
}

/** The newest call of a conversation; looked at again when something is said of it, and more often when it comes near. */
function useCall(visit: Visit, contact: Contact): Callback | null {
  const [seen, setSeen] = useState<Callback | null>(null);
  const fact = visit.ledger?.entries.findLast((entry) => entry.kind === FACT);
  const id = String(fact?.data.callback_id ?? "");
  const look = (): void => {
    if (id && !document.hidden) void visit.api.get<Callback>(`/callbacks/${id}`).then(setSeen, () => undefined);
  };
  const near = !!seen?.live && Date.parse(seen.next_at ?? "") - Date.now() < SOON_MS;
  useEffect(look, [id, fact?.seq, contact.owner.version, contact.state]);
  useEffect(() => {
    if (!near) return undefined;
    const timer = setInterval(look, LOOKS_AGAIN_MS);
    return () => clearInterval(timer);
  }, [id, near]);
  return seen;
}

function Deeds({ visit, contact, seen }: { visit: Visit; contact: Contact; seen: Callback }) {
  const change = async (verb: string, body: object = {}): Promise<void> => {
    const done = await visit.attempt(() => visit.api.post(`/callbacks/${seen.id}/${verb}`, body));
    if (done) await visit.show(contact.id);
  };
  return (
    <div class="deeds">
      {seen.may_change && (
        <button type="button" onClick={() => visit.go({ name: "call", back: { name: "chat" }, contact, callback: seen })}>
          {t("Other day or time")}
        </button>
      )}
      {seen.may_cancel && (
        <button type="button" onClick={() => void change("cancel")}>
          {t("Cancel the call")}
        </button>
      )}
      {seen.calendar_url && (
        <button type="button" onClick={() => void visit.attempt(() => save(visit, seen.calendar_url))}>
          {t("Add to my calendar")}
        </button>
      )}
      {seen.may_change && (
        <button type="button" onClick={() => void change("replaced", { by: "writing" })}>
          {t("Write instead")}
        </button>
      )}
    </div>
  );
}

/** A file that needs our sign-in. */
async function save(visit: Visit, url: string): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await visit.api.blob(url));
  link.download = "call.ics";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LOOKS_AGAIN_MS);
}

function OnTheLine({ visit }: { visit: Visit }) {
  return (
    <a href={new URL("/help/callback/on-the-line", visit.api.server).href} target="_blank" rel="noopener">
      {t("Is it really us? Check here during the call")}
    </a>
  );
}

function Missed({ visit, seen }: { visit: Visit; seen: Callback }) {
  const again = (): void => visit.go({ name: "call", back: { name: "chat" }, contact: visit.ledger?.contact });
  const chat = visit.contacts.find((one) => one.channel === "chat" && one.state === "open" && one.case?.number === seen.case_number);
  return (
    <>
      <p>{seen.outcome === "wrong_number" ? t("The number did not reach you. Please check it and book again") : t("We called several times and could not reach you. Please choose another time, or write to us.")}</p>
      <div class="deeds">
        <button type="button" class="primary" onClick={again}>
          {t("Call me again")}
        </button>
        <button type="button" onClick={again}>
          {t("Another day or time")}
        </button>
        <button type="button" onClick={() => void (chat ? visit.show(chat.id) : visit.open({ case: seen.case_number }))}>
          {t("Back to the chat")}
        </button>
      </div>
    </>
  );
}
