//! How long reading a text for concerns and themes takes. Figures, never assertions.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints its figures and may stop")]

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use footbridge::safety;
use footbridge::themes;

fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(format!("{root}/conversations/{folder}")).unwrap());
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

fn time(what: &str, rounds: u32, mut work: impl FnMut()) {
    let begin = Instant::now();
    (0..rounds).for_each(|_| work());
    println!("{what}: {:?}", begin.elapsed() / rounds);
}

fn main() {
    let safety_files = sources(&["words", "safety"]);
    let theme_files = sources(&["words", "themes"]);
    time("build safety", 5, || {
        drop(black_box(safety::Rules::read(&safety_files)));
    });
    time("build themes", 5, || {
        drop(black_box(themes::Rules::read(&theme_files)));
    });
    let safety = safety::Rules::read(&safety_files).unwrap();
    let themes = themes::Rules::read(&theme_files).unwrap();
    let texts = [
        ("60 letters, nothing", "I would love a bit of company, perhaps a walking group here."),
        ("60 letters, a concern", "since my wife died i dont want to be here any more, sorry xx"),
        ("60 letters, Polish", "szukam kursu angielskiego najlepiej wieczorem albo w sobotę"),
    ];
    for (what, text) in texts {
        time(&format!("scan {what}"), 20_000, || {
            drop(black_box(safety.scan(black_box(text))));
        });
        time(&format!("themes {what}"), 20_000, || {
            drop(black_box(themes.find(black_box(text))));
        });
    }
    let long = texts[0].1.repeat(27);
    time("scan 1,600 letters", 500, || {
        drop(black_box(safety.scan(black_box(&long))));
    });
}
