//! Processor time and size of each page, with the real router over a real store and archive.
//!
//! `pages DIR` asks the pages of a data folder (`salastampa demo --once --data DIR`; stop the program first);
//! `pages --large DIR` makes an office of 100,000 articles, 5,000 journalists and 2,000 releases in an empty folder, if it
//! is not there yet, and asks the same. One line a page: milliseconds of one core, bytes of HTML, address. Addresses that
//! differ in a name or number only are one kind; of each kind the dearest page is printed. Build it with `--release`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an evaluation program talks to its terminal")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::COOKIE;
use jiff::civil::date;
use salastampa_acts::{House, release as acts, session};
use salastampa_domain::time::{DAY, HOUR, MINUTE, SECOND};
use salastampa_domain::{
    Address, Basis, Clock, Contact, ContactId, Edition, EditionId, ForeignText, Grading, ListId, MailingList, Medium,
    Membership, NewArticle, Outlet, OutletId, OutletKind, Preferences, Release, ReleaseId, ReleaseKind, ReleaseState,
    RightsClass, Role, Schedule, Section, SectionId, Signals, Slot, Timestamp, Urgency, User, UserId, Via, Visibility,
    Watch, WatchId,
};
use salastampa_index::{Archive, TantivyArchive};
use salastampa_locale::Lang;
use salastampa_store::Store;
use salastampa_web::{Footer, Site, router};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Times that each page is asked for.
const ROUNDS: u32 = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let large = args.iter().position(|a| a == "--large").map(|at| args.remove(at)).is_some();
    let folder = PathBuf::from(args.first().ok_or("pages [--large] DIR")?);
    std::fs::create_dir_all(&folder)?;
    let url = format!("sqlite:{}", folder.join("salastampa.db").display());
    let present = Timestamp::of_civil(date(2026, 11, 24).at(7, 30, 0, 0));
    let store = Store::open(&url, &folder.join("files"), present).await?;
    let is_empty = store.read().await?.count_articles().await? == 0;
    if large && is_empty {
        fill(&store).await?;
    }
    let archive = follow(&store, &folder.join("index")).await?;
    let house = House {
        office: "Comune di Bellariva sul Lago".into(),
        town: "Bellariva sul Lago".into(),
        contacts: "Ufficio stampa".into(),
        sender: Address::parse("stampa@bellariva.test")?,
        sender_name: "Ufficio stampa".into(),
        base_url: "http://stampa.bellariva.test".into(),
        lang: Lang::It,
        key: b"a key for measuring".to_vec(),
        one_person: false,
        wide_watch: 50,
        patron: None,
        alerts: salastampa_domain::AlertHours::default(),
        returns: None,
        elections: Vec::new(),
        privacy: Default::default(),
    };
    if large && is_empty {
        release(&store, &house, present).await?;
    }
    let site = Site::new(store.clone(), Clock::fixed(present), Arc::new(house), Footer::default())
        .with_archive(Arc::new(archive));
    let cookies = [seat(&store, Role::Chief, present).await?, seat(&store, Role::Admin, present).await?];
    let pages = router(site);

    let mut dearest: BTreeMap<String, (f64, usize, String)> = BTreeMap::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let words = ["/desk/archivio?q=lungolago", "/desk/archivio?q=comune+OR+ponte+OR+scuola", "/novita/comunicati"];
    let mut waiting: Vec<String> = words.iter().map(|w| (*w).to_owned()).chain(["/desk/oggi".into()]).collect();
    while let Some(path) = waiting.pop() {
        let asked = seen.entry(kind(&path)).or_default();
        if *asked >= 3 {
            continue;
        }
        *asked += 1;
        for cookie in &cookies {
            let (status, html) = ask(&pages, &path, cookie).await?;
            if status != 200 || !html.contains("<main") {
                continue;
            }
            waiting.extend(links(&html));
            let begin = cpu();
            for _ in 0..ROUNDS {
                ask(&pages, &path, cookie).await?;
            }
            let each = (cpu() - begin) / f64::from(ROUNDS);
            let line = dearest.entry(kind(&path)).or_default();
            if each >= line.0 || html.len() > line.1 {
                *line = (each.max(line.0), html.len().max(line.1), path.clone());
            }
        }
    }
    let mut lines: Vec<_> = dearest.into_values().collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (milliseconds, bytes, path) in lines {
        println!("{milliseconds:7.2} ms {bytes:8} B  {path}");
    }
    Ok(())
}

