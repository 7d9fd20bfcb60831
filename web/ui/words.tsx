// Text of people as nodes, never as HTML: lines as written, addresses as links where links are wanted.

import { spoken } from "../core/i18n.ts";

const ADDRESS = /https?:\/\/[^\s<>"'「」（）、。]+[^\s<>"'「」（）、。.,:;!?)]/g;

/** `links`: off for words of unknown people, so that nobody follows a trap by accident. */
export function Words({ id, text, lang, links = true }: { id?: string; text: string; lang?: string; links?: boolean }) {
  return (
    <div id={id} class="words" dir="auto" lang={lang && lang !== spoken() ? lang : undefined}>
      {links ? withLinks(text) : text}
    </div>
  );
}

function withLinks(text: string) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    nodes.push(
      text.slice(from, found.index),
      <a href={found[0]} target="_blank" rel="noopener noreferrer">
        {found[0]}
      </a>,
    );
    from = found.index + found[0].length;
  }
  return [...nodes, text.slice(from)];
}
