// A delivery address in the order in which it is written in Japan; filled with the order's present one.

import { t } from "../../core/i18n.ts";
import { Unfit } from "./fields.tsx";
import type { AddressFact } from "./order_facts.ts";

interface Field {
  name: keyof AddressFact;
  label: string;
  needed: boolean;
  autocomplete?: string;
}

const fields = (): Field[] => [
  { name: "name", label: t("Name"), needed: true },
  { name: "kana", label: t("Reading (kana)"), needed: false },
  { name: "postal_code", label: t("Postal code"), needed: true },
  { name: "region", label: t("Prefecture"), needed: true },
  { name: "city", label: t("City"), needed: true },
  { name: "line1", label: t("Street and number"), needed: true },
  { name: "line2", label: t("Building and room"), needed: false },
  { name: "phone", label: t("Telephone"), needed: false },
];

export function AddressFields({ address }: { address: AddressFact | null }) {
  return (
    <fieldset class="address">
      <legend>{t("Deliver to")}</legend>
      {fields().map(({ name, label, needed }, index) => (
        <label key={name} class={`of-${name}`}>
          {label}
          {!needed && <small> {t("optional")}</small>}
          <input type="text" name={name} defaultValue={address?.[name] ?? ""} required={needed} maxLength={200} autocomplete="off" data-first={index === 0 ? "" : undefined} />
        </label>
      ))}
      <input type="hidden" name="country" value={address?.country || "JP"} />
    </fieldset>
  );
}

export function readAddress(data: FormData): Record<string, string> {
  const address = Object.fromEntries([...fields().map(({ name }) => name), "country" as const].map((name) => [name, String(data.get(name) ?? "").trim()]));
  const missing = fields().find(({ name, needed }) => needed && !address[name]);
  if (missing) throw new Unfit(t("Please fill in: {field}", { field: missing.label }));
  return address;
}
