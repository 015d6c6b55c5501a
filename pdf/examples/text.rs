//! Prints the text of PDFs as the desk would take it: `text FILE.pdf..`.

#![allow(clippy::print_stdout, reason = "what it is for")]

fn main() {
    for path in std::env::args().skip(1) {
        let read = std::fs::read(&path).map_err(|why| why.to_string());
        let read = read.and_then(|bytes| salastampa_pdf::read::text(bytes).map_err(|why| why.to_string()));
        match read {
            Ok(text) => println!(
                "{path}: {} pages{}\n# {}\n{}\n",
                text.pages,
                if text.cut { ", cut" } else { "" },
                text.headline.as_deref().unwrap_or("-"),
                text.body
            ),
            Err(why) => println!("{path}: {why}\n"),
        }
    }
}
