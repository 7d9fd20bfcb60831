// Who would rather not use the telephone: then nobody calls, and we write.

import { t } from "../core/i18n.ts";
import type { CallOffer } from "../core/shapes.ts";
import type { View, Visit } from "./visit.ts";

export function Preference({ visit, offer, back }: { visit: Visit; offer: CallOffer; back: View }) {
  const { preference } = offer;
  function keep(event: Event): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const wish = { no_calls: given.has("no_calls"), relay: given.has("relay"), note: String(given.get("about")) };
    void visit.attempt(() => visit.api.put("/callbacks/preferences", wish)).then((kept) => kept && visit.go(wish.no_calls ? back : { name: "call", back }));
  }
  return (
    <details open={preference.no_calls}>
      <summary>{t("I would rather not use the telephone")}</summary>
      <form class="call rating" onSubmit={keep}>
        <fieldset>
          <label>
            <input type="checkbox" name="no_calls" defaultChecked={preference.no_calls} />
            <span>
              {t("Write to me; do not call")} <small>{t("Nobody calls you, whatever is booked. We answer in writing.")}</small>
            </span>
          </label>
          <label>
            <input type="checkbox" name="relay" defaultChecked={preference.relay} />
            <span>
              {t("I use a telephone relay service")} <small>{t("Whoever calls sees it and takes the time that it needs.")}</small>
            </span>
          </label>
        </fieldset>
        <label>
          {t("What we should know about it")}
          <textarea name="about" rows={2} maxLength={500} defaultValue={preference.note} />
        </label>
        <button>{t("Keep this")}</button>
      </form>
    </details>
  );
}
