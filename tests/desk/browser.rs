//! A real Chromium, driven over WebDriver, and the office that it looks at.

use crate::press_test::skipped;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// Names under which Chromium is installed.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The rules of WCAG 2.1 AA, and of 2.2 on top.
const RULES: &str = r#"["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa"]"#;

/// The browser with its driver; both end with it.
pub struct Browser {
    /// Drives it.
    pub driver: WebDriver,
    process: Child,
}

/// A running program; it ends with this value.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first of the names that can be run.
fn installed<'a>(names: &[&'a str]) -> Option<&'a str> {
    let quiet = |name: &&&str| Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    names.iter().find(|name| quiet(name).is_ok_and(|status| status.success())).copied()
}

/// The driver of the browser on a port of its own, with what it said. It takes the same number for IPv4 and IPv6, and
/// ends where another test was quicker at one of them: then it is started again.
fn started(driver: &str) -> (Child, Vec<String>) {
    let mut said = Vec::new();
    for _ in 0..5 {
        let mut command = Command::new(driver);
        let command = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("it starts");
        match read_to(&mut process, "started successfully on port") {
            Ok(lines) => return (process, lines),
            Err(lines) => said.extend(lines),
        }
        let _ = process.wait();
    }
    panic!("the driver of the browser does not start:\n{}", said.concat());
}

/// The rest of a line of output that holds `mark`, read until it comes.
pub fn told(child: &mut Child, mark: &str) -> Vec<String> {
    read_to(child, mark).unwrap_or_else(|lines| panic!("it never said {mark:?}, but:\n{}", lines.concat()))
}

/// What it said up to that mark, or all that it said without it.
fn read_to(child: &mut Child, mark: &str) -> Result<Vec<String>, Vec<String>> {
    let out = child.stdout.take().expect("its output is piped");
    let mut lines = Vec::new();
    let mut reader = BufReader::new(out);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        let is_it = line.contains(mark);
        lines.push(std::mem::take(&mut line));
        if is_it {
            // what it says later is read too, or it would stop at a full pipe
            std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
            return Ok(lines);
        }
    }
    Err(lines)
}

