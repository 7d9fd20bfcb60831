// An offered contact: a toast outside the focus. It was spoken once when it came; the countdown is for the eyes only.

import { t } from "../../core/i18n.ts";
import { nameOf } from "../state/desk.ts";
import { useChord, useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";

export function OfferToast() {
  const desk = useDesk();
  const accept = useChord("accept");
  const offer = desk.offers.first.value;
  if (!offer) return null;
  const { contact } = offer;
  const left = desk.offers.left.value;
  return (
    <section class="offer" aria-labelledby="desk-offer-heading">
      <div class="offer-time" aria-hidden="true">
        <i style={{ transform: `scaleX(${Math.min(1, left / offer.seconds)})` }} />
      </div>
      <div class="offer-words">
        <h2 id="desk-offer-heading">{t("New contact")}</h2>
        {contact.channel === "callback" && (
          <p class="offer-kind">
            <DeskIcon name="phone" />
            {t("Call-back: you call the customer")}
          </p>
        )}
        <p class="offer-who">
          <strong dir="auto">{nameOf(contact)}</strong>
          <span>{contact.title}</span>
        </p>
        <p class="offer-left" aria-hidden="true">
          {t("{n} s left", { n: left })}
        </p>
      </div>
      <div class="offer-deeds">
        <button type="button" class="primary" onClick={() => void desk.accept()}>
          {t("Accept")}
          <kbd aria-hidden="true">{accept}</kbd>
        </button>
        <button type="button" onClick={() => void desk.decline()}>
          {t("Pass")}
        </button>
      </div>
    </section>
  );
}
