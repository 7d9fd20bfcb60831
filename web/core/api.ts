// Speaks to /api/v1: JSON in and out, errors as `Problem` (RFC 9457) in the reader's language.

export interface ProblemBody {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  errors?: { field: string; detail: string }[];
  retry_after?: number;
  alternatives?: Alternative[];
}

/** The server's refusal (`status` 4xx, 5xx), or `status` 0: it could not be reached. `message` is for the reader. */
/** Where one gets on when this is refused. */
export interface Alternative {
  title: string;
  url: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { field: string; detail: string }[];
  readonly retryAfter: number | undefined;
  readonly alternatives: Alternative[] | undefined;

  constructor(body: ProblemBody) {
    super(body.detail || body.title || "");
    this.status = body.status;
    this.code = body.code ?? "";
    this.errors = body.errors ?? [];
    this.retryAfter = body.retry_after;
    this.alternatives = body.alternatives;
  }

  /** Whether the same request may succeed later without any change. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface ApiOptions {
  /** Origin of the counter, e.g. https://help.example.jp; "" on its own pages. */
  server: string;
  language: string;
  fetch?: typeof fetch;
}

const TIMEOUT_MS = 20_000;

/** One principal's way to the API. With `token` (widget) it sends a bearer, otherwise cookies and the CSRF header. */
export class Api {
  token = "";
  csrf = "";
  language: string;
  /** Asked once when our token is refused: true if there is a newer one by now (another tab signed in). */
  renewed: () => boolean = () => false;
  readonly server: string;
  private readonly send: typeof fetch;

  constructor({ server, language, fetch: send }: ApiOptions) {
    this.server = server;
    this.language = language;
    this.send = send ?? fetch.bind(globalThis);
  }

  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T> {
    return this.call("GET", path + search(query));
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call("POST", path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call("PUT", path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call("PATCH", path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.call("DELETE", path);
  }

  upload<T>(path: string, file: File): Promise<T> {
    const form = new FormData();
    form.append("file", file, file.name);
    return this.call("POST", path, form, 120_000);
  }

  /** A file that needs our sign-in, e.g. `Attachment.url`. */
  async blob(url: string): Promise<Blob> {
    const answer = await this.request(url.startsWith("/") ? this.server + url : url, {});
    return answer.blob();
  }

  private async call<T>(method: string, path: string, body?: unknown, timeout = TIMEOUT_MS): Promise<T> {
    const form = body instanceof FormData;
    const answer = await this.request(`${this.server}/api/v1${path}`, {
      method,
      headers: body === undefined || form ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? null : form ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    const text = await answer.text().catch(unreachable);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  private headers(changes: boolean): Record<string, string> {
    return {
      "Accept-Language": this.language,
      ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
      ...(changes && !this.token && this.csrf ? { "X-Madoguchi-CSRF": this.csrf } : {}),
    };
  }

  private async request(url: string, init: RequestInit, again = false): Promise<Response> {
    const answer = await this.send(url, {
      ...init,
      headers: { ...init.headers, ...this.headers(init.method !== undefined && init.method !== "GET") },
      credentials: this.token ? "omit" : "same-origin",
      cache: "no-store",
    }).catch(unreachable);
    if (answer.ok) return answer;
    if (answer.status === 401 && !again && this.renewed()) return this.request(url, init, true);
    const body = (await answer.json().catch(() => ({}))) as Partial<ProblemBody>;
    const after = Number(answer.headers.get("Retry-After"));
    throw new Problem({ ...(after ? { retry_after: after } : {}), ...body, status: answer.status });
  }
}

function unreachable(): never {
  throw new Problem({ status: 0, code: "unreachable" });
}

function search(query: Record<string, string | number | undefined> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}` : "";
}

/** A key that names one deed of ours, however often it is sent. */
export function clientKey(): string {
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2).padEnd(11, "0")}`;
}
