// At sign-out: nothing of an agent stays in this browser, and everything of others does.

type Kept = Pick<Storage, "length" | "key" | "removeItem">;

/** `name`: under which the agent's `Memory` was made. */
export function forget(name: string, storage: Kept = localStorage): void {
  try {
    const keys = Array.from({ length: storage.length }, (_none, at) => storage.key(at) ?? "");
    for (const key of keys) if (key.startsWith(`madoguchi:${name}:`)) storage.removeItem(key);
  } catch {
    // refused: nothing was kept there
  }
}
