// Dialogs, and the call card, that the first screen does not need: fetched soon after it, so that they open without a line, too.

export { BulkDialog } from "./bulk_dialog.tsx";
export { CallCard } from "./call_card.tsx";
export { CallDialog } from "./call_dialog.tsx";
export { FilterDialog } from "./filter_dialog.tsx";
export { KeysDialog } from "./keys_dialog.tsx";
export { PeopleDialog } from "./people_dialog.tsx";
export { QueuesDialog } from "./queues_dialog.tsx";
export { SaveViewDialog } from "./save_view_dialog.tsx";
