// Above the list: what others changed of one's work, what one is asked to join, where one takes part.

import { clockTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { askedText } from "../state/aside.ts";
import { openCase } from "../state/following.ts";
import { useDesk } from "./context.ts";

export function AsideBox() {
  const desk = useDesk();
  const { told } = desk.aside;
  const { asked, joined } = desk.aside;
  if (!told.value.length && !asked.length && !joined.length) return null;
  return (
    <section class="aside-box" aria-labelledby="desk-aside-heading">
      <h3 id="desk-aside-heading" tabIndex={-1}>{t("For you")}</h3>
      <ul>
        {told.value.map((one) => (
          <li key={one.id}>
            <p>
              {one.text} <time dateTime={one.at}>{clockTime(one.at)}</time>
            </p>
            <div class="deeds">
              {one.contact_id && (
                <button type="button" onClick={() => (desk.open(one.contact_id!, "heading"), void desk.attempt(() => desk.aside.read(one)))}>
                  {t("Open the contact")}
                  <span class="unseen-text">: {one.text}</span>
                </button>
              )}
              {one.case_number && (
                <button type="button" onClick={() => (void openCase(desk, one.case_number!), void desk.attempt(() => desk.aside.read(one)))}>
                  {t("Open the case")}
                  <span class="unseen-text">: {one.text}</span>
                </button>
              )}
              {one.link && (
                <a class="button quiet" href={one.link}>
                  {t("Read it")}
                </a>
              )}
              <button type="button" class="quiet" onClick={() => void desk.attempt(() => desk.aside.read(one))}>
                {t("Understood")}
                <span class="unseen-text">: {one.text}</span>
              </button>
            </div>
          </li>
        ))}
        {asked.map((one) => (
          <li key={one.participant.id}>
            <p>{askedText(one.participant, one.title)}</p>
            <div class="deeds">
              <button type="button" class="primary" onClick={() => void desk.hands.join(one)}>
                {t("Join")}
                <span class="unseen-text">: {one.title}</span>
              </button>
              <button type="button" class="quiet" onClick={() => void desk.hands.refuse(one)}>
                {t("Not now")}
                <span class="unseen-text">: {one.title}</span>
              </button>
            </div>
          </li>
        ))}
        {joined.map((one) => (
          <li key={one.participant.id}>
            <button type="button" class="quiet" aria-current={desk.openId.value === one.participant.contact_id ? "true" : undefined} onClick={() => desk.open(one.participant.contact_id, "heading")}>
              {one.title} ({one.participant.role_label})
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
