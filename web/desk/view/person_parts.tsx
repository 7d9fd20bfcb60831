// Parts of the customer's pane that only show: refunds in sums, call-backs, holdings, satisfaction, what is allowed.

import { dayAndTime, shortWhen, wholeDay } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import type { CallbackLine, Held, Holdings, Overview, PrivacyState, RefundSum, Satisfaction } from "../state/overview.ts";
import { openCase } from "../state/following.ts";
import { useDesk } from "./context.ts";
import { Fact } from "./who_card.tsx";

export function None() {
  return <p class="empty">{t("None")}</p>;
}

/** `silent`: the shop did not answer, which is not the same as nothing. */
export function Unknown({ shop }: { shop: Overview["shop"] | undefined }) {
  return <p class="empty">{shop === "silent" ? t("The shop does not answer now.") : t("Not known")}</p>;
}

export function Refunds({ sums }: { sums: readonly RefundSum[] }) {
  if (!sums.length) return <None />;
  return (
    <dl class="money">
      {sums.map((one) => (
        <div key={one.step + one.currency}>
          <dt>
            {one.label} <small>{tn("{n} refund", "{n} refunds", one.count)}</small>
          </dt>
          <dd>
            <strong>{one.amount_text}</strong>
            <small>
              {[...new Set([shortWhen(one.first), shortWhen(one.last)])].join("–")} · {one.orders.join(", ")}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Callbacks({ lines }: { lines: readonly CallbackLine[] }) {
  const desk = useDesk();
  if (!lines.length) return <None />;
  const sorted = [...lines.filter((one) => one.coming), ...lines.filter((one) => !one.coming)];
  return (
    <ul class="openable">
      {sorted.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => desk.open(one.contact_id, "heading")}>
            <span class="labels">
              <span>{one.coming ? `${one.state_text} · ${one.when_text}` : one.outcome_text || one.state_text}</span>
              <small>{one.topic_text}</small>
            </span>
            <time dateTime={one.finished_at ?? one.promised_at}>{shortWhen(one.finished_at ?? one.promised_at)}</time>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function HoldingsPart({ held }: { held: Holdings }) {
  const { membership, balances } = held;
  const nothing = !membership && !balances.length && !held.subscriptions.length && !held.devices.length && !held.services.length;
  if (nothing) return <None />;
  return (
    <>
      {membership && (
        <dl class="rows">
          <Fact label={t("Membership")} value={membership.plan} />
          <Fact label={t("Since")} value={wholeDay(membership.since)} />
          <Fact label={t("Renews")} value={membership.renews ? wholeDay(membership.renews) : ""} />
          <Fact label={t("Ends")} value={membership.ends_on ? wholeDay(membership.ends_on) : ""} />
        </dl>
      )}
      {balances.length > 0 && (
        <dl class="rows">
          {balances.map((one) => (
            <Fact key={one.label} label={one.label} value={one.expires_on ? t("{amount}, until {day}", { amount: one.text, day: wholeDay(one.expires_on) }) : one.text} />
          ))}
        </dl>
      )}
      <HeldList title={t("Subscriptions")} list={held.subscriptions} />
      <HeldList title={t("Devices")} list={held.devices} />
      <HeldList title={t("Services")} list={held.services} />
    </>
  );
}

function HeldList({ title, list }: { title: string; list: readonly Held[] }) {
  if (!list.length) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul class="person-facts">
        {list.map((one) => (
          <li key={one.id}>
            {one.name}{" "}
            <small>
              {[one.detail, one.state_label, one.next_charge && t("next charge {day}", { day: wholeDay(one.next_charge) }), one.until && t("guarantee until {day}", { day: wholeDay(one.until) }), one.order_number].filter(Boolean).join(" · ")}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

export function SatisfactionPart({ answers }: { answers: readonly Satisfaction[] }) {
  const desk = useDesk();
  if (!answers.length) return <p class="empty">{t("No survey was answered yet.")}</p>;
  return (
    <ul class="openable">
      {answers.map((one) => (
        <li key={one.case_number}>
          <button type="button" onClick={() => void openCase(desk, one.case_number)}>
            <span class="labels">
              <span>{t("{score} of 5", { score: one.score })}</span>
              <small dir="auto">{[one.case_number, one.comment].filter(Boolean).join(" · ")}</small>
            </span>
            {one.at && <time dateTime={one.at}>{shortWhen(one.at)}</time>}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function PrivacyPart({ state }: { state: PrivacyState }) {
  return (
    <>
      <dl class="rows">
        {state.choices.map((one) => (
          <Fact key={one.name} label={one.label} value={one.wanted ? t("Yes") : t("No")} />
        ))}
        {state.held && <Fact label={t("Legal hold")} value={t("Nothing of this customer is erased now")} />}
      </dl>
      {!!state.requests?.length && (
        <ul class="person-facts">
          {state.requests.map((one) => (
            <li key={one.asked_at}>
              {one.label} <small>{[one.state_label, dayAndTime(one.asked_at)].join(" · ")}</small>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
