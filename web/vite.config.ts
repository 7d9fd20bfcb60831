// Builds each island into the Python package, so that users never need Node: `vite build --mode loader|panel|desk`.
import { defineConfig, type UserConfig } from "vite";

/** What each mode makes: a classic script on every shop page, a module on intent, the agents' desk. */
const islands: Record<string, { entry: string; file: string; format: "iife" | "es" }> = {
  loader: { entry: "widget/loader.ts", file: "widget", format: "iife" },
  panel: { entry: "widget/panel.tsx", file: "panel", format: "es" },
  desk: { entry: "desk/main.tsx", file: "desk", format: "es" },
};

export default defineConfig(({ mode }): UserConfig => {
  const island = islands[mode];
  if (!island) throw new Error(`no island "${mode}"; one of ${Object.keys(islands).join(", ")}`);
  const { entry, file, format } = island;
  return {
    publicDir: false,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: "../src/madoguchi/static",
      emptyOutDir: false,
      target: "es2022",
      // new enough for light-dark() and nesting to stay as written
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
      lib: { entry, formats: [format], name: "madoguchi", fileName: () => `${file}.js`, cssFileName: file },
      rolldownOptions: { preserveEntrySignatures: "allow-extension", output: {
          minify: true,
          chunkFileNames: `${file}-[name].js`,
          // what the first screen needs is one file, also where later parts share it
          codeSplitting: { groups: [{ name: "first", tags: ["$initial"], includeDependenciesRecursively: true }] },
        } },
    },
  };
});
