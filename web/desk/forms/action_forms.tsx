// The form of each order action: its fields, and how they become the request that is proposed (counter/orders/actions.py).
// A request holds what was chosen, nothing that policy decides.

import type { ComponentChildren } from "preact";
import { t } from "../../core/i18n.ts";
import type { Attachment } from "../../core/shapes.ts";
import { AddressFields, readAddress } from "./address_fields.tsx";
import { Choice, conditions, Count, PickLines, readChoice, readLines, reasons, tenders, Unfit, VariantField } from "./fields.tsx";
import type { OrderDetails, OrderFacts } from "./order_facts.ts";

export interface FormContext {
  order: OrderFacts;
  details: OrderDetails;
  /** Pictures that the customer has sent in this contact. */
  photos: readonly Attachment[];
}

export interface ActionForm {
  fields: (context: FormContext) => ComponentChildren;
  /** The action as the API takes it. Throws Unfit with words for the reader. */
  read: (data: FormData, context: FormContext) => Record<string, unknown>;
}

const cancel: ActionForm = {
  fields: ({ order }) => (
    <>
      <Choice
        name="extent"
        legend={t("What to cancel")}
        chosen="whole"
        options={[
          ["whole", t("The whole order")],
          ["lines", t("Only these items")],
        ]}
      />
      <div class="only-lines">
        <PickLines lines={order.lines} legend={t("Which items")} />
      </div>
      <label>
        {t("Reason (optional)")}
        <input type="text" name="reason" maxLength={200} autocomplete="off" />
      </label>
    </>
  ),
  read: (data) => ({ lines: data.get("extent") === "lines" ? readLines(data) : [], reason: String(data.get("reason") ?? "") }),
};

const changeAddress: ActionForm = {
  fields: ({ details }) => <AddressFields address={details.address} />,
  read: (data) => ({ address: readAddress(data) }),
};

const changeLines: ActionForm = {
  fields: ({ order, details }) => (
    <fieldset>
      <legend>{t("Which items")}</legend>
      {order.lines
        .filter((line) => line.active > 0)
        .map((line) => (
          <div class="change-line" key={line.id}>
            <span>{line.label}</span>
            <label>
              {t("Pieces")}
              <Count id={line.id} most={Math.max(20, line.active)} label={line.label} current={line.active} />
            </label>
            <VariantField name={`sku:${line.id}`} variants={details.variants[line.id]} current={line.sku} label={t("Variant")} />
          </div>
        ))}
    </fieldset>
  ),
  read: (data, { order }) => {
    const changes = order.lines.flatMap((line) => {
      const quantity = Number(data.get(`count:${line.id}`) ?? line.active);
      const sku = String(data.get(`sku:${line.id}`) ?? "").trim();
      const changed = { ...(quantity !== line.active && { quantity }), ...(sku && sku !== line.sku && { sku }) };
      return Object.keys(changed).length ? [{ line_id: line.id, ...changed }] : [];
    });
    if (!changes.length) throw new Unfit(t("Nothing has been changed yet."));
    return { changes };
  },
};

const changePayment: ActionForm = {
  fields: () => <Choice name="tender" legend={t("Pay by")} options={tenders()} />,
  read: (data) => ({ tender: readChoice(data, "tender") }),
};

const giveBack: ActionForm = {
  fields: ({ order, photos }) => (
    <>
      <PickLines lines={order.lines} legend={t("Items to return")} />
      <Choice name="reason" legend={t("Reason")} options={reasons()} />
      <Choice name="condition" legend={t("Condition")} options={conditions()} chosen="unopened" />
      <Choice
        name="refund_to"
        legend={t("Refund to")}
        chosen="original"
        options={[
          ["original", t("The way it was paid")],
          ["gift_card", t("Gift card")],
        ]}
      />
      <Photos photos={photos} />
      <label>
        {t("Remark (optional)")}
        <textarea name="comment" rows={2} maxLength={2000} />
      </label>
    </>
  ),
  read: (data) => ({
    lines: readLines(data),
    reason: readChoice(data, "reason"),
    condition: readChoice(data, "condition"),
    refund_to: readChoice(data, "refund_to"),
    photos: data.getAll("photo").map(String),
    comment: String(data.get("comment") ?? ""),
  }),
};

const exchange: ActionForm = {
  fields: ({ order, details, photos }) => (
    <>
      <fieldset>
        <legend>{t("Item to exchange")}</legend>
        {order.lines
          .filter((line) => line.active > 0)
          .map((line, index, all) => (
            <div class="change-line" key={line.id}>
              <label>
                <input type="radio" name="line" value={line.id} required defaultChecked={all.length === 1} data-first={index === 0 ? "" : undefined} />
                {line.label}
              </label>
              <Count id={line.id} most={line.active} label={line.label} />
              <VariantField name={`sku:${line.id}`} variants={details.variants[line.id]} current={line.sku} label={t("Exchange for")} />
            </div>
          ))}
      </fieldset>
      <Choice name="reason" legend={t("Reason")} options={reasons()} />
      <Choice name="condition" legend={t("Condition")} options={conditions()} chosen="unopened" />
      <Photos photos={photos} />
    </>
  ),
  read: (data) => {
    const line_id = readChoice(data, "line");
    const sku = String(data.get(`sku:${line_id}`) ?? "").trim();
    if (!sku) throw new Unfit(t("Choose what it is exchanged for."));
    return {
      line_id,
      sku,
      quantity: Number(data.get(`count:${line_id}`) ?? 1),
      reason: readChoice(data, "reason"),
      condition: readChoice(data, "condition"),
      photos: data.getAll("photo").map(String),
    };
  },
};

const ofParcel: ActionForm = {
  fields: ({ order }) => (
    <Choice
      name="parcel"
      legend={t("Parcel")}
      chosen=""
      options={[["", t("Everything that is missing or overdue")], ...order.parcels.map((parcel): [string, string] => [parcel.id, parcelText(parcel)])]}
    />
  ),
  read: (data) => ({ parcel_id: String(data.get("parcel") ?? "") }),
};

const refundDuplicate: ActionForm = {
  fields: ({ order }) => (
    <Choice
      name="payment"
      legend={t("Which charge was one too many")}
      options={order.payments.filter((payment) => payment.kind === "charged").map((payment): [string, string] => [payment.id, `${payment.label} ${payment.kind_label} ${payment.amount_text}`])}
    />
  ),
  read: (data) => ({ payment_id: readChoice(data, "payment") }),
};

export const ACTION_FORMS: Record<string, ActionForm> = {
  cancel,
  change_address: changeAddress,
  change_lines: changeLines,
  change_payment: changePayment,
  return: giveBack,
  exchange,
  reship: ofParcel,
  refund_missing: ofParcel,
  refund_duplicate: refundDuplicate,
};

function parcelText(parcel: OrderFacts["parcels"][number]): string {
  return [parcel.state_label, parcel.carrier, parcel.tracking_number].filter(Boolean).join(" ");
}

function Photos({ photos }: { photos: readonly Attachment[] }) {
  if (!photos.length) return null;
  return (
    <fieldset class="choice-list">
      <legend>{t("Photos from this contact")}</legend>
      {photos.map((photo) => (
        <label key={photo.id}>
          <input type="checkbox" name="photo" value={photo.id} defaultChecked />
          {photo.name}
        </label>
      ))}
    </fieldset>
  );
}
