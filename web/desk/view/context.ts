// The desk, for every view below it.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { chordLabel } from "../../core/keys.ts";
import type { Command } from "../state/commands.ts";
import type { Desk } from "../state/desk.ts";

export interface DeskContext {
  desk: Desk;
  commands: readonly Command[];
}

const context = createContext<DeskContext | null>(null);

export const DeskProvider = context.Provider;

export function useDesk(): Desk {
  return useDeskContext().desk;
}

export function useDeskContext(): DeskContext {
  const found = useContext(context);
  if (!found) throw new Error("a view of the desk needs a DeskProvider above it");
  return found;
}

/** The key of a command as it is now, to be shown; undefined where it has none. */
export function useChord(name: string): string | undefined {
  const chord = useDeskContext().commands.find((command) => command.name === name)?.chord;
  return chord && chordLabel(chord);
}
