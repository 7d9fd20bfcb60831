// The list of keys, made from the commands themselves: it can be printed, each key set anew, and single keys switched off.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { belongsToIme, chord, chordLabel } from "../../core/keys.ts";
import type { Command } from "../state/commands.ts";
import { firstKeys, refusal } from "../state/key_map.ts";
import { useDesk, useDeskContext } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { PreferenceSwitch } from "./settings_dialog.tsx";

export function KeysDialog() {
  const { commands } = useDeskContext();
  const [setting, setSetting] = useState(false);
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
    { title: t("Many at once"), of: "many" },
    { title: t("Desk"), of: "desk" },
  ];
  return (
    <Dialog title={t("List of keys")} kind="keys">
      {setting && <p class="note">{t("Press “Change”, then the new key. Two keys in a row begin with G.")}</p>}
      <div class="key-tables">
        {groups.map((group) => (
          <table key={group.of}>
            <caption>{group.title}</caption>
            <tbody>
              {commands
                .filter((command) => command.group === group.of && command.chord)
                .map((command) => (
                  <KeyRow key={command.name} keys={[command.chord, command.also].filter(Boolean).map((one) => chordLabel(one!))} label={command.label}>
                    {setting && <SetKey command={command} />}
                  </KeyRow>
                ))}
              {!setting && group.more?.map(([keys, label]) => <KeyRow key={keys} keys={[keys]} label={label} />)}
            </tbody>
          </table>
        ))}
      </div>
      <PreferenceSwitch name="singleKeys" label={t("Single keys (J, K, R, …) work")} />
      <KeyDeeds setting={setting} onSet={() => setSetting(!setting)} />
    </Dialog>
  );
}

function KeyDeeds({ setting, onSet }: { setting: boolean; onSet: () => void }) {
  const { preferences, announcer } = useDesk();
  const own = Object.keys(preferences.keys.value).length;
  return (
    <div class="deeds">
      <button type="button" onClick={() => window.print()}>
        {t("Print")}
      </button>
      <button type="button" aria-pressed={setting} onClick={onSet}>
        {t("Change keys")}
      </button>
      {own > 0 && (
        <button
          type="button"
          onClick={() => {
            preferences.keys.value = {};
            announcer.say(t("The usual keys are back."));
          }}
        >
          {t("All usual keys again")}
        </button>
      )}
    </div>
  );
}

function KeyRow({ keys, label, children }: { keys: string[]; label: string; children?: ComponentChildren }) {
  return (
    <tr>
      <th scope="row">
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </th>
      <td>
        {label}
        {children}
      </td>
    </tr>
  );
}

/** Press it, then the key that is wished for; Escape leaves it as it was. */
function SetKey({ command }: { command: Command }) {
  const { desk, commands } = useDeskContext();
  const { keys } = desk.preferences;
  const [listening, setListening] = useState(false);
  const [first, setFirst] = useState("");
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (listening) desk.announcer.say(t("Press the new key, or Escape."));
  }, [listening]);

  function onKey(event: KeyboardEvent): void {
    if (!listening || belongsToIme(event) || /^(Shift|Control|Alt|Meta)/.test(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return stop("");
    const pressed = chord(event);
    if (!first && firstKeys(commands).has(pressed)) return setFirst(pressed);
    wish(first ? `${first} ${pressed}` : pressed);
  }

  function wish(chords: string): void {
    const why = refusal(commands, command.name, chords);
    if (!why) {
      const { [command.name]: _old, ...others } = keys.peek();
      keys.value = chords === command.usual ? others : { ...others, [command.name]: chords };
      desk.announcer.say(t("{command}: {key}", { command: command.label, key: chordLabel(chords) }));
    }
    stop(why);
  }

  function stop(why: string): void {
    setListening(false);
    setFirst("");
    setProblem(why);
  }

  function usual(): void {
    const why = refusal(commands, command.name, command.usual!);
    if (why) return setProblem(why);
    const { [command.name]: _old, ...others } = keys.peek();
    keys.value = others;
    setProblem("");
  }

  return (
    <span class="set-key">
      <button type="button" aria-pressed={listening} aria-label={t("Change the key of: {command}", { command: command.label })} onClick={() => (setListening(true), setProblem(""))} onKeyDown={onKey} onBlur={() => listening && stop("")}>
        {listening ? (first ? `${chordLabel(first)} …` : t("Press a key …")) : t("Change")}
      </button>
      {command.chord !== command.usual && !listening && (
        <button type="button" class="quiet" aria-label={t("Usual key of: {command}", { command: command.label })} onClick={usual}>
          {chordLabel(command.usual!)}
        </button>
      )}
      {problem && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
