// Copies a quote, and shows what a language model words from the quotes, as it comes.

const token = document.querySelector('meta[name="csrf-token"]')?.content;
const signed = token ? { "X-CSRF-Token": token } : {}; // with all that is sent by whoever is signed in
const announced = document.getElementById("copied");

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  const label = button.textContent;
  let back = 0;
  button.addEventListener("click", async () => {
    const told = (await copied(button.dataset.text)) ? announced.dataset.done : announced.dataset.failed;
    button.textContent = announced.textContent = told;
    clearTimeout(back);
    back = setTimeout(() => { button.textContent = label; announced.textContent = ""; }, 2500);
  });
}

/** Whether `text` is in the clipboard now; the API is there in secure contexts alone. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    area.readOnly = true;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    held?.focus();
    return done;
  }
}

const worded = document.getElementById("worded");
if (worded) tell(worded);

/** Asks again as events: the quotes are the same ones, or nothing is shown of what is worded from others. */
async function tell(worded) {
  const [sentences, status] = worded.querySelectorAll("p");
  worded.hidden = false;
  status.textContent = worded.dataset.waiting;
  const fail = (why) => { status.textContent = why ? `${worded.dataset.failed} ${why}` : worded.dataset.failed; };
  try {
    const response = await fetch("/v1/ask?stream=true", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang, ...signed },
      body: worded.dataset.request,
    });
    if (!response.ok) return fail((await response.json()).detail);
    for await (const [name, data] of events(response.body)) {
      if (name === "error") return fail(data.detail);
      if (data.citations && name !== "sentence" && !same(data.citations, worded.dataset.cited)) {
        sentences.replaceChildren();
        status.textContent = worded.dataset.changed;
        return;
      }
      if (name === "sentence") sentences.append(...linked(data.text), " ");
      if (name === "done") return end(data, status);
    }
    fail("");
  } catch {
    fail("");
  }
}

/** The notice on the model; exports hold its sentences from now on. */
function end(answer, status) {
  status.textContent = answer.notice ?? "";
  if (!answer.id) return;
  for (const link of document.querySelectorAll(".taken a[download]")) {
    link.href = link.getAttribute("href").replace(/^\/v1\/answers\/[^/]+\//, `/v1/answers/${answer.id}/`);
  }
}

function same(citations, cited) {
  return JSON.stringify(citations.map((one) => one.permalink)) === JSON.stringify(JSON.parse(cited));
}

/** Text and, for its numbers, links to their cards. */
function linked(text) {
  return text.split(/(\[\d+\])/).map((part) => {
    const number = /^\[(\d+)\]$/.exec(part)?.[1];
    if (!number || !document.getElementById(`c${number}`)) return part;
    const link = document.createElement("a");
    link.href = `#c${number}`;
    link.className = "number";
    link.textContent = part;
    return link;
  });
}

/** Server-sent events of a POST, as [name, data]. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}
