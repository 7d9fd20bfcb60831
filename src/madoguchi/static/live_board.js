// The live board on /console/live: takes what has changed over the live line, counts the seconds itself, says what matters.
const board = document.getElementById("board");
const pause = document.querySelector("[data-pause]");
const line = document.querySelector("[data-line]");
const at = document.querySelector("[data-at]");
const SAY_EVERY_MS = 30_000;
const RETRY_MS = [1000, 2000, 5000, 10_000];
const PARTS = ["alerts", "queues", "agents"];

let socket = null;
let tries = 0;
let paused = false;
let saidAt = 0;
let saidWaiting = cell("waiting")?.textContent;

function cell(name) {
  return document.querySelector(`[data-cell="${CSS.escape(name)}"]`);
}

/** `4:12`, `1:04:12`, from the second day on `5日 18時間`, as the server writes it. */
function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return board.dataset.days.replace("{days}", Math.floor(hours / 24)).replace("{hours}", hours % 24);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function tick() {
  if (paused) return;
  const now = Math.floor(Date.now() / 1000);
  for (const each of document.querySelectorAll("[data-since]")) {
    const text = clock(Math.max(0, now - Number(each.dataset.since)));
    if (each.textContent !== text) each.textContent = text;
  }
}

function put(name, value) {
  const shown = cell(name);
  if (!shown) return;
  if (typeof value === "string") {
    delete shown.dataset.since;
    shown.textContent = value;
  } else {
    shown.dataset.since = value.since;
  }
}

/** The page as it is now; only parsed, none of its scripts run. */
function fetchPage() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error("no page")));
    request.onerror = reject;
    request.open("GET", location.href);
    request.send();
  });
}

/** Put the parts whose rows have come or gone in place anew; the focus stays where it was. */
async function renew(stale) {
  const page = await fetchPage();
  for (const name of stale) {
    const [old, fresh] = [document, page].map((each) => each.getElementById(`part-${name}`));
    if (!old || !fresh) continue;
    const focused = old.contains(document.activeElement) ? pathTo(old, document.activeElement) : null;
    old.replaceWith(document.adoptNode(fresh));
    if (focused) (follow(fresh, focused) ?? document.getElementById("main")).focus();
  }
}

function pathTo(root, element) {
  const way = element.getAttribute("href") ?? element.closest("form")?.getAttribute("action") ?? "";
  return { way, tag: element.tagName };
}

function follow(root, { way, tag }) {
  const candidates = [...root.querySelectorAll(tag)];
  return candidates.find((each) => (each.getAttribute("href") ?? each.closest("form")?.getAttribute("action")) === way);
}

function say(alerts) {
  if (alerts.length) document.querySelector("[data-alarm]").textContent = alerts.join(" ");
  const waiting = cell("waiting")?.textContent;
  if (waiting === saidWaiting || Date.now() - saidAt < SAY_EVERY_MS) return;
  saidAt = Date.now();
  saidWaiting = waiting;
  const { waiting: word, seconds } = board.dataset;
  document.querySelector("[data-say]").textContent = `${word} ${waiting} ${seconds} ${cell("longest").textContent}`;
}

async function take(frame) {
  for (const [name, value] of Object.entries(frame.cells)) put(name, value);
  const stale = PARTS.filter((name) => {
    const part = document.getElementById(`part-${name}`);
    return part && part.dataset.stamp !== frame.parts[name];
  });
  const moment = new Date(frame.at);
  at.dateTime = frame.at;
  at.textContent = moment.toLocaleTimeString(document.documentElement.lang, { timeZone: zone });
  tick();
  if (stale.length) await renew(stale);
  say(frame.alerts);
}

function state(name) {
  line.hidden = false;
  line.textContent = line.dataset[name];
}

const zone = board.dataset.zone;

function connect() {
  socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/live`);
  const mine = socket;
  mine.onopen = () => {
    tries = 0;
    mine.send(JSON.stringify({ type: "hello", board: true }));
    state("live");
  };
  mine.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === "board" && !paused) void take(frame);
    if (frame.type === "problem") location.reload();
  };
  mine.onclose = () => {
    if (paused || mine !== socket) return;
    state("lost");
    setTimeout(connect, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
  };
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  if (paused) {
    state("paused");
    socket?.close();
  } else {
    connect();
  }
});
setInterval(tick, 1000);
connect();
