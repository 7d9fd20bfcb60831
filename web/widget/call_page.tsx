// Asking to be called, the mailed code, and another time. What is known already is filled in.

import { useEffect, useRef, useState } from "preact/hooks";
import { clientKey, Problem } from "../core/api.ts";
import { t } from "../core/i18n.ts";
import type { Callback, CallOffer, Contact } from "../core/shapes.ts";
import { Times } from "./call_times.tsx";
import { Preference } from "./call_preference.tsx";
import type { View, Visit } from "./visit.ts";

type CallView = Extract<View, { name: "call" }>;

export function CallPage({ visit, view }: { visit: Visit; view: CallView }) {
  const [offer, setOffer] = useState<CallOffer | null>(null);
  const [seen, setSeen] = useState<Callback | undefined>(view.callback);

  useEffect(() => {
    void visit.attempt(async () => {
      await visit.beKnown();
      const found = await visit.api.get<CallOffer>("/callbacks/offer", wanted(visit, view.contact));
      if (!view.callback && found.live_id) setSeen(await visit.api.get<Callback>(`/callbacks/${found.live_id}`));
      setOffer(found);
    });
  }, []);

  /** What came of it is shown with its conversation; one without yet waits for its code. */
  function booked(made: Callback): void {
    setSeen(made);
    if (made.contact_id) void visit.show(made.contact_id);
  }

  if (!offer) return <p class="page waiting">{t("One moment…")}</p>;
  if (seen?.needs_code) return <Code visit={visit} seen={seen} done={booked} leave={() => setSeen(undefined)} />;
  if (seen && !view.callback) return <Already visit={visit} seen={seen} />;
  if (!offer.on) return <p class="page note">{t("We do not call back at the moment. Please choose another way to reach us")}</p>;
  return (
    <div class="page">
      {seen ? <Move visit={visit} offer={offer} seen={seen} done={booked} /> : <Book visit={visit} offer={offer} contact={view.contact} done={booked} />}
      {!seen && <Preference visit={visit} offer={offer} back={view.back} />}
    </div>
  );
}

/** What a deed of the reader gave; undefined where it was refused, which is shown. */
async function outcome<T>(visit: Visit, deed: () => Promise<T>): Promise<T | undefined> {
  let given: T | undefined;
  await visit.attempt(async () => {
    given = await deed();
  });
  return given;
}

function wanted(visit: Visit, contact?: Contact | null): { topic: string; language: string } {
  return { topic: contact?.topic ?? "", language: visit.api.language };
}

function Already({ visit, seen }: { visit: Visit; seen: Callback }) {
  return (
    <div class="page">
      <p>{t("A call-back is booked already; you can change or cancel it")}</p>
      <button type="button" class="primary" onClick={() => void visit.show(seen.contact_id)}>
        {t("See it")}
      </button>
    </div>
  );
}

interface BookProps {
  visit: Visit;
  offer: CallOffer;
  contact?: Contact | null;
  done: (made: Callback) => void;
}

