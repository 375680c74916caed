// Renews sms-parts.json: what Twilio's own calculator says of edge cases and of random texts.
//
//   npm install --no-save --prefix SOME_FOLDER sms-segments-calculator@1.3.0
//   NODE_PATH=SOME_FOLDER/node_modules node tests/data/renew-sms-parts.mjs
//
// The random texts come from a fixed seed, so that a second run changes nothing.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const { SegmentedMessage } = require('sms-segments-calculator');

let state = 20261122;
const random = (below) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % below;
};

const plain = [...'abc XYZ 019 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&\'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n'];
const extended = [...'€^{}\\[]~|\f'];
const wide = [...'ŵŷłżąęіїพ字ñ“”’–…'];
const tall = [...'👍😀🏴🧡', '👩‍👩‍👧', '🇬🇧', '👍🏽', 'é', 'ẃ', 'ą́', 'नि'];

const texts = [''];
for (const length of [1, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307, 459, 460]) {
  texts.push('a'.repeat(length));
  texts.push('a'.repeat(length - 1) + '€');
  texts.push('€' + 'a'.repeat(length - 1));
  texts.push('a'.repeat(length - 1) + 'ŵ');
  texts.push('a'.repeat(Math.max(0, length - 2)) + '👍');
  texts.push('a'.repeat(Math.max(0, length - 1)) + '👍b');
}
for (const before of [150, 151, 152, 153]) texts.push('a'.repeat(before) + '€' + 'b'.repeat(10));
for (const before of [64, 65, 66, 67, 68, 69]) texts.push('ŵ'.repeat(before) + '👍' + 'b'.repeat(10));
for (const before of [60, 62, 64, 66]) texts.push('a'.repeat(before) + '👩‍👩‍👧' + 'b'.repeat(10));
for (const repeats of [35, 36, 80, 81]) texts.push('€'.repeat(repeats), '👍'.repeat(repeats));
texts.push('Dŵr Cymru', 'It’s “fine” – ok…', 'line one\nline two', 'line one\r\nline two', '`');
for (let i = 0; i < 160; i += 1) {
  const kinds = [plain];
  if (random(2)) kinds.push(extended);
  if (!random(4)) kinds.push(wide);
  if (!random(5)) kinds.push(tall);
  let text = '';
  for (let left = random(480); 0 < left; left -= 1) {
    const letters = kinds[random(8) ? 0 : random(kinds.length)];
    text += letters[random(letters.length)];
  }
  texts.push(text);
}

const rows = texts.map((text) => {
  const message = new SegmentedMessage(text);
  return JSON.stringify({ text, encoding: message.getEncodingName(), parts: message.segmentsCount });
});
writeFileSync(new URL('sms-parts.json', import.meta.url), `[\n${rows.join(',\n')}\n]\n`);
