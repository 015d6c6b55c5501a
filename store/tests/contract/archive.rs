//! What the pages of the archive ask beside an article.

use crate::world::*;
use salastampa_domain::*;

contract! {
    async fn the_copies_of_an_article_are_listed_by_when_they_were_seen(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 4).await?;
        let mut write = home.store.write().await?;
        let place = |article, copy_of, story| Placement { copy_of, story, ..Placement::alone(article) };
        let (group, story) = write.record_placement(&place(ids[1], None, None), at(7)).await?.expect("an article");
        for copy in [ids[3], ids[0]] {
            write.record_placement(&place(copy, Some(group), Some(story)), at(8)).await?;
        }
        let copies: Vec<ArticleId> = write.list_copies(group, 9).await?.iter().map(|a| a.id).collect();
        assert_eq!(copies, [ids[0], ids[1], ids[3]]);
        assert_eq!(write.list_copies(group, 2).await?.len(), 2);
        assert!(write.list_copies(CopyGroupId(99), 9).await?.is_empty());
    }

    async fn the_clippings_of_an_article_and_of_a_watch(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        let (one, two) = (write.record_watch(&watch("lungolago")).await?, write.record_watch(&watch("bilancio")).await?);
        let why = vec!["lungolago".to_owned()];
        let first = write.record_clipping(ids[0], one, at(1), &why, true).await?.expect("new");
        let second = write.record_clipping(ids[0], two, at(2), &[], false).await?.expect("new");
        let third = write.record_clipping(ids[2], one, at(9), &[], false).await?.expect("new");
        let of = write.list_clippings_of(ids[0]).await?;
        assert_eq!(of.iter().map(|c| (c.id, c.watch)).collect::<Vec<_>>(), [(first, one), (second, two)]);
        assert_eq!(of[0].why, why);
        assert!(write.list_clippings_of(ids[1]).await?.is_empty());
        let among: Vec<ClippingId> = write.list_clippings_among(one, &ids).await?.iter().map(|c| c.id).collect();
        assert_eq!(among, [first, third]);
        assert!(write.list_clippings_among(two, &ids[1..]).await?.is_empty());
        assert!(write.list_clippings_among(two, &[]).await?.is_empty());
        let period = Period { from: at(1), to: at(9) };
        assert_eq!(write.count_clippings_by_watch(&[one, two], period).await?, [(one, 1), (two, 1)]);
        assert_eq!(write.count_clippings_by_watch(&[two], period).await?, [(two, 1)]);
        assert!(write.count_clippings_by_watch(&[], period).await?.is_empty());
        let outlet = write.find_article(ids[0]).await?.expect("there").outlet;
        assert_eq!(write.count_clippings_of_outlet(one, outlet, period).await?, 1);
        assert_eq!(write.count_clippings_of_outlet(one, outlet, Period { from: at(1), to: at(10) }).await?, 2);
        assert_eq!(write.count_clippings_of_outlet(one, OutletId(999), period).await?, 0);

        assert!(write.remove_clipping(third).await?);
        assert!(!write.remove_clipping(third).await?);
        assert_eq!(write.find_clipping(third).await?, None);
        write.record_alert_considered(first, at(10)).await?;
        assert!(!write.remove_clipping(first).await?, "somebody may have been told");
        assert!(write.find_clipping(first).await?.is_some());
    }

    async fn a_line_of_the_log_is_found_by_its_number_and_by_its_subject(home: &Home) {
        let mut write = home.store.write().await?;
        let first = write.record_event(NOW, &Actor::Console, "watch.add", "watch:1", None, Some("{}")).await?;
        let last = write.record_event(at(1), &Actor::Console, "watch.edit", "watch:1", Some("{}"), None).await?;
        write.record_event(at(2), &Actor::Console, "watch.add", "watch:11", None, None).await?;
        assert_eq!(write.find_event(first).await?.map(|e| (e.verb, e.at)), Some(("watch.add".to_owned(), NOW)));
        assert_eq!(write.find_event(EventId(99)).await?, None);
        assert_eq!(write.find_last_event("watch:1").await?.map(|e| e.id), Some(last));
        assert_eq!(write.find_last_event("watch:2").await?, None);
    }

    async fn a_source_may_have_rights_of_its_own(home: &Home) {
        let (outlet, id) = press(&home.store).await?;
        let mut write = home.store.write().await?;
        write.record_source(&Source { rights: None, ..source("eco", outlet) }).await?;
        assert_eq!(write.list_rights_overrides().await?, [(id, RightsClass::LinkOnly)]);
    }

    async fn where_an_article_was_printed(home: &Home) {
        let (outlet, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let printed = |article, output: &str| Use {
            at: NOW, outlet, article, output: output.into(), full_text: false, chars: 180, readers: 12,
        };
        let (mail, pdf) = (printed(ids[0], "review mail"), printed(ids[0], "review pdf"));
        write.record_uses(&[mail.clone(), printed(ids[1], "alert"), pdf.clone()]).await?;
        assert_eq!(write.list_uses_of(ids[0], 9).await?, [pdf.clone(), mail]);
        assert_eq!(write.list_uses_of(ids[0], 1).await?, [pdf]);
    }

    async fn what_the_archive_set_aside_is_known_since_it_was_first_told(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 3).await?;
        let mut write = home.store.write().await?;
        assert!(write.list_asides().await?.is_empty());
        let aside = |n: usize, seq, reason: &str| Aside { article: ids[n], seq: Seq(seq), reason: reason.into() };
        let (one, two) = (aside(0, 1, "too strange"), aside(2, 3, "it's \"odd\""));
        write.replace_asides(&[one.clone(), two.clone()], at(1)).await?;
        assert_eq!(write.list_asides().await?, [(one.clone(), at(1)), (two.clone(), at(1))]);
        // told again, changed, gone
        let changed = aside(2, 9, "still odd");
        write.replace_asides(&[one.clone(), changed.clone()], at(2)).await?;
        assert_eq!(write.list_asides().await?, [(one, at(1)), (changed, at(2))]);
        write.replace_asides(&[], at(3)).await?;
        assert!(write.list_asides().await?.is_empty());
    }

    async fn articles_are_counted_by_the_hour_in_which_they_count_as_published(home: &Home) {
        press_with(&home.store, 5).await?;
        let mut rows = home.store.read().await?;
        let ids: Vec<ArticleId> = rows.list_changes(Seq(0), 99).await?.iter().map(Change::article).collect();
        let mut wanted = std::collections::BTreeMap::new();
        for article in rows.list_articles(&ids).await? {
            *wanted.entry(article.dated().0.div_euclid(3_600_000)).or_insert(0) += 1;
        }
        assert_eq!(rows.count_articles_by_hour().await?, wanted.into_iter().collect::<Vec<_>>());
        assert!(!ids.is_empty());
    }
}
