//! Writes the invented letters as files, for those who work on their look: `letters FOLDER`.

use salastampa_digest::{AlertSheet, Dress, alert, mail, sample};
use salastampa_locale::Lang;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    for lang in Lang::ALL {
        let dress = Dress::sample(lang);
        let letters = [
            ("review", mail::review(&sample::review(), &dress)),
            ("quiet", mail::review(&sample::quiet(), &dress)),
            ("alert", alert::alert(&AlertSheet::sample(), &dress)),
            ("batch", alert::batch("Ada Corti", &AlertSheet::samples(), AlertSheet::sample().leaves_at, &dress)),
        ];
        for (name, letter) in letters {
            let file = |end: &str| Path::new(&folder).join(format!("{name}.{}.{end}", lang.code()));
            std::fs::write(file("html"), letter.html)?;
            std::fs::write(file("txt"), format!("{}\n\n{}", letter.subject, letter.text))?;
        }
    }
    Ok(())
}
