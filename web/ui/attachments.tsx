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
  const image = file.media_type.startsWith("image/");
  const [address, setAddress] = useState("");

  useEffect(() => {
    if (!image) return undefined;
    let made = "";
    let gone = false;
    blob(file.url).then(
      (data) => !gone && setAddress((made = URL.createObjectURL(data))),
      () => undefined,
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
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
    <button type="button" class={address ? "file image" : "file"} onClick={save}>
      {address ? (
        <img src={address} alt={t("Picture: {name}. Press to save.", { name: file.name })} onError={() => setAddress("")} />
      ) : (
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
