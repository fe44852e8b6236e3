// A form that is sent with what tells how far it is: first the sending, then what the server tells of its work.

const token = document.querySelector('meta[name="csrf-token"]')?.content;
export const headers = { "Accept-Language": document.documentElement.lang, ...(token && { "X-CSRF-Token": token }) };

/** Resolves to the last event, as [kind, data]: what went wrong is an "error", whose data has a `detail`. `words` are
 *  the sentences of a form's attributes; `tell(label, done, total, left)` hears how far it is; an event "stop" of `item`
 *  ends it. */
export function send(address, body, words, tell, item) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const failed = (detail) => resolve(["error", { detail }]);
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => tell(words.sending, event.loaded, event.total));
    request.upload.addEventListener("load", () => tell(words.reading));
    request.addEventListener("progress", () => {
      const [kind, data] = latest(request.responseText);
      if (kind === "progress") tell(data.label, data.done, data.total, data.left);
    });
    request.addEventListener("error", () => failed(words.lost));
    request.addEventListener("abort", () => failed(words.stopped));
    request.addEventListener("load", () => {
      const [kind, data] = request.status === 200 ? latest(request.responseText) : ["error", refusal(request)];
      kind && kind !== "progress" ? resolve([kind, data ?? { detail: words.lost }]) : failed(words.lost);
    });
    item.addEventListener("stop", () => request.abort(), { once: true });
    request.send(body);
  });
}

// The last whole event of https://html.spec.whatwg.org/multipage/server-sent-events.html
function latest(text) {
  const events = "\n\n" + text.slice(0, text.lastIndexOf("\n\n") + 1);
  const [kind, data] = events.slice(events.lastIndexOf("\n\nevent: ")).trim().split("\n");
  return data ? [kind.slice("event: ".length), JSON.parse(data.slice("data: ".length))] : ["", null];
}

function refusal(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** How far it is, in the parts of `item` that the templates give it. */
export function tell(item, words, label, done = 0, total = 0, left = null) {
  const stage = item.querySelector(".stage");
  const text = left ? `${label} – ${words.left.replace("{seconds}", left)}` : label;
  if (stage.textContent !== text) stage.textContent = text;
  const bar = item.querySelector("progress");
  total ? (bar.value = done / total) : bar.removeAttribute("value");
}

/** What went wrong; nothing of an empty sentence. */
export function problem(item, sentence) {
  const told = item.querySelector(".problem");
  told.textContent = sentence;
  told.hidden = !sentence;
}
