// Keeps an open page up to date. The server tells over a stream that something has changed, and the page then asks what;
// while there is no stream it asks every ten seconds, and says that it is not live. Nothing moves under whoever reads:
// what is new waits behind a button. Without this file a reload does the same.
const ASK_EVERY = 10000;
const SAY_HERE_EVERY = 15000;
// The server says a word every twenty seconds at least.
const DEAD_AFTER = 50000;
const SAY_GONE_AFTER = 5000;
const WRITING_FOR = 30000;
// A page that looks by itself keeps nobody signed in.
const BY_ITSELF = { credentials: "same-origin", headers: { "X-Footbridge-Live": "1" } };

const find = (selector, within = document) => within.querySelector(selector);
const list = find('[data-live="queue"]');
const here = find("[data-here]");
const news = find("[data-news]");
const cut = find("[data-cut]");

// The stream.

let stream, heardAt, triedAt, askedAt, lostAt, known, waiting, busy;

function listen() {
  stream?.close();
  triedAt = heardAt = Date.now();
  stream = new EventSource("/inbox/events");
  stream.onmessage = (event) => {
    heardAt = Date.now();
    lostAt = undefined;
    cut.replaceChildren();
    changed(event.data);
  };
  stream.onerror = () => (lostAt ??= Date.now());
}

function leave() {
  stream?.close();
  stream = lostAt = undefined;
}

async function mind() {
  if (document.hidden) return;
  const now = Date.now();
  if (!stream) return listen();
  if (DEAD_AFTER < now - heardAt) lostAt ??= now;
  if (!lostAt) return;
  const given_up = stream.readyState === EventSource.CLOSED || DEAD_AFTER < now - heardAt;
  if (given_up && ASK_EVERY < now - triedAt) listen();
  if (SAY_GONE_AFTER < now - lostAt && !cut.hasChildNodes()) {
    const time = new Date(lostAt).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    cut.append(paragraph(`Not live since ${time}. Reload to see what is new.`));
  }
  if (ASK_EVERY < now - (askedAt ?? 0)) {
    askedAt = now;
    const answer = await fetch("/inbox/changes", BY_ITSELF).catch(() => undefined);
    if (answer?.ok && !answer.redirected) changed(await answer.text());
  }
}

// Takes one change after another; what could not be shown is tried again at the next word.
async function changed(word) {
  waiting = word;
  if (busy) return;
  busy = true;
  while (waiting !== known) {
    const next = waiting;
    const shown = await (list ? lookAtList() : sayHere()).catch(() => false);
    if (!shown) break;
    known = next;
  }
  busy = false;
}

// What is new, behind one button.

let show;

function tell(words, then) {
  show = then;
  const button = find("button", news) ?? news.appendChild(document.createElement("button"));
  button.type = "button";
  button.onclick = () => show();
  if (button.textContent !== words) button.textContent = words;
}

function paragraph(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  return paragraph;
}

const concernOf = (element) => Number(element.dataset.newest);
const toInbox = () => (location.href = "/inbox");

