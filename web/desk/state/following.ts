// What the agent follows: contacts, cases, and all of it as a view of the inbox.

import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { focusPane } from "../view/focus.ts";
import { close } from "./ask.ts";
import type { CaseFile } from "./case.ts";
import type { Desk } from "./desk.ts";
import type { OpenView } from "./saved_views.ts";

const FOLLOWED: OpenView = { view: null, criteria: { followed: true, states: ["open", "held", "resolved", "ended"] }, sort: "newest" };

/** Be told of what happens in it, or not any more. */
export async function followContact(desk: Desk, contact: Contact): Promise<void> {
  await desk.attempt(async () => {
    const fresh = await desk.api.post<Contact>(`/contacts/${contact.id}/follow`, { follow: !contact.following });
    desk.met(fresh);
    desk.tell(fresh.following ? t("You follow this contact now.") : t("You do not follow it any more."));
  });
}

/** The case of the open contact: be told of what happens in it and in all its contacts, or not any more. */
export async function followCase(desk: Desk): Promise<void> {
  const state = desk.case.peek();
  const before = state?.file.peek();
  if (!state || !before) return;
  const refused = await state.work("post", "/follow", { follow: !before.following });
  if (refused) return void desk.tell(refused, true);
  desk.tell(state.file.peek()?.following ? t("You follow this case now.") : t("You do not follow it any more."));
}

export function showsFollowed(desk: Desk): boolean {
  const open = desk.views.open.value;
  return !!open && !open.view && !!open.criteria.followed;
}

/** Every contact that is followed, for itself or through its case, whatever state it is in. */
export function showFollowed(desk: Desk): void {
  desk.inbox.clearSearch();
  void desk.attempt(() => desk.views.look(FOLLOWED)).then((done) => done && focusPane(desk, "inbox"));
}

/** The newest conversation of a case. */
export async function openCase(desk: Desk, number: string): Promise<void> {
  await desk.attempt(async () => {
    const file = await desk.api.get<CaseFile>(`/cases/${number}`);
    const newest = file.contacts.at(-1);
    if (!newest) return void desk.tell(t("This case has no conversation."));
    close();
    desk.open(newest.id, "heading");
  });
}
