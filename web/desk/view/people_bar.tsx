// Who takes part in the open conversation, and what one can do about each; for a supervisor the badge and the whisper.

import { useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { belongsToIme } from "../../core/keys.ts";
import type { Participant } from "../state/people.ts";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";
import { DeskIcon } from "./icons.tsx";

export function PeopleBar() {
  const desk = useDesk();
  const people = desk.hands.people.value;
  const mine = people?.mine.value ?? null;
  if (!people?.list.value.length && !desk.hands.mayListen) return null;
  return (
    <div class="people-bar" role="group" aria-label={t("Who takes part")}>
      {mine && people?.coaching && <Coach mine={mine} />}
      {people?.list.value.filter((one) => one.id !== mine?.id || !people.coaching).map((one) => <One key={one.id} one={one} own={one.id === mine?.id} />)}
      {desk.hands.mayListen && (
        <button type="button" class="quiet" onClick={() => void desk.hands.observe("listening")}>
          {t("Listen, unseen by the customer")}
        </button>
      )}
    </div>
  );
}

function One({ one, own }: { one: Participant; own: boolean }) {
  const desk = useDesk();
  const leads = desk.hands.mayInvite;
  const name = one.name || one.queue_name;
  return (
    <span class="participant">
      <span>
        <strong dir="auto">{own ? t("You") : name}</strong> ({one.role_label}
        {one.joined_at ? "" : ` · ${t("asked")}`})
      </span>
      {leads && one.joined_at && one.role !== "listening" && one.role !== "whispering" && (
        <button type="button" class="quiet" onClick={() => void desk.hands.promote(one)}>
          {t("Hand over")}
          <span class="unseen-text">: {name}</span>
        </button>
      )}
      {(leads || own) && one.role !== "listening" && one.role !== "whispering" && (
        <button type="button" class="quiet" onClick={() => void desk.hands.leave(one)}>
          {own ? t("Leave") : one.joined_at ? t("End it") : t("Withdraw")}
          <span class="unseen-text">: {name}</span>
        </button>
      )}
    </span>
  );
}

/** The badge of somebody who is here unseen, with what they can do. */
function Coach({ mine }: { mine: Participant }) {
  const desk = useDesk();
  const whispers = mine.role === "whispering";
  return (
    <div class="coach">
      <p class="badge">
        <DeskIcon name="lock" />
        <strong>{mine.role_label}</strong> {t("The customer does not see you.")}
      </p>
      <div class="deeds">
        <button type="button" aria-pressed={whispers} onClick={() => void desk.hands.observe(whispers ? "listening" : "whispering").then(() => focusId(whispers ? "desk-talk-heading" : "desk-whisper"))}>
          {t("Whisper")}
        </button>
        <button type="button" onClick={() => void desk.hands.promote(mine)}>
          {t("Take over")}
        </button>
        <button type="button" class="quiet" onClick={() => void desk.hands.leave(mine).then(() => focusId("desk-talk-heading"))}>
          {t("Stop listening")}
        </button>
      </div>
      {whispers && <Whisper />}
    </div>
  );
}

function Whisper() {
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const owner = desk.talk.value?.contact.value?.owner.name ?? "";

  async function send(form: HTMLFormElement): Promise<void> {
    const field = form.elements.namedItem("whisper") as HTMLTextAreaElement;
    const text = field.value.trim();
    if (!text) return;
    const refusal = await desk.hands.whisper(text);
    setProblem(refusal);
    if (!refusal) field.value = "";
    field.focus();
  }

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send((event.currentTarget as HTMLTextAreaElement).form!);
  }

  return (
    <form
      class="whisper-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget as HTMLFormElement);
      }}
    >
      <label for="desk-whisper">{t("Whisper to {name} (the customer never sees it)", { name: owner })}</label>
      <textarea id="desk-whisper" name="whisper" rows={2} maxLength={4000} onKeyDown={onKey} aria-describedby="desk-whisper-problem" />
      <p class="problem" id="desk-whisper-problem" role="alert">
        {problem}
      </p>
      <button class="primary">{t("Whisper")}</button>
    </form>
  );
}
