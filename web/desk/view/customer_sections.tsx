// The sections of the customer's pane, in the agent's order: what each is called, how much is in it, what it shows.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { shortWhen } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import type { CustomerState } from "../state/customer.ts";
import { arranged, type SectionName } from "../state/sections.ts";
import { useDesk } from "./context.ts";
import { useLate } from "./late.ts";
import { OrderSection } from "./order_section.tsx";
import { PaneSection } from "./pane_section.tsx";
import { Callbacks, HoldingsPart, None, PrivacyPart, Refunds, SatisfactionPart, Unknown } from "./person_parts.tsx";
import { Cases, Notes, Signals } from "./profile_section.tsx";

interface Shown {
  title: string;
  count?: number;
  body: () => ComponentChildren;
}

export function CustomerSections({ state, contact }: { state: CustomerState; contact: Contact }) {
  const { preferences } = useDesk();
  const [arranging, setArranging] = useState(false);
  const shown = sectionsOf(state, contact);
  return (
    <>
      {state.overview.value && (
        <div class="deeds arrange">
          <button type="button" class="quiet" aria-pressed={arranging} onClick={() => setArranging(!arranging)}>
            <Icon name="sliders" />
            {t("Arrange the sections")}
          </button>
          {arranging && (
            <button type="button" class="quiet" onClick={() => (preferences.sections.value = arranged([]))}>
              {t("As usual")}
            </button>
          )}
        </div>
      )}
      {preferences.sections.value.map(({ name }) => {
        const one = shown[name];
        return (
          one && (
            <PaneSection key={name} name={name} title={one.title} count={one.count} arranging={arranging}>
              {one.body()}
            </PaneSection>
          )
        );
      })}
    </>
  );
}

/** Of somebody whom nobody knows only the order that the contact is about. Parts that the role does not open are left out. */
function sectionsOf(state: CustomerState, contact: Contact): Partial<Record<SectionName, Shown>> {
  const all = state.overview.value;
  const orders = { title: t("Orders"), count: state.orders.value.length, body: () => <Orders state={state} contact={contact} /> };
  if (!all) return { orders };
  const asked = all.shop !== "closed";
  return {
    signals: { title: t("Worth knowing"), count: all.signals.length, body: () => <Signals signals={all.signals} /> },
    "open-cases": { title: t("Cases"), count: all.open_cases.length, body: () => <Cases open={all.open_cases} all={all.cases ?? []} /> },
    "person-notes": { title: t("Notes on the customer"), count: all.notes.length, body: () => <Notes state={state} notes={all.notes} /> },
    ...(asked && { orders }),
    ...(asked && { refunds: { title: t("Refunds"), body: () => (all.refunds ? <Refunds sums={all.refunds} /> : <Unknown shop={all.shop} />) } }),
    ...(all.callbacks && { callbacks: { title: t("Call-backs"), count: all.callbacks.length, body: () => <Callbacks lines={all.callbacks!} /> } }),
    ...(asked && { holdings: { title: t("Membership, points, devices"), body: () => (all.holdings ? <HoldingsPart held={all.holdings} /> : <Unknown shop={all.shop} />) } }),
    ...(all.contacts && { earlier: { title: t("Earlier contacts"), count: state.earlier.value.length, body: () => <Earlier state={state} /> } }),
    ...(all.satisfaction && { satisfaction: { title: t("Satisfaction"), count: all.satisfaction.length, body: () => <SatisfactionPart answers={all.satisfaction!} /> } }),
    privacy: { title: t("What the customer allows"), body: () => <PrivacyPart state={all.privacy} /> },
  };
}

function Orders({ state, contact }: { state: CustomerState; contact: Contact }) {
  const loading = state.loading.value;
  const late = useLate(loading && !state.orders.value.length);
  const problem = state.problem.value;
  return (
    <>
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
    </>
  );
}

function Earlier({ state }: { state: CustomerState }) {
  const desk = useDesk();
  if (!state.earlier.value.length) return state.loading.value ? null : <None />;
  return (
    <ul class="earlier">
      {state.earlier.value.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => desk.open(one.id, "heading")}>
            <span class="labels">
              <span>{one.title}</span>
              <small>
                {one.case?.number} {one.state_label}
                {one.case?.score && <> ・ {t("Satisfaction: {score} of 5", { score: one.case.score })}</>}
              </small>
            </span>
            <time dateTime={one.opened_at}>{shortWhen(one.opened_at)}</time>
          </button>
        </li>
      ))}
    </ul>
  );
}
