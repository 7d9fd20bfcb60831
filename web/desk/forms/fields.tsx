// Fields that the forms of several order actions share. Uncontrolled: the form is read once, when it is sent.

import { t } from "../../core/i18n.ts";
import type { FactLine, VariantFact } from "./order_facts.ts";

export class Unfit extends Error {}

/** Pieces of the order: a tick and a count per line. Names: `line`, `count:<id>`. */
export function PickLines({ lines, legend }: { lines: readonly FactLine[]; legend: string }) {
  const left = lines.filter((line) => line.active > 0);
  return (
    <fieldset>
      <legend>{legend}</legend>
      {left.map((line, index) => (
        <div class="pick-line" key={line.id}>
          {/* oxlint-disable-next-line jsx-a11y/label-has-associated-control */}
          <label>
            <input type="checkbox" name="line" value={line.id} defaultChecked={left.length === 1} data-first={index === 0 ? "" : undefined} />
            <span class="labels">
              <span>{line.label}</span>
              <small>{line.total_text}</small>
            </span>
          </label>
          <Count id={line.id} most={line.active} label={line.label} />
        </div>
      ))}
    </fieldset>
  );
}

export function Count({ id, most, label, current }: { id: string; most: number; label: string; current?: number }) {
  return (
    <select name={`count:${id}`} aria-label={t("Pieces of {item}", { item: label })} defaultValue={String(current ?? most)}>
      {Array.from({ length: most }, (_, n) => n + 1).map((n) => (
        <option key={n} value={n} selected={n === (current ?? most)}>
          {n}
        </option>
      ))}
    </select>
  );
}

/** The ticked lines with their counts. Throws Unfit when there is none. */
export function readLines(data: FormData): { line_id: string; quantity: number }[] {
  const lines = data.getAll("line").map((id) => ({ line_id: String(id), quantity: Number(data.get(`count:${String(id)}`) ?? 1) }));
  if (!lines.length) throw new Unfit(t("Choose at least one item."));
  return lines;
}

/** One of several; the first is chosen already, except where a choice must be made. */
export function Choice({ name, legend, options, chosen }: { name: string; legend: string; options: readonly [string, string][]; chosen?: string }) {
  return (
    <fieldset class="choice-list">
      <legend>{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value}>
          <input type="radio" name={name} value={value} required defaultChecked={value === chosen} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

export function readChoice(data: FormData, name: string): string {
  const value = data.get(name);
  if (!value) throw new Unfit(t("Please choose one of each."));
  return String(value);
}

export function VariantField({ name, variants, current, label }: { name: string; variants: readonly VariantFact[] | undefined; current?: string; label: string }) {
  if (!variants?.length) {
    return (
      <label>
        {label}
        <input type="text" name={name} maxLength={60} placeholder={t("Article number (SKU)")} autocomplete="off" />
      </label>
    );
  }
  return (
    <label>
      {label}
      <select name={name} defaultValue="">
        <option value="">{t("As it is")}</option>
        {variants
          .filter((variant) => variant.sku !== current)
          .map((variant) => (
            <option key={variant.sku} value={variant.sku} disabled={!variant.available}>
              {[variant.label, variant.detail].filter(Boolean).join(" — ")}
            </option>
          ))}
      </select>
    </label>
  );
}

export const reasons = (): [string, string][] => [
  ["no_longer_wanted", t("No longer wanted")],
  ["ordered_by_mistake", t("Ordered by mistake")],
  ["not_as_imagined", t("Not as imagined")],
  ["does_not_fit", t("Does not fit")],
  ["defective", t("Defective")],
  ["damaged", t("Arrived damaged")],
  ["wrong_item", t("Wrong item")],
  ["late", t("Arrived too late")],
];

export const conditions = (): [string, string][] => [
  ["unopened", t("Unopened")],
  ["opened_unused", t("Opened, not used")],
  ["used", t("Used")],
  ["defective", t("Faulty")],
];

export const tenders = (): [string, string][] => [
  ["card", t("Card")],
  ["convenience_store", t("Convenience store")],
  ["bank_transfer", t("Bank transfer")],
  ["cash_on_delivery", t("Cash on delivery")],
  ["pay_later", t("Pay later")],
];
