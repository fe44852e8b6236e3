// Comfort for saying who speaks; every form works without it.

/** Boxes of turns: a range with Shift, and how many are chosen. Parts that come later count as well. */
function chooseTurns(output) {
  const boxes = () => [...document.querySelectorAll("input.choose")];
  let last = null;

  document.addEventListener("click", (event) => {
    if (!event.target.matches("input.choose")) return;
    if (event.shiftKey && last?.isConnected) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((one, other) => one - other);
      for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    count();
  });

  function count() {
    const chosen = boxes().filter((box) => box.checked).length;
    output.textContent = chosen === 0 ? "" : chosen === 1 ? output.dataset.one : output.dataset.other.replace("2", chosen);
  }

  addEventListener("pageshow", count); // boxes keep their ticks when the reader comes back
}

/** In a turn to check: a digit chooses its answer and goes on; a name that is typed is an answer. */
function answerTurns(form) {
  const turns = [...form.querySelectorAll("fieldset")];
  const answersOf = (turn) => [...turn.querySelectorAll('input[type="radio"]')];

  form.addEventListener("keydown", (event) => {
    if (!event.target.matches('input[type="radio"]') || event.ctrlKey || event.altKey || event.metaKey) return;
    const turn = event.target.closest("fieldset");
    const answer = /^[1-9]$/.test(event.key) ? answersOf(turn)[event.key - 1] : null;
    if (!answer) return;
    event.preventDefault();
    answer.checked = true;
    const typed = answer.closest(".other")?.querySelector("input[list]");
    const following = turns[turns.indexOf(turn) + 1];
    const next = typed ?? (following ? answersOf(following).find((one) => one.checked) : form.querySelector("button"));
    next.focus();
  });

  form.addEventListener("input", (event) => {
    if (!event.target.matches(".other input[list]")) return;
    event.target.closest(".other").querySelector('input[type="radio"]').checked = true;
  });
}

const output = document.querySelector("#chosen");
if (output) chooseTurns(output);
const form = document.querySelector("form.to-check");
if (form) answerTurns(form);
