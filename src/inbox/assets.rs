//! The style sheet and the icon, inside the binary.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;

/// Compiled from `web/` by `web/build`; the licence of what it holds stands beside it.
pub const STYLE: &str = include_str!("assets/inbox.css");
const ICON: &str = include_str!("assets/favicon.svg");
const DEMO: &str = include_str!("assets/demo.js");
const LIVE: &str = include_str!("assets/live.js");
const WRITE: &str = include_str!("assets/write.js");
const LICENCE: &str = include_str!("assets/LICENCE-nhsuk-frontend.txt");

/// Answers with one of them.
pub async fn asset(Path(name): Path<String>) -> Response {
    let (kind, body) = match name.as_str() {
        "inbox.css" => ("text/css; charset=utf-8", STYLE),
        "favicon.svg" => ("image/svg+xml", ICON),
        "demo.js" => ("text/javascript; charset=utf-8", DEMO),
        "live.js" => ("text/javascript; charset=utf-8", LIVE),
        "write.js" => ("text/javascript; charset=utf-8", WRITE),
        "licence.txt" => ("text/plain; charset=utf-8", LICENCE),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // Short, because a new version keeps the names.
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_for_from_elsewhere() {
        for text in [STYLE, ICON, DEMO, LIVE, WRITE] {
            let text = text.to_lowercase();
            for mark in ["frutiger", "assets.nhs.uk", "@import", "url(", "src=\"http", "<image"] {
                assert!(!text.contains(mark), "{mark}");
            }
        }
    }
}
