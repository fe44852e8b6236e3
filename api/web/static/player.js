// The recording plays, and its text goes along. Nothing is asked of another host before its button is pressed.

const TURN = 0.25 // seconds by which a browser may stop late, or tell the time late

/** Plays `data` (the attributes of templates/player.html) from `start` seconds on, up to `end` where it is given. */
function playing(data, start, end) {
  return data.kind === "frame" ? framed(data, start, end) : sounding(data, start, end)
}

function framed(data, start, end) {
  const frame = document.createElement("iframe")
  frame.title = data.title
  frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media"
  frame.referrerPolicy = "strict-origin-when-cross-origin" // some sites play nothing for whom they do not know
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation")
  frame.src = frameAt(data, start, end)
  return frame
}

function frameAt(data, start, end) {
  const [path, fragment] = data.source.replace("{start}", Math.floor(start)).split("#")
  const ending = end === undefined ? "" : data.ending.replace("{end}", Math.ceil(end))
  return path + ending + (fragment ? `#${fragment}` : "")
}

function sounding(data, start, end) {
  const media = document.createElement(data.kind)
  media.controls = true
  media.setAttribute("aria-label", data.title)
  media.addEventListener("error", () => fail(media, data.failed), { once: true })
  media.addEventListener("loadedmetadata", () => seek(media, start), { once: true })
  if (end !== undefined) stopAt(media, end)
  media.src = data.source
  media.play().catch(() => {}) // refused, or gone meanwhile: its controls are there, or what is wrong is told
  return media
}

function stopAt(media, end) {
  media.addEventListener("timeupdate", function stop() {
    if (media.currentTime < end - TURN / 2) return
    media.removeEventListener("timeupdate", stop) // whoever plays on hears what follows
    media.pause()
  })
}

function seek(media, seconds) {
  if (Math.abs(media.currentTime - seconds) > TURN) media.currentTime = seconds
}

function fail(media, sentence) {
  const problem = document.createElement("p")
  problem.className = "problem"
  problem.setAttribute("role", "alert")
  problem.textContent = sentence
  media.replaceWith(problem)
}

// under a citation

function toggle(button) {
  const open = button.ariaExpanded === "true"
  document.querySelectorAll(".play[aria-expanded=true]").forEach(shut)
  if (open) return
  const { start, end } = button.dataset
  const holder = document.createElement("div")
  holder.className = `here here-${button.dataset.kind}`
  button.closest("p").after(holder)
  holder.append(playing(button.dataset, Number(start), Number(end)))
  button.ariaExpanded = "true"
}

function shut(button) {
  button.ariaExpanded = "false"
  const holder = button.closest("p").nextElementSibling
  holder.querySelector("audio, video")?.pause()
  holder.remove()
}

for (const button of document.querySelectorAll("button.play")) {
  button.hidden = false
  button.addEventListener("click", () => toggle(button))
}

// over a transcript

const box = document.querySelector(".player")
const transcript = document.querySelector(".transcript")
if (box && transcript) accompany(box, transcript)

