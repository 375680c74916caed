//! What stands around every page: forms from elsewhere are refused, and browsers are told what a page may do.
//!
//! Invariant: a request that changes something comes from one of our own pages.

use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::http::header::HOST;
use axum::http::header::ORIGIN;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::inbox::brand::Brand;
use crate::inbox::refusal::Refusal;

/// What the fence must know.
#[derive(Debug, Clone)]
pub struct Fence {
    /// The public address, such as `https://footbridge.example`.
    pub base: String,
    /// Whose name and logo stand in the head of every page.
    pub brand: Brand,
    /// The demo shows its pages in frames of its own, and looks for news by itself.
    pub demo: bool,
}

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'";
const DEMO_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; frame-src 'self'; connect-src 'self'";

/// The middleware around every page.
pub async fn keep(State(fence): State<Fence>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let lured = fence.demo && !is_this_machine(request.headers());
    let mut response = if lured || (changes && !is_our_own(request.headers(), &fence.base)) {
        fence.brand.clone().around(async { Refusal::ComesFromElsewhere.into_response() }).await
    } else {
        fence.brand.clone().around(next.run(request)).await
    };
    tell_browser(response.headers_mut(), &fence);
    response
}

/// The rule of Go's `http.CrossOriginProtection`, but stricter: a browser that says neither is refused.
fn is_our_own(headers: &HeaderMap, base: &str) -> bool {
    let said = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (said(&HeaderName::from_static("sec-fetch-site")), said(&ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(from)) => origin(from).is_some_and(|from| Some(from) == origin(base)),
        (None, None) => false,
    }
}

/// Whether the browser believes that it speaks with this machine. A page elsewhere can have its own name lead here, and
/// then counts as ours; the demo's phones ask for no password.
fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_loopback = name.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    is_loopback || name == "localhost" || host.starts_with("[::1]")
}

/// Scheme, host and port of an address, as browsers write them: without the port that goes without saying.
fn origin(address: &str) -> Option<(&str, String)> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split('/').next()?;
    let usual = if scheme == "https" { ":443" } else { ":80" };
    Some((scheme, authority.strip_suffix(usual).unwrap_or(authority).to_ascii_lowercase()))
}

fn tell_browser(headers: &mut HeaderMap, fence: &Fence) {
    let policy = if fence.demo { DEMO_POLICY } else { PAGE_POLICY };
    let mut tell = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    tell(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    tell(header::REFERRER_POLICY, "no-referrer");
    tell(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    tell(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    tell(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if fence.base.starts_with("https://") {
        tell(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // A picture of somebody else says for itself that nothing runs in it.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    // A case must not be found in the cache of a shared computer.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://footbridge.example";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_forms_are_taken() {
        for (pairs, taken) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", BASE)], false),
            (&[("origin", BASE)], true),
            (&[("origin", "https://footbridge.example.evil.example")], false),
            (&[("origin", "https://footbridge.example:444")], false),
            (&[("origin", "http://footbridge.example")], false),
            (&[("origin", "http://footbridge.example:443")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ] {
            assert_eq!(is_our_own(&headers(pairs), BASE), taken, "{pairs:?}");
        }
        for base in ["https://Footbridge.example:443", "https://footbridge.example/below"] {
            assert!(is_our_own(&headers(&[("origin", BASE)]), base), "{base}");
        }
    }

    #[test]
    fn the_demo_is_called_by_the_names_of_this_machine_only() {
        for (host, ours) in [
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("localhost", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_this_machine(&headers(&[("host", host)])), ours, "{host}");
        }
    }

    #[test]
    fn pages_may_hold_nothing_from_elsewhere_and_stand_in_no_frame() {
        let mut told = HeaderMap::new();
        tell_browser(&mut told, &Fence { base: BASE.to_owned(), brand: Brand::default(), demo: false });
        let policy = told[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains("http"));
        assert_eq!(told[header::CACHE_CONTROL], "no-store");
    }
}
