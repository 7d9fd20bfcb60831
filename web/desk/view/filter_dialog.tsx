// Which contacts the inbox shows: parts that are joined by "and", each with some values, and the order.

import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import { type Criteria, type List, LISTS, type Option, partsOf, type Sort } from "../state/saved_views.ts";
import { useDesk } from "./context.ts";
import { DUES, optionsOf, partLabel, SORTS, textOf, WAITS } from "./criteria_words.ts";
import { Dialog } from "./dialog.tsx";
import { useLate } from "./late.ts";

export function FilterDialog() {
  const desk = useDesk();
  const { views } = desk;
  const open = views.open.peek();
  const [criteria, setCriteria] = useState<Criteria>(open?.criteria ?? {});
  const [sort, setSort] = useState<Sort>(open?.sort ?? "newest");
  const filters = views.filters.value;
  const late = useLate(!filters);

  useEffect(() => void desk.attempt(() => views.loadFilters()), []);

  async function apply(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    desk.inbox.clearSearch();
    close("desk-list");
    if (!partsOf(criteria) && sort === "newest" && !open?.view) return views.leave();
    await desk.attempt(() => views.look({ view: open?.view ?? null, criteria, sort }));
    desk.inbox.row.value = desk.inbox.shown[0] ?? null;
  }

  return (
    <Dialog title={t("Filter and sort the inbox")} kind="filter" onHeading>
      {filters ? (
        <form onSubmit={apply}>
          <p class="note">{t("Parts are joined by “and”, what you choose within a part by “or”.")}</p>
          <div class="filter-parts">
            {LISTS.map((list) => (
              <Part key={list} list={list} options={optionsOf(filters, list)} chosen={criteria[list] ?? []} onChange={(values) => setCriteria({ ...criteria, [list]: values })} />
            ))}
          </div>
          <label class="switch">
            <input type="checkbox" checked={!!criteria.followed} onChange={(event) => setCriteria({ ...criteria, followed: event.currentTarget.checked })} />
            {t("What I follow")}
          </label>
          <div class="filter-times">
            <Choice label={t("Waiting for us")} value={textOf(criteria.waiting_minutes)} options={WAITS()} onPick={(value) => setCriteria({ ...criteria, waiting_minutes: minutesOf(value) })} />
            <Choice label={t("Promise due")} value={textOf(criteria.due_minutes)} options={DUES()} onPick={(value) => setCriteria({ ...criteria, due_minutes: minutesOf(value) })} />
            <Choice label={t("Sorting")} value={sort} options={SORTS()} onPick={(value) => setSort(value as Sort)} />
          </div>
          <div class="deeds">
            <button class="primary">{t("Show")}</button>
            <button type="button" onClick={() => (setCriteria({}), setSort("newest"))}>
              {t("Clear all")}
            </button>
            <button type="button" onClick={() => close()}>
              {t("Cancel")}
            </button>
          </div>
        </form>
      ) : (
        late && <p class="note">{t("Loading …")}</p>
      )}
    </Dialog>
  );
}

interface PartProps {
  list: List;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (values: string[]) => void;
}

/** Closed until one wants it: the summary says what is chosen. */
function Part({ list, options, chosen, onChange }: PartProps) {
  const [begun] = useState(chosen.length > 0);
  const names = options.filter((one) => chosen.includes(one.value)).map((one) => one.label);
  const groups = [...new Set(options.map((one) => one.group))];
  if (!options.length) return null;
  return (
    <details class="filter-part" open={begun}>
      <summary>
        {partLabel(list)}
        <span class="chosen">{names.length ? names.join(t(", ")) : t("All")}</span>
      </summary>
      {groups.map((group) => (
        <fieldset key={group}>
          <legend class={group ? "" : "unseen-text"}>{group || partLabel(list)}</legend>
          {options
            .filter((one) => one.group === group)
            .map((one) => (
              <label key={one.value} class="switch">
                <input
                  type="checkbox"
                  checked={chosen.includes(one.value)}
                  onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, one.value] : chosen.filter((value) => value !== one.value))}
                />
                {one.label}
              </label>
            ))}
        </fieldset>
      ))}
    </details>
  );
}

function Choice({ label, value, options, onPick }: { label: string; value: string; options: readonly [string, string][]; onPick: (value: string) => void }) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function minutesOf(text: string): number | null {
  return text === "" ? null : Number(text);
}
