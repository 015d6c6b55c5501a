//! The fonts of the document, inside the binary: the same glyphs on every machine.
//!
//! Titillium Web for headings and lines, Lora for what is read, and a subset of DejaVu Sans for the scripts and signs
//! that neither has (Greek, Cyrillic, Hebrew, Arabic, arrows, the older emoji). Licences stand beside the files.

use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/TitilliumWeb-Regular.ttf"),
    include_bytes!("../fonts/TitilliumWeb-SemiBold.ttf"),
    include_bytes!("../fonts/Lora-Regular.ttf"),
    include_bytes!("../fonts/DejaVuSans-subset.ttf"),
];

/// The fonts, read once.
pub(crate) struct Fonts {
    pub(crate) fonts: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let fonts: Vec<Font> = FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Fonts { fonts, book }
    })
}

/// The bytes of a plain text font.
pub(crate) fn plain() -> &'static [u8] {
    FILES[2]
}

/// Whether a character can be printed.
pub(crate) fn has(c: char) -> bool {
    fonts().fonts.iter().any(|f| f.info().coverage.contains(c.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_file_is_read_and_italian_is_whole_in_each_text_font() {
        let fonts = fonts();
        assert_eq!(fonts.fonts.len(), FILES.len());
        for font in &fonts.fonts[..3] {
            for c in "aàèéìòùÀÈÉÌÒÙ€«»“”‘’–—…·°ªº0123456789".chars() {
                assert!(font.info().coverage.contains(c.into()), "{} lacks {c}", font.info().family);
            }
        }
        for c in "ЯшΩאبě→😀".chars() {
            assert!(has(c), "{c}");
        }
    }
}
