// When we call: at once, or a slot of a day. Each says in words how many places it has; full ones stay readable.

import { useEffect, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { CallOffer, CallSlot } from "../core/shapes.ts";
import type { Visit } from "./visit.ts";

export function Times({ visit, offer, topic, invalid }: { visit: Visit; offer: CallOffer; topic: string; invalid?: true }) {
  const [day, setDay] = useState(offer.earliest?.day ?? offer.days[0]?.day ?? "");
  const [slots, setSlots] = useState<CallSlot[] | null>(null);

  useEffect(() => {
    if (!day) return;
    void visit.api.get<{ slots: CallSlot[] }>("/callbacks/slots", { day, topic, language: visit.api.language }).then(
      (found) => setSlots(found.slots),
      () => setSlots([]),
    );
  }, [day]);

  return (
    <fieldset aria-describedby={invalid && "call-when"} tabIndex={invalid && -1} data-wrong={invalid}>
      <legend>{t("When shall we call?")}</legend>
      {offer.now_open ? (
        <label>
          <input type="radio" name="when" value="now" defaultChecked />
          <span>
            {t("As soon as possible")} <small>{offer.now_text || offer.target_text}</small>
          </span>
        </label>
      ) : (
        <p class="note">{t("Nobody calls at this hour ({hours}). Choose a time: you keep your place in line.", { hours: offer.hours_text })}</p>
      )}
      {offer.days.length > 0 && (
        <label>
          {t("Or on this day")}
          <select value={day} onChange={(event) => setDay(event.currentTarget.value)}>
            {offer.days.map((one) => (
              <option key={one.day} value={one.day}>
                {one.text}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="slots">
      {slots?.map((slot) => (
        <label key={slot.at}>
          <input
            type="radio"
            name="when"
            value={slot.at}
            aria-disabled={slot.state === "full" || undefined}
            onClick={(event) => slot.state === "full" && event.preventDefault()}
          />
          <span>
            {slot.text} <small>{slot.state_text}</small>
          </span>
        </label>
      ))}
      </div>
      {slots?.length === 0 && <p class="note">{t("No times can be booked at the moment.")}</p>}
    </fieldset>
  );
}
