// Pages beside the first and the conversation: all orders, earlier enquiries by case (W5), display settings, sign-in, calls.

import { loadWords, t, tn } from "../core/i18n.ts";
import { type Display, keepDisplay, readDisplay, showDisplay } from "../core/settings.ts";
import type { Contact, Found, SearchPage } from "../core/shapes.ts";
import { useState } from "preact/hooks";
import { OrderCard } from "../ui/order_card.tsx";
import { DisplaySettings } from "../ui/display_settings.tsx";
import { ContactRow } from "./home.tsx";
import { CallPage } from "./call_page.tsx";
import { Problems } from "./problems.tsx";
import { SignIn } from "./sign_in.tsx";
import type { View, Visit } from "./visit.ts";

/** Whichever page one is on. */
export function LaterPage({ visit, view, root }: { visit: Visit; view: View; root: HTMLElement }) {
  switch (view.name) {
    case "problems":
      return <Problems visit={visit} order={view.order} problems={view.problems} />;
    case "orders":
      return <AllOrders visit={visit} />;
    case "history":
      return <History visit={visit} />;
    case "display":
      return <DisplayPage visit={visit} root={root} />;
    case "sign-in":
      return <SignIn visit={visit} />;
    case "call":
      return <CallPage visit={visit} view={view} />;
    default:
      return null;
  }
}

function AllOrders({ visit }: { visit: Visit }) {
  return (
    <div class="page">
      {visit.orders.map((order) => (
        <OrderCard key={order.number} order={order} onPick={() => visit.pick(order)} />
      ))}
    </div>
  );
}

/** What is kept of earlier conversations, by case; a search looks through their words. */
function History({ visit }: { visit: Visit }) {
  const [found, setFound] = useState<Found[] | null>(null);
  if (!visit.contacts.length) return <p class="page note">{t("No enquiries yet.")}</p>;

  async function look(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget as HTMLFormElement).get("q")).trim();
    const page = words ? await visit.api.get<SearchPage>("/search", { q: words }) : null;
    setFound(page && page.found);
  }

  return (
    <div class="page">
      <form class="look" role="search" onSubmit={(event) => void visit.attempt(() => look(event))}>
        <input type="search" name="q" maxLength={200} aria-label={t("Search your enquiries")} placeholder={t("Search your enquiries")} />
        <button type="submit">{t("Search")}</button>
      </form>
      <p role="status">{found && tn("{n} enquiry found", "{n} enquiries found", found.length)}</p>
      {found?.map((one) => (
        <section key={one.contact.id}>
          <ContactRow contact={one.contact} onPick={() => visit.show(one.contact.id)} />
          {one.hits.map((hit) => (
            <p key={hit.seq} class="note" dir="auto">
              {hit.pieces.map((piece, place) => (piece.marked ? <mark key={place}>{piece.text}</mark> : piece.text))}
            </p>
          ))}
        </section>
      ))}
      {!found && byCase(visit.contacts).map(([number, contacts]) => (
        <section key={number} aria-label={number || undefined}>
          {contacts.map((contact) => (
            <ContactRow key={contact.id} contact={contact} onPick={() => visit.show(contact.id)} />
          ))}
        </section>
      ))}
    </div>
  );
}

function byCase(contacts: Contact[]): [string, Contact[]][] {
  const cases = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const number = contact.case?.number ?? contact.id;
    cases.set(number, [...(cases.get(number) ?? []), contact]);
  }
  return [...cases];
}

function DisplayPage({ visit, root }: { visit: Visit; root: HTMLElement }) {
  const [display, setDisplay] = useState(() => readDisplay(visit.memory));
  const change = (next: Display): void => {
    keepDisplay(visit.memory, next);
    showDisplay(root, next);
    setDisplay(next);
  };
  return (
    <div class="page">
      <Languages visit={visit} root={root} />
      <DisplaySettings display={display} onChange={change} />
    </div>
  );
}

/** The languages that the shop offers, each by its own name. */
function Languages({ visit, root }: { visit: Visit; root: HTMLElement }) {
  const offered = visit.shop?.languages ?? [];
  if (offered.length < 2) return null;
  const speak = async (tag: string): Promise<void> => {
    await loadWords(visit.api.server, "widget", tag);
    visit.api.language = root.lang = tag;
    visit.memory.set("language", tag);
    await visit.readShop();
  };
  return (
    <form class="display" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>{t("Language")}</legend>
        {offered.map((tag) => (
          <label key={tag} lang={tag}>
            <input type="radio" name="language" value={tag} checked={tag === visit.api.language} onChange={() => void visit.attempt(() => speak(tag))} />
            {new Intl.DisplayNames(tag, { type: "language" }).of(tag)}
          </label>
        ))}
      </fieldset>
    </form>
  );
}
