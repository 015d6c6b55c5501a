//! Photos and documents: each change of them is another text to be approved.

use super::*;
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

/// A picture of one colour; another `shade` is another file.
fn photo(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = vec![shade; 6 * 4 * 3];
    PngEncoder::new(&mut bytes).write_image(&pixels, 6, 4, ExtendedColorType::Rgb8).expect("a PNG");
    bytes
}

fn said() -> Said {
    Said { alt: "Il ponte\nvisto  dal molo".into(), credit: "Foto di Nina Valli".into(), ..Said::default() }
}

impl Office {
    async fn bring(&self, slug: &str, name: &str, bytes: Vec<u8>, said: Said) -> Result<Attached> {
        attach(&self.store, Lang::It, slug, (name, bytes), said, "elena", at(1)).await
    }

    async fn files(&self, slug: &str) -> ReleaseFiles {
        let release = self.release(slug).await;
        self.store.read().await.expect("rows").find_release_files(release.id).await.expect("files")
    }
}

fn sentence<T: std::fmt::Debug>(refused: Result<T>) -> String {
    denied(refused).sentence(Lang::It)
}

#[tokio::test]
async fn another_photo_voids_the_approval_and_what_was_frozen_keeps_its_hash() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    let brought = office.bring(&slug, "ponte.jpg", photo(10), said()).await.expect("taken");
    assert_eq!((brought.name.as_str(), brought.is_photo), ("ponte.jpg", true));
    assert!(brought.note.is_some_and(|note| note.contains("JPEG")), "its name said JPEG and it was a PNG");
    let first = submit(&office.store, &office.house, &slug, "elena", at(2)).await.expect("submitted");
    assert_eq!(first.files.photos[0].alt, "Il ponte visto dal molo");
    approve(&office.store, &office.house, &slug, None, "carlo", at(3)).await.expect("approved");

    office.bring(&slug, "ponte.jpg", photo(90), said()).await.expect("taken");
    assert_eq!(office.release(&slug).await.state, ReleaseState::Draft);
    let names: Vec<String> = office.files(&slug).await.photos.into_iter().map(|photo| photo.name).collect();
    assert_eq!(names, ["ponte.jpg", "ponte-2.jpg"]);
    let second = submit(&office.store, &office.house, &slug, "elena", at(4)).await.expect("submitted");
    assert_ne!(first.sha256, second.sha256);
    let seen = Some(first.sha256.as_str());
    let refused = denied(approve(&office.store, &office.house, &slug, seen, "carlo", at(5)).await);
    assert!(matches!(refused, Denied::Changed { .. }), "{refused:?}");

    // each of the small changes too
    let hash = office.files(&slug).await.photos[1].full.file.clone();
    for n in 0..4 {
        approve(&office.store, &office.house, &slug, None, "carlo", at(6)).await.expect("approved");
        match n {
            0 => shift(&office.store, &slug, &hash, true, "elena", at(7)).await.expect("moved"),
            1 => {
                let said = Said { licence: Licence::Cc0, ..said() };
                describe(&office.store, &slug, &hash, said, "elena", at(7)).await.expect("described");
            }
            2 => {
                office.bring(&slug, "o.pdf", b"%PDF-1.7".to_vec(), Said::default()).await.expect("taken");
            }
            _ => detach(&office.store, &slug, &hash, "elena", at(7)).await.expect("out"),
        }
        assert_eq!(office.release(&slug).await.state, ReleaseState::Draft, "{n}");
        submit(&office.store, &office.house, &slug, "elena", at(8)).await.expect("submitted");
    }
    let release = office.release(&slug).await;
    let versions = office.store.read().await.expect("rows").list_versions(release.id).await.expect("versions");
    assert_eq!(versions[0], first);
    for version in &versions {
        assert_eq!(salastampa_releases::digest(version), version.sha256, "version {}", version.number);
    }
    // what changes nothing voids nothing
    approve(&office.store, &office.house, &slug, None, "carlo", at(9)).await.expect("approved");
    let first_photo = office.files(&slug).await.photos[0].full.file.clone();
    shift(&office.store, &slug, &first_photo, true, "elena", at(10)).await.expect("nothing to do");
    describe(&office.store, &slug, &first_photo, said(), "elena", at(10)).await.expect("nothing to do");
    assert_eq!(office.release(&slug).await.state.name(), "approved");
}

