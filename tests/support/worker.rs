//! A link worker at the inbox, and how the routes are asked without a port.

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::http::Request;
use axum::http::header;
use tower::ServiceExt;

use crate::support::app::PUBLIC_URL;
use crate::support::page::Page;

/// Asks a route.
pub async fn ask(router: &Router, request: axum::http::request::Builder, body: String) -> Page {
    let request = request.body(Body::from(body)).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let told = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, location) = (response.status().as_u16(), told(header::LOCATION).unwrap_or_default());
    let cookie = told(header::SET_COOKIE).and_then(|cookie| cookie.split(';').next().map(str::to_owned));
    // What goes on for as long as somebody listens has no end to wait for.
    if told(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
        return Page { status, location, cookie, body: String::new() };
    }
    let body = to_bytes(response.into_body(), 10_000_000).await.expect("a body");
    Page { status, location, cookie, body: String::from_utf8_lossy(&body).into_owned() }
}

/// A link worker in a browser.
pub struct Worker {
    router: Router,
    cookie: Option<String>,
}

impl Worker {
    /// Somebody who signs in.
    pub async fn signed_in(router: Router, email: &str, password: &str) -> Self {
        let mut worker = Self { router, cookie: None };
        let signed_in = worker.post("/sign-in", &[("email", email), ("password", password)]).await;
        signed_in.went_to("/inbox");
        worker.cookie = signed_in.cookie;
        worker
    }

    /// Somebody who is not signed in.
    pub fn stranger(router: Router) -> Self {
        Self { router, cookie: None }
    }

    /// Keeps the cookie that an answer set, as a browser would.
    pub fn keep(&mut self, page: &Page) {
        self.cookie = page.cookie.clone().or(self.cookie.take());
    }

    /// The cookie of whoever is signed in.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The same browser, as somebody who has stolen its cookie has it.
    pub fn copy(&self) -> Self {
        Self { router: self.router.clone(), cookie: self.cookie.clone() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        ask(&self.router, self.with_cookie(Request::get(path)), String::new()).await
    }

    /// Opens a page with a header.
    pub async fn get_with(&self, path: &str, (name, value): (&str, &str)) -> Page {
        ask(&self.router, self.with_cookie(Request::get(path)).header(name, value), String::new()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::ORIGIN, PUBLIC_URL)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        ask(&self.router, self.with_cookie(request), body).await
    }

    /// The references in a part of the inbox, from the top, each with its row.
    pub async fn queue(&self, view: &str) -> Vec<(String, String)> {
        let page = self.get(&format!("/inbox?show={view}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let references = page.attributes("[data-referral]", "data-referral");
        references.into_iter().zip(page.all("[data-referral]")).collect()
    }

    /// The page of a case.
    pub async fn case(&self, reference: &str) -> Page {
        let page = self.get(&format!("/inbox/referrals/{reference}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page
    }

    /// Opens a case and presses a button of it.
    pub async fn press(&self, reference: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.case(reference).await;
        self.press_on(&page, reference, action, fields).await
    }

    /// Presses a button of a page that was opened before.
    pub async fn press_on(
        &self,
        page: &Page,
        reference: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let form = "form[action$='/note']";
        let (version, key) =
            (page.value(&format!("{form} [name=version]")), page.value(&format!("{form} [name=key]")));
        let hidden = [("version", version.as_str()), ("key", key.as_str())];
        self.post(&format!("/inbox/referrals/{reference}/{action}"), &[&hidden, fields].concat()).await
    }

    fn with_cookie(&self, request: axum::http::request::Builder) -> axum::http::request::Builder {
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }
}
