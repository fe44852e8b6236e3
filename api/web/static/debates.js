// Files that are chosen or dropped wait in a list, each with its fields; each is sent by itself, and shows how far it is.

import { headers, problem, send, tell } from "./sending.js";

const form = document.querySelector("#bring");
const picker = document.querySelector("#files");
const queue = document.querySelector("#queue");
const everything = document.querySelector("#everything");
const words = form.dataset;
const waiting = new Map(); // files by name
const twice = new Set(); // names that several files had, chosen at once from different folders
let last = Promise.resolve();

form.querySelector(".without-script").remove();
form.querySelector(".drop-here").hidden = false;
picker.required = false;
form.addEventListener("submit", (event) => event.preventDefault());
picker.addEventListener("change", picked);
if (picker.files.length) picked(); // chosen before this script was there
everything.querySelector("button").addEventListener("click", () => unsent().forEach((item) => queued(item)));

for (const name of ["dragenter", "dragover"]) {
  addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dragging");
  });
}
addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dragging"));
addEventListener("drop", (event) => {
  document.body.classList.remove("dragging");
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  dropped(event.dataTransfer).then(choose);
});
addEventListener("beforeunload", (event) => queue.querySelector("[data-busy]") && event.preventDefault());

function picked() {
  choose(picker.files);
  picker.value = "";
}

function unsent() {
  return [...queue.children].filter((item) => item.dataset.id && !item.dataset.busy && sending(item));
}

// Also what lies in folders: https://wicg.github.io/entries-api/
async function dropped(data) {
  const files = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(inside))).flat() : files;
}

async function inside(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (let more; (more = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) found.push(...more);
  return (await Promise.all(found.map(inside))).flat();
}

async function choose(files) {
  const names = [...files].map((file) => file.name);
  for (const file of files) {
    names.filter((name) => name === file.name).length > 1 ? twice.add(file.name) : twice.delete(file.name);
    waiting.set(file.name, file);
  }
  const trouble = document.querySelector("#trouble");
  trouble.hidden = true;
  await ask().catch(() => {
    trouble.textContent = words.lost;
    trouble.hidden = false;
  });
  queue.querySelector("li:last-child h3")?.scrollIntoView({ block: "nearest" });
}

// The server says which files go together, and which debates they would replace.
async function ask() {
  const body = new FormData();
  for (const [name, file] of waiting) {
    body.append("name", name);
    body.append("size", file.size);
  }
  for (const name of twice) if (waiting.has(name)) body.append("name", name);
  const shown = waiting.size ? await fragment("/debates/chosen", { method: "POST", body }) : [];
  const open = [...queue.children].filter((item) => !item.dataset.busy && waiting.has(item.dataset.name));
  const items = new Map(open.map((item) => [item.dataset.name, item]));
  for (const item of [...shown]) {
    const known = items.get(item.dataset.name);
    items.delete(item.dataset.name);
    if (known && "alone" in known.dataset === "alone" in item.dataset && !sending(known) === !sending(item)) {
      for (const name of ["speakers", "metadata"]) {
        delete known.dataset[name];
        if (item.dataset[name]) known.dataset[name] = item.dataset[name];
      }
      known.querySelector(".state").replaceWith(item.querySelector(".state"));
    } else {
      known?.remove();
      queue.append(started(item));
    }
  }
  for (const item of items.values()) item.remove(); // it goes with another one now
  everything.hidden = unsent().length < 2;
}

async function fragment(address, options = {}) {
  const response = await fetch(address, { headers, ...options });
  if (!response.ok) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html").body.children;
}

// The button that sends it, if it can be sent.
function sending(item) {
  return item.querySelector("form button:not(.away)");
}

function started(item) {
  item.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    queued(item);
  });
  item.querySelector(".away").addEventListener("click", () => {
    if (item.dataset.busy) return item.dispatchEvent(new Event("stop"));
    for (const name of [item.dataset.name, item.dataset.speakers, item.dataset.metadata]) waiting.delete(name);
    item.remove();
    everything.hidden = unsent().length < 2;
    picker.focus();
  });
  return item;
}

// One after the other: the model has one mind.
function queued(item) {
  if (item.dataset.busy) return;
  busy(item, true);
  tell(item, words, words.waiting);
  problem(item, "");
  const { name, speakers, metadata } = item.dataset;
  const files = new Map(Object.entries({ file: name, speakers, metadata }).filter(([, one]) => one).map(([field, one]) => [field, waiting.get(one)]));
  for (const file of files.values()) waiting.delete(file.name);
  let stopped = false;
  const stop = () => (stopped = true);
  item.addEventListener("stop", stop, { once: true });
  last = last.then(() => {
    item.removeEventListener("stop", stop);
    return stopped ? ended(item, files, words.stopped) : sent(item, files);
  });
}

async function sent(item, files) {
  const body = new FormData(item.querySelector("form"));
  body.set("overwrite", item.querySelector("[name=overwrite]").checked);
  for (const [field, file] of files) body.set(field, file);
  item.querySelector(".work").hidden = false;
  const [kind, data] = await send("/v1/debates?stream=true", body, words, (...told) => tell(item, words, ...told), item);
  if (kind === "added") {
    await added(item, files.get("file").name, data).catch(() => ended(item, files, words.lost));
  } else {
    if (data.type?.endsWith(":debate-present")) item.querySelector(".state .check").hidden = false;
    ended(item, files, data.detail);
  }
}

async function added(item, name, { debate, replaced }) {
  const shown = await fragment(`/debates/${debate}/added?${new URLSearchParams({ name, replaced })}`);
  const focused = item.contains(document.activeElement);
  item.replaceChildren(...shown);
  for (const kept of Object.keys(item.dataset)) delete item.dataset[kept];
  document.querySelector("#done").textContent = item.querySelector("h3").textContent + " – " + item.querySelector("p").textContent;
  if (focused) item.querySelector("h3").focus();
  everything.hidden = unsent().length < 2;
  relisted().catch(() => {}); // the list is as it was
}

async function relisted() {
  const page = await fetch(location.href, { headers });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#list");
  document.querySelector("#list").replaceWith(fresh);
}

// Not added: its files wait again.
function ended(item, files, sentence) {
  for (const file of files.values()) waiting.set(file.name, file);
  busy(item, false);
  tell(item, words, "");
  problem(item, sentence);
  sending(item).textContent = words.again;
}

function busy(item, is) {
  is ? (item.dataset.busy = "true") : delete item.dataset.busy;
  if (!is) item.querySelector(".work").hidden = true;
  const [button, away] = item.querySelectorAll(".actions button");
  if (is && document.activeElement === button) away.focus(); // what is disabled loses the focus
  button.disabled = is;
  away.textContent = is ? words.stop : words.remove;
  everything.hidden = unsent().length < 2;
}
