//! Whose inbox this is: the organisation's name and logo in the head of every page, or else our own.
//!
//! Invariant: a logo is a picture and nothing else. Nothing in it runs, and nothing of it is fetched from elsewhere.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use quick_xml::Reader;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

use crate::inbox::Inbox;

/// A logo that is larger slows every first page down; a drawing has a few thousand bytes.
const LARGEST: usize = 200 * 1024;
/// Wider or higher than any screen shows it.
const MOST_PIXELS: u32 = 2_000;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length, name and checksum of a chunk of a PNG.
const CHUNK: usize = 12;
/// What a drawing is made of. What runs, loads or leads elsewhere is not among it.
const ELEMENTS: [&str; 24] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
];
/// A drawing that is opened by itself runs nothing either; its own colours may stand in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

tokio::task_local! {
    /// Set around every request: a page that refuses knows nothing else of the inbox.
    static HERE: Brand;
}

/// Whose inbox this is.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// The organisation, where it is named.
    pub organisation: Option<Arc<str>>,
    /// Its logo, where it has one.
    pub logo: Option<Arc<Logo>>,
}

impl Brand {
    /// That of the page which is made now.
    #[must_use]
    pub fn here() -> Self {
        HERE.try_with(Clone::clone).unwrap_or_default()
    }

    /// Makes a page with it.
    pub async fn around<F: Future>(self, page: F) -> F::Output {
        HERE.scope(self, page).await
    }

    /// The name in the head of a page.
    #[must_use]
    pub fn name(&self) -> &str {
        self.organisation.as_deref().unwrap_or("Footbridge")
    }
}

/// A picture that was looked through.
#[derive(Debug, PartialEq, Eq)]
pub struct Logo {
    kind: &'static str,
    bytes: Vec<u8>,
}

/// Why a file is no logo for us.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALogo {
    /// It cannot be read.
    #[error("it cannot be read ({0})")]
    Unread(std::io::ErrorKind),
    /// It is too large.
    #[error("it is larger than 200 KiB")]
    TooLarge,
    /// It has more pixels than any page needs.
    #[error("it is wider or higher than 2000 pixels")]
    TooManyPixels,
    /// It is none of the kinds that we take, or is broken.
    #[error("it is neither a whole PNG nor a well-formed SVG")]
    Broken,
    /// It holds something that is no drawing, by name.
    #[error("it holds `{0}`, which could run or fetch something")]
    NoDrawing(String),
}

impl Logo {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it is no picture, too large, or holds what could run.
    pub fn open(path: &Path) -> Result<Self, NotALogo> {
        let read = std::fs::metadata(path).and_then(|about| match about.len() {
            length if length <= LARGEST as u64 => std::fs::read(path).map(Some),
            _ => Ok(None),
        });
        Self::read(read.map_err(|error| NotALogo::Unread(error.kind()))?.ok_or(NotALogo::TooLarge)?)
    }

    /// Looks a picture through.
    ///
    /// # Errors
    /// Where it is no picture, too large, or holds what could run.
    pub fn read(bytes: Vec<u8>) -> Result<Self, NotALogo> {
        if LARGEST < bytes.len() {
            return Err(NotALogo::TooLarge);
        }
        if bytes.starts_with(PNG) {
            look_through_png(&bytes)?;
            return Ok(Self { kind: "image/png", bytes });
        }
        look_through_svg(std::str::from_utf8(&bytes).map_err(|_| NotALogo::Broken)?)?;
        Ok(Self { kind: "image/svg+xml", bytes })
    }
}

/// The head says how large it is, and the chunks fill the file up to the last.
fn look_through_png(bytes: &[u8]) -> Result<(), NotALogo> {
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    };
    let name = |at: usize| bytes.get(at + 4..at + 8);
    let start = PNG.len();
    let size = [number(start + 8), number(start + 12)];
    if number(start) != Some(13)
        || name(start) != Some(b"IHDR")
        || size.contains(&None)
        || size.contains(&Some(0))
    {
        return Err(NotALogo::Broken);
    }
    if size.into_iter().flatten().any(|pixels| MOST_PIXELS < pixels) {
        return Err(NotALogo::TooManyPixels);
    }
    let mut at = start;
    while name(at) != Some(b"IEND") {
        let length = number(at).and_then(|length| usize::try_from(length).ok()).ok_or(NotALogo::Broken)?;
        at = at.checked_add(length).and_then(|at| at.checked_add(CHUNK)).ok_or(NotALogo::Broken)?;
    }
    if number(at) == Some(0) && at + CHUNK == bytes.len() { Ok(()) } else { Err(NotALogo::Broken) }
}

/// Every element and every attribute is looked at: what is not plainly a drawing is refused.
fn look_through_svg(text: &str) -> Result<(), NotALogo> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut roots, mut in_style) = (0_usize, 0_usize, false);
    loop {
        match reader.read_event().map_err(|_| NotALogo::Broken)? {
            Event::Start(element) => {
                roots += usize::from(depth == 0);
                depth += 1;
                in_style = look_at(&element, roots == 1 && depth == 1)? == "style";
            }
            Event::Empty(element) => {
                look_at(&element, false)?;
            }
            Event::End(_) => (depth, in_style) = (depth.saturating_sub(1), false),
            Event::Text(words) if in_style => look_at_style(&String::from_utf8_lossy(&words))?,
            Event::CData(words) => look_at_style(&String::from_utf8_lossy(&words))?,
            Event::DocType(_) => return Err(NotALogo::NoDrawing("<!DOCTYPE".to_owned())),
            Event::PI(_) => return Err(NotALogo::NoDrawing("<?".to_owned())),
            Event::GeneralRef(_) if in_style => return Err(NotALogo::NoDrawing("&".to_owned())),
            Event::Text(_) | Event::Comment(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
            Event::Eof if depth == 0 && roots == 1 => return Ok(()),
            Event::Eof => return Err(NotALogo::Broken),
        }
    }
}

