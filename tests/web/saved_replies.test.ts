// Saved replies are found as people type, and what is left empty in one is seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findReplies, placesLeft, type SavedReply } from "../../web/desk/state/saved_replies.ts";

const reply = (shortcut: string, name: string, search: string): SavedReply => ({ id: shortcut, shortcut, folder: "", name, search, shared: true, deeds: [], uses: 0 });
const REPLIES = [reply("later", "調べてから連絡", "しらべてかられんらく refund?"), reply("refund", "返金の時期", "へんきんのじき 返金を手続きしました"), reply("re", "返品の手順", "へんぴんのてじゅん")];
const found = (text: string): string[] => findReplies(REPLIES, text).map((one) => one.shortcut);

test("kana of either kind, wide letters and words of the text find a reply", () => {
  assert.deepEqual(found("ヘンキン"), ["refund"]);
  assert.deepEqual(found("へんぴん"), ["re"]);
  assert.deepEqual(found("ＲＥＦＵＮＤ"), ["refund", "later"]);
  assert.deepEqual(found("nothing"), []);
  assert.deepEqual(found(" "), ["later", "refund", "re"]);
});

test("a shortcut typed in full goes before one that only begins so", () => {
  assert.deepEqual(found("re").slice(0, 2), ["re", "refund"]);
});

test("only places that we know count as left", () => {
  assert.deepEqual(placesLeft("{order} は {foo} で {order}、{refund_date}"), ["{order}", "{refund_date}"]);
  assert.deepEqual(placesLeft("ご注文 503-1"), []);
});
