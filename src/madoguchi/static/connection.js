// Test of the connection on /help/connection: server, live line, memory, and whether old parts are left in the cache.
const box = document.getElementById("self-test");
const WAIT_MS = 6000;

const tests = {
  api: async () => (await fetch("/api/v1/shop", { cache: "no-store" })).status < 500,
  socket: () =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/live`);
      socket.onopen = () => (socket.close(), resolve(true));
      socket.onerror = () => resolve(false);
    }),
  storage: async () => {
    localStorage.setItem("madoguchi-test", "1");
    localStorage.removeItem("madoguchi-test");
    return navigator.cookieEnabled;
  },
  parts: async () => {
    const texts = (cache) =>
      Promise.all(parts().map((part) => fetch(part, { cache }).then((answer) => answer.text())));
    const kept = await texts("force-cache");
    return JSON.stringify(kept) === JSON.stringify(await texts("no-store"));
  },
};

const parts = () => box.dataset.parts.split(" ");
const late = () => new Promise((resolve) => setTimeout(resolve, WAIT_MS, false));

async function run(name) {
  const shown = box.querySelector(`[data-test=${name}] dd`);
  const fine = await Promise.race([tests[name](), late()]).catch(() => false);
  shown.textContent = fine ? shown.dataset.fine : shown.dataset.bad;
  shown.parentElement.dataset.result = fine ? "fine" : "bad";
  if (name === "parts" && !fine) box.querySelector("[data-reload]").hidden = false;
}

box.hidden = false;
box.querySelector("[data-reload]").addEventListener("click", async () => {
  await Promise.all(parts().map((part) => fetch(part, { cache: "reload" })));
  location.reload();
});
Object.keys(tests).forEach(run);
