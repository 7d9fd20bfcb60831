// Facts as label and value.

import type { Row } from "../core/shapes.ts";

export function Rows({ rows }: { rows?: Row[] }) {
  if (!rows?.length) return null;
  return (
    <dl class="rows">
      {rows.map((row) => (
        <div key={row.label + row.value}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One thing per line. */
export function Lines({ lines }: { lines?: string[] }) {
  const told = lines?.filter(Boolean);
  if (!told?.length) return null;
  return (
    <ul class="lines">
      {told.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
