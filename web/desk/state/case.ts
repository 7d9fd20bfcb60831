// The case of the open contact: everything that belongs to it, its timeline page by page, and the work on it.

import { batch, signal } from "@preact/signals";
import { type Api, Problem } from "../../core/api.ts";
import type { CaseView, Contact } from "../../core/shapes.ts";

export interface Named {
  id: string;
  name: string;
}

export interface CaseLine extends CaseView {
  wish: string;
  wish_label: string;
  priority: number;
  queue?: Named | null;
  owner?: Named | null;
  follow_up_at?: string | null;
  follow_up_due: boolean;
  customer_name: string;
  /** The reader is told of what others do in it. */
  following: boolean;
}

export interface CaseTask {
  id: string;
  case_number: string;
  title: string;
  state: "open" | "doing" | "done" | "dropped";
  state_label: string;
  queue?: Named | null;
  assignee?: Named | null;
  due_at?: string | null;
  overdue: boolean;
  result: string;
  deeds: string[];
}

export interface LinkedCase {
  number: string;
  label: string;
  title: string;
  state_label: string;
}

export interface Tried {
  kind: "step" | "deed";
  text: string;
  at: string;
  contact_id: string;
  order_number: string;
}

export interface Evidence {
  id: string;
  name: string;
  sha256: string;
  uploader: string;
  at: string;
  url: string;
}

export interface Memo {
  id: string;
  happened_at: string;
  text: string;
  author: string;
}

export interface Happening {
  cursor: string;
  at: string;
  source: string;
  kind: string;
  channel: string;
  internal: boolean;
  who: string;
  text: string;
}

export interface CaseFile extends CaseLine {
  escalated: boolean;
  joined: string[];
  orders: { order_number: string; lines: string[] }[];
  contacts: Contact[];
  linked: LinkedCase[];
  tasks: CaseTask[];
  tried: Tried[];
  evidence: Evidence[];
  memos: Memo[];
  deeds: string[];
  wishes: Named[];
  templates: Named[];
}

export type Method = "post" | "patch" | "delete";

export class CaseState {
  readonly file = signal<CaseFile | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly lines = signal<readonly Happening[]>([]);
  /** The cursor of what came before the lines; null: not read yet, "": nothing came before. */
  readonly before = signal<string | null>(null);
  number: string;
  private readonly api: Api;

  constructor(api: Api, number: string) {
    this.api = api;
    this.number = number;
  }

  get openTasks(): number {
    return this.file.value?.tasks.filter((one) => one.state === "open" || one.state === "doing").length ?? 0;
  }

  async load(): Promise<void> {
    try {
      this.took(await this.api.get<CaseFile>(`/cases/${this.number}`));
    } catch (error) {
      this.problem.value = asProblem(error);
    }
  }

  /** One deed on the case. Returns why it was refused, or "". */
  async work(method: Method, path: string, body: object = {}): Promise<string> {
    try {
      const address = `/cases/${this.number}${path}`;
      this.took(method === "delete" ? await this.api.delete<CaseFile>(address) : await this.api[method]<CaseFile>(address, body));
      return "";
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) await this.load(); // somebody was quicker
      return problem.message;
    }
  }

  /** What came before the lines that are shown; the newest first. */
  async earlier(): Promise<void> {
    const before = this.before.peek();
    const page = await this.api.get<{ lines: Happening[]; next: string }>(`/cases/${this.number}/timeline`, { before: before ?? "", limit: 40 });
    batch(() => {
      this.lines.value = before ? [...this.lines.peek(), ...page.lines] : page.lines;
      this.before.value = page.next;
    });
  }

  /** A merge and its undoing bring back the case that goes on: that is the one to look at from now on. */
  private took(file: CaseFile): void {
    batch(() => {
      this.number = file.number;
      this.file.value = file;
      this.problem.value = null;
      if (this.before.peek() !== null) {
        this.before.value = null;
        void this.earlier().catch(() => undefined);
      }
    });
  }
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ status: 0 });
}
