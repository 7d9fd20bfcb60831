// Facts as label and value.

import type { Row } from "../core/shapes.ts";

export function Rows({ rows }: { rows?: Row[] }) {
  if (!rows?.length) return null;
  return (
    <dl class="rows">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
