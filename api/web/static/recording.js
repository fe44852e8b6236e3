// A recording is sent in the background: how far it is, and why it cannot be used, is told where it was chosen.

import { problem, send, tell } from "./sending.js";

const form = document.querySelector("#bring");
const words = form.dataset;
const [go, apply, stop] = form.querySelectorAll(".actions button");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  listen();
});
apply.addEventListener("click", () => {
  form.querySelector("[name=align]").checked = true;
  listen();
});
stop.addEventListener("click", () => form.dispatchEvent(new Event("stop")));
addEventListener("beforeunload", (event) => words.busy && event.preventDefault());

async function listen() {
  if (words.busy) return;
  const body = new FormData(form);
  for (const name of ["file", "path", "voices"]) {
    const given = body.get(name);
    if (!(given.name ?? given)) body.delete(name); // what is left empty
  }
  apply.hidden = true;
  if (body.get("file")?.size > words.most) return problem(form, words.large); // it would be refused unread
  busy(true);
  problem(form, "");
  const [kind, data] = await send(words.send, body, words, (...told) => tell(form, words, ...told), form);
  busy(false);
  if (kind === "heard") return location.assign(words.then);
  tell(form, words, "");
  problem(form, data.detail);
  apply.hidden = !data.type?.endsWith(":recording-shifted");
  (apply.hidden ? go : apply).focus();
}

function busy(is) {
  is ? (words.busy = "true") : delete words.busy;
  form.querySelector(".work").hidden = !is;
  stop.hidden = !is;
  if (is) stop.focus(); // what is disabled loses the focus
  go.disabled = is;
}
