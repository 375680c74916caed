// Asks every ten seconds whether anything has changed, on whichever server, and then brings the list up to date.
// What somebody is reading with the keyboard is never moved. Without this file a reload does the same.
const EVERY_MILLISECONDS = 10000;
// A page that looks by itself keeps nobody signed in.
const BY_ITSELF = { credentials: "same-origin", headers: { "X-Footbridge-Live": "1" } };
let known;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/inbox/changes", BY_ITSELF);
    if (!answer.ok || answer.redirected) return;
    const now = await answer.text();
    // The first look also shows what came while the page was on its way.
    if (known === now || !(await show())) return;
    known = now;
  } catch {
    // The server is starting again, or the line is broken: the next look will tell.
  }
}

async function show() {
  const answer = await fetch(location.href, BY_ITSELF);
  if (!answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!now || now.innerHTML === old.innerHTML) continue;
    if (old.contains(document.activeElement)) return false;
    old.replaceChildren(...now.childNodes);
  }
  return true;
}

if (document.querySelector('[data-live="queue"]')) {
  look();
  setInterval(look, EVERY_MILLISECONDS);
}
