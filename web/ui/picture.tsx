// A product's picture: decoration beside its name. Where it cannot be had, a parcel stands for it.

import { useState } from "preact/hooks";
import { useDeeds } from "./deeds.ts";
import { Icon } from "./icons.tsx";

export function Picture({ src }: { src?: string }) {
  const { server } = useDeeds();
  const [failed, setFailed] = useState(false);
  const address = src && new URL(src, server || document.baseURI).href;
  return (
    <span class="picture">
      {address && !failed ? <img src={address} alt="" loading="lazy" onError={() => setFailed(true)} /> : <Icon name="parcel" />}
    </span>
  );
}
