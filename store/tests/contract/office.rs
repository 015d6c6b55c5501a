//! Watches, persons, editions and readers: a second declaration changes what differs and nothing else.

use crate::world::*;
use salastampa_domain::template::ReleaseTemplate;
use salastampa_domain::*;

contract! {
    async fn a_reader_is_rung_once_a_subject(home: &Home) {
        let mut write = home.store.write().await?;
        let address = PushAddress::parse("https://ntfy.bellariva.test/sindaca").expect("an address");
        let mayor = write.record_reader(&Reader { push: Some(address.clone()), ..reader("sindaca") }).await?;
        assert_eq!(write.find_reader(mayor).await?.and_then(|r| r.push), Some(address));
        let new = NewPush {
            subject: Subject { kind: DeliveryKind::Alert, thing: 4, version: 0, round: 1 },
            reader: mayor,
            note: PushNote { title: "Frana".into(), text: "Agenzia".into(), link: String::new(), urgent: true },
            expires_at: at(90),
        };
        assert_eq!(write.next_push_due().await?, None);
        assert_eq!(write.find_last_push(mayor).await?, None);
        write.record_push(&new, at(5)).await?;
        write.record_push(&new, at(6)).await?;
        assert_eq!(write.next_push_due().await?, Some(at(5)));
        assert!(write.list_pushes_due(at(4), 9).await?.is_empty());
        let due = write.list_pushes_due(at(5), 9).await?;
        assert_eq!(due.len(), 1, "one of a subject and reader");
        assert_eq!(due[0].new, new);
        let after = due[0].clone().after(Ok(200), at(7));
        write.record_push_state(&after).await?;
        assert!(write.list_pushes_due(at(99), 9).await?.is_empty());
        assert_eq!(write.purge_pushes(at(0)).await?, 0, "what has ended is kept for a while");
        assert_eq!(write.list_pushes_about(DeliveryKind::Alert, &[3, 4]).await?, std::slice::from_ref(&after));
        assert!(write.list_pushes_about(DeliveryKind::Alert, &[]).await?.is_empty());
        assert_eq!(write.find_last_push(mayor).await?, Some(after));
        assert_eq!(write.purge_pushes(at(8)).await?, 1);
        assert_eq!(write.find_last_push(mayor).await?, None);
    }

    async fn watches_are_known_by_their_slug(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_watch(&watch("lungolago")).await?;
        let terms = vec![Term::parse("-4! darsena").expect("a term")];
        let grading = Grading { terms, minimum: 8, per_outlet: 2, diverse: true };
        let now = Watch { query: "darsena".into(), hold: 3, retired_at: Some(NOW), urgency: Urgency::Review, grading, ..watch("lungolago") };
        assert_eq!(write.record_watch(&now).await?, id);
        let other = write.record_watch(&watch("bilancio")).await?;
        assert_eq!(write.find_watch("lungolago").await?, Some(Watch { id, ..now.clone() }));
        assert_eq!(write.find_watch("nessuno").await?, None);
        assert_eq!(write.list_watches().await?, [Watch { id, ..now }, Watch { id: other, ..watch("bilancio") }]);
    }

    async fn persons_have_names_and_an_office_for_a_time(home: &Home) {
        let mut write = home.store.write().await?;
        let person = Person {
            id: PersonId(0), slug: "ada-corti".into(), name: "Ada Corti".into(), aliases: vec!["la sindaca".into()],
            office: "sindaca".into(), from: Some(Slot::of(NOW).0.date()), until: None,
        };
        let id = write.record_person(&person).await?;
        assert_eq!(write.record_person(&person).await?, id);
        assert_eq!(write.list_persons().await?, [Person { id, ..person }]);
    }

    async fn elections_are_known_by_their_slug_and_can_be_taken_out(home: &Home) {
        let mut write = home.store.write().await?;
        let day = |text: &str| text.parse().expect("a day");
        let election = |slug: &str, to: &str| Election {
            slug: slug.into(), name: "Elezioni \"comunali\" 2027".into(), kind: ElectionKind::Local, from: day("2027-04-15"),
            to: day(to), closes: election::CLOSE, runoff: Some(Runoff { to: day("2027-06-28"), closes: election::CLOSE }),
        };
        write.record_election(&election("comunali", "2027-06-13")).await?;
        write.record_election(&election("referendum", "2027-06-14")).await?;
        write.record_election(&election("comunali", "2027-06-14")).await?;
        let both = [election("comunali", "2027-06-14"), election("referendum", "2027-06-14")];
        assert_eq!(write.list_elections().await?, both);
        write.remove_election("comunali").await?;
        write.remove_election("nessuna").await?;
        assert_eq!(write.list_elections().await?, both[1..]);
    }

    async fn templates_are_known_by_their_slug_and_can_be_forgotten(home: &Home) {
        let mut write = home.store.write().await?;
        let template = |slug: &str, is_away| ReleaseTemplate {
            slug: slug.into(), name: "Via \"chiusa\"".into(), text: "+++\n+++\n[via]".into(), is_away,
        };
        write.record_template(&template("strada", false)).await?;
        write.record_template(&template("sport", false)).await?;
        write.record_template(&template("strada", true)).await?;
        assert_eq!(write.list_templates().await?, [template("strada", true), template("sport", false)]);
        write.remove_template("strada").await?;
        write.remove_template("nessuno").await?;
        assert_eq!(write.list_templates().await?, [template("sport", false)]);
    }

    async fn readers_are_known_by_their_slug(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_reader(&reader("sindaca")).await?;
        assert_eq!(write.find_reader(id).await?, Some(Reader { id, ..reader("sindaca") }));
        assert_eq!(write.find_reader(ReaderId(9)).await?, None);
        let now = Reader { quiet: None, watches: Vec::new(), second: Some(id), second_at_night: true, ..reader("sindaca") };
        assert_eq!(write.record_reader(&now).await?, id);
        assert_eq!(write.list_readers().await?, [Reader { id, ..now }]);
    }

    async fn sections_keep_their_numbers_through_a_new_order(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_edition(&edition("mattino", &["Città", "Provincia", "Sport"])).await?;
        let first = write.find_edition("mattino").await?.expect("there");
        let expected = Edition { id, sections: first.sections.clone(), ..edition("mattino", &[]) };
        assert_eq!(first, expected);
        let numbers: Vec<i64> = first.sections.iter().map(|s| s.id.0).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(first.sections[0].watches, [WatchId(1), WatchId(2)]);

        assert_eq!(write.record_edition(&edition("mattino", &["Sport", "Cultura", "Città"])).await?, id);
        let second = write.find_edition_by_id(id).await?.expect("there");
        let sections: Vec<(i64, &str)> = second.sections.iter().map(|s| (s.id.0, s.name.as_str())).collect();
        assert_eq!(sections, [(3, "Sport"), (4, "Cultura"), (1, "Città")]);
        assert_eq!(write.list_editions().await?, [second]);
        assert_eq!(write.find_edition("sera").await?, None);
        assert_eq!(write.find_edition_by_id(EditionId(9)).await?, None);
    }

    async fn declaring_an_edition_again_does_not_undo_what_is_done(home: &Home) {
        let mut write = home.store.write().await?;
        let id = write.record_edition(&edition("mattino", &["Città"])).await?;
        let done = Slot::parse("2027-01-16T07:00:00").expect("a slot");
        write.record_edition_done(id, done).await?;
        write.record_edition(&Edition { cap: 3, outlet_cap: 2, ..edition("mattino", &["Città"]) }).await?;
        let now = write.find_edition("mattino").await?.expect("there");
        assert_eq!((now.done, now.cap), (done, 3));
    }

    async fn an_edition_keeps_its_rules_and_is_given_with_the_day_of_the_patron(home: &Home) {
        let mut write = home.store.write().await?;
        let rule = OnHolidays::parse("09:30").expect("an hour");
        let holidays = Holidays { rule, patron: Some((1, 1)) };
        write.record_edition(&Edition { holidays, order: OrderRule::Tier, ..edition("mattino", &["Città"]) }).await?;
        let now = write.find_edition("mattino").await?.expect("there");
        assert_eq!((now.holidays, now.order), (Holidays { rule, patron: None }, OrderRule::Tier));
        for patron in [Some((9, 14)), None] {
            write.record_patron(patron).await?;
            assert_eq!(write.patron().await?, patron);
            assert_eq!(write.list_editions().await?[0].holidays, Holidays { rule, patron });
        }
        let resting = Holidays { rule: OnHolidays::NoIssue, patron: None };
        write.record_edition(&Edition { holidays: resting, ..edition("mattino", &["Città"]) }).await?;
        let now = write.find_edition("mattino").await?.expect("there");
        assert_eq!((now.holidays, now.order), (resting, OrderRule::Importance));
    }
}
