// Answers offered under a message: buttons, or cards for orders, lines and variants. A chosen one stays and is pressed.

import type { ChoicesView, Option } from "../core/shapes.ts";
import { Picture } from "./picture.tsx";

export interface ChoicesProps {
  choices: ChoicesView;
  /** Id of the element that holds the question: it names the group. */
  questionId: string;
  chosen: string | null;
  open: boolean;
  /** The first one does what the card above says. */
  firstIsDeed?: boolean;
  onChoose: (option: Option) => void;
}

export function Choices({ choices, questionId, chosen, open, firstIsDeed, onChoose }: ChoicesProps) {
  const cards = choices.kind !== "buttons";
  return (
    <div class={cards ? "choices cards" : "choices"} role="group" aria-labelledby={questionId}>
      {choices.options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          class={firstIsDeed && index === 0 && open ? "choice primary" : "choice"}
          aria-pressed={option.value === chosen}
          aria-disabled={!open}
          onClick={() => open && onChoose(option)}
        >
          {cards && <Picture src={option.image} />}
          <span class="labels">
            <span>{option.label}</span>
            {option.detail && <small>{option.detail}</small>}
          </span>
        </button>
      ))}
    </div>
  );
}
