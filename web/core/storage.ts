// What this browser remembers for one server; where storage is refused (private mode, blocked cookies), memory serves.

export interface Backing {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Memory {
  private readonly prefix: string;
  private readonly backing: Backing | null;
  private readonly values = new Map<string, string>();

  /** `server`: one shop page may, in tests or by mistake, meet two counters; their keys never mix. */
  constructor(server: string, backing: Backing | null = browserStorage()) {
    this.prefix = `madoguchi:${server}:`;
    this.backing = backing;
  }

  get<T>(key: string): T | undefined {
    const text = this.read(this.prefix + key);
    if (text === null) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      return undefined;
    }
  }

  /** `undefined` removes. */
  set(key: string, value: unknown): void {
    const full = this.prefix + key;
    if (value === undefined) this.values.delete(full);
    else this.values.set(full, JSON.stringify(value));
    try {
      if (value === undefined) this.backing?.removeItem(full);
      else this.backing?.setItem(full, JSON.stringify(value));
    } catch {
      // full or refused: memory has it
    }
  }

  private read(full: string): string | null {
    try {
      const stored = this.backing?.getItem(full) ?? null;
      if (stored !== null) return stored;
    } catch {
      // refused: memory has it
    }
    return this.values.get(full) ?? null;
  }
}

function browserStorage(): Backing | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
