//! Writes the invented review as a PDF, for those who work on its look: `booklet FILE.pdf [STORIES]`.

use salastampa_locale::Lang;
use salastampa_pdf::{Booklet, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("say where to: booklet FILE.pdf [STORIES]")?;
    let mut booklet = Booklet::sample(Lang::It);
    if let Some(stories) = args.next() {
        let stories: usize = stories.parse()?;
        let some: Vec<_> = booklet.sections.iter().flat_map(|s| s.entries.clone()).collect();
        let heading = booklet.sections.len();
        for (n, section) in booklet.sections.iter_mut().enumerate() {
            section.entries = some.iter().cycle().skip(n).take(stories / heading).cloned().collect();
        }
    }
    std::fs::write(file, render(&booklet)?)?;
    Ok(())
}
