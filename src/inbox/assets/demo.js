// Demo only: looks every two seconds whether the page has changed, and swaps the parts marked with data-live.
// What somebody types is never touched: forms stand outside those parts. Without this file a reload does the same.
const EVERY_MILLISECONDS = 2000;

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.querySelector(`[data-live="${old.dataset.live}"]`);
      if (!now || now.innerHTML === old.innerHTML || old.contains(document.activeElement)) continue;
      old.replaceChildren(...now.childNodes);
      if (old.dataset.live === "texts") scrollTo(0, document.body.scrollHeight);
    }
  } catch {
    // The demo has been stopped, or is starting again: the next look will tell.
  }
}

if (document.querySelector("[data-live]")) {
  if (document.querySelector('[data-live="texts"]')) scrollTo(0, document.body.scrollHeight);
  setInterval(look, EVERY_MILLISECONDS);
}
