// The case beside the conversation: wish first, state and promise, who has it, tasks, what was tried, how it came so far.

import type { ComponentChildren } from "preact";
import { dayAndTime, shortWhen } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import type { CaseFile, CaseState } from "../state/case.ts";
import type { CaseDeed } from "../state/case_deeds.ts";
import { followCase } from "../state/following.ts";
import { More } from "./case_more.tsx";
import { Tasks } from "./case_tasks.tsx";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";
import { channelLabel } from "./words.ts";

const DEEDS: readonly CaseDeed[] = ["state", "task", "follow-up", "escalate"];

export function CaseSection() {
  const state = useDesk().case.value;
  const file = state?.file.value;
  const problem = state?.problem.value;
  if (!state) return null;
  return (
    <section class="case-section" aria-labelledby="desk-case-heading">
      <h3 id="desk-case-heading" tabIndex={-1}>
        {t("Case {number}", { number: file?.number ?? state.number })}
      </h3>
      {problem && (
        <p class="empty bad" role="alert">
          {problem.message || t("The case could not be read.")}
        </p>
      )}
      {file && <Whole state={state} file={file} />}
    </section>
  );
}

function Whole({ state, file }: { state: CaseState; file: CaseFile }) {
  return (
    <div class="case-card">
      {file.wish_label && (
        <p class="case-wish">
          <span>{t("Wish")}</span> <strong>{file.wish_label}</strong>
        </p>
      )}
      <p class="case-state">
        <strong>{file.state_label}</strong>
        {file.escalated && (
          <span class="tag">
            <Icon name="warn" />
            {t("Escalated")}
          </span>
        )}
      </p>
      <dl class="rows">
        <Promised file={file} />
        <Row label={t("Kind")}>{file.category_label}</Row>
        <Row label={t("Orders")}>{file.orders.map((one) => one.order_number).join(", ")}</Row>
        <Row label={t("Desk in charge")}>{file.queue?.name}</Row>
        <Row label={t("In the hands of")}>{file.owner?.name}</Row>
        <Row label={t("Follow-up")}>{file.follow_up_at && `${dayAndTime(file.follow_up_at)}${file.follow_up_due ? ` ${t("(due)")}` : ""}`}</Row>
      </dl>
      <Deeds />
      <Tasks state={state} tasks={file.tasks} />
      <Others state={state} file={file} />
      <More title={t("Already tried")} count={file.tried.length} open>
        <ul class="case-list">
          {file.tried.map((one) => (
            <li key={`${one.at}${one.text}`}>
              <span>
                {one.text} {one.order_number}
              </span>
              <time dateTime={one.at}>{shortWhen(one.at)}</time>
            </li>
          ))}
        </ul>
      </More>
      <More title={t("What happened when")} count={file.memos.length}>
        <ol class="case-list">
          {file.memos.map((one) => (
            <li key={one.id}>
              <span dir="auto">
                {one.text} <small>{one.author}</small>
              </span>
              <time dateTime={one.happened_at}>{dayAndTime(one.happened_at)}</time>
            </li>
          ))}
        </ol>
      </More>
      <More title={t("Evidence")} count={file.evidence.length}>
        <ul class="case-list">
          {file.evidence.map((one) => (
            <li key={one.id}>
              <span>
                <a href={one.url} download={one.name}>
                  {one.name}
                </a>{" "}
                <small>
                  {one.uploader} · SHA-256 <code title={one.sha256}>{one.sha256.slice(0, 12)}</code>
                </small>
              </span>
              <time dateTime={one.at}>{shortWhen(one.at)}</time>
            </li>
          ))}
        </ul>
      </More>
      <Timeline state={state} />
    </div>
  );
}

/** By when the case is promised to be solved; further promises stand here too. */
function Promised({ file }: { file: CaseFile }) {
  return <Row label={t("Promised by")}>{!file.resolved_at && file.promised_at && dayAndTime(file.promised_at)}</Row>;
}

function Deeds() {
  const desk = useDesk();
  const { case: state } = desk;
  if (!state.value) return null;
  const labels: Partial<Record<CaseDeed, string>> = { state: t("State"), task: t("Task"), "follow-up": t("Follow up"), escalate: t("Escalate") };
  return (
    <div class="case-buttons" role="group" aria-label={t("Work on the case")}>
      {DEEDS.map((deed) => (
        <button key={deed} type="button" onClick={() => ask({ kind: "case", deed })}>
          {labels[deed]}
        </button>
      ))}
      <button type="button" aria-pressed={!!state.value.file.value?.following} onClick={() => void followCase(desk)}>
        {t("Follow the case")}
      </button>
    </div>
  );
}

/** Numbers that lead here, and cases that have to do with this one. */
function Others({ state, file }: { state: CaseState; file: CaseFile }) {
  const desk = useDesk();
  async function part(number: string): Promise<void> {
    await desk.attempt(async () => {
      await desk.api.post(`/cases/${number}/unmerge`);
      desk.tell(t("{number} is a case of its own again.", { number }));
    });
    await state.load();
    focusId("desk-case-heading");
  }
  return (
    <More title={t("Linked cases")} count={file.linked.length + file.joined.length}>
      <ul class="case-list">
        {file.joined.map((number) => (
          <li key={number}>
            <span>{t("{number} was merged into this case", { number })}</span>
            <button type="button" aria-label={t("Undo the merge of {number}", { number })} onClick={() => void part(number)}>
              {t("Undo")}
            </button>
          </li>
        ))}
        {file.linked.map((one) => (
          <li key={one.number}>
            <span>
              <strong>{one.number}</strong> {one.title} <small>{`${one.label} · ${one.state_label}`}</small>
            </span>
          </li>
        ))}
      </ul>
    </More>
  );
}

function Timeline({ state }: { state: CaseState }) {
  const desk = useDesk();
  const before = state.before.value;
  const read = (): void => void desk.attempt(() => state.earlier());
  return (
    <details class="case-more" onToggle={(event) => event.currentTarget.open && before === null && read()}>
      <summary>{t("Timeline")}</summary>
      <ol class="case-list">
        {state.lines.value.map((line) => (
          <li key={line.cursor} class={line.internal ? "internal" : ""}>
            <span dir="auto">
              <small>{[line.who, line.channel && channelLabel(line.channel), line.internal && t("staff only")].filter(Boolean).join(" · ")}</small>
              {line.text}
            </span>
            <time dateTime={line.at}>{dayAndTime(line.at)}</time>
          </li>
        ))}
      </ol>
      {before && (
        <button type="button" onClick={read}>
          {t("Earlier")}
        </button>
      )}
    </details>
  );
}

function Row({ label, children }: { label: string; children: ComponentChildren }) {
  if (!children) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
