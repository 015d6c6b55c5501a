//! Releases, versions, pickup, contacts and lists.

use crate::world::*;
use salastampa_domain::*;
use salastampa_store::{Error, ReleaseFilter};

contract! {
    async fn a_release_goes_through_its_states(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let id = write.record_release(&release("lungolago", author)).await?;
        assert!(matches!(write.record_release(&release("lungolago", author)).await, Err(Error::Exists)));
        assert_eq!(write.find_release("lungolago").await?, Some(Release { id, ..release("lungolago", author) }));
        let frozen = write.record_version(&version(id, 1, author)).await?;
        let approved = Approved { version: frozen, sha256: "ab".into(), by: author, at: at(1), alone: true, second: None, held: None, quotes: Vec::new() };
        let number = write.next_register(2027).await?;
        let now = Release {
            id, register: Some((2027, number)), state: ReleaseState::Scheduled { approved, at: at(60) },
            current: Some(frozen), embargo_until: Some(at(60)), public_at: Some(at(61)),
            withdrawn: Some((at(99), author, "errore".into())), title: "È riaperto".into(), ..release("lungolago-2", author)
        };
        write.replace_release(&now).await?;
        assert_eq!(write.find_release_by_id(id).await?, Some(now.clone()));
        assert_eq!(write.find_release_by_register(2027, 1).await?, Some(now));
        assert_eq!(write.find_release("lungolago").await?, None);
        assert_eq!(write.find_release_by_register(2026, 1).await?, None);
        let second = write.record_release(&release("darsena", author)).await?;
        assert_eq!(write.list_releases().await?.iter().map(|r| r.id).collect::<Vec<_>>(), [second, id]);
    }

    async fn releases_are_listed_by_state_and_words_a_page_at_a_time(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let titled = |slug: &str, title: &str| Release { title: title.into(), ..release(slug, author) };
        let first = write.record_release(&titled("mobilita", "È nata la Mobilità dolce: 100%")).await?;
        let second = write.record_release(&titled("darsena", "Riapre la darsena")).await?;
        let third = write.record_release(&titled("mobili", "Mobili usati in piazza")).await?;
        let review = ReleaseState::InReview { version: VersionId(1), by: author, at: at(1) };
        write.replace_release(&Release { id: third, state: review, ..titled("mobili", "Mobili usati in piazza") }).await?;
        let asked = |stage: Option<&str>, words: &str| ReleaseFilter {
            stage: stage.map(str::to_owned),
            words: words.into(),
            public_by: None,
        };
        let ids = |found: Vec<Release>| found.iter().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(ids(write.list_releases_page(&asked(None, ""), 0, 2).await?), [third, second]);
        assert_eq!(ids(write.list_releases_page(&asked(None, ""), 2, 2).await?), [first]);
        assert_eq!(ids(write.list_releases_page(&asked(None, " MOBILITA "), 0, 9).await?), [first]);
        assert_eq!(ids(write.list_releases_page(&asked(None, "mobili"), 0, 9).await?), [third, first]);
        assert_eq!(ids(write.list_releases_page(&asked(Some("draft"), "mobili"), 0, 9).await?), [first]);
        assert_eq!(ids(write.list_releases_page(&asked(None, "0%"), 0, 9).await?), [first], "a sign is a sign");
        assert!(write.list_releases_page(&asked(None, "_obili"), 0, 9).await?.is_empty());
        let out = Release { id: first, public_at: Some(at(1)), embargo_until: Some(at(9)), ..titled("mobilita", "Mobilità") };
        write.replace_release(&out).await?;
        let public = |minute| ReleaseFilter { public_by: Some(at(minute)), ..ReleaseFilter::default() };
        assert!(write.list_releases_page(&public(8), 0, 9).await?.is_empty());
        assert_eq!(ids(write.list_releases_page(&public(9), 0, 9).await?), [first]);
        assert_eq!(write.count_releases("").await?, [("draft".into(), 2), ("in_review".into(), 1)]);
        assert_eq!(write.count_releases("darsena").await?, [("draft".into(), 1)]);
        assert_eq!(ids(write.list_releases_in(&["in_review", "draft"]).await?), [first, second, third]);
        assert_eq!(ids(write.list_releases_in(&["in_review"]).await?), [third]);
        assert!(write.list_releases_in(&[]).await?.is_empty());
        assert_eq!(ids(write.find_releases(&[third, first, ReleaseId(99)]).await?), [first, third]);
    }

    async fn the_store_and_the_domain_agree_on_what_is_public(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let base = release("x", author);
        let first = write.record_release(&base).await?;
        let version = write.record_version(&version(first, 1, author)).await?;
        let approved = Approved { version, sha256: "ab".into(), by: author, at: at(0), alone: false, second: None, held: None, quotes: Vec::new() };
        let states = [
            ReleaseState::Draft,
            ReleaseState::Scheduled { approved: approved.clone(), at: at(5) },
            ReleaseState::Sent { approved: approved.clone(), at: at(5) },
            ReleaseState::Approved { approved },
        ];
        let mut n = 0;
        for state in &states {
            for current in [None, Some(version)] {
                for (public_at, embargo_until) in [(None, None), (Some(at(5)), None), (Some(at(5)), Some(at(7))), (Some(at(9)), Some(at(7)))] {
                    for withdrawn in [None, Some((at(6), author, "errore".to_owned()))] {
                        n += 1;
                        let register = (n % 5 > 0).then_some((2026, n));
                        write.record_release(&Release {
                            slug: format!("r{n}"), state: state.clone(), current, public_at, embargo_until, withdrawn, register, ..base.clone()
                        }).await?;
                    }
                }
            }
        }
        let all = write.list_releases().await?;
        for minute in [4, 5, 7, 9] {
            // a release that is out has a text that stands
            let mut expected: Vec<&Release> =
                all.iter().filter(|r| r.register.is_some() && r.current.is_some() && is_public(r, at(minute))).collect();
            expected.sort_by_key(|r| std::cmp::Reverse((r.public_at.max(r.embargo_until), r.register)));
            let found = write.list_published(at(minute), 999).await?;
            let ids = |published: &[Published]| published.iter().map(|p| p.release).collect::<Vec<_>>();
            assert_eq!(ids(&found), expected.iter().map(|r| r.id).collect::<Vec<_>>(), "{minute}");
            assert_eq!(ids(&write.list_published(at(minute), 2).await?), ids(&found[..2.min(found.len())]));
            for release in all.iter().filter(|r| r.register.is_some()) {
                let (year, number) = release.register.expect("filtered");
                let one = write.find_published(at(minute), year, number).await?;
                assert_eq!(one.as_ref(), found.iter().find(|p| p.release == release.id), "{minute}");
            }
        }
        let late = write.list_releases_since(at(6)).await?;
        assert!(late.iter().all(|r| r.public_at == Some(at(9))) && late.len() == 16, "{}", late.len());
    }

    async fn a_text_that_is_out_beside_a_newer_one_is_kept_and_found(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Chief)).await?;
        let one = write.record_release(&release("ponte", author)).await?;
        write.record_release(&release("strada", author)).await?;
        let before = write.find_release_by_id(one).await?.expect("there");
        let out = TextOut { state: before.state.clone(), public_at: Some(at(3)), embargo_until: None };
        let after = Release { out: Some(out), ..before };
        write.replace_release(&after).await?;
        assert_eq!(write.list_releases_beside().await?, [after]);
    }

    async fn only_what_is_committed_counts_as_written(home: &Home) {
        let before = home.store.commits();
        drop(home.store.write().await?);
        assert_eq!(home.store.commits(), before);
        home.store.write().await?.commit().await?;
        assert_eq!(home.store.commits(), before + 1);
    }

    async fn the_text_that_stands_is_the_newest_whose_hour_has_come(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let id = write.record_release(&release("lungolago", author)).await?;
        let first = write.record_version(&version(id, 1, author)).await?;
        let second = write.record_version(&Version { corrects: Some(first), ..version(id, 2, author) }).await?;
        let third = write.record_version(&Version { corrects: Some(second), ..version(id, 3, author) }).await?;
        let approved = Approved { version: first, sha256: "ab".into(), by: author, at: at(0), alone: false, second: None, held: None, quotes: Vec::new() };
        let out = Release {
            id, register: Some((2026, 7)), state: ReleaseState::Sent { approved, at: at(1) }, current: Some(first),
            public_at: Some(at(1)), embargo_until: Some(at(5)), ..release("lungolago", author)
        };
        write.replace_release(&out).await?;
        let old = write.find_published(at(6), 2026, 7).await?.expect("public");
        assert_eq!((old.version, old.public_at, old.since), (first, at(5), at(5)), "a release from before the table");
        write.record_standing(id, first, at(5)).await?;
        write.record_standing(id, second, at(8)).await?;
        assert_eq!(write.find_published(at(7), 2026, 7).await?.and_then(|p| p.until), Some(at(8)));
        assert_eq!(write.find_published(at(8), 2026, 7).await?.and_then(|p| p.until), None);
        assert_eq!(write.find_published(at(4), 2026, 7).await?, None);
        let stands = |p: Option<Published>| p.map(|p| (p.version, p.since));
        assert_eq!(stands(write.find_published(at(7), 2026, 7).await?), Some((first, at(5))));
        assert_eq!(stands(write.find_published(at(8), 2026, 7).await?), Some((second, at(8))));
        assert_eq!(write.list_standing(id, at(7)).await?, [(first, at(5))]);
        assert_eq!(write.list_standing(id, at(8)).await?, [(first, at(5)), (second, at(8))]);
        // a third text overtakes the second before its hour: nobody will have read the second
        write.record_standing(id, third, at(8)).await?;
        assert_eq!(write.list_standing(id, at(99)).await?, [(first, at(5)), (third, at(8))]);
        write.forget_standing(id, at(7)).await?;
        assert_eq!(stands(write.find_published(at(9), 2026, 7).await?), Some((first, at(5))));
        write.record_standing(id, first, at(6)).await?;
        assert_eq!(write.list_standing(id, at(99)).await?, [(first, at(5))], "sent again, it stands since it first did");
        let found = write.find_versions(&[third, first, VersionId(99)]).await?;
        assert_eq!(found.iter().map(|v| v.id).collect::<Vec<_>>(), [first, third]);
    }

    async fn the_log_is_asked_about_one_thing_or_the_last_word_on_many(home: &Home) {
        let mut write = home.store.write().await?;
        let who = Actor::Console;
        for (n, (verb, subject)) in [("release.new", "release:1"), ("release.new", "release:2"), ("release.edit", "release:1")].into_iter().enumerate() {
            write.record_event(at(n as i64), &who, verb, subject, None, None).await?;
        }
        let of_one = write.list_events_of("release:1", 9).await?;
        assert_eq!(of_one.iter().map(|e| e.verb.as_str()).collect::<Vec<_>>(), ["release.edit", "release.new"]);
        assert_eq!(write.list_events_of("release:1", 1).await?.len(), 1);
        let last = write.list_last_events(&["release:1", "release:2", "release:3"]).await?;
        assert_eq!(last.iter().map(|e| (e.subject.as_str(), e.verb.as_str())).collect::<Vec<_>>(),
            [("release:2", "release.new"), ("release:1", "release.edit")]);
    }

    async fn contacts_and_closed_addresses_are_asked_for_many_at_once(home: &Home) {
        let mut write = home.store.write().await?;
        let nina = write.record_contact(&contact("nina@il-lago.test")).await?;
        let zoe = write.record_contact(&contact("zoe@il-lago.test")).await?;
        let found = write.find_contacts(&[zoe, ContactId(9), nina]).await?;
        assert_eq!(found.iter().map(|c| c.id).collect::<Vec<_>>(), [nina, zoe]);
        let closed = Suppression { hash: "ee".repeat(32), at: NOW, why: "opt-out".into() };
        write.record_suppression(&closed).await?;
        let unknown = "aa".repeat(32);
        assert_eq!(write.list_suppressions(&[&unknown, &closed.hash]).await?, [closed]);
        assert!(write.list_suppressions(&[]).await?.is_empty());
    }

    async fn the_register_begins_again_each_year(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.next_register(2026).await?, 1);
        assert_eq!(write.next_register(2026).await?, 2);
        assert_eq!(write.next_register(2027).await?, 1);
    }

    async fn versions_are_written_once(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("lungolago", author)).await?;
        let first = write.record_version(&version(release, 1, author)).await?;
        assert!(matches!(write.record_version(&version(release, 1, author)).await, Err(Error::Exists)));
        let second = Version { corrects: Some(first), lists: Vec::new(), ..version(release, 2, author) };
        let id = write.record_version(&second).await?;
        let second = Version { id, ..second };
        assert_eq!(write.find_version(id).await?, Some(second.clone()));
        assert_eq!(write.find_version(VersionId(9)).await?, None);
        assert_eq!(write.list_versions(release).await?, [Version { id: first, ..version(release, 1, author) }, second]);
    }

    async fn files_belong_to_the_text_in_the_making_and_to_each_version(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("lungolago", author)).await?;
        assert_eq!(write.find_release_files(release).await?, ReleaseFiles::default());
        let files = ReleaseFiles { photos: vec![photo("a")], documents: vec![Document { file: "d".into(), ..Document::default() }] };
        write.replace_release_files(release, &files).await?;
        assert_eq!(write.find_release_files(release).await?, files);
        let version = Version { files: files.clone(), ..version(release, 1, author) };
        let id = write.record_version(&version).await?;
        write.replace_release_files(release, &ReleaseFiles::default()).await?;
        assert!(write.find_release_files(release).await?.is_empty());
        assert_eq!(write.find_version(id).await?.map(|version| version.files), Some(files));
        for file in ["a", "a-web", "a-thumb", "d"] {
            assert_eq!(write.list_releases_with_file(file).await?, [release], "{file}");
        }
        assert!(write.list_releases_with_file("b").await?.is_empty());
        let other = Photo { alt: "Altra".into(), ..photo("b") };
        write.replace_release_files(release, &ReleaseFiles { photos: vec![other], documents: Vec::new() }).await?;
        assert_eq!(write.list_releases_with_file("b-web").await?, [release]);
    }

    async fn licences_that_end_are_found_by_their_day(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let (one, two) = (
            write.record_release(&release("lungolago", author)).await?,
            write.record_release(&release("ponte", author)).await?,
        );
        let day = |n: i8| jiff::civil::date(2026, 11, n);
        let ending = |file: &str, n| Photo { until: Some(day(n)), ..photo(file) };
        let document = Document { file: "d".into(), until: Some(day(20)), ..Document::default() };
        let files = ReleaseFiles { photos: vec![ending("a", 9), photo("b")], documents: vec![document] };
        write.replace_release_files(one, &ReleaseFiles { photos: vec![ending("a", 12)], documents: Vec::new() }).await?;
        write.record_version(&Version { files, ..version(two, 1, author) }).await?;
        for (from, to, found) in [(9, 9, vec![two]), (10, 12, vec![one]), (9, 30, vec![one, two]), (21, 30, vec![])] {
            assert_eq!(write.list_releases_with_licence_until(day(from), day(to)).await?, found, "{from} {to}");
        }
        write.replace_release_files(one, &ReleaseFiles { photos: vec![photo("a")], documents: Vec::new() }).await?;
        assert_eq!(write.list_releases_with_licence_until(day(10), day(12)).await?, [], "it was extended without end");
        for (file, n) in [("a", 9), ("b", 12), ("c", 7)] {
            write.keep_photo(&ending(file, n), author, at(1)).await?;
        }
        write.keep_photo(&photo("e"), author, at(1)).await?;
        let names = |kept: Vec<KeptPhoto>| kept.into_iter().map(|kept| kept.photo.full.file).collect::<Vec<_>>();
        assert_eq!(names(write.list_photos_until(day(8), day(30), 9).await?), ["a", "b"]);
        assert_eq!(names(write.list_photos_until(day(1), day(30), 1).await?), ["c"]);
        write.keep_photo(&photo("c"), author, at(1)).await?;
        assert_eq!(names(write.list_photos_until(day(1), day(8), 9).await?), [""; 0]);
    }

    async fn what_readers_say_is_counted_by_page_and_purged_by_day(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("lungolago", author)).await?;
        let day = |n: i8| jiff::civil::date(2026, 11, n);
        let said = |page: &str, n, stars, words: &str| Rating {
            id: RatingId(0),
            page: page.into(),
            release: (page != "/novita").then_some(release),
            day: day(n),
            stars,
            reason: (stars > 3).then_some(2),
            words: words.into(),
        };
        let first = write.record_rating(&said("/novita", 9, 2, "Lungo")).await?;
        write.record_rating(&said("/novita/comunicati/2026/1", 10, 5, "")).await?;
        let last = write.record_rating(&said("/novita", 10, 4, "È \"chiaro\"")).await?;
        assert_eq!((write.count_all_ratings("").await?, write.count_all_ratings("/mai").await?), (3, 0));
        assert_eq!((write.count_ratings("/novita", day(10)).await?, write.count_ratings("", day(10)).await?), (1, 2));
        let rated = |page: &str, release, count, stars, n| Rated { page: page.into(), release, count, stars, last: day(n) };
        let all = [rated("/novita", None, 2, 6, 10), rated("/novita/comunicati/2026/1", Some(release), 1, 5, 10)];
        assert_eq!(write.list_rated(9).await?, all);
        assert_eq!(write.list_rated(1).await?, all[..1]);
        let newest = Rating { id: last, ..said("/novita", 10, 4, "È \"chiaro\"") };
        assert_eq!(write.list_ratings("", 0, 1).await?, std::slice::from_ref(&newest));
        assert_eq!(write.list_ratings("/novita", 1, 9).await?, [Rating { id: first, ..said("/novita", 9, 2, "Lungo") }]);
        assert_eq!((write.strike_rating(last).await?, write.strike_rating(last).await?), (true, false));
        assert_eq!(write.list_ratings("", 0, 1).await?[0].words, "");
        assert_eq!((write.purge_ratings(day(10)).await?, write.list_ratings("", 0, 9).await?.len()), (1, 2));
    }

    async fn the_photo_bank_is_searched_by_what_is_said_of_photos(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let second = write.record_user(&user("lea", Role::Editor)).await?;
        let said = |file: &str, alt: &str, credit: &str| Photo { alt: alt.into(), credit: credit.into(), ..photo(file) };
        write.keep_photo(&said("a", "Il lungolago", "Nina"), author, at(1)).await?;
        write.keep_photo(&said("b", "La città 100%", "Ugo"), author, at(2)).await?;
        // told anew: who brought it and when stays
        write.keep_photo(&said("a", "Il lungolago riaperto", "Nina"), second, at(9)).await?;
        let kept = KeptPhoto { photo: said("a", "Il lungolago riaperto", "Nina"), by: author, at: at(1) };
        assert_eq!(write.find_photo("a").await?, Some(kept.clone()));
        assert_eq!((write.find_photo("a-web").await?, write.find_photo_by_size("a-web").await?), (None, Some(kept)));
        for (words, found) in [("", vec!["b", "a"]), ("CITTA", vec!["b"]), ("nina", vec!["a"]), ("100%", vec!["b"]), ("_", vec![])] {
            let photos = write.list_photos(words, 0, 9).await?;
            assert_eq!(photos.iter().map(|kept| kept.photo.full.file.as_str()).collect::<Vec<_>>(), found, "{words}");
            assert_eq!(write.count_photos(words).await?, i64::try_from(found.len()).unwrap_or_default());
        }
        assert_eq!(write.list_photos("", 1, 1).await?.len(), 1);
        let release = write.record_release(&release("lungolago", author)).await?;
        write.replace_release_files(release, &ReleaseFiles { photos: vec![photo("b")], documents: Vec::new() }).await?;
        assert_eq!(write.purge_photos(at(1)).await?, 0, "not before its day");
        assert_eq!(write.purge_photos(at(99)).await?, 1);
        assert_eq!((write.find_photo("a").await?, write.count_photos("").await?), (None, 1));
    }

    async fn of_two_findings_the_higher_level_stays(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("lungolago", author)).await?;
        let found = Pickup { release, article: ids[0], level: PickupLevel::Quote, of_article: 210, of_release: 130, at: at(5), judged: None };
        assert!(write.record_pickup(&found).await?);
        assert!(!write.record_pickup(&found).await?);
        assert!(!write.record_pickup(&Pickup { level: PickupLevel::Theme, ..found.clone() }).await?);
        let full = Pickup { level: PickupLevel::Full, of_article: 990, at: at(6), ..found.clone() };
        assert!(write.record_pickup(&full).await?);
        let expected = Pickup { at: at(5), ..full };
        assert_eq!(write.list_pickup_of(release).await?, std::slice::from_ref(&expected));
        assert!(write.record_pickup(&Pickup { article: ids[1], at: at(4), ..found }).await?);
        assert_eq!(write.list_pickup_by(&[ids[1], ids[0], ArticleId(99)]).await?.len(), 2);
        assert_eq!(write.list_pickup_by(&[ids[0]]).await?, std::slice::from_ref(&expected));
        assert!(write.list_pickup_by(&[]).await?.is_empty());
        let in_period = write.list_pickup(Period { from: at(5), to: at(6) }).await?;
        assert_eq!(in_period, [expected]);
        assert_eq!(write.list_pickup(Period::ALWAYS).await?[0].article, ids[1], "oldest first");
    }

    async fn what_a_person_said_of_a_use_stands_whatever_is_found_later(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let pia = write.record_user(&user("pia", Role::Editor)).await?;
        let release = write.record_release(&release("lungolago", pia)).await?;
        let found =
            Pickup { release, article: ids[0], level: PickupLevel::Quote, of_article: 9, of_release: 9, at: at(5), judged: None };
        write.record_pickup(&found).await?;
        for level in [Some(PickupLevel::Partial), None] {
            let judged = Some(Judged { level, by: pia, at: at(7) });
            assert!(write.record_judged(release, ids[0], judged).await?);
            let kept = write.list_pickup_of(release).await?.remove(0);
            assert_eq!((kept.judged, kept.holds(), kept.level), (judged, level, PickupLevel::Quote));
        }
        write.record_pickup(&Pickup { level: PickupLevel::Full, ..found.clone() }).await?;
        assert_eq!(write.list_pickup_of(release).await?[0].holds(), None, "a person's word stands");
        assert!(write.record_judged(release, ids[0], None).await?);
        assert_eq!(write.list_pickup_of(release).await?[0].holds(), Some(PickupLevel::Full));
        assert!(!write.record_judged(release, ids[1], None).await?, "nothing was found there");
    }

    async fn a_contact_that_opted_out_stays_out(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_contact(&contact("nina@il-lago.test")).await?;
        assert_eq!(write.find_contact(id).await?, Some(Contact { id, ..contact("nina@il-lago.test") }));
        write.record_opt_out(id, at(1)).await?;
        write.record_opt_out(id, at(5)).await?;
        let imported = Contact { name: "N. Valli".into(), notice_at: None, expires: None, ..contact("nina@il-lago.test") };
        assert_eq!(write.record_contact(&imported).await?, id);
        let expected = Contact { id, opted_out_at: Some(at(1)), ..imported };
        assert_eq!(write.find_contact_by_address(&address("Nina@IL-LAGO.test")).await?, Some(expected.clone()));
        assert_eq!(write.find_contact_by_address(&address("ugo@il-lago.test")).await?, None);
        assert_eq!(write.find_contact(ContactId(9)).await?, None);
        assert_eq!(write.list_contacts().await?, [expected]);
    }

    async fn lists_have_members_by_hand_or_by_rule(home: &Home) {
        let mut write = home.store.write().await?;
        let zoe = write.record_contact(&contact("zoe@il-lago.test")).await?;
        let ugo = Contact { medium: Medium::Radio, beats: vec!["cronaca".into()], ..contact("ugo@radio.test") };
        let ugo = write.record_contact(&ugo).await?;
        let list = |slug: &str, membership| MailingList { id: ListId(0), slug: slug.into(), name: "Redazioni".into(), membership };
        let by_hand = list("redazioni", Membership::Hand);
        let id = write.record_list(&by_hand, &[zoe, ugo, zoe]).await?;
        let names = |members: Vec<Contact>| members.into_iter().map(|c| c.id).collect::<Vec<_>>();
        assert_eq!(names(write.list_members(id).await?), [ugo, zoe], "by address");
        assert_eq!(write.record_list(&by_hand, &[zoe]).await?, id);
        assert_eq!(names(write.list_members(id).await?), [zoe]);
        let rule = Membership::Rule { medium: Some(Medium::Radio), beat: Some("CRONACA".into()), territory: None };
        let radio = list("radio", rule);
        let by_rule = write.record_list(&radio, &[]).await?;
        assert_eq!(names(write.list_members(by_rule).await?), [ugo]);
        assert!(write.list_members(ListId(9)).await?.is_empty());
        assert_eq!(write.find_list("radio").await?, Some(MailingList { id: by_rule, ..radio.clone() }));
        assert_eq!(write.find_list_by_id(id).await?, Some(MailingList { id, ..by_hand.clone() }));
        assert_eq!(write.find_list("nessuna").await?, None);
        assert_eq!(write.list_lists().await?, [MailingList { id, ..by_hand }, MailingList { id: by_rule, ..radio }]);
    }

    async fn a_closed_address_stays_closed_since_the_first_time(home: &Home) {
        let mut write = home.store.write().await?;
        let first = Suppression { hash: "ee".repeat(32), at: NOW, why: "opt-out".into() };
        write.record_suppression(&first).await?;
        write.record_suppression(&Suppression { at: at(9), why: "bounced".into(), ..first.clone() }).await?;
        assert_eq!(write.find_suppression(&first.hash).await?, Some(first));
        assert_eq!(write.find_suppression("").await?, None);
    }
}
