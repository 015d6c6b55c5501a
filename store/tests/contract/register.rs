//! What is noted of a release beside its text: its number, its hour, the leave for its quotations.

use crate::world::*;
use salastampa_domain::*;

contract! {
    async fn the_leave_for_a_quotation_is_kept_with_its_words(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let id = write.record_release(&release("ponte", author)).await?;
        let other = write.record_release(&release("nidi", author)).await?;
        let note = |quote: &str, who: &str| SignOff {
            quote: quote.into(), words: "Il ponte \"vecchio\" riapre".into(), who: who.into(), at: at(1), by: author, noted: at(2),
        };
        write.record_sign_off(id, &note("ab", "Ada Corti")).await?;
        write.record_sign_off(id, &note("aa", "Ugo Nava")).await?;
        write.record_sign_off(id, &note("ab", "Irene Valsecca")).await?;
        write.record_sign_off(other, &note("ab", "Ugo Nava")).await?;
        assert_eq!(write.list_sign_offs(id).await?, [note("aa", "Ugo Nava"), note("ab", "Irene Valsecca")]);
        write.remove_sign_off(id, "ab").await?;
        assert_eq!(write.list_sign_offs(id).await?, [note("aa", "Ugo Nava")]);
        assert_eq!(write.list_sign_offs(other).await?, [note("ab", "Ugo Nava")]);
    }

    async fn the_hour_of_the_first_message_of_each_text_is_noted_once(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let id = write.record_release(&release("ponte", author)).await?;
        let first = write.record_version(&version(id, 1, author)).await?;
        let second = write.record_version(&version(id, 2, author)).await?;
        assert_eq!((write.list_issued(id).await?, write.first_accepted(first).await?), (vec![], None));
        write.record_issued(second, at(9)).await?;
        write.record_issued(first, at(7)).await?;
        write.record_issued(first, at(8)).await?;
        assert_eq!(write.list_issued(id).await?, [(first, at(7)), (second, at(9))]);
        assert_eq!(write.list_issued(ReleaseId(99)).await?, []);
        // the public is told the hour of the text that stands
        let out = Release {
            id, register: Some((2026, 3)), public_at: Some(at(5)), current: Some(second), ..release("ponte", author)
        };
        write.replace_release(&out).await?;
        assert_eq!(write.list_published(at(20), 9).await?[0].issued_at, Some(at(9)));
        write.record_standing(id, first, at(5)).await?;
        write.record_standing(id, second, at(11)).await?;
        for (now, hour) in [(at(10), at(7)), (at(11), at(9))] {
            let found = write.find_published(now, 2026, 3).await?.expect("public");
            assert_eq!(found.issued_at, Some(hour));
        }
    }

    async fn the_register_of_a_year_is_listed_by_its_numbers(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        assert_eq!((write.last_register(2026).await?, write.list_register_years().await?), (0, vec![]));
        for (slug, register) in [("b", Some((2026, 2))), ("a", Some((2026, 1))), ("c", Some((2025, 7))), ("d", None)] {
            write.record_release(&Release { register, ..release(slug, author) }).await?;
        }
        let slugs: Vec<String> = write.list_register(2026).await?.into_iter().map(|release| release.slug).collect();
        assert_eq!(slugs, ["a", "b"]);
        assert_eq!(write.list_register_years().await?, [2026, 2025]);
        write.next_register(2026).await?;
        write.next_register(2026).await?;
        assert_eq!((write.last_register(2026).await?, write.last_register(2025).await?), (2, 0));
    }
}