function Book({ visit, offer, contact, done }: BookProps) {
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(clientKey()); // the same if the answer gets lost and one presses again
  const [wrong, setWrong] = useState("");
  const languages = visit.shop?.languages ?? [];

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const given = new FormData(form.current!);
    const text = (name: string): string => String(given.get(name) ?? "").trim();
    setWrong("");
    const made = await outcome(visit, async () => {
      if (!text("when")) throw (setWrong("when"), new Error(t("Please choose when we call")));
      return visit.api
        .post<Callback>("/callbacks", {
          phone: text("phone"),
          client_key: key.current,
          slot_at: text("when") === "now" ? null : text("when"),
          language: text("language") || visit.api.language,
          topic: contact?.topic ?? "",
          contact_id: contact?.id ?? "",
          kana: text("kana"),
          note: text("note"),
          email: text("email"),
        })
        .catch((error: unknown) => {
          if (error instanceof Problem) setWrong(error.errors[0]?.field ?? "");
          throw error;
        });
    });
    if (made) done(made);
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  const invalid = (name: string): true | undefined => (wrong === name ? true : undefined);
  return (
    <form class="call rating" ref={form} noValidate onSubmit={(event) => void send(event)}>
      {offer.preference.no_calls && <p class="note">{t("You have chosen that we write instead of calling. To book a call, change it below.")}</p>}
      {contact && <p class="note">{t("You keep your place in line of the chat, and whoever calls sees what was said there.")}</p>}
      <label>
        {t("Your telephone number")}
        <input type="tel" name="phone" autocomplete="tel" defaultValue={offer.phone} maxLength={60} required aria-invalid={invalid("phone")} aria-describedby="call-phone" />
      </label>
      <small id="call-phone">{offer.phone ? t("The number is registered with your account; you can change it.") : t("Such as 090-1234-5678; with the area code.")}</small>
      <label>
        {t("How your name is read")} {t("(optional)")}
        <input name="kana" defaultValue={offer.kana} maxLength={100} />
      </label>
      <Times visit={visit} offer={offer} topic={contact?.topic ?? ""} invalid={invalid("when")} />
      {languages.length > 1 && (
        <label>
          {t("Language of the call")}
          <select name="language" defaultValue={visit.api.language}>
            {languages.map((tag) => (
              <option key={tag} value={tag} lang={tag} selected={tag === visit.api.language}>
                {new Intl.DisplayNames(tag, { type: "language" }).of(tag)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t("What we should know before")} {t("(optional)")}
        <textarea name="note" rows={2} maxLength={500} aria-describedby="call-note" />
      </label>
      <small id="call-note">{t("No card numbers or passwords, please.")}</small>
      {offer.needs_code && (
        <label>
          {t("Mail address")}
          <input name="email" inputMode="email" autocomplete="email" required aria-invalid={invalid("email")} aria-describedby="call-mail" />
          <small id="call-mail">{t("We send a code there, so that nobody has others called in their name.")}</small>
        </label>
      )}
      <p class="note">{offer.ringtone_text}</p>
      <button class="primary" aria-disabled={visit.busy}>
        {t("Book this call")}
      </button>
    </form>
  );
}

function Move({ visit, offer, seen, done }: BookProps & { seen: Callback }) {
  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const when = new FormData(event.currentTarget as HTMLFormElement).get("when");
    const moved = await outcome(visit, async () => {
      if (typeof when !== "string") throw new Error(t("Please choose when we call"));
      return visit.api.post<Callback>(`/callbacks/${seen.id}/move`, { slot_at: when === "now" ? null : when });
    });
    if (moved) done(moved);
  }
  return (
    <form class="call rating" onSubmit={(event) => void send(event)}>
      <p>
        {t("Until now")}: {seen.when_text}
      </p>
      <Times visit={visit} offer={offer} topic={seen.topic} />
      <button class="primary" aria-disabled={visit.busy}>
        {t("Take this time")}
      </button>
    </form>
  );
}

function Code({ visit, seen, done, leave }: { visit: Visit; seen: Callback; done: (made: Callback) => void; leave: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const code = (field.current?.value ?? "").normalize("NFKC").replace(/\D/g, "");
    const made = await outcome(visit, () => visit.api.post<Callback>(`/callbacks/${seen.id}/confirm`, { code }));
    if (made) done(made);
    else field.current?.focus();
  }

  function giveUp(): void {
    void visit.attempt(async () => {
      await visit.api.post(`/callbacks/${seen.id}/cancel`);
      leave();
    });
  }

  return (
    <form class="page sign-in" onSubmit={(event) => void send(event)}>
      <p>{t("We have mailed you a code. Nobody calls before you have entered it.")}</p>
      <label>
        {t("Code from the mail")}
        <input ref={field} name="code" inputMode="numeric" autocomplete="one-time-code" required maxLength={20} aria-invalid={visit.problem ? true : undefined} />
      </label>
      <div class="deeds">
        <button class="primary" aria-disabled={visit.busy}>
          {t("Confirm")}
        </button>
        <button type="button" onClick={giveUp}>
          {t("Cancel the call")}
        </button>
      </div>
    </form>
  );
}