async function pageOf(answer) {
  if (!answer.ok || answer.redirected) throw new Error("no page");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// The list.

const rowsOf = (list) => new Map([...list.querySelectorAll("[data-referral]")].map((row) => [row.dataset.referral, row]));

async function lookAtList() {
  const fresh = await pageOf(await fetch(location.href, BY_ITSELF));
  const coming = find('[data-live="queue"]', fresh);
  for (const link of document.querySelectorAll("[data-folder]")) {
    const counted = find(`[data-folder="${link.dataset.folder}"]`, fresh);
    if (counted) link.textContent = counted.textContent;
  }
  const [shown, rows] = [rowsOf(list), rowsOf(coming)];
  for (const [reference, row] of shown) bring(row, rows.get(reference));
  const added = [...rows.keys()].filter((reference) => !shown.has(reference));
  if (concernOf(list) < concernOf(coming)) {
    const at = [...rows.values()].find((row) => row.matches(".fb-row--concern"));
    tell("A new concern is open: show", at ? () => swap(fresh, coming, at.dataset.referral) : toInbox);
  } else if (added.length) {
    tell(`${added.length} new: show`, () => swap(fresh, coming, added[0]));
  } else if (!find("button", news)?.textContent.startsWith("A new concern")) {
    news.replaceChildren();
  }
  return true;
}

// The side of a row says how it stands; nothing in it can be focused.
function bring(row, next) {
  const side = find(".fb-row__side", row);
  if (!next) {
    if (!row.matches(".fb-row--gone")) side.append(paragraph("Not in this list any more"));
    return row.classList.add("fb-row--gone");
  }
  const now = find(".fb-row__side", next);
  if (side.innerHTML !== now.innerHTML) side.replaceChildren(...now.cloneNode(true).childNodes);
  row.className = next.className;
}

function swap(fresh, coming, first) {
  const chosen = [...list.querySelectorAll("input:checked")].map((box) => box.id);
  list.replaceChildren(...coming.childNodes);
  list.dataset.newest = coming.dataset.newest;
  for (const id of chosen) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  for (const field of document.querySelectorAll("#bulk input[type=hidden]")) {
    field.value = find(`#bulk [name="${field.name}"]`, fresh)?.value ?? field.value;
  }
  news.replaceChildren();
  find(`[data-referral="${first}"] a`, list)?.focus();
}

// A case.

let typedAt = 0;
const isWriting = () => Date.now() - typedAt < WRITING_FOR;

async function sayHere() {
  const body = new URLSearchParams({ heard: here.dataset.heard, writing: isWriting() });
  const fresh = await pageOf(await fetch(here.dataset.here, { ...BY_ITSELF, method: "POST", body }));
  const now = find("[data-new]", fresh);
  if (now.innerHTML !== here.innerHTML) here.replaceChildren(...now.childNodes);
  const count = Number(now.dataset.new);
  if (concernOf(here) < concernOf(now)) {
    tell("A new concern is open: show", now.dataset.concernHere === "true" ? () => showCase("concerns") : toInbox);
  } else if (count) {
    tell(count === 1 ? "1 new message: show" : `${count} new messages: show`, () => showCase("thread"));
  }
  return true;
}

// What is being filled in stays as it is. The forms speak for the case as the page shows it: where a part that says how
// the case stands could not be brought up to date, they go on speaking for the older one, and the server says so.
async function showCase(part) {
  const fresh = await pageOf(await fetch(location.href, { credentials: "same-origin" }));
  let whole = true;
  find("[data-standing]").replaceChildren(...find("[data-standing]", fresh).childNodes);
  for (const old of document.querySelectorAll("section[data-part]")) {
    const name = old.dataset.part;
    const now = find(`section[data-part="${name}"]`, fresh);
    if (!now) continue;
    if (!inUse(old)) old.replaceChildren(...now.childNodes);
    else if (name === "thread") find(".fb-thread", old).replaceChildren(...find(".fb-thread", now).childNodes);
    else whole &&= name === "notes";
  }
  for (const name of whole ? ["version", "heard"] : []) {
    const value = find(`input[name="${name}"]`, fresh)?.value;
    for (const field of document.querySelectorAll(`input[name="${name}"]`)) field.value = value ?? field.value;
  }
  Object.assign(here.dataset, find("[data-here]", fresh).dataset);
  news.replaceChildren();
  const thread = find(".fb-thread-frame");
  thread.scrollTop = thread.scrollHeight;
  (find(`[data-part="${part}"] h3 a`) ?? thread).focus();
}

function inUse(part) {
  const isFilled = (field) =>
    field.matches("select") ? 0 < field.selectedIndex : field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const fields = [...part.querySelectorAll("textarea, select, input:not([type=hidden])")];
  return part.contains(document.activeElement) || find("details[open]", part) !== null || fields.some(isFilled);
}

if ((list || here) && news) {
  listen();
  setInterval(mind, 1000);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : mind()));
}
if (here && news) {
  setInterval(() => document.hidden || sayHere().catch(() => undefined), SAY_HERE_EVERY);
  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    const begins = !isWriting();
    typedAt = Date.now();
    if (begins) sayHere().catch(() => undefined);
  });
  addEventListener("pagehide", () => navigator.sendBeacon(here.dataset.here, new URLSearchParams({ gone: "true" })));
}
