// The work on a case as forms: for each deed its words, its fields, and what is sent. One dialog shows them all.

import { t } from "../../core/i18n.ts";
import type { CaseFile, CaseTask, Method, Named } from "./case.ts";

export type CaseDeed = "state" | "wish" | "merge" | "split" | "link" | "order" | "task" | "template" | "finish" | "drop" | "pass" | "follow-up" | "escalate" | "memo";

export interface Field {
  name: string;
  label: string;
  kind: "text" | "area" | "choice" | "ticks" | "moment";
  options?: readonly Named[];
  value?: string;
  optional?: boolean;
}

export interface CaseForm {
  title: string;
  note?: string;
  button: string;
  fields: readonly Field[];
  send: (given: FormData) => { method: Method; path: string; body?: object };
}

export interface Around {
  queues: readonly Named[];
  agents: readonly Named[];
  task?: CaseTask;
}

/** What a change of state is called on its button. */
export function stateDeedLabel(deed: string): string {
  const known: Record<string, string> = {
    wait_for_us: t("We have to act"),
    wait_for_customer: t("The customer has to answer"),
    wait_for_third_party: t("Somebody else has to answer"),
    investigate: t("It is being looked into"),
    resolve: t("It is solved"),
    close: t("Close it"),
    reopen: t("Open it again"),
  };
  return known[deed] ?? deed;
}

const text = (given: FormData, name: string): string => String(given.get(name) ?? "").trim();
const moment = (given: FormData, name: string): string | null => (text(given, name) ? new Date(text(given, name)).toISOString() : null);
const post = (path: string, body?: object) => ({ method: "post" as const, path, body });

/** The form of a deed. */
export function formOf(deed: CaseDeed, file: CaseFile, around: Around): CaseForm {
  const desk: Field = { name: "queue", label: t("Desk in charge"), kind: "choice", options: around.queues, optional: true };
  const agent: Field = { name: "agent_id", label: t("Colleague"), kind: "choice", options: around.agents, optional: true };
  switch (deed) {
    case "state":
      return {
        title: t("State of the case"),
        button: t("Change"),
        fields: [
          { name: "deed", label: t("What holds now"), kind: "choice", options: file.deeds.map((id) => ({ id, name: stateDeedLabel(id) })) },
          ...(file.tasks.some((one) => one.deeds.includes("finish")) ? [{ name: "anyway", label: t("Open tasks"), kind: "ticks" as const, options: [{ id: "yes", name: t("Solve it although tasks are open") }], optional: true }] : []),
        ],
        send: (given) => post("/state", { deed: text(given, "deed"), state: file.state, anyway: given.has("anyway") }),
      };
    case "wish":
      return {
        title: t("What the customer wishes for"),
        button: t("Keep"),
        fields: [{ name: "wish", label: t("Wish"), kind: "choice", options: file.wishes, value: file.wish }],
        send: (given) => ({ method: "patch", path: "", body: { wish: text(given, "wish") } }),
      };
    case "merge":
      return {
        title: t("Merge into another case"),
        note: t("This case goes on in the other; its number leads there. It can be undone. Cases of two customers are never merged."),
        button: t("Merge"),
        fields: [{ name: "into", label: t("Number of the case that goes on"), kind: "text" }],
        send: (given) => post("/merge", { into: text(given, "into") }),
      };
    case "split":
      return {
        title: t("Split the case"),
        note: t("The chosen conversations become a case of their own, linked with this one."),
        button: t("Split"),
        fields: [{ name: "contacts", label: t("Conversations"), kind: "ticks", options: file.contacts.map((one) => ({ id: one.id, name: `${one.title} ${one.opened_at.slice(0, 10)}` })) }],
        send: (given) => post("/split", { contacts: given.getAll("contacts").map(String) }),
      };
    case "link":
      return {
        title: t("Link with another case"),
        button: t("Link"),
        fields: [
          { name: "other", label: t("Number of the other case"), kind: "text" },
          {
            name: "kind",
            label: t("How they belong together"),
            kind: "choice",
            value: "related",
            options: [
              { id: "related", name: t("It has to do with it") },
              { id: "duplicate", name: t("It is the same problem") },
              { id: "follows", name: t("It follows the other") },
            ],
          },
        ],
        send: (given) => post("/links", { other: text(given, "other"), kind: text(given, "kind") }),
      };
    case "order":
      return {
        title: t("Another order of the case"),
        button: t("Add"),
        fields: [{ name: "order_number", label: t("Order number"), kind: "text" }],
        send: (given) => post("/orders", { order_number: text(given, "order_number") }),
      };
    case "task":
      return {
        title: t("Task for another desk"),
        button: t("Add the task"),
        fields: [{ name: "title", label: t("What is to be done"), kind: "text" }, desk, { name: "due_at", label: t("Due"), kind: "moment", optional: true }],
        send: (given) => post("/tasks", { title: text(given, "title"), queue: text(given, "queue"), due_at: moment(given, "due_at") }),
      };
    case "template":
      return {
        title: t("Tasks from a template"),
        button: t("Add the tasks"),
        fields: [{ name: "template", label: t("Template"), kind: "choice", options: file.templates }],
        send: (given) => post("/tasks", { template: text(given, "template") }),
      };
    case "finish":
    case "drop":
      return {
        title: around.task?.title ?? "",
        button: deed === "finish" ? t("Task done") : t("Drop the task"),
        fields: [{ name: "result", label: deed === "finish" ? t("What came of it") : t("Why it is dropped"), kind: "area" }],
        send: (given) => post(`/tasks/${around.task?.id ?? ""}`, { deed, state: around.task?.state, result: text(given, "result") }),
      };
    case "pass":
      return {
        title: t("Pass on: {task}", { task: around.task?.title ?? "" }),
        note: t("Without a colleague it is for everybody of the desk."),
        button: t("Pass the task on"),
        fields: [{ ...desk, optional: false, value: around.task?.queue?.id ?? "" }, agent],
        send: (given) => post(`/tasks/${around.task?.id ?? ""}`, { deed, queue: text(given, "queue"), assignee_id: text(given, "agent_id") }),
      };
    case "follow-up":
      return {
        title: t("Follow up"),
        note: t("At that time the case waits for us again and whoever has it is told. Without a time the follow-up is taken away."),
        button: t("Keep"),
        fields: [
          { name: "at", label: t("When"), kind: "moment", optional: true, value: localMoment(file.follow_up_at) },
          { name: "why", label: t("What to look at"), kind: "text", optional: true },
        ],
        send: (given) => post("/follow-up", { at: moment(given, "at"), why: text(given, "why") }),
      };
    case "escalate":
      return {
        title: t("Escalate"),
        note: t("The customer is told that a more senior person looks at it, and never the reason."),
        button: t("Escalate"),
        fields: [{ name: "reason", label: t("Reason (staff only)"), kind: "area" }, { ...desk, value: "supervisor" }, agent],
        send: (given) => post("/escalate", { reason: text(given, "reason"), queue: text(given, "queue"), agent_id: text(given, "agent_id") }),
      };
    case "memo":
      return {
        title: t("What happened when"),
        note: t("The customer reads these notes too."),
        button: t("Add the note"),
        fields: [
          { name: "happened_at", label: t("When it happened"), kind: "moment" },
          { name: "text", label: t("What happened"), kind: "area" },
        ],
        send: (given) => post("/memos", { happened_at: moment(given, "happened_at"), text: text(given, "text") }),
      };
  }
}

/** As a field of the kind datetime-local holds it. */
function localMoment(at: string | null | undefined): string {
  if (!at) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
