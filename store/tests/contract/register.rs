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

    async fn the_hour_of_the_first_message_is_noted_once(home: &Home) {
        let mut write = home.store.write().await?;
        let author = write.record_user(&user("pia", Role::Editor)).await?;
        let id = write.record_release(&release("ponte", author)).await?;
        assert_eq!(write.issued_at(id).await?, None);
        write.record_issued(id, at(7)).await?;
        write.record_issued(id, at(9)).await?;
        // what is written of the release later does not touch it
        write.replace_release(&Release { id, title: "Altro".into(), ..release("ponte", author) }).await?;
        assert_eq!(write.issued_at(id).await?, Some(at(7)));
        assert_eq!(write.issued_at(ReleaseId(99)).await?, None);
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
