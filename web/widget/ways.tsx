// Below the first screen: old parts or an old app, every way to reach us with what to expect, and pages to read.

import { useEffect, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Shop, Way } from "../core/shapes.ts";
import { isStale } from "./stale.ts";
import type { Visit } from "./visit.ts";

export function Ways({ visit }: { visit: Visit }) {
  const { shop } = visit;
  if (!shop) return null;
  const page = (path: string): string => new URL(path, visit.api.server).href;
  return (
    <>
      <OldParts server={visit.api.server} shop={shop} />
      {shop.notice && (
        <p class="note" role="status">
          {shop.notice} <a href={page("/help/form")}>{t("Fill in the form")}</a>
        </p>
      )}
      <section aria-labelledby="ways">
        <h3 id="ways">{t("Ways to reach us")}</h3>
        <ul class="links">
          {shop.ways.map((way) => (
            <li key={way.way}>
              {way.way === "callback" && way.offered ? (
                <button type="button" onClick={() => visit.go({ name: "call", back: { name: "home" } })}>
                  {way.name}
                </button>
              ) : (
                <a href={address(way, page)} target={way.number || way.address ? undefined : "_blank"} rel="noopener">
                  {way.name}
                </a>
              )}
              <p class="note">
                {way.way === shop.recommended?.way && <strong>{t("Recommended")} </strong>}
                {way.why_text || way.answer_text}
              </p>
            </li>
          ))}
        </ul>
      </section>
      {shop.faq.length > 0 && (
        <section aria-labelledby="faq">
          <h3 id="faq">{t("Help pages")}</h3>
          <ul class="links">
            {shop.faq.map((each) => (
              <li key={each.url}>
                <a href={page(each.url)} target="_blank" rel="noopener">
                  {each.title}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** A number is called and an address written to; everything else goes on on the page that compares them. */
function address(way: Way, page: (path: string) => string): string {
  if (way.number && way.usable_now) return `tel:${way.number}`;
  if (way.address && way.usable_now) return `mailto:${way.address}`;
  return page(way.way === "form" && way.usable_now ? "/help/form" : "/help/contact");
}

function OldParts({ server, shop }: { server: string; shop: Shop }) {
  const [old, setOld] = useState(false);
  useEffect(() => void isStale(server, shop.panel).then(setOld), []);
  if (!old) return null;
  const renew = (): void =>
    void fetch(`${server}/static/panel.js`, { cache: "reload" }).then(
      () => location.reload(),
      () => undefined,
    );
  return (
    <p class="note" role="status">
      {t("Old parts of the chat are left in this browser.")}{" "}
      <button type="button" onClick={renew}>
        {t("Fetch the new parts and reload")}
      </button>
    </p>
  );
}
