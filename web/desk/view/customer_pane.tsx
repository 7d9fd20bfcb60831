// The customer: the case and what guides in it first, then who they are, then everything that is known, in sections.

import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import type { CustomerState } from "../state/customer.ts";
import { CaseSection } from "./case_section.tsx";
import { useDesk } from "./context.ts";
import { CustomerSections } from "./customer_sections.tsx";
import { GuidanceSection } from "./guidance.tsx";
import { WhoCard } from "./who_card.tsx";

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
  return (
    <div class="customer-body">
      <CaseSection />
      <GuidanceSection contact={contact} />
      <WhoCard state={state} contact={contact} />
      <CustomerSections state={state} contact={contact} />
    </div>
  );
}
