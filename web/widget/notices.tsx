// Outages and peak seasons, and where one gets on when no new chat can begin.

import { t } from "../core/i18n.ts";
import type { Visit } from "./visit.ts";

/** Below the heading: where one gets on instead of what was refused; at the start, what holds now. */
export function Notices({ visit }: { visit: Visit }) {
  return (
    <>
      {visit.problem && visit.instead && <Instead visit={visit} />}
      {visit.view.name === "home" && <Conditions visit={visit} />}
    </>
  );
}

/** What holds now: outages and peak seasons, with the page that tells more. */
function Conditions({ visit }: { visit: Visit }) {
  const lines = visit.shop?.status?.lines;
  const page = new URL("/help/status", visit.api.server).href;
  if (!lines?.length) return null;
  return (
    <section class="waits" aria-label={t("Important notice")}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <a href={page} target="_blank" rel="noopener">
        {t("How our parts work now")}
      </a>
    </section>
  );
}

function Instead({ visit }: { visit: Visit }) {
  return (
    <p class="notice deeds">
      {visit.instead?.map((each) => (
        <a key={each.url} href={new URL(each.url, visit.api.server).href} target="_blank" rel="noopener">
          {each.title}
        </a>
      ))}
    </p>
  );
}
