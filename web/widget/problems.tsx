// W2: what happened with the chosen order. The list depends on the order's state.

import { t } from "../core/i18n.ts";
import type { OrderView, Topic } from "../core/shapes.ts";
import { OrderCard } from "../ui/order_card.tsx";
import { Icon } from "../ui/icons.tsx";
import type { Visit } from "./visit.ts";

export function Problems({ visit, order, problems }: { visit: Visit; order: OrderView; problems: Topic[] }) {
  return (
    <div class="page">
      <OrderCard order={order} />
      <section aria-labelledby="what">
        <h3 id="what">{t("What happened?")}</h3>
        {[...problems, { value: "", label: t("Something else") }].map((problem) => (
          <button
            type="button"
            key={problem.value}
            class="card pick row"
            aria-disabled={visit.busy}
            onClick={() => visit.open({ problem: problem.value, order: order.number })}
          >
            <span class="labels">{problem.label}</span>
            <Icon name="forward" />
          </button>
        ))}
      </section>
    </div>
  );
}
