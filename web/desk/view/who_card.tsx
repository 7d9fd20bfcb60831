// Who the customer is: name with its reading, what was proved, segments, level, language, local time, how to be reached.

import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { tick } from "../state/clock.ts";
import type { CustomerState } from "../state/customer.ts";
import { nameOf } from "../state/desk.ts";
import type { Reach } from "../state/overview.ts";
import { useDesk } from "./context.ts";
import { countryName, languageName, rungLabel } from "./words.ts";

export function WhoCard({ state, contact }: { state: CustomerState; contact: Contact }) {
  const customer = state.customer.value;
  const overview = state.overview.value;
  const level = overview?.holdings?.membership;
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
          <Fact label={t("Member level")} value={level ? (level.active ? level.plan : t("{plan} (ended)", { plan: level.plan })) : ""} />
          <Fact label={t("Company")} value={customer.company} />
          <Fact label={t("Notes on the company")} value={customer.company_notes} />
          <Fact label={t("Mail")} value={customer.email} />
          <Fact label={t("Telephone")} value={customer.phone} />
          <Fact label={t("Language")} value={languageName(customer.language)} />
          <Fact label={t("Country")} value={countryName(overview?.country ?? "")} />
          {overview?.utc_offsets && <LocalTime offsets={overview.utc_offsets} />}
        </dl>
      )}
      {overview && <Calls state={state} reach={overview.reach} />}
    </div>
  );
}

export function Fact({ label, value }: { label: string; value: string }) {
  if (!value) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

/** Where a country has several times, from its west to its east. */
function LocalTime({ offsets: [west, east] }: { offsets: readonly [number, number] }) {
  const shown = [...new Set([west, east])].map((minutes) => new Date(tick.value + minutes * 60_000).toISOString().slice(11, 16));
  return <Fact label={t("Local time")} value={shown.join("–")} />;
}

function Calls({ state, reach }: { state: CustomerState; reach: Reach }) {
  const desk = useDesk();

  async function change(box: HTMLInputElement): Promise<void> {
    const wanted = box.checked;
    const done = await desk.attempt(() => state.reach(wanted));
    if (!done) return void (box.checked = !wanted);
    desk.tell(wanted ? t("Nobody calls this customer any more; what was booked is answered in writing.") : t("This customer may be called again."));
  }

  return (
    <>
      {reach.may_change ? (
        <label class="switch">
          <input type="checkbox" checked={reach.no_calls} onChange={(event) => void change(event.currentTarget)} />
          {t("Write instead of calling")}
        </label>
      ) : (
        reach.no_calls && <p>{t("Write instead of calling")}</p>
      )}
      {reach.relay && <p>{t("Calls through the telephone relay service")}</p>}
      {reach.note && <p dir="auto">{reach.note}</p>}
    </>
  );
}
