// The customer: who they are and what they proved, their orders with what can be done, and their earlier contacts.

import { shortWhen } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import type { CustomerState } from "../state/customer.ts";
import { nameOf } from "../state/desk.ts";
import { CaseSection } from "./case_section.tsx";
import { useDesk } from "./context.ts";
import { GuidanceSection } from "./guidance.tsx";
import { useLate } from "./late.ts";
import { OrderSection } from "./order_section.tsx";
import { languageName, rungLabel } from "./words.ts";

export function CustomerPane() {
  const desk = useDesk();
  const state = desk.customer.value;
  const contact = desk.talk.value?.contact.value;
  return (
    <section class="pane customer" data-pane-name="customer" aria-labelledby="desk-customer-heading">
      <div class="pane-head">
        <button type="button" class="quiet icon-only back" aria-label={t("Back to the conversation")} onClick={() => (desk.pane.value = "talk")}>
          <Icon name="back" />
        </button>
        <h2 id="desk-customer-heading" tabIndex={-1}>
          {t("Customer")}
        </h2>
      </div>
      {state && contact ? <Known key={state.contactId} state={state} contact={contact} /> : <p class="empty">{desk.openId.value ? "" : t("No contact is open.")}</p>}
    </section>
  );
}

function Known({ state, contact }: { state: CustomerState; contact: Contact }) {
  const desk = useDesk();
  const loading = state.loading.value;
  const late = useLate(loading && !state.orders.value.length);
  const problem = state.problem.value;
  return (
    <div class="customer-body">
      <CaseSection />
      <GuidanceSection contact={contact} />
      <Who state={state} contact={contact} />
      <section aria-labelledby="desk-orders-heading">
        <h3 id="desk-orders-heading">{t("Orders")}</h3>
        {problem && (
          <div class="empty bad" role="alert">
            <p>{problem.message || t("The orders could not be read.")}</p>
            <button type="button" onClick={() => void state.load()}>
              {t("Try again")}
            </button>
          </div>
        )}
        {late && (
          <div class="skeleton" aria-hidden="true">
            <i />
            <i />
          </div>
        )}
        {!loading && !problem && !state.orders.value.length && <p class="empty">{t("No order is known.")}</p>}
        <ul class="orders">
          {state.orders.value.map((order) => (
            <li key={order.number}>
              <OrderSection state={state} order={order} mayAct={contact.state !== "ended"} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="desk-earlier-heading">
        <h3 id="desk-earlier-heading">{t("Earlier contacts")}</h3>
        {!loading && !state.earlier.value.length && <p class="empty">{t("None")}</p>}
        <ul class="earlier">
          {state.earlier.value.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => desk.open(one.id, "heading")}>
                <span class="labels">
                  <span>{one.title}</span>
                  <small>
                    {one.case?.number} {one.state_label}
                  </small>
                </span>
                <time dateTime={one.opened_at}>{shortWhen(one.opened_at)}</time>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Who({ state, contact }: { state: CustomerState; contact: Contact }) {
  const customer = state.customer.value;
  return (
    <div class="who-card">
      <p class="who-name">
        <strong dir="auto">{customer?.name ?? nameOf(contact)}</strong>
        {customer?.kana && <span class="kana">{customer.kana}</span>}
      </p>
      <p class={`rung rung-${contact.rung}`}>
        <Icon name={contact.rung > 0 ? "check" : "warn"} />
        {rungLabel(contact.rung)}
      </p>
      {customer && customer.segment_labels.length > 0 && (
        <ul class="segments" aria-label={t("Segments")}>
          {customer.segment_labels.map((label) => (
            <li key={label}>{label}</li>
          ))}
        </ul>
      )}
      {customer && (
        <dl class="rows">
          <Fact label={t("Company")} value={customer.company} />
          <Fact label={t("Notes on the company")} value={customer.company_notes} />
          <Fact label={t("Mail")} value={customer.email} />
          <Fact label={t("Telephone")} value={customer.phone} />
          <Fact label={t("Language")} value={languageName(customer.language)} />
        </dl>
      )}
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  if (!value) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}