#[tokio::test]
async fn a_photo_without_description_or_credit_is_taken_and_does_not_leave() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    office.bring(&slug, "ponte.png", photo(10), Said::default()).await.expect("taken");
    let why = sentence(submit(&office.store, &office.house, &slug, "elena", at(2)).await);
    assert!(why.contains("non ha descrizione") && why.contains("non ha credito"), "{why}");
    let mut rows = office.store.read().await.expect("rows");
    let release = office.release(&slug).await;
    let checked = check_of(&mut rows, &office.house, Lang::En, Some(&release), &release.draft, at(2)).await;
    assert_eq!(checked.expect("checked").refused.len(), 2, "the composer says it before");
}

#[tokio::test]
async fn nothing_leaves_with_a_file_whose_licence_ends_before_the_hour() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    let today = at(1).day();
    let ends = |days: i32| Said { until: Some(today.saturating_add(jiff::ToSpan::days(days))), ..said() };
    let file = office.bring(&slug, "ponte.png", photo(10), ends(-1)).await.expect("taken").file;
    let why = sentence(submit(&office.store, &office.house, &slug, "elena", at(2)).await);
    assert!(why.contains("la licenza di «ponte.jpg» finisce il"), "{why}");
    let why = sentence(reuse(&office.store, Lang::It, &slug, &file, "elena", at(2)).await);
    assert!(why.contains("è finita il"), "{why}");

    // good for two days: it leaves tomorrow, and not in three days
    describe(&office.store, &slug, &file, ends(2), "elena", at(2)).await.expect("described");
    let tomorrow = today.tomorrow().expect("a day").to_string();
    office.edit_dated(&slug, "Apre il ponte", &tomorrow, at(2)).await;
    office.approved(&slug, at(3)).await;
    let day = salastampa_domain::time::DAY;
    let late = schedule(&office.store, &office.house, &slug, at(3).plus(3 * day), None, "carlo", at(4)).await;
    assert!(sentence(late).contains("togli il file"), "and nothing was put into the outbox");
    assert_eq!(office.release(&slug).await.state.name(), "approved");
    let late = send(&office.store, &office.house, &slug, None, "carlo", at(4).plus(3 * day)).await;
    assert!(sentence(late).contains("ponte.jpg"));
    let mut rows = office.store.read().await.expect("rows");
    let ending = crate::licences::ending(&mut rows, at(4)).await.expect("rows");
    let said: Vec<String> = ending.iter().map(|one| one.say(Lang::It)).collect();
    assert!(said.len() == 1 && said[0].starts_with("«ponte.jpg» di «Apre il ponte», fino al"), "{said:?}");
    assert!(crate::licences::ending(&mut rows, at(4).plus(-40 * day)).await.expect("rows").is_empty());
    drop(rows);
    schedule(&office.store, &office.house, &slug, at(3).plus(day), None, "carlo", at(4)).await.expect("in time");
}

#[tokio::test]
async fn the_bank_knows_until_when_and_the_log_who_said_so() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    let file = office.bring(&slug, "ponte.png", photo(10), said()).await.expect("taken").file;
    let until = last_day("2026-12-31", Lang::It).expect("a day");
    licence_of_photo(&office.store, &file, until, "elena", at(2)).await.expect("written");
    let kept = office.store.read().await.expect("rows").find_photo(&file).await.expect("rows").expect("kept");
    assert_eq!(kept.photo.until, until);
    assert_eq!(office.files(&slug).await.photos[0].until, None, "what a release says stays its own");
    let events = office.store.read().await.expect("rows").list_events(1).await.expect("rows");
    assert_eq!(events[0].verb, "release.photo");

    // a caption in an older draft takes nothing back, and the same photo in another release has the day of the bank
    let captioned = Said { caption: "Il ponte di sera".into(), ..said() };
    describe(&office.store, &slug, &file, captioned, "elena", at(3)).await.expect("described");
    let other = office.begun("Chiude il ponte", "").await;
    office.bring(&other, "ponte.png", photo(10), said()).await.expect("taken");
    assert_eq!(office.files(&other).await.photos[0].until, until);
    let bank = async || {
        let kept = office.store.read().await.expect("rows").find_photo(&file).await.expect("rows");
        kept.expect("kept").photo.until
    };
    assert_eq!(bank().await, until);
    // who writes another day means it, and the log tells
    let later = last_day("2027-12-31", Lang::It).expect("a day");
    describe(&office.store, &other, &file, Said { until: later, ..said() }, "elena", at(4)).await.expect("described");
    assert_eq!(bank().await, later);
    let events = office.store.read().await.expect("rows").list_events(3).await.expect("rows");
    assert!(events.iter().any(|event| event.verb == "release.photo" && event.at == at(4)), "{events:?}");
    assert!(sentence(last_day("31/13/2026", Lang::It)).contains("2026-11-30"));
    let refused = licence_of_photo(&office.store, &file, None, "ugo", at(3)).await;
    assert!(matches!(denied(refused), Denied::Role { .. }));
}