fn look_at(element: &BytesStart<'_>, is_root: bool) -> Result<String, NotALogo> {
    let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
    if is_root && name != "svg" {
        return Err(NotALogo::Broken);
    }
    if !ELEMENTS.contains(&name.as_str()) {
        return Err(NotALogo::NoDrawing(format!("<{name}>")));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| NotALogo::Broken)?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).to_lowercase();
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        let leads_away = key.ends_with("href") && !value.starts_with('#');
        if key.starts_with("on") || leads_away {
            return Err(NotALogo::NoDrawing(key));
        }
        look_at_style(&value)?;
    }
    Ok(name)
}

/// Words that are read as a style must fetch nothing, and hide nothing behind other letters.
fn look_at_style(words: &str) -> Result<(), NotALogo> {
    let words = words.to_lowercase();
    let fetches = |rest: &str| !rest.trim_start_matches(['"', '\'', ' ']).starts_with('#');
    for mark in ["@import", "javascript:", "data:", "\\", "&#", "expression("] {
        if words.contains(mark) {
            return Err(NotALogo::NoDrawing(mark.to_owned()));
        }
    }
    if words.split("url(").skip(1).any(fetches) {
        return Err(NotALogo::NoDrawing("url(".to_owned()));
    }
    Ok(())
}

/// `GET /assets/logo`
pub async fn logo(State(inbox): State<Inbox>) -> Response {
    let Some(logo) = inbox.brand.logo else { return StatusCode::NOT_FOUND.into_response() };
    let told = [
        (header::CONTENT_TYPE, HeaderValue::from_static(logo.kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (told, logo.bytes.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(within: &str) -> Result<Logo, NotALogo> {
        Logo::read(
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{within}</svg>").into(),
        )
    }

    fn png(width: u32, end: &[u8]) -> Vec<u8> {
        let mut bytes = PNG.to_vec();
        bytes.extend(13_u32.to_be_bytes());
        bytes.extend(b"IHDR");
        bytes.extend(width.to_be_bytes());
        bytes.extend([0, 0, 0, 9, 8, 6, 0, 0, 0, 1, 2, 3, 4]);
        bytes.extend(end);
        bytes
    }

    const END: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";

    #[test]
    fn a_drawing_is_taken() {
        for within in [
            "",
            "<title>Alder Vale &amp; friends</title><path d=\"M0 0\" fill=\"url(#a)\"/>",
            "<style>.a{fill:#123}</style><g style=\"opacity:1\"><use href=\"#a\"/></g>",
            "<!-- by hand --><text>Alder</text>",
        ] {
            assert!(svg(within).is_ok(), "{within}: {:?}", svg(within));
        }
        let favicon = include_str!("assets/favicon.svg");
        assert_eq!(Logo::read(favicon.into()).expect("our own").kind, "image/svg+xml");
        assert_eq!(Logo::read(png(9, END)).expect("a PNG").kind, "image/png");
    }

    #[test]
    fn what_could_run_or_fetch_something_is_refused() {
        for within in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<svg:script xmlns:svg=\"http://www.w3.org/2000/svg\"/>",
            "<g onload=\"alert(1)\"/>",
            "<foreignObject/>",
            "<image href=\"#a\"/>",
            "<a href=\"#a\"/>",
            "<use href=\"https://evil.example/a.svg#a\"/>",
            "<use xlink:href=\"data:image/svg+xml,a\"/>",
            "<animate/>",
            "<style>@import 'a'</style>",
            "<style><![CDATA[a{fill:url(http://evil.example)}]]></style>",
            "<style>&#64;import</style>",
            "<rect fill=\"url('//evil.example#a')\"/>",
            "<rect fill=\"&#117;rl(a)\"/>",
            "<?xml-stylesheet href=\"a\"?>",
        ] {
            assert!(matches!(svg(within), Err(NotALogo::NoDrawing(_))), "{within}: {:?}", svg(within));
        }
        let entity = "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>";
        assert!(Logo::read(entity.into()).is_err());
    }

    #[test]
    fn what_is_broken_or_too_large_is_refused() {
        for text in ["", "hello", "<svg>", "<svg></g>", "<html></html>", "<svg></svg><svg></svg>", "GIF89a"] {
            assert_eq!(Logo::read(text.into()), Err(NotALogo::Broken), "{text}");
        }
        for bytes in
            [png(0, END), png(9, b""), png(9, b"\xff\xff\xff\xffIDAT"), png(9, &[END, b"<script>"].concat())]
        {
            assert_eq!(Logo::read(bytes), Err(NotALogo::Broken));
        }
        assert_eq!(Logo::read(png(2_001, END)), Err(NotALogo::TooManyPixels));
        assert_eq!(Logo::read(vec![b' '; LARGEST + 1]), Err(NotALogo::TooLarge));
    }
}
