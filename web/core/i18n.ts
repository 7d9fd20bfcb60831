// Words for people: English message ids in the source, one small catalogue per language and island.

type Catalogue = Record<string, string | string[]>;
type Params = Record<string, string | number>;

let language = "en";
let messages: Catalogue = {};
let plurals = new Intl.PluralRules("en");

/** Speak `next` from now on. `catalogue`: message id → translation, or its plural forms in CLDR order. */
export function speak(next: string, catalogue: Catalogue = {}): void {
  language = next;
  messages = catalogue;
  plurals = new Intl.PluralRules(next);
}

/** The language we speak, as a language tag. */
export function spoken(): string {
  return language;
}

/** `msgid` in the reader's language with its `{places}` filled. */
export function t(msgid: string, params?: Params): string {
  const found = messages[msgid] ?? msgid;
  return fill(typeof found === "string" ? found : (found[0] ?? msgid), params);
}

/** The form for `n`, which also fills `{n}`. English is the message ids themselves. */
export function tn(one: string, many: string, n: number, params?: Params): string {
  const found = messages[one];
  const forms = found === undefined ? [one, many] : typeof found === "string" ? [found] : found;
  const rules = found === undefined ? english : plurals;
  const index = rules.resolvedOptions().pluralCategories.indexOf(rules.select(n));
  return fill(forms[Math.min(index, forms.length - 1)] ?? many, { n, ...params });
}

const english = new Intl.PluralRules("en");

function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
}

/** The nearest language we have for a tag: `zh-TW` → `zh-Hant`, `ja-JP` → `ja`; else `fallback`. */
export function nearest(tag: string, offered: readonly string[], fallback: string): string {
  const lower = tag.toLowerCase();
  if (lower.startsWith("zh")) {
    const script = /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
    if (offered.includes(script)) return script;
  }
  return offered.find((one) => lower === one.toLowerCase() || lower.startsWith(`${one.toLowerCase()}-`)) ?? fallback;
}

/** Fetch the catalogue of an island and speak it; English needs none. A missing file leaves English words. */
export async function loadWords(server: string, island: "widget" | "desk", tag: string): Promise<void> {
  if (tag === "en") return speak("en");
  const answer = await fetch(`${server}/static/i18n/${island}.${tag}.json`).catch(() => null);
  speak(tag, answer?.ok ? ((await answer.json()) as Catalogue) : {});
}
