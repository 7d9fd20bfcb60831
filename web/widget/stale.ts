// Whether the panel that runs here is an old one left in a cache: its own text against the server's fingerprint (HLP-009).

/** `fingerprint`: the beginning of the SHA-256 of what the server has now. What cannot be told is not old. */
export async function isStale(server: string, fingerprint: string | undefined): Promise<boolean> {
  if (!fingerprint || !globalThis.crypto?.subtle) return false;
  try {
    const kept = await fetch(`${server}/static/panel.js`, { cache: "force-cache" });
    const digest = await crypto.subtle.digest("SHA-256", await kept.arrayBuffer());
    const text = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return kept.ok && !text.startsWith(fingerprint);
  } catch {
    return false;
  }
}
