//! Long lists come in pages: where the one before and the one after are.

use super::guard::encoded;
use super::session::Desk;
use salastampa_locale::fill;

/// The way between the pages of a list; shown by `desk/paging.html`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Paging {
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    /// *Pagina 2 di 7*.
    pub(crate) words: String,
}

/// A page of a list: its number from 1, how many lines it has, how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) page: usize,
    pub(crate) size: usize,
    pub(crate) total: usize,
}

impl Place {
    /// The page that was asked for, or the last one there is.
    pub(crate) fn new(asked: Option<usize>, size: usize, total: usize) -> Self {
        let last = total.div_ceil(size).max(1);
        Self { page: asked.unwrap_or(1).clamp(1, last), size, total }
    }

    /// How many lines stand before the page.
    pub(crate) fn offset(self) -> usize {
        (self.page - 1) * self.size
    }

    /// The way to the other pages of a list at that path with those questions.
    pub(crate) fn paging(self, desk: &Desk, path: &str, asked: &[(&str, &str)]) -> Paging {
        let last = self.total.div_ceil(self.size).max(1);
        let href = |page: usize| {
            let mut query: Vec<String> = asked
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("{name}={}", encoded(value)))
                .collect();
            query.push(format!("pagina={page}"));
            desk.href(&format!("{path}?{}", query.join("&")))
        };
        let (page, pages) = (self.page.to_string(), last.to_string());
        Paging {
            previous: (self.page > 1).then(|| href(self.page - 1)),
            next: (self.page < last).then(|| href(self.page + 1)),
            words: fill(desk.lang, "people.pages.words", &[("page", &page), ("pages", &pages)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_there_is_the_last_one() {
        let place = |asked, total| Place::new(asked, 50, total);
        assert_eq!((place(None, 0).page, place(Some(0), 9).page, place(Some(99), 101).page), (1, 1, 3));
        assert_eq!(place(Some(3), 101).offset(), 100);
    }
}
