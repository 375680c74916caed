// Says below the box for a text how many texts it makes, what they cost, and which letter makes them dear, while somebody
// types. Counts as src/wording/sms.rs does: a test holds the two together. Without this file a plain hint stands there.
const BASIC = "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz¡£¤¥§¿ÄÅÆÉÑÖØÜßàäåæÇèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ";
const EXTENDED = "\f[\\]^{|}~€";
// Longer than the pause between two letters: a screen reader is told when somebody has stopped typing.
const TOLD_AFTER_MILLISECONDS = 1200;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

function septets(letter) {
  if (BASIC.includes(letter)) return 1;
  return EXTENDED.includes(letter) ? 2 : 0;
}

function countParts(text) {
  const letters = [...text];
  const dear = letters.filter((letter) => !septets(letter));
  if (!dear.length) return { encoding: "GSM-7", ...intoParts(letters.map(septets), 160, 153), dear };
  const graphemes = [...GRAPHEMES.segment(text)].map((piece) => piece.segment);
  const sizes = graphemes.flatMap((piece) => (piece === "\r\n" ? [1, 1] : [piece.length]));
  const named = graphemes.filter((piece) => [...piece].some((letter) => !septets(letter)));
  return { encoding: "UCS-2", ...intoParts(sizes, 70, 67), dear: [...new Set(named)] };
}

// One text may hold `single`, each of several `joined`; no letter is torn apart.
function intoParts(sizes, single, joined) {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole <= single) return { parts: 1, left: single - whole };
  let [parts, used] = [1, 0];
  for (const size of sizes) {
    if (joined < used + size) [parts, used] = [parts + 1, 0];
    used += size;
  }
  return { parts, left: joined - used };
}

function dearWords(letter) {
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(letter)) return `the emoji ${letter}`;
  if (/[\u2018-\u201f\u2032\u2033]/u.test(letter)) return `the curly quote ${letter}`;
  if (/[\u2010-\u2015\u2212]/u.test(letter)) return `the long dash ${letter}`;
  if (letter === "\u2026") return "the three dots in one letter …";
  if (/^[\s\p{Cf}]+$/u.test(letter)) return "a space that is no plain space";
  return `the letter ${letter}`;
}

function partsWords(text, price) {
  const { parts, left, dear } = countParts(text);
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const pence = Math.ceil((parts * price) / 100);
  const amount = pence < 100 ? `${pence}p` : `£${(pence / 100).toFixed(2)}`;
  const count = parts === 1 ? `1 text, ${plural(left, "letter")} left` : `${parts} texts`;
  const cost = price ? `, about ${amount}` : "";
  if (!dear.length) return `${count}${cost}.`;
  const shown = dear.slice(0, 3).map(dearWords);
  const last = shown.pop();
  const names = shown.length ? `${shown.join(", ")} and ${last}` : last;
  return `${count}${cost}. A text holds only 70 letters because of ${names}.`;
}

function watchParts(place) {
  const box = document.getElementById(place.dataset.partsOf);
  const said = place.parentElement.querySelector("[data-parts-said]");
  const hint = place.textContent;
  let telling;
  const tell = () => {
    // As the server takes it: without the space around it, and a tab is a space.
    const text = box.value.trim().replaceAll("\t", " ");
    const words = text ? partsWords(text, Number(place.dataset.partPrice || 0)) : hint;
    if (place.textContent === words) return;
    place.textContent = words;
    clearTimeout(telling);
    telling = setTimeout(() => (said.textContent = text ? words : ""), TOLD_AFTER_MILLISECONDS);
  };
  box.addEventListener("input", tell);
  tell();
}

// A ready-made text is put below what stands in the box, and never sent by itself.
function putReadyTexts(form) {
  const box = document.getElementById(form.dataset.readyFor);
  const told = document.getElementById("reply-told");
  form.addEventListener("submit", (event) => {
    const chosen = form.querySelector("option:checked");
    event.preventDefault();
    box.value = `${box.value}\n${chosen.dataset.text}`.trim();
    told.textContent = chosen.dataset.told || "";
    box.dispatchEvent(new Event("input"));
    box.focus();
  });
}

// What is typed is kept on the server a moment after somebody has stopped typing, and again until it is.
const KEPT_AFTER_MILLISECONDS = 1500;
const AGAIN_AFTER_MILLISECONDS = 5000;

function keepDraft(box) {
  const said = document.getElementById(`${box.id}-draft`);
  let [waiting, sending] = [undefined, new AbortController()];
  const keep = async () => {
    const typed = box.value;
    const form = { method: "POST", body: new URLSearchParams({ text: typed, key: box.form.elements.key.value }), redirect: "manual" };
    try {
      const answer = await fetch(box.dataset.draft, { ...form, signal: sending.signal });
      // Kept, it leads back to the case, where we are already.
      if (answer.type === "opaqueredirect") {
        const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
        said.textContent = typed.trim() ? `Draft kept ${time}` : "";
        return;
      }
      said.textContent = answer.status === 401 ? "Not kept: you have been signed out" : "Not kept: it was not taken";
    } catch {
      if (sending.signal.aborted) return;
      said.textContent = "Not kept: no connection";
      waiting = setTimeout(keep, AGAIN_AFTER_MILLISECONDS);
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEPT_AFTER_MILLISECONDS);
  });
  // What is sent is no draft any more.
  box.form.addEventListener("submit", () => {
    clearTimeout(waiting);
    sending.abort();
  });
  // The page may be shown once more as it was, when somebody goes back to it.
  addEventListener("pageshow", () => (sending = new AbortController()));
}

document.querySelectorAll("[data-draft]").forEach(keepDraft);
document.querySelectorAll("[data-parts-of]").forEach(watchParts);
document.querySelectorAll("[data-ready-for]").forEach(putReadyTexts);
