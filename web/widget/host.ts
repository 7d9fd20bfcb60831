// What the loader hands to the panel: the only thing the two scripts share.

export interface Host {
  /** Origin of the counter. */
  server: string;
  /** The inner wrapper in the shadow root; the panel lives in it, beside the launcher. */
  wrapper: HTMLElement;
  root: ShadowRoot;
  launcher: HTMLButtonElement;
  /** Language tag of the page, or what the element asks for. */
  language: string;
  /** An order the page is about, from the attribute `order`. */
  order: () => string;
  /** Version of the shop's own app around us, from the attribute `client`. */
  client: string;
  /** The shop's signed token, "" where the shop gives none. */
  token: () => Promise<string>;
}

export interface Panel {
  open: (order?: string) => void;
  close: () => void;
}

export interface PanelModule {
  mount: (host: Host) => Promise<Panel>;
}
