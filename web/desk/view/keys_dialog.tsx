// The list of keys, made from the commands themselves; can be printed, and single keys switched off.

import { t } from "../../core/i18n.ts";
import { chordLabel } from "../../core/keys.ts";
import type { Command } from "../state/commands.ts";
import { useDeskContext } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { PreferenceSwitch } from "./settings_dialog.tsx";

export function KeysDialog() {
  const { commands } = useDeskContext();
  const groups: { title: string; of: Command["group"]; more?: [string, string][] }[] = [
    {
      title: t("Contact"),
      of: "contact",
      more: [
        [chordLabel("Mod+Enter"), t("Send")],
        [chordLabel("Mod+Shift+Enter"), t("Send and resolve")],
        ["/", t("Saved replies, in an empty field")],
        ["O 1 … O 9", t("Press the first to ninth order action")],
        ["I 1 … I 9", t("Insert the first to ninth suggested reply")],
        ["Alt+L", t("Translate your own words, in the reply")],
      ],
    },
    { title: t("Moving"), of: "move", more: [["Enter", t("Open the contact")], ["Esc", t("One level up")]] },
    { title: t("Desk"), of: "desk" },
  ];
  return (
    <Dialog title={t("List of keys")} kind="keys">
      <div class="key-tables">
        {groups.map((group) => (
          <table key={group.of}>
            <caption>{group.title}</caption>
            <tbody>
              {commands
                .filter((command) => command.group === group.of && command.chord)
                .map((command) => (
                  <KeyRow key={command.name} keys={[command.chord, command.also].filter(Boolean).map((chord) => chordLabel(chord!))} label={command.label} />
                ))}
              {group.more?.map(([keys, label]) => (
                <KeyRow key={keys} keys={[keys]} label={label} />
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <PreferenceSwitch name="singleKeys" label={t("Single keys (J, K, R, …) work")} />
      <div class="deeds">
        <button type="button" onClick={() => window.print()}>
          {t("Print")}
        </button>
      </div>
    </Dialog>
  );
}

function KeyRow({ keys, label }: { keys: string[]; label: string }) {
  return (
    <tr>
      <th scope="row">
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </th>
      <td>{label}</td>
    </tr>
  );
}
