// The call card: whom to call and why, from which number, what was tried, and the buttons of this moment with their keys.

import { useEffect } from "preact/hooks";
import { clockTime, dayAndTime, duration } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { type CallState, callStateLabel, type StaffCallback, type Tried } from "../state/call.ts";
import { secondsSince } from "../state/clock.ts";
import { useChord, useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";
import { languageName } from "./words.ts";

const LOOKS_AGAIN_MS = 3000;
const ON_THE_LINE = new Set(["dialling", "connected"]);

export function CallCard() {
  const call = useDesk().calls.open.value;
  const seen = call?.seen.value;
  return call && seen ? <Card key={call.id} call={call} seen={seen} /> : null;
}

function Card({ call, seen }: { call: CallState; seen: StaffCallback }) {
  const talking = ON_THE_LINE.has(seen.state);
  useLookingAgain(call, seen);
  return (
    <section class={`call-card ${seen.state}`} aria-labelledby="desk-call-heading">
      <div class="call-head">
        <h3 id="desk-call-heading" tabIndex={-1}>
          <DeskIcon name="phone" />
          {t("Call-back")} <span class="chip">{callStateLabel(seen)}</span>
          {seen.late && <span class="chip late">{t("Late")}</span>}
        </h3>
        {talking && <Timer seen={seen} />}
      </div>
      <Number seen={seen} />
      <Facts seen={seen} />
      {seen.calls.length > 0 && <Attempts calls={seen.calls} />}
      {seen.may_report && (
        <label class="call-note">
          {t("Note of the call, for staff")}
          <textarea rows={2} maxLength={500} value={call.note.value} onInput={(event) => (call.note.value = event.currentTarget.value)} />
        </label>
      )}
      <Buttons call={call} />
    </section>
  );
}

/** As long as the server is to do something, or the time has not come. */
function useLookingAgain(call: CallState, seen: StaffCallback): void {
  const waits = seen.state === "due" || seen.state === "offered" || (seen.state === "agent_ready" && !seen.may_dial);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => document.hidden || void call.load(), LOOKS_AGAIN_MS);
    return () => clearInterval(timer);
  }, [call, waits]);
}

function Timer({ seen }: { seen: StaffCallback }) {
  const last = seen.calls.at(-1);
  return (
    <p class="call-timer" role="timer">
      {duration(secondsSince(last?.answered_at ?? last?.dialled_at))}
    </p>
  );
}

/** To be read back; a link that calls once one has said so, and to nobody else than who has it. */
function Number({ seen }: { seen: StaffCallback }) {
  return (
    <p class="call-number">
      {seen.tel_url && seen.may_report ? (
        <a id="desk-call-number" href={seen.tel_url}>
          {seen.phone}
        </a>
      ) : (
        <strong>{seen.phone}</strong>
      )}
      {seen.kana && <span dir="auto">{t("Read as: {kana}", { kana: seen.kana })}</span>}
    </p>
  );
}

function Facts({ seen }: { seen: StaffCallback }) {
  const tooEarly = seen.state === "agent_ready" && !seen.may_dial;
  const rows: [string, string][] = [
    [t("Promised for"), seen.when_text],
    [t("Next call"), seen.state === "retrying" && seen.next_at ? dayAndTime(seen.next_at) : ""],
    [t("Not before"), tooEarly ? clockTime(seen.not_before) : ""],
    [t("We call from"), seen.caller_id],
    [t("Language"), languageName(seen.language)],
    [t("About"), [seen.topic_text, seen.order_number].filter(Boolean).join(" ")],
    [t("What to know before"), seen.note],
    [t("Relay service"), seen.relay ? [t("The customer talks through a relay service: take time."), seen.preference_note].filter(Boolean).join(" ") : ""],
    [t("Place in line"), seen.place_kept ? t("Taken over from the chat") : ""],
  ];
  return (
    <dl class="call-facts">
      {rows
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Attempts({ calls }: { calls: readonly Tried[] }) {
  return (
    <div class="call-tries">
      <h4>{t("Calls so far")}</h4>
      <ol>
        {calls.map((one) => (
          <li key={one.number}>
            <time dateTime={one.dialled_at}>{dayAndTime(one.dialled_at)}</time> {one.agent_name} {one.outcome_text && <strong>{one.outcome_text}</strong>}
            {one.note && <small dir="auto">{one.note}</small>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Buttons({ call }: { call: CallState }) {
  const desk = useDesk();
  const key = useChord("call");
  const counted = desk.helping.counting.of.value === "call";
  const deeds = call.deeds;
  if (!deeds.length) return null;
  return (
    <div class={counted ? "call-deeds counted" : "call-deeds"} role="group" aria-label={t("What to do with this call")}>
      {deeds.map((one, index) => (
        <button key={one.name} type="button" class={one.primary ? "primary" : ""} aria-disabled={call.busy.value} onClick={one.run}>
          {one.label}
          <kbd aria-hidden="true">
            {key} {index + 1}
          </kbd>
        </button>
      ))}
    </div>
  );
}
