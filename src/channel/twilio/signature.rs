//! `X-Twilio-Signature`: proof that a webhook comes from Twilio.
//!
//! It is the base64 of HMAC-SHA1, keyed with the account's token, over the address as configured, the query as
//! received, and the form's decoded names and values, each pair once, sorted by name and value.
//!
//! Invariant: every token and every spelling of the address is tried, whatever the first ones gave, and compared in
//! constant time.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha1::Sha1;
use subtle::Choice;
use subtle::ConstantTimeEq;

use crate::domain::account::BaseUrl;
use crate::domain::secret::Secret;

/// A decoded form.
type Pairs<'a> = [(Cow<'a, str>, Cow<'a, str>)];

/// Whether the signature was made with one of our tokens over this request.
///
/// Twilio is not consistent about the port, so the address counts with and without it.
#[must_use]
pub fn is_right(
    given: &str,
    tokens: &[Secret],
    public_url: &BaseUrl,
    path_and_query: &str,
    form: &Pairs<'_>,
) -> bool {
    let path_and_query = path_and_query.split('#').next().unwrap_or(path_and_query);
    let bases = [public_url.without_port(), public_url.with_port()];
    let mut right = Choice::from(0);
    for token in tokens {
        for base in &bases {
            let expected = expected(token, &format!("{base}{path_and_query}"), form);
            right |= expected.as_bytes().ct_eq(given.as_bytes());
        }
    }
    right.into()
}

/// The signature that Twilio would send for this address and form.
#[must_use]
pub fn expected(token: &Secret, url: &str, form: &Pairs<'_>) -> String {
    // HMAC takes a key of any length, so this cannot fail; an empty signature would match no request's.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose().as_bytes()) else {
        return String::new();
    };
    mac.update(url.as_bytes());
    let sorted: BTreeSet<_> = form.iter().collect();
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::twilio::form::Form;

    const TOKEN: &str = "12345678901234567890123456789012";
    const MY_COMPANY: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const CALL: &str =
        "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";

    fn signed(token: &str, url: &str, body: &str) -> String {
        expected(&Secret::from(token.to_owned()), url, &Form::read(body.as_bytes()).0)
    }

    #[test]
    fn signatures_are_those_that_twilios_own_libraries_compute() {
        let first = format!(
            "MessageSid=SM{}&From=%2B447700900123&To=%2B447700900999&Body=Yes+please+%C2%A3+%F0%9F%91%8D%0Aline2&NumMedia=0&NumSegments=1&OptOutType=",
            "a".repeat(32)
        );
        for (url, body, signature) in [
            ("https://sp.example.org/hooks/twilio/sms", &*first, "MelBKylPl7Jjg9LdHDP0r+O85NM="),
            (
                "https://sp.example.org/hooks/twilio/sms?tenant=a%20b&x=1",
                "Body=&From=%2B447700900123",
                "JzBDISmJOgR3tiXGPNd2afgAyig=",
            ),
            ("https://sp.example.org:8443/h", "A=1&a=2&B=3", "H0aKDYUAS/3pFChHdc73nIEXk5Y="),
            ("https://sp.example.org/h", "K=2&K=1&K=1", "f2aZlkp1KhVKpBM450aNvlhCdZQ="),
            ("https://sp.example.org/h", "", "FFWiORYGuT3zTc39UC4pJpBAMwk="),
        ] {
            assert_eq!(signed(TOKEN, url, body), signature, "{url}");
        }
        let repeated = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        let with_hash = format!(
            "{MY_COMPANY}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
        );
        for (url, body, signature) in [
            (MY_COMPANY, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("https://mycompany.com:443/myapp.php?foo=1&bar=2", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
            ("http://mycompany.com:80/myapp.php?foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            (MY_COMPANY, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
            // A JSON body is not signed itself: the address carries its hash.
            (&with_hash, "", "a9nBmqA0ju/hNViExpshrM61xv4="),
        ] {
            assert_eq!(signed("12345", url, body), signature, "{url}");
        }
    }

    fn is_right_at(base: &str, path_and_query: &str, given: &str, tokens: &[&str]) -> bool {
        let tokens: Vec<Secret> = tokens.iter().map(|token| Secret::from((*token).to_owned())).collect();
        let base: BaseUrl = base.parse().expect("an address");
        is_right(given, &tokens, &base, path_and_query, &Form::read(CALL.as_bytes()).0)
    }

    #[test]
    fn the_port_may_be_signed_or_not() {
        let path = "/myapp.php?foo=1&bar=2";
        for signature in ["RSOYDt4T1cUTdK1PDd93/VVr8B8=", "kvajT1Ptam85bY51eRf/AJRuM3w="] {
            assert!(is_right_at("https://mycompany.com", path, signature, &["12345"]));
            assert!(is_right_at("https://mycompany.com:443", path, signature, &["12345"]));
        }
        let other_port = "kvajT1Ptam85bY51eRf/AJRuM3w=";
        assert!(!is_right_at("https://mycompany.com:8443", path, other_port, &["12345"]));
    }

    #[test]
    fn any_of_our_tokens_will_do_and_no_other() {
        let path = "/myapp.php?foo=1&bar=2";
        let given = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_right_at("https://mycompany.com", path, given, &["new", "12345"]));
        assert!(is_right_at("https://mycompany.com", path, given, &["12345", "old"]));
        assert!(!is_right_at("https://mycompany.com", path, given, &["new", "old"]));
        assert!(!is_right_at("https://mycompany.com", path, given, &[]));
        for wrong in ["", " ", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "rsoydt4t1cutdk1pdd93/vvr8b8=", "é"] {
            assert!(!is_right_at("https://mycompany.com", path, wrong, &["12345"]), "{wrong}");
        }
    }

    #[test]
    fn a_fragment_is_not_signed() {
        let path = "/myapp.php?foo=1&bar=2#rc=3&rp=5xx";
        let given = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_right_at("https://mycompany.com", path, given, &["12345"]));
    }
}
