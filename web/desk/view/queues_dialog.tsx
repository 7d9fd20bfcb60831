// The queues: who waits in each and for how long; choosing one shows its contacts.

import { t, tn } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import { longDuration } from "../state/clock.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function QueuesDialog() {
  const desk = useDesk();

  async function show(id: string): Promise<void> {
    desk.inbox.clearSearch();
    close("desk-list");
    await desk.attempt(() => desk.views.look({ view: null, criteria: { queues: [id], owners: ["queue"] }, sort: "waiting" }));
    desk.inbox.row.value = desk.inbox.shown[0] ?? null;
    void desk.views.loadFilters().catch(() => undefined);
  }

  return (
    <Dialog title={t("Queues")} kind="queues">
      <ul class="queue-list">
        {desk.queues.value.map((queue, index) => (
          <li key={queue.id}>
            <button type="button" data-first={index === 0 ? "" : undefined} onClick={() => void show(queue.id)}>
              <span>{queue.name}</span>
              <small>
                {[
                  queue.open ? "" : t("closed"),
                  tn("{n} waiting", "{n} waiting", queue.waiting),
                  queue.waiting ? `${t("longest")} ${longDuration(queue.longest_s)}` : "",
                  tn("{n} agent free", "{n} agents free", queue.available_agents),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
