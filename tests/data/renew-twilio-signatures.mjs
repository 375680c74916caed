// Renews twilio-signatures.json with the signatures that Twilio's own library computes.
//
//   npm install twilio@6.2.0 && node renew-twilio-signatures.mjs > twilio-signatures.json
//
// The forms come from a generator with a fixed seed, so a renewed file differs only where the library does.
import twilio from "twilio";

let state = 20261121;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const below = (limit) => Math.floor(random() * limit);
const pick = (list) => list[below(list.length)];
const repeat = (count, make) => Array.from({ length: count }, make);

const HOSTS = ["https://sp.example.org", "https://sp.example.org:8443", "https://sp.example.org:443", "http://127.0.0.1:8080", "http://localhost"];
const PATHS = ["/channels/twilio/inbound", "/channels/twilio/status", "/h", "/a/b/c", "/"];
const QUERIES = ["", "?o=0198f0c2-7b1e-7c3a-9d4e-5f60718293a4", "?tenant=a%20b&x=1", "?x=", "?b=2&a=1&a=1", "?q=%2B44"];
const NAMES = ["Body", "From", "To", "MessageSid", "AccountSid", "NumMedia", "NumSegments", "OptOutType", "body", "FromCity", "Z", "a", "A1", "A10", "A2", "New_Parameter"];
const PIECES = ["yes", "no thanks", " ", "  ", "\n", "\t", "£5", "€", "👍🏽", "ŵ ŷ", "ok & fine", "a=b", "100%", "+447700900123", "\u0000", "’", "مرحبا", "%20", "+", "", "ⓈⓉⓄⓅ", "e\u0301", "é", "\u200b", "#", "?", "\"", "\\", "\u007f", "\r\n"];

function vector() {
  const token = repeat(32, () => "0123456789abcdef"[below(16)]).join("");
  const url = pick(HOSTS) + pick(PATHS) + pick(QUERIES);
  const pairs = repeat(below(12), () => [pick(NAMES), repeat(below(5), () => pick(PIECES)).join("")]);
  const params = {};
  for (const [name, value] of pairs) {
    params[name] = name in params ? [].concat(params[name], value) : value;
  }
  const signature = twilio.getExpectedTwilioSignature(token, url, params);
  return { token, url, body: new URLSearchParams(pairs).toString(), signature };
}

console.log("[\n" + repeat(200, () => JSON.stringify(vector())).join(",\n") + "\n]");
