// Words, storage and the API client's errors.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Api, Problem } from "../../web/core/api.ts";
import { Drafts } from "../../web/core/drafts.ts";
import { duration, shortWhen } from "../../web/core/formats.ts";
import { nearest, speak, t, tn } from "../../web/core/i18n.ts";
import { type Backing, Memory } from "../../web/core/storage.ts";
import { scripted } from "./shapes.ts";

afterEach(() => speak("en"));

test("English is the message id, with its places filled", () => {
  assert.equal(t("Up to {size} MB", { size: 10 }), "Up to 10 MB");
  assert.equal(tn("{n} new message", "{n} new messages", 1), "1 new message");
  assert.equal(tn("{n} new message", "{n} new messages", 2), "2 new messages");
});

test("Japanese has one plural form", () => {
  speak("ja", { "{n} new message": ["新着 {n} 件"] });
  assert.equal(tn("{n} new message", "{n} new messages", 1), "新着 1 件");
  assert.equal(tn("{n} new message", "{n} new messages", 7), "新着 7 件");
});

test("a word missing from a catalogue keeps English plural rules", () => {
  speak("ja", {});
  assert.equal(tn("{n} new message", "{n} new messages", 2), "2 new messages");
});

test("the nearest offered language is taken", () => {
  const offered = ["ja", "en", "zh-Hans", "zh-Hant"];
  assert.equal(nearest("ja-JP", offered, "en"), "ja");
  assert.equal(nearest("zh-TW", offered, "en"), "zh-Hant");
  assert.equal(nearest("zh-CN", offered, "en"), "zh-Hans");
  assert.equal(nearest("fr", offered, "ja"), "ja");
});

test("drafts live per contact, and in memory where storage is refused", () => {
  const refusing: Backing = {
    getItem: () => { throw new Error("SecurityError"); },
    setItem: () => { throw new Error("QuotaExceededError"); },
    removeItem: () => { throw new Error("SecurityError"); },
  };
  const drafts = new Drafts(new Memory("s", refusing));
  drafts.set("con_1", "書きかけ");
  drafts.set("con_2", "別の話");
  assert.equal(drafts.get("con_1"), "書きかけ");
  drafts.set("con_1", "");
  assert.equal(drafts.get("con_1"), "");
  assert.equal(drafts.get("con_2"), "別の話");
});

test("a problem+json answer becomes a Problem in the reader's words", async () => {
  const { fetch, asked } = scripted([{ status: 409, body: { title: "Conflict", detail: "内容が変わりました。", code: "proposal_outdated" } }]);
  const api = new Api({ server: "", language: "ja", fetch });
  api.csrf = "c1";
  await assert.rejects(api.post("/proposals/p/confirm", { key: "k" }), (error: Problem) => {
    assert.equal(error.message, "内容が変わりました。");
    assert.equal(error.code, "proposal_outdated");
    assert.equal(error.passing, false);
    return true;
  });
  assert.equal(asked[0]?.headers["X-Madoguchi-CSRF"], "c1");
  assert.equal(asked[0]?.headers["Accept-Language"], "ja");
});

test("a bearer needs no CSRF header, and an unreachable server is a passing problem", async () => {
  const { fetch, asked } = scripted([null]);
  const api = new Api({ server: "https://help.example", language: "ja", fetch });
  api.token = "t1";
  api.csrf = "c1";
  await assert.rejects(api.post("/contacts"), (error: Problem) => error.passing && error.status === 0);
  assert.equal(asked[0]?.headers.Authorization, "Bearer t1");
  assert.equal("X-Madoguchi-CSRF" in asked[0]!.headers, false);
});

test("times are short today and dates on other days", () => {
  speak("ja");
  const now = new Date(2026, 10, 21, 15, 0);
  assert.equal(shortWhen(new Date(2026, 10, 21, 14, 2), now), "14:02");
  assert.equal(shortWhen(new Date(2026, 10, 2, 14, 2), now), "11月2日");
  assert.equal(duration(252), "4:12");
  assert.equal(duration(3852), "1:04:12");
});