async fn ask(pages: &axum::Router, path: &str, cookie: &str) -> Result<(u16, String)> {
    let request = Request::builder().uri(path).header(COOKIE, cookie).body(Body::empty())?;
    let answer = pages.clone().oneshot(request).await?;
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await?;
    Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
}

fn links(html: &str) -> Vec<String> {
    let hrefs = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let inside = hrefs.filter(|href| href.starts_with("/desk/") || href.starts_with("/novita"));
    inside
        .map(|href| href.replace("&#38;", "&").replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// The address with its names and numbers left out.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').enumerate().map(|(n, part)| if n > 2 { "*" } else { part }).collect();
    let query: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), query.join("&"))
}

/// Processor time of this process, in milliseconds and steps of ten (`/proc/self/stat`, proc(5)).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().skip(11).take(2).filter_map(|f| f.parse().ok()).collect())
        .unwrap_or_default();
    fields.iter().sum::<f64>() * 10.0
}

async fn seat(store: &Store, role: Role, now: Timestamp) -> Result<String> {
    let mut write = store.write().await?;
    let user = User {
        id: UserId(0),
        login: format!("misura-{}", role.name()),
        name: "Misura".into(),
        address: None,
        role,
        second_signature: false,
        password: None,
        second_factor: None,
        preferences: Preferences::default(),
        disabled_at: None,
    };
    let id = write.record_user(&user).await?;
    write.commit().await?;
    let (token, _) = session::open(store, &User { id, ..user }, true, None, now).await?;
    Ok(format!("salastampa={token}"))
}

async fn follow(store: &Store, folder: &Path) -> Result<TantivyArchive> {
    let mut rows = store.read().await?;
    let (id, last) = (rows.store_id().await?, rows.last_seq().await?);
    std::fs::create_dir_all(folder)?;
    let archive = TantivyArchive::open(folder, &id, last);
    loop {
        let changes = rows.list_changes(archive.follows_from(), 5_000).await?;
        if changes.is_empty() {
            return Ok(archive);
        }
        archive.apply(&changes).await?;
    }
}

/// One release that went to everybody.
async fn release(store: &Store, house: &House, now: Timestamp) -> Result<()> {
    let text = "+++\ntitolo = \"Il ponte riapre\"\nsommario = \"Un fatto.\"\nliste = [\"tutti\"]\n+++\nIl ponte riapre lunedì.\n";
    let mut write = store.write().await?;
    let chief = write.find_user("autrice").await?.ok_or("the author is there")?;
    write.record_user(&User { login: "capo".into(), role: Role::Chief, ..chief }).await?;
    write.commit().await?;
    acts::draft(store, house, "ponte", text, "autrice", now).await?;
    acts::submit(store, house, "ponte", "autrice", now).await?;
    acts::approve(store, house, "ponte", None, "capo", now).await?;
    acts::send(store, house, "ponte", None, "capo", now).await?;
    Ok(())
}

/// Words of which the invented texts are made: the rarer, the further back.
const WORDS: &str = "comune lungolago ponte scuola consiglio giunta assessore sindaca lavori strada traffico cantiere \
    bilancio mensa asilo parco lago battello turismo sagra museo biblioteca ospedale ambulatorio rifiuti raccolta \
    piazza mercato negozi parcheggio bicicletta pista frana allagamento temporale neve acquedotto depuratore verde \
    alberi panchine teatro concerto mostra calcio piscina palestra anziani giovani bando contributo appalto progetto";