#[tokio::test]
async fn what_is_out_gets_other_files_by_a_correction_only() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    office.bring(&slug, "a.txt", b"uno".to_vec(), Said::default()).await.expect("taken");
    office.approved(&slug, at(2)).await;
    office.send(&slug, at(3)).await;
    let public = office.release(&slug).await.current;
    office.bring(&slug, "b.txt", b"due".to_vec(), Said::default()).await.expect("taken");
    let release = office.release(&slug).await;
    assert_eq!(
        (release.kind, release.state.clone(), release.current),
        (ReleaseKind::Rettifica, ReleaseState::Draft, public)
    );
    let version = office.store.read().await.expect("rows").find_version(public.expect("one")).await.expect("rows");
    assert_eq!(version.expect("a version").files.documents.len(), 1, "the public goes on having what was sent");
    let corrected = submit(&office.store, &office.house, &slug, "elena", at(4)).await.expect("submitted");
    assert_eq!((corrected.corrects, corrected.files.documents.len()), (public, 2));
    withdraw(&office.store, &office.house, &slug, "errore", "carlo", at(5)).await.expect("withdrawn");
    let refused = denied(office.bring(&slug, "c.txt", b"tre".to_vec(), Said::default()).await);
    assert!(matches!(refused, Denied::State { .. }), "{refused:?}");
}

#[tokio::test]
async fn bounds_hold_and_a_photo_of_the_bank_is_the_same_file() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    let other = office.begun("Chiude il ponte", "").await;
    let brought = office.bring(&slug, "ponte.png", photo(10), said()).await.expect("taken");
    let twice = sentence(office.bring(&slug, "altra.png", photo(10), said()).await);
    assert!(twice.contains("c'è già"), "{twice}");
    reuse(&office.store, Lang::It, &other, &brought.file, "elena", at(2)).await.expect("taken from the bank");
    assert_eq!(office.files(&other).await.photos, office.files(&slug).await.photos);
    for n in 0..4 {
        let large = [b"%PDF-1.7 ".to_vec(), vec![b'0' + n; (25 << 20) - 9]].concat();
        let taken = office.bring(&slug, &format!("{n}.pdf"), large, Said::default()).await;
        if n < 3 {
            taken.expect("taken");
        } else {
            let why = sentence(taken);
            assert!(why.contains("non superano i 100 MB"), "{why}");
        }
    }
    assert_eq!(office.files(&slug).await.documents.len(), 3, "what was there stays");
    for login in ["ugo", "nessuno"] {
        let refused = attach(&office.store, Lang::It, &slug, ("x.txt", b"x".to_vec()), said(), login, at(3)).await;
        assert!(matches!(denied(refused), Denied::Role { .. } | Denied::NoUser(_)), "{login}");
    }
}

#[tokio::test]
async fn photos_that_nobody_uses_go_and_those_of_a_version_stay() {
    let office = office().await;
    let slug = office.begun("Apre il ponte", "").await;
    let used = office.bring(&slug, "a.png", photo(10), said()).await.expect("taken").file;
    submit(&office.store, &office.house, &slug, "elena", at(2)).await.expect("submitted");
    let unused = office.bring(&slug, "b.png", photo(90), said()).await.expect("taken").file;
    for file in [&used, &unused] {
        detach(&office.store, &slug, file, "elena", at(3)).await.expect("out");
    }
    let day = salastampa_domain::time::DAY;
    assert_eq!(crate::tidy::tidy(&office.store, NOW.plus(day)).await.expect("kept house").photos, 0);
    assert_eq!(crate::tidy::tidy(&office.store, NOW.plus(40 * day)).await.expect("kept house").photos, 1);
    let named = office.store.list_orphan_files(Timestamp(i64::MAX)).await.expect("orphans");
    assert!(named.contains(&unused) && !named.contains(&used));
}
