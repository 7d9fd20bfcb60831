// Another time for a call, or none: the customer is told at once.

import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import type { CallOffer, CallSlot } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import type { CallState } from "../state/call.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function CallDialog({ deed }: { deed: "move" | "cancel" }) {
  const call = useDesk().calls.open.value;
  if (!call?.seen.value) return null;
  return deed === "move" ? <Move call={call} /> : <CallOff call={call} />;
}

function CallOff({ call }: { call: CallState }) {
  return (
    <Dialog title={t("Call off this call?")} kind="call-dialog">
      <p>{t("Nobody calls the customer then. They are told by mail and in the conversation.")}</p>
      <div class="deeds">
        <button type="button" class="primary" data-first="" onClick={() => (close("desk-call-heading"), void call.cancel())}>
          {t("Call off")}
        </button>
        <button type="button" onClick={() => close()}>
          {t("Keep the call")}
        </button>
      </div>
    </Dialog>
  );
}

function Move({ call }: { call: CallState }) {
  const desk = useDesk();
  const [offer, setOffer] = useState<CallOffer | null>(null);
  const [day, setDay] = useState("");
  const [slots, setSlots] = useState<readonly CallSlot[] | null>(null);
  const [problem, setProblem] = useState("");

  async function look(next: string): Promise<void> {
    setDay(next);
    await desk.attempt(async () => setSlots(next ? await call.slots(next) : []));
  }

  useEffect(() => {
    void desk.attempt(async () => {
      const found = await call.offer();
      setOffer(found);
      await look(found.earliest?.day ?? found.days[0]?.day ?? "");
    });
  }, []);

  function submit(event: Event): void {
    event.preventDefault();
    const when = new FormData(event.currentTarget as HTMLFormElement).get("when");
    if (typeof when !== "string") return setProblem(t("Please choose a time."));
    close("desk-call-heading");
    void call.move(when === "now" ? null : when);
  }

  return (
    <Dialog title={t("Other time for the call")} kind="call-dialog" onHeading>
      <form onSubmit={submit}>
        {offer?.now_open && (
          <label class="radio">
            <input type="radio" name="when" value="now" />
            {t("As soon as possible")}
          </label>
        )}
        {!!offer?.days.length && (
          <label>
            {t("Day")}
            <select value={day} onChange={(event) => void look(event.currentTarget.value)}>
              {offer.days.map((one) => (
                <option key={one.day} value={one.day}>
                  {one.text}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="call-slots">
          <legend>{t("Time")}</legend>
          {slots?.map((slot) => (
            <label key={slot.at} class={slot.state === "full" ? "radio full" : "radio"}>
              <input type="radio" name="when" value={slot.at} disabled={slot.state === "full"} />
              <span>
                {slot.text} <small>{slot.state_text}</small>
              </span>
            </label>
          ))}
          {slots?.length === 0 && <p class="hint">{t("No time is left on this day.")}</p>}
        </fieldset>
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary">{t("Move the call")}</button>
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
