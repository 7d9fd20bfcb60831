// What the shared views can have done by the island that shows them.

import { type ComponentChild, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Entry, Option, ProposalView, SummaryLine } from "../core/shapes.ts";

export interface Deeds {
  /** Address that relative images belong to; "" on our own pages. */
  server: string;
  choose: (entry: Entry, option: Option) => void;
  /** Both reject with a Problem whose message is for the reader. */
  confirm: (view: ProposalView) => Promise<void>;
  withdraw: (view: ProposalView) => Promise<void>;
  retry: (clientKey: string) => void;
  /** Take a failed message back into the composer. */
  edit: (clientKey: string) => void;
  /** A file that needs our sign-in. */
  blob: (url: string) => Promise<Blob>;
  /** Ask for a person; absent where that makes no sense. */
  person?: () => void;
  /** Prove who one is; absent for staff. */
  signIn?: () => void;
  /** Where the reader can put right what was handed over; absent for staff. */
  correction?: (lines: readonly SummaryLine[]) => ComponentChild;
}

const context = createContext<Deeds | null>(null);

export const DeedsProvider = context.Provider;

export function useDeeds(): Deeds {
  const deeds = useContext(context);
  if (!deeds) throw new Error("a view that does something needs a DeedsProvider above it");
  return deeds;
}
