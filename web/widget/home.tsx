// W1: what is going on already, which order it is about, or anything else. Nothing has to be typed that we know.

import { shortWhen } from "../core/formats.ts";
import { t, tn } from "../core/i18n.ts";
import type { Contact } from "../core/shapes.ts";
import { OrderCard } from "../ui/order_card.tsx";
import { Composer } from "../ui/composer.tsx";
import { Icon } from "../ui/icons.tsx";
import { later, Lazily } from "./lazy.tsx";
import type { Visit } from "./visit.ts";

const SHOWN_ORDERS = 3;

export function Home({ visit }: { visit: Visit }) {
  const { shop, session } = visit;
  const open = visit.contacts.filter((contact) => contact.state !== "ended");
  if (!shop) return null;
  return (
    <>
      <div class="page">
        <p class="hours" role="status">
          {shop.chat_wait_text} {!shop.open_now && t("People are here {hours}. The AI assistant answers at any time.", { hours: shop.hours_text })}
        </p>
        {open.length > 0 && (
          <section aria-labelledby="on">
            <h3 id="on">{t("Continue")}</h3>
            {open.slice(0, 3).map((contact) => (
              <ContactRow key={contact.id} contact={contact} onPick={() => visit.show(contact.id)} />
            ))}
          </section>
        )}
        {session && session.rung > 0 ? <Orders visit={visit} /> : <WhoAreYou visit={visit} />}
        <section aria-labelledby="else">
          <h3 id="else">{t("Not about one order")}</h3>
          <div class="chips">
            {shop.topics.map((topic) => (
              <button type="button" key={topic.value} aria-disabled={visit.busy} onClick={() => visit.open({ problem: topic.value })}>
                {topic.label}
              </button>
            ))}
          </div>
        </section>
        <Lazily of={later} show={({ Ways }) => <Ways visit={visit} />} />
        <div class="foot">
          {visit.contacts.length > 0 && (
            <button type="button" class="quiet" onClick={() => visit.history()}>
              {t("Earlier enquiries")}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => visit.go({ name: "display" })}>
            <Icon name="sliders" />
            {t("Display settings")}
          </button>
          {session && session.rung > 0 && (
            <button type="button" class="quiet" onClick={() => visit.signOut()}>
              {t("Sign out")}
            </button>
          )}
        </div>
        {shop.demo && <p class="note">{t("This is a demonstration. No real goods, no real money.")}</p>}
      </div>
      <Composer
        draft={visit.drafts.get("new")}
        onDraft={(text) => visit.drafts.set("new", text)}
        onSend={(text) => void visit.open({ text }).then((opened) => !opened && visit.drafts.set("new", text))}
        limit={shop.limits.message_chars}
        sends="enter"
        busy={visit.busy}
        label={t("Describe your problem")}
      />
    </>
  );
}

function Orders({ visit }: { visit: Visit }) {
  if (!visit.orders.length) return <p class="note">{t("There are no orders yet.")}</p>;
  return (
    <section aria-labelledby="which-order">
      <h3 id="which-order">{t("Which order is it about?")}</h3>
      {visit.orders.slice(0, SHOWN_ORDERS).map((order) => (
        <OrderCard key={order.number} order={order} onPick={() => visit.pick(order)} />
      ))}
      {visit.orders.length > SHOWN_ORDERS && (
        <button type="button" onClick={() => visit.allOrders()}>
          {t("More orders")}
        </button>
      )}
    </section>
  );
}

function WhoAreYou({ visit }: { visit: Visit }) {
  return (
    <section aria-labelledby="who">
      <h3 id="who">{t("About an order?")}</h3>
      <p class="note">{t("Confirm who you are, and choose from your orders. You can also just ask.")}</p>
      <button type="button" class="primary" onClick={() => visit.go({ name: "sign-in", back: visit.view })}>
        {t("Choose from my orders")}
      </button>
    </section>
  );
}

export function ContactRow({ contact, onPick }: { contact: Contact; onPick: () => void }) {
  return (
    <button type="button" class="card pick row" onClick={onPick}>
      <span class="labels">
        <strong>{contact.case?.category_label || contact.title}</strong>
        <small class="parts">
          {[contact.order_number, contact.state_label, shortWhen(contact.updated_at), contact.case?.number].filter(Boolean).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </small>
      </span>
      {contact.unread > 0 && <span class="badge">{tn("{n} new", "{n} new", contact.unread)}</span>}
      <Icon name="forward" />
    </button>
  );
}
