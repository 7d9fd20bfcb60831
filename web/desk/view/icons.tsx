// Icons that only the desk has; like ui/icons, 24-unit strokes beside words.

const paths = {
  expand: "M6 9l6 6 6-6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  transfer: "M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4",
  filter: "M4 6h16M7 12h10M10 18h4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  hand: "M5 13v-2a1.5 1.5 0 0 1 3 0V5.5a1.5 1.5 0 0 1 3 0V10V4a1.5 1.5 0 0 1 3 0v6.5V6a1.5 1.5 0 0 1 3 0v9c0 3.5-2.5 6-5.5 6S6 19.5 5 16z",
  lines: "M5 7h14M5 12h14M5 17h9",
  phone: "M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
};

export type DeskIconName = keyof typeof paths;

export function DeskIcon({ name }: { name: DeskIconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