function accompany(box, transcript) {
  const deck = box.querySelector(".deck")
  const bar = box.querySelector(".playing")
  const asking = box.querySelector(".asking")
  const follow = box.querySelector(".follow")
  let media = box.querySelector("audio, video")
  let frame = null
  let kept = false
  let inSight = true

  new IntersectionObserver(([entry]) => {
    inSight = entry.isIntersecting
    place()
  }).observe(box)

  if (asking) {
    const load = asking.querySelector(".load")
    load.hidden = false
    load.addEventListener("click", () => begin(Number(box.dataset.start)))
  }
  if (media) heed()
  if (Number(box.dataset.start)) keep() // whoever comes to a moment finds the recording at hand

  /** Loads the recording from elsewhere, and plays it. */
  function begin(start) {
    const made = playing(box.dataset, start)
    deck.prepend(made)
    asking.hidden = true
    box.classList.add("loaded")
    if (box.dataset.kind === "frame") {
      frame = made
      transcript.classList.add("plays")
      keep()
    } else {
      media = made
      heed()
    }
    made.focus()
  }

  function heed() {
    if (media.error) return broken()
    transcript.classList.add("plays")
    media.addEventListener("play", keep)
    media.addEventListener("error", broken, { once: true })
    media.addEventListener("timeupdate", () => light(media.currentTime))
    if (follow) bar.hidden = follow.hidden = false
  }

  function broken() {
    fail(media, box.dataset.failed)
    transcript.classList.remove("plays")
    stow()
  }

  function from(seconds) {
    if (frame) frame.src = frameAt(box.dataset, seconds)
    if (!media?.isConnected) return
    seek(media, seconds)
    media.play().catch(() => {})
  }

  // in a corner while one reads, for as long as its place is out of sight

  function keep() {
    kept = true
    bar.hidden = false
    place()
  }

  function place() {
    const pinned = kept && !inSight
    if (pinned === box.classList.contains("pinned")) return
    box.style.minBlockSize = pinned ? `${box.offsetHeight}px` : "" // the text stays where it is
    box.classList.toggle("pinned", pinned)
  }

  function stow() {
    media?.pause()
    if (frame) {
      frame.remove()
      frame = null
      asking.hidden = false
      box.classList.remove("loaded")
      transcript.classList.remove("plays")
    }
    setFollowing(false)
    kept = false
    place()
  }

  bar.querySelector(".stow").addEventListener("click", () => {
    stow()
    const left = media?.isConnected ? media : asking?.querySelector(".load")
    left?.focus({ preventScroll: true })
  })

  // what is said now

  let spans = null
  let lit = []

  document.addEventListener("reader:part", () => { spans = null })

  /** The spans of the segment that is said at `time`: the last one that began, if it has not ended. */
  function saidAt(time) {
    spans ??= [...transcript.querySelectorAll("span[data-start]")].map((span) => [Number(span.dataset.start), Number(span.dataset.end), span])
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (spans[middle][0] <= time) low = middle + 1
      else high = middle
    }
    const found = []
    const [start, end] = spans[low - 1] ?? [0, 0]
    for (let at = low - 1; time < end && at >= 0 && spans[at][0] === start && spans[at][1] === end; at--) found.unshift(spans[at][2])
    return found
  }

  function light(time) {
    const now = saidAt(time)
    if (now.length && now[0] === lit[0]) return
    lit.forEach((span) => span.classList.remove("said"))
    lit = now
    lit.forEach((span) => span.classList.add("said"))
    if (following()) keepInView(time)
  }

  let sought = null // the part of a long text that is on its way

  function keepInView(time) {
    if (lit.length) return show(lit[0])
    const [first, last] = [spans[0], spans.at(-1)]
    const outside = time < first[0] || (time >= last[1] && transcript.querySelector(".more [rel=next]"))
    if (!outside || sought === Math.floor(time / 10)) return
    sought = Math.floor(time / 10)
    document.dispatchEvent(new CustomEvent("reader:show", { detail: { start: time, end: time } }))
  }

  function show(span) {
    const { top, bottom } = span.getBoundingClientRect()
    if (top > innerHeight * 0.15 && bottom < innerHeight * 0.65) return
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    span.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" })
  }

  // whether the page goes along: until the reader goes elsewhere by themselves

  const following = () => follow?.ariaPressed === "true"

  function setFollowing(wanted) {
    if (!follow) return
    follow.ariaPressed = String(wanted)
    if (wanted && lit.length) show(lit[0])
  }

  follow?.addEventListener("click", () => setFollowing(!following()))
  const leave = () => { if (following()) setFollowing(false) }
  for (const event of ["wheel", "touchmove"]) addEventListener(event, leave, { passive: true })
  addEventListener("keydown", (event) => {
    if (!box.contains(event.target) && /^(Arrow(Up|Down)|Page(Up|Down)|Home|End| )$/.test(event.key)) leave()
  })
  addEventListener("pointerdown", (event) => { if (event.target === document.documentElement) leave() }) // its scrollbar

  // from the text to the recording

  let waiting = 0

  document.addEventListener("click", (event) => {
    const time = event.target.closest(".transcript a.at")
    if (time) {
      if (event.defaultPrevented) from(Number(time.closest("article").dataset.start)) // read.js goes there, on this page
      return
    }
    const span = event.target.closest(".plays span[data-start]")
    if (!span || event.target.closest("a, button, input, label, select") || event.button) return
    clearTimeout(waiting)
    if (event.detail > 1 || !getSelection().isCollapsed) return // words are being selected
    waiting = setTimeout(() => { if (getSelection().isCollapsed) from(Number(span.dataset.start)) }, 250)
  })

  document.addEventListener("reader:moment", ({ detail }) => {
    if (frame) frame.src = frameAt(box.dataset, detail.start)
    else if (media?.isConnected) seek(media, detail.start)
    else box.dataset.start = detail.start
  })
}
