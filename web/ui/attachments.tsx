// Files in a message, and files on their way into one. Files need our sign-in, so they are fetched, not linked.

import { useEffect, useRef, useState } from "preact/hooks";
import { fileSize } from "../core/formats.ts";
import { t } from "../core/i18n.ts";
import type { Attachment } from "../core/shapes.ts";
import { useDeeds } from "./deeds.ts";
import { Icon } from "./icons.tsx";

export function Attachments({ files }: { files: Attachment[] }) {
  if (!files.length) return null;
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.id}>
          <FileButton file={file} />
        </li>
      ))}
    </ul>
  );
}

function FileButton({ file }: { file: Attachment }) {
  const { blob } = useDeeds();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    if (!file.media_type.startsWith("image/")) return;
    void blob(file.url)
      .then((data) => draw(data, canvas.current))
      .then(setDrawn, () => undefined);
  }, [file.id]);

  async function save(): Promise<void> {
    const data = await blob(file.url).catch(() => null);
    if (!data) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data);
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  return (
    <button type="button" class={drawn ? "file image" : "file"} onClick={save}>
      <canvas ref={canvas} hidden={!drawn} role="img" aria-label={t("Picture: {name}. Press to save.", { name: file.name })} />
      {!drawn && (
        <>
          <Icon name="file" />
          <span class="labels">
            <span>{file.name}</span>
            <small>{fileSize(file.size)}</small>
          </span>
        </>
      )}
    </button>
  );
}

const LONGEST_SIDE = 720;

/** Drawn, not linked: a shop's page may forbid images of other origins and blob addresses, but not a canvas. */
async function draw(data: Blob, canvas: HTMLCanvasElement | null): Promise<boolean> {
  const image = await createImageBitmap(data);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  if (canvas) {
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  image.close();
  return !!canvas;
}

export interface Picked {
  key: string;
  name: string;
  state: "uploading" | "ready" | "failed";
  problem?: string;
  file?: Attachment;
}

export interface Picking {
  items: Picked[];
  accept: string;
  add: (files: Iterable<File>) => void;
  remove: (key: string) => void;
  /** The uploaded ones; empties the list. */
  take: () => Attachment[];
}

/** Files chosen, pasted or dropped for the next message; each is uploaded at once. */
export function usePicking(
  upload: (file: File) => Promise<Attachment>,
  limits: { attachment_mb: number; media_types: string[] },
): Picking {
  const [items, setItems] = useState<Picked[]>([]);
  const count = useRef(0);

  const change = (key: string, part: Partial<Picked>) =>
    setItems((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

  async function take(file: File): Promise<void> {
    const key = `file-${++count.current}`;
    const problem = unfit(file, limits);
    setItems((all) => [...all, { key, name: file.name, state: problem ? "failed" : "uploading", problem }]);
    if (problem) return;
    await upload(file).then(
      (done) => change(key, { state: "ready", file: done }),
      (error: Error) => change(key, { state: "failed", problem: error.message || t("Could not be sent") }),
    );
  }

  return {
    items,
    accept: limits.media_types.join(","),
    add: (files) => [...files].forEach((file) => void take(file)),
    remove: (key) => setItems((all) => all.filter((one) => one.key !== key)),
    take: () => {
      const ready = items.flatMap((one) => one.file ?? []);
      setItems((all) => all.filter((one) => !one.file));
      return ready;
    },
  };
}

function unfit(file: File, { attachment_mb, media_types }: { attachment_mb: number; media_types: string[] }): string | undefined {
  if (file.size > attachment_mb * 1_000_000) return t("Larger than {n} MB", { n: attachment_mb });
  const known = media_types.some((one) => one === file.type || (one.endsWith("/*") && file.type.startsWith(one.slice(0, -1))));
  return known || !file.type ? undefined : t("This kind of file cannot be sent");
}

export function PickedFiles({ picking }: { picking: Picking }) {
  if (!picking.items.length) return null;
  return (
    <ul class="picked" aria-label={t("Attached files")}>
      {picking.items.map((item) => (
        <li key={item.key} class={item.state}>
          <span class="labels">
            <span>{item.name}</span>
            <small role={item.state === "failed" ? "alert" : undefined}>
              {item.state === "uploading" ? t("Sending…") : (item.problem ?? t("Ready"))}
            </small>
          </span>
          <button type="button" class="quiet icon-only" aria-label={t("Remove {name}", { name: item.name })} onClick={() => picking.remove(item.key)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