async fn fill(store: &Store) -> Result<()> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut chance = 20_261_124_u64;
    let mut draw = move |below: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(chance >> 33).unwrap_or(0) % below
    };
    let end = Timestamp::of_civil(date(2026, 11, 24).at(7, 0, 0, 0));
    let mut write = store.write().await?;
    let mut outlets: Vec<OutletId> = Vec::new();
    for n in 0..60 {
        let outlet = Outlet {
            id: OutletId(0),
            slug: format!("testata-{n}"),
            name: format!("La Gazzetta {n}"),
            kind: OutletKind::Local,
            area: "Bellariva".into(),
            tier: 3,
            rights: RightsClass::ExtractOnly,
            contract: None,
            home: None,
        };
        outlets.push(write.record_outlet(&outlet).await?);
    }
    let mut watches = Vec::new();
    for n in 0..30 {
        let watch = Watch {
            id: WatchId(0),
            slug: format!("tema-{n}"),
            name: format!("Tema {n}"),
            query: format!("{} {}", words[n], words[n + 20]),
            weight: 5,
            urgency: Urgency::Review,
            hold: 0,
            grading: Grading::default(),
            retired_at: None,
        };
        watches.push(write.record_watch(&watch).await?);
    }
    let author = User {
        id: UserId(0),
        login: "autrice".into(),
        name: "Lia Neri".into(),
        address: None,
        role: Role::Editor,
        second_signature: false,
        password: None,
        second_factor: None,
        preferences: Preferences::default(),
        disabled_at: None,
    };
    let author = write.record_user(&author).await?;
    let sections = watches.chunks(5).enumerate();
    let edition = Edition {
        id: EditionId(0),
        slug: "generale".into(),
        name: "Rassegna generale".into(),
        schedule: Schedule::parse("0 8 * * *")?,
        ready_before: 15,
        visibility: Visibility::Readers,
        sections: sections
            .map(|(n, fed)| Section { id: SectionId(0), name: format!("Sezione {n}"), watches: fed.to_vec() })
            .collect(),
        cap: 12,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(end.plus(-23 * HOUR)),
    };
    write.record_edition(&edition).await?;
    let everybody = Membership::Rule { medium: None, beat: None, territory: None };
    let list = MailingList { id: ListId(0), slug: "tutti".into(), name: "Tutti".into(), membership: everybody };
    write.record_list(&list, &[]).await?;
    for n in 0..5_000 {
        let contact = Contact {
            id: ContactId(0),
            name: format!("Giornalista {n}"),
            address: Address::parse(&format!("g{n}@redazione{}.test", n % 300))?,
            outlet: format!("La Gazzetta {}", n % 300),
            medium: Medium::Print,
            beats: vec!["cronaca".into()],
            territory: "Bellariva".into(),
            language: "it".into(),
            accepts_embargo: false,
            basis: Basis::PublicTask,
            origin: "albo".into(),
            notice_at: None,
            expires: None,
            phones: Vec::new(),
            quiet: None,
            opted_out_at: None,
            added_at: None,
            changed_at: None,
            confirmed_at: None,
            others: Vec::new(),
            role: String::new(),
            posts: Vec::new(),
            notes: String::new(),
        };
        write.record_contact(&contact).await?;
    }
    for n in 0..2_000_u32 {
        let text =
            format!("+++\ntitolo = \"Comunicato numero {n}\"\nliste = []\n+++\n{}\n", "Un capoverso. ".repeat(120));
        let release = Release {
            id: ReleaseId(0),
            slug: format!("comunicato-{n}"),
            register: None,
            kind: ReleaseKind::Comunicato,
            title: format!("Comunicato numero {n}"),
            draft: text,
            author,
            state: ReleaseState::Draft,
            current: None,
            embargo_until: None,
            public_at: None,
            withdrawn: None,
            out: None,
        };
        write.record_release(&release).await?;
    }
    write.commit().await?;
    for batch in 0..100 {
        let mut write = store.write().await?;
        for n in 0..1_000_i64 {
            let number = i64::from(batch) * 1_000 + n;
            // three years, and a last day as full as a day is: 1,500 articles
            let back = 99_999 - number;
            let seen = match back {
                0..1_500 => end.plus(-back * 57 * SECOND),
                _ => end.plus(-DAY - (back - 1_500) * 15 * MINUTE),
            };
            let mut text = |count: usize| {
                let chosen: Vec<&str> = (0..count)
                    .map(|_| {
                        let (a, b) = (draw(words.len()), draw(words.len()));
                        words[a.min(b)]
                    })
                    .collect();
                chosen.join(" ")
            };
            let article = NewArticle {
                outlet: outlets[usize::try_from(number)? % outlets.len()],
                via: Via::Hand { by: author },
                url: format!("https://gazzetta.test/{number}"),
                key: format!("https://gazzetta.test/{number}"),
                guid: None,
                title: text(9),
                lead: ForeignText::new(text(25)),
                body: ForeignText::new(text(280)),
                authors: vec!["Rita Melzi".into()],
                rubric: Some("Cronaca".into()),
                published_at: Some(seen.plus(-HOUR)),
                language: Some("it".into()),
                signals: Signals::default(),
                first_seen: seen,
                backlog: false,
            };
            let id = write.keep_article(&article, None, seen.0.div_euclid(DAY), seen).await?;
            // a fifth of them is something for the office: 300 candidates on the last day
            if let Some(id) = id.filter(|_| number % 5 == 0) {
                let watch = watches[usize::try_from(number)? % watches.len()];
                write.record_clipping(id, watch, seen, &["lungolago".into()], false).await?;
            }
        }
        write.commit().await?;
        eprint!("\r{} articles", (batch + 1) * 1_000);
    }
    eprintln!();
    Ok(())
}
