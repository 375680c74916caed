//! What a web server answered, as somebody who reads the page sees it.

use scraper::Html;
use scraper::Selector;

/// A page, a redirect or a refusal.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: String,
    /// The cookie that was set, as it is sent back.
    pub cookie: Option<String>,
    /// The page.
    pub body: String,
}

impl Page {
    /// The text of everything that the selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        self.found(selector, |element| element.text().collect())
    }

    /// The attribute of everything that the selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.found(selector, |element| element.value().attr(name).unwrap_or_default().to_owned())
    }

    /// The value of the first field that the selector finds.
    pub fn value(&self, selector: &str) -> String {
        self.attributes(selector, "value").into_iter().next().unwrap_or_default()
    }

    /// The names of all elements, in order: what a text that breaks out of its place would change.
    pub fn bones(&self) -> Vec<String> {
        self.found("body *", |element| element.value().name().to_owned())
    }

    /// Fails unless it is a redirect to this place.
    pub fn went_to(&self, path: &str) {
        assert_eq!((self.status, self.location.as_str()), (303, path), "{}", self.body);
    }

    fn found<T>(&self, selector: &str, of: impl Fn(scraper::ElementRef<'_>) -> T) -> Vec<T> {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse(selector).expect("a selector")).map(of).collect()
    }
}
