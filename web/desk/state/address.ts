// The part of the address after #: `contact=…` opens a conversation, `queue=…` shows who waits there. Links of the console lead here.

import type { Desk } from "./desk.ts";

/** Go where the address says, now and whenever it changes. */
export function followAddress(desk: Desk): void {
  const go = (): void => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const contact = wanted.get("contact");
    const queue = wanted.get("queue");
    if (queue) void desk.attempt(() => desk.views.look({ view: null, criteria: { queues: [queue], owners: ["queue"] }, sort: "waiting" }));
    if (contact) desk.open(contact, "heading");
    if (contact || queue) history.replaceState(null, "", location.pathname + location.search); // a reload does not go there again
  };
  go();
  addEventListener("hashchange", go);
}
