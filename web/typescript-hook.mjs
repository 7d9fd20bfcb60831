// Lets `node --test` import our TypeScript on Node 20, which cannot strip types by itself: `node --import ./typescript-hook.mjs`.
import { register } from "node:module";

register("./typescript-load.mjs", import.meta.url);
