// The transcript goes on as one scrolls, and the timeline and the lists lead to their moment without a new page.
//
// Other modules may ask for a moment, and are told of it and of what was added:
//   document.dispatchEvent(new CustomEvent("reader:show", {detail: {start: 220, end: 240}}))
//   "reader:moment" {start, end}: a reader went there;  "reader:part" {section}: a part of the text was added

const transcript = document.querySelector(".transcript")
const timeline = document.querySelector(".timeline")
const starts = transcript.dataset.starts.split(",").map(Number)
const AHEAD = "1200px 0px"

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }))
const parts = () => [...transcript.querySelectorAll(":scope > .part")]

async function fetched(path, selector) {
  const response = await fetch(path)
  if (!response.ok) throw new Error(response.statusText)
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return document.adoptNode(page.querySelector(selector))
}

function partPath(number) {
  const url = new URL(location.href)
  url.searchParams.delete("part")
  return `${url.pathname}/part/${number}${url.search}`
}

// parts before and after those that are there

const loading = new Set()

async function load(link) {
  const here = link.closest(".part")
  const before = link.rel === "prev"
  const number = Number(here.dataset.part) + (before ? -1 : 1)
  if (loading.has(number)) return
  loading.add(number)
  try {
    const section = await fetched(partPath(number), ".part")
    if (!here.isConnected) return
    const top = here.getBoundingClientRect().top
    link.closest(".more").remove()
    section.querySelector(`.more [rel=${before ? "next" : "prev"}]`)?.closest(".more").remove()
    before ? here.before(section) : here.after(section)
    if (before) window.scrollBy({ top: here.getBoundingClientRect().top - top, behavior: "instant" })
    added(section)
  } catch {
    near.unobserve(link) // it stays a link
  } finally {
    loading.delete(number)
  }
}

const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => load(entry.target)),
  { rootMargin: AHEAD },
)

let upwards = false

function watch() {
  transcript.querySelectorAll(".more [rel=next]").forEach((link) => near.observe(link))
  if (upwards) transcript.querySelectorAll(".more [rel=prev]").forEach((link) => near.observe(link))
}

function added(section) {
  watch()
  tell("reader:part", { section })
}

// whoever opens a page in the middle sees its head first: what comes before waits until they scroll up
let last = scrollY
addEventListener("scroll", () => {
  if (!upwards && scrollY < last - 10) {
    upwards = true
    watch()
  }
  last = scrollY
}, { passive: true })

// a moment

async function partAt(seconds) {
  let number = starts.findLastIndex((start) => start <= seconds) + 1 || 1
  const there = parts().find((part) => Number(part.dataset.part) === number)
  if (there) return there
  const section = await fetched(partPath(number), ".part")
  const old = parts()
  old[0].before(section)
  old.forEach((part) => part.remove())
  added(section)
  return section
}

const time = (span, end) => Number(end ? span.dataset.end : span.dataset.start)

function said(start, end) {
  const articles = [...transcript.querySelectorAll("article")].filter(
    (article) => time(article) < end && time(article, true) > start,
  )
  return articles
    .flatMap((article) => [...article.querySelectorAll("span[data-start]")])
    .filter((span) => time(span) < end && time(span, true) > start)
}

function next(section, start) {
  const spans = [...section.querySelectorAll("span[data-start]")]
  return spans.find((span) => time(span, true) > start) ?? spans.at(-1)
}

function mark(spans) {
  transcript.querySelectorAll(".moment").forEach((one) => one.classList.remove("moment"))
  spans.forEach((span) => span.classList.add("moment"))
}

async function show(start, end = start + 1) {
  const section = await partAt(start)
  const spans = said(start, end)
  mark(spans)
  const first = spans[0] ?? next(section, start)
  first.tabIndex = -1
  first.focus({ preventScroll: true })
  first.scrollIntoView({ block: "center", behavior: "instant" })
  place(start, end)
}

function place(start, end) {
  const svg = timeline.querySelector("svg")
  const now = svg.querySelector(".now") ?? svg.insertBefore(svg.querySelector(".ground").cloneNode(), svg.children[1])
  const { width } = svg.viewBox.baseVal
  const column = width / Number(timeline.dataset.duration)
  now.setAttribute("class", "now")
  now.setAttribute("x", Math.min(start * column, width - 2))
  now.setAttribute("width", Math.max((end - start) * column, 2))
}

/** What an address asks for beside a moment: another mode, another language are pages of their own. */
function beside(address) {
  const asked = new URLSearchParams(address.search)
  for (const name of ["t", "part"]) asked.delete(name)
  asked.sort()
  return String(asked)
}

let shown = location.search

function go(start, end, address) {
  history.pushState(null, "", address)
  shown = location.search
  show(start, end).then(() => tell("reader:moment", { start, end }), () => location.assign(address))
}

document.addEventListener("reader:show", ({ detail }) => show(detail.start, detail.end))
addEventListener("popstate", () => {
  if (location.search === shown) return // a link went to a place of this page
  // the page brings its moment into sight; else the browser may put it where the page that is left was, whichever is last
  if (new URLSearchParams(location.search).has("t")) history.scrollRestoration = "manual"
  location.reload()
})

document.addEventListener("click", (event) => {
  const link = event.target.closest("a")
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const url = new URL(link.href, location.href)
  const asked = url.searchParams.get("t")
  if (!asked || url.pathname !== location.pathname || url.host !== location.host || url.hash) return
  if (beside(url) !== beside(location)) return
  if (url.searchParams.get("find")) return // that page has its own hits
  const [start, end = start + 1] = asked.split(",").map(Number)
  event.preventDefault()
  go(start, end, url)
})

timeline.querySelector("svg").addEventListener("click", (event) => {
  const box = event.currentTarget.getBoundingClientRect()
  const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1)
  const start = Math.floor(share * Number(timeline.dataset.duration))
  const url = new URL(location.href)
  const kept = [...url.searchParams].filter(([name]) => ["a", "correct"].includes(name))
  url.search = new URLSearchParams([["t", start], ...kept])
  go(start, start + 1, url)
})

// chapters of a long debate, once they are asked for

const chapters = document.querySelector("details.chapters")

async function loadChapters() {
  const waiting = chapters.querySelector(".load")
  if (!chapters.open || !waiting || chapters.hasAttribute("aria-busy")) return
  chapters.setAttribute("aria-busy", "true")
  try {
    const list = await fetched(chapters.dataset.load + location.search, ".chapter-list")
    waiting.replaceWith(list)
    draw(list.dataset.ticks.split(",").map(Number))
  } catch {
    chapters.removeEventListener("toggle", loadChapters) // the link stays
  }
  chapters.removeAttribute("aria-busy")
}

function draw(ticks) {
  const group = timeline.querySelector("g.chapters")
  for (const x of ticks) {
    const tick = document.createElementNS("http://www.w3.org/2000/svg", "rect")
    for (const [name, value] of Object.entries({ x, y: 0, width: 1, height: 8 })) tick.setAttribute(name, value)
    group.append(tick)
  }
}

chapters.addEventListener("toggle", loadChapters)
// beside the text there is room for them
if (matchMedia("(min-width: 60rem)").matches && !chapters.querySelector(".load")) chapters.open = true
watch()
