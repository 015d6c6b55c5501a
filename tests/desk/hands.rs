//! An officer's hands on the keyboard: every key that is pressed is counted.

use super::browser::Browser;

/// The pages of an edition, and the keys that were pressed on them.
pub struct Hands {
    /// Where they are pressed.
    pub browser: Browser,
    /// So many.
    pub keys: usize,
}

impl Hands {
    /// None pressed yet.
    pub fn on(browser: Browser) -> Self {
        Self { browser, keys: 0 }
    }

    /// A key that leads to another page.
    pub async fn press(&mut self, key: &str) {
        self.browser.key_on(key).await;
        self.keys += 1;
    }

    /// Keys that stay on the page.
    pub async fn type_keys(&mut self, keys: &str) {
        self.browser.keys(keys).await;
        self.keys += keys.chars().count();
    }

    /// A key that scrolls the page.
    pub async fn turn(&mut self, key: &str) {
        self.browser.scroll(key).await;
        self.keys += 1;
    }

    /// Goes so many lines down, or up.
    async fn walk(&mut self, lines: usize, key: &str) {
        if lines > 0 {
            self.type_keys(&key.repeat(lines)).await;
        }
    }

    /// The titles of the lines that are on the page.
    pub async fn lines(&self) -> Vec<String> {
        let titles = "return [...document.querySelectorAll('[data-row]')].filter(r => r.offsetParent).map(r => \
                      r.querySelector('h3').innerText)";
        let found = self.browser.driver.execute(titles, Vec::new()).await.expect("titles");
        found.json().as_array().expect("a list").iter().map(|t| t.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Which line is current.
    async fn here(&self) -> usize {
        let ask = "return [...document.querySelectorAll('[data-row]')].filter(r => r.offsetParent).findIndex(r => \
                   r.getAttribute('aria-current') === 'true')";
        let found = self.browser.driver.execute(ask, Vec::new()).await.expect("a place");
        found.json().as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    }

    /// Makes that line current. In the candidates ten lines go by one key, and it may be shorter to leap too far.
    pub async fn go_to(&mut self, line: usize, leaps: bool) {
        let here = self.here().await;
        let far = line.abs_diff(here);
        let (ahead, back) = if line > here { (["J", "j"], "k") } else { (["K", "k"], "j") };
        let rest = if leaps { far % 10 } else { far };
        let over = leaps && rest > 5 && line.max(here) + 10 - rest < self.lines().await.len() && line + rest >= 10;
        self.walk((far - rest) / 10 + usize::from(over), ahead[0]).await;
        match over {
            true => self.walk(10 - rest, back).await,
            false => self.walk(rest, ahead[1]).await,
        }
    }

    /// Brings each section of an issue's page into its order: the story that belongs first is moved up to its place, then
    /// the next. `named` tells which story a title is.
    pub async fn order<T: Copy + PartialEq>(&mut self, sections: &[Vec<T>], named: impl Fn(&str) -> Option<T>) {
        let right: Vec<T> = sections.iter().flatten().copied().collect();
        let same = |a: T, b: T| sections.iter().any(|of| of.contains(&a) && of.contains(&b));
        // each story is moved once at most
        for _ in 0..=right.len() {
            let titles = self.lines().await;
            let lines: Vec<T> = titles.iter().filter_map(|title| named(title)).collect();
            assert_eq!(lines.len(), titles.len(), "only what is wanted is left: {titles:?}");
            let Some(to) = (0..lines.len()).find(|n| lines[*n] != right[*n]) else { return };
            let from = lines.iter().position(|one| *one == right[to]).expect("it was kept");
            self.go_to(from, false).await;
            let begins = lines[..to].iter().rposition(|one| !same(*one, right[to])).map_or(0, |n| n + 1);
            match to == begins && from > to + 1 {
                true => self.press("T").await,
                false => {
                    for _ in to..from {
                        self.press("K").await;
                    }
                }
            }
        }
        panic!("stories stand in other sections: {:?}", self.lines().await);
    }
}