impl Browser {
    /// Starts one; `None`, with a word of why, where none is installed.
    pub async fn open(scripts: bool) -> Option<Self> {
        let (Some(chromium), Some(driver)) = (installed(&NAMES), installed(&["chromedriver"])) else {
            skipped("browser", "chromium or chromedriver not found");
            return None;
        };
        // a second test of this binary may have chosen it already
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (process, lines) = started(driver);
        let last = lines.last().expect("the line that was waited for");
        let port: String =
            last.chars().rev().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let port: String = port.chars().rev().collect();
        let mut wishes = DesiredCapabilities::chrome();
        let path = ["/usr/bin", "/usr/local/bin"].iter().map(|dir| Path::new(dir).join(chromium)).find(|p| p.exists());
        if let Some(path) = path {
            wishes.set_binary(&path.display().to_string()).expect("a capability");
        }
        for wish in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=it"] {
            wishes.add_arg(wish).expect("a capability");
        }
        if !scripts {
            let off = serde_json::json!({ "profile.managed_default_content_settings.javascript": 2 });
            wishes.add_experimental_option("prefs", off).expect("a capability");
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wishes).await.expect("a browser starts");
        let browser = Self { driver, process };
        browser.width(1280).await;
        Some(browser)
    }

    /// Ends the browser before its driver.
    pub async fn close(self) {
        // the driver is a handle: the session ends with this call, the process with the drop
        let _ = self.driver.clone().quit().await;
    }

    /// Makes the window so wide, in CSS pixels.
    pub async fn width(&self, pixels: u32) {
        let size = serde_json::json!({ "width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await.expect("a size");
    }

    /// Opens an address.
    pub async fn go(&self, address: &str) {
        self.driver.goto(address).await.unwrap_or_else(|why| panic!("{address} does not open: {why}"));
    }

    /// The one element of a selector.
    pub async fn one(&self, selector: &str) -> WebElement {
        match self.driver.find(By::Css(selector)).await {
            Ok(found) => found,
            Err(_) => panic!("no {selector} at {}:\n{}", self.at().await, self.text().await),
        }
    }

    /// Whether something fits a selector.
    pub async fn has(&self, selector: &str) -> bool {
        self.driver.find(By::Css(selector)).await.is_ok()
    }

    /// Writes into a field, in place of what was there.
    pub async fn write(&self, selector: &str, text: &str) {
        let field = self.one(selector).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    }

    /// Presses a button or follows a link, and waits for the page that it leads to.
    pub async fn press(&self, selector: &str) {
        let found = self.one(selector).await;
        self.follow(&found, selector).await;
    }

    /// Marks the page that is there, so that the next one is known.
    async fn mark(&self) {
        self.driver.execute("document.documentElement.dataset.old = '1'", Vec::new()).await.expect("a mark");
    }

    /// Waits until the marked page has gone and the next one has come.
    async fn next_page(&self) {
        let (longest, every) = (Duration::from_secs(60), Duration::from_millis(20));
        let body = self.driver.query(By::Css("html:not([data-old]) footer")).wait(longest, every).first().await;
        assert!(body.is_ok(), "the page stays: {}", self.text().await);
    }

    /// Presses a key that leads to another page, and waits for it.
    pub async fn key_on(&self, key: &str) {
        self.mark().await;
        self.keys(key).await;
        self.next_page().await;
    }

    /// Presses the button or link of those words.
    pub async fn press_words(&self, words: &str) {
        let path = format!("//button[normalize-space()='{words}'] | //a[normalize-space()='{words}']");
        let Ok(found) = self.driver.find(By::XPath(path)).await else {
            panic!("nothing says {words:?} at {}:\n{}", self.at().await, self.text().await)
        };
        self.follow(&found, words).await;
    }

    /// All elements of a selector.
    pub async fn all(&self, selector: &str) -> Vec<WebElement> {
        self.driver.find_all(By::Css(selector)).await.expect("a list")
    }

    /// Presses a button inside the line of that title.
    pub async fn press_in_row(&self, title: &str, selector: &str) {
        for row in self.all("[data-row]").await {
            if row.find(By::Css("h3")).await.expect("a title").text().await.expect("words") != title {
                continue;
            }
            // keys of the line itself, or of the bar below after the line was ticked
            match row.find(By::Css(selector)).await {
                Ok(button) => self.follow(&button, selector).await,
                Err(_) => {
                    let one = row.find(By::Css("input[type=checkbox]")).await.expect("a box");
                    self.show(&one).await;
                    one.click().await.expect("a click");
                    let button = self.one(&format!(".desk-bar {selector}")).await;
                    self.follow(&button, selector).await;
                }
            }
            return;
        }
        panic!("no line says {title:?}:\n{}", self.text().await);
    }

    /// Brings it to the middle of the window, where no bar lies over it.
    async fn show(&self, found: &WebElement) {
        let middle = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.driver.execute(middle, vec![found.to_json().expect("an element")]).await.expect("it is there");
    }

    /// Presses it and waits for the page that it leads to.
    async fn follow(&self, found: &WebElement, what: &str) {
        self.show(found).await;
        self.mark().await;
        found.click().await.unwrap_or_else(|why| panic!("{what} cannot be pressed: {why}"));
        self.next_page().await;
    }

    /// Ticks a box that is not ticked.
    pub async fn tick(&self, selector: &str) {
        let box_ = self.one(selector).await;
        if !box_.is_selected().await.expect("a box") {
            self.show(&box_).await;
            box_.click().await.expect("a click");
        }
    }

    /// Presses keys where the focus is.
    pub async fn keys(&self, keys: &str) {
        self.driver.active_element().await.expect("the page").send_keys(keys).await.expect("keys");
    }

    /// Presses a key that scrolls the page, and waits until it stands still.
    pub async fn scroll(&self, key: &str) {
        let listen = "const root = document.documentElement; root.removeAttribute('data-still'); \
                      addEventListener('scrollend', () => root.setAttribute('data-still', ''), { once: true })";
        self.driver.execute(listen, Vec::new()).await.expect("a listener");
        self.keys(key).await;
        let (longest, every) = (Duration::from_secs(60), Duration::from_millis(20));
        let still = self.driver.query(By::Css("html[data-still]")).wait(longest, every).first().await;
        assert!(still.is_ok(), "the page does not move: {}", self.at().await);
    }

    /// What a person reads on the page.
    pub async fn text(&self) -> String {
        match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// The address of the page.
    pub async fn at(&self) -> String {
        self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default()
    }

    /// Logs somebody in.
    pub async fn enter(&self, base: &str, login: &str, password: &str) {
        self.go(&format!("{base}/desk/entra")).await;
        self.write("#nome", login).await;
        self.write("#password", password).await;
        self.press("main button[type=submit]").await;
        assert!(!self.at().await.contains("/desk/entra"), "{login} is not let in: {}", self.text().await);
    }

    /// What breaks WCAG 2.1 AA (and 2.2 AA) on the page, by axe-core; also whether it scrolls sideways.
    pub async fn barriers(&self) -> Vec<String> {
        const AXE: &str = include_str!("vendor/axe.min.js");
        self.driver.execute(AXE, Vec::new()).await.expect("axe is laid into the page");
        let ask = format!(
            "const done = arguments[arguments.length - 1]; \
             axe.run(document, {{runOnly: {RULES}}}).then(r => done(r.violations.map(v => v.id + ': ' + \
             v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))))"
        );
        let found = self.driver.execute_async(ask, Vec::new()).await.expect("axe answers");
        let mut found: Vec<String> = found.convert().expect("a list of sentences");
        let too_wide = self.too_wide().await;
        if !too_wide.is_empty() {
            found.push(format!("the page scrolls sideways: {too_wide}"));
        }
        found
    }

    /// The barriers of a page at both widths, and whether it scrolls sideways at 200 % and 400 %.
    pub async fn look(&self, address: &str) -> Vec<String> {
        let mut found = Vec::new();
        for width in [1280, 390] {
            self.width(width).await;
            self.go(address).await;
            found.extend(self.barriers().await.into_iter().map(|what| format!("{address} at {width}: {what}")));
        }
        // a window of 1280 pixels at 200 % and at 400 %
        for (width, zoom) in [(640, 200), (320, 400)] {
            self.width(width).await;
            let too_wide = self.too_wide().await;
            if !too_wide.is_empty() {
                found.push(format!("{address} at {zoom} %: the page scrolls sideways: {too_wide}"));
            }
        }
        self.width(1280).await;
        found
    }

    /// The barriers of the page that is there, at both widths; none are looked for without scripts.
    pub async fn barriers_at_both(&self, scripts: bool) -> Vec<String> {
        let mut found = Vec::new();
        for width in [390, 1280] {
            self.width(width).await;
            if scripts {
                let at = self.at().await;
                found.extend(self.barriers().await.into_iter().map(|what| format!("{at} at {width}: {what}")));
            }
        }
        found
    }

    /// Chooses an option of a list by its value.
    pub async fn choose(&self, selector: &str, value: &str) {
        let option = self.one(&format!("{selector} option[value='{value}']")).await;
        option.click().await.expect("an option");
    }

    /// What makes the page wider than the window; empty where it fits.
    pub async fn too_wide(&self) -> String {
        let ask = "const wide = document.documentElement.clientWidth; \
             if (document.documentElement.scrollWidth <= wide + 1) return ''; \
             const over = [...document.querySelectorAll('body *')].filter(e => { \
                 const text = document.createRange(); text.selectNodeContents(e); \
                 return Math.max(e.getBoundingClientRect().right, text.getBoundingClientRect().right) > wide + 1; }); \
             return `${document.documentElement.scrollWidth} of ${wide}: ` + over.slice(-3).map(e => e.outerHTML.slice(0, 120))";
        self.driver.execute(ask, Vec::new()).await.expect("an answer").convert().expect("words")
    }

    /// The pages of the desk that this page leads to.
    async fn links(&self, base: &str) -> Vec<String> {
        let ask = "return [...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])";
        let all: Vec<String> = self.driver.execute(ask, Vec::new()).await.expect("links").convert().expect("a list");
        all.into_iter().filter(|link| link.starts_with(&format!("{base}/desk"))).collect()
    }

    /// Every kind of page that can be reached from the first one: addresses that differ in a name or number only are of
    /// one kind, of which two are looked at.
    pub async fn each_kind(&self, base: &str) -> Vec<String> {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let (mut waiting, mut found) = (vec![format!("{base}/desk/oggi")], Vec::new());
        while let Some(address) = waiting.pop() {
            if found.contains(&address) || found.len() > 150 {
                continue;
            }
            let seen = kinds.entry(kind(&address, base)).or_default();
            if *seen >= 2 {
                continue;
            }
            *seen += 1;
            self.go(&address).await;
            if self.has("main#contenuto").await {
                waiting.extend(self.links(base).await);
                found.push(address);
            }
        }
        found.sort();
        found
    }
}

/// The address with its names and numbers left out: `/desk/temi/*?q`.
fn kind(address: &str, base: &str) -> String {
    let path = address.strip_prefix(base).unwrap_or(address);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = path.split('/').enumerate().map(|(n, part)| {
        let is_name = n > 2 && !matches!(part, "nuovo" | "nuova" | "modifica" | "anteprima" | "versioni");
        if is_name { "*" } else { part }
    });
    let query: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.collect::<Vec<_>>().join("/"), query.join("&"))
}
