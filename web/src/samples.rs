//! Every page, as a sample in every language, held against what all pages owe their readers.

use salastampa_locale::Lang;

fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let notice = askama::Template::render(&crate::answer::sample(lang)).expect("a template over strings");
    let mut all = crate::newsroom::samples::all(lang);
    all.push(("notice", notice));
    all.extend(crate::newsroom::subscribe::samples(lang));
    all.extend(crate::leave::samples(lang));
    all.extend(crate::links::samples(lang));
    all.extend(crate::not_for_me::samples(lang));
    all.extend(crate::own::samples(lang));
    all.extend(crate::own_data::samples(lang));
    all
}

/// The levels of the headings, in order.
fn headings(page: &str) -> Vec<u8> {
    page.split("<h")
        .skip(1)
        .filter_map(|after| after.bytes().next())
        .filter(u8::is_ascii_digit)
        .map(|b| b - b'0')
        .collect()
}

#[test]
fn every_page_has_its_landmarks_its_language_and_one_title() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.code())), "{name}");
            for part in [
                "<header",
                "<main id=\"contenuto\"",
                "<footer",
                "<title>",
                "data-element=\"breadcrumb\"",
                "href=\"#contenuto\"",
            ] {
                assert_eq!(page.matches(part).count(), 1, "{part} in {name}");
            }
            let levels = headings(&page);
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?} in {name}");
            assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{name}");
        }
    }
}

#[test]
fn no_page_runs_loads_or_styles_by_itself() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            // linked data is no script
            let data = page.matches("<script type=\"application/ld+json\" data-element=\"metatag\">").count();
            assert_eq!(page.matches("<script").count(), data, "{name}");
            for wish in [" style=\"", "<style", " onclick", "<iframe", "@import"] {
                assert!(!page.contains(wish), "{wish} in {name}");
            }
            // pictures are our own, at their gated addresses, and leave room for themselves
            for picture in page.split("<img ").skip(1) {
                let tag = picture.split('>').next().unwrap_or_default();
                assert!(tag.starts_with("src=\"/ufficio-stampa/file/"), "{tag} in {name}");
                assert!(tag.contains(" width=\"") && tag.contains(" height=\"") && tag.contains(" alt=\""), "{tag}");
            }
            assert_eq!(page.matches("rel=\"stylesheet\"").count(), 1, "{name}");
        }
    }
}

#[test]
fn no_page_shows_a_key_in_place_of_a_sentence() {
    for lang in Lang::ALL {
        for (name, page) in samples(lang) {
            for key in [
                ">web.",
                "\"web.",
                ">newsroom.",
                "\"newsroom.",
                ">common.",
                ">releases.",
                ">recipient.",
                "\"recipient.",
            ] {
                assert!(!page.contains(key), "{key} in {name}");
            }
        }
    }
}

#[test]
fn the_hooks_of_the_national_checker_stand_where_they_belong() {
    for (name, page) in samples(Lang::It) {
        for hook in [
            "main-navigation",
            "news",
            "all-services",
            "all-topics",
            "breadcrumb",
            "page-name",
            "contacts",
            "privacy-policy-link",
            "feedback",
            "feedback-title",
            "feedback-rate-1",
            "feedback-rate-2",
            "feedback-rate-3",
            "feedback-rate-4",
            "feedback-rate-5",
            "feedback-rating-positive",
            "feedback-rating-negative",
            "feedback-input-text",
        ] {
            assert_eq!(page.matches(&format!("data-element=\"{hook}\"")).count(), 1, "{hook} in {name}");
        }
        let answers = page.split("data-element=\"feedback-rating-answer\">").skip(1);
        let answers: Vec<&str> = answers.map(|rest| rest.split('<').next().unwrap_or_default()).collect();
        assert_eq!(answers.len(), 10, "{name}");
        // word for word, as the checker compares them
        for words in [
            "data-element=\"feedback-title\">Quanto sono chiare le informazioni su questa pagina?</h2>",
            "data-element=\"feedback-rating-question\">Quali sono stati gli aspetti che hai preferito?</legend>",
            "data-element=\"feedback-rating-question\">Dove hai incontrato le maggiori difficoltà?</legend>",
        ] {
            assert_eq!(page.matches(words).count(), 1, "{words} in {name}");
        }
        for (at, words) in [
            (0, "Le indicazioni erano chiare"),
            (2, "Capivo sempre che stavo procedendo correttamente"),
            (4, "Altro"),
            (5, "A volte le indicazioni non erano chiare"),
            (8, "Ho avuto problemi tecnici"),
        ] {
            assert_eq!(answers[at], words, "{name}");
        }
    }
}

#[test]
fn every_page_of_the_desk_has_its_landmarks_its_language_and_one_title() {
    for lang in Lang::ALL {
        for (name, page) in crate::desk::samples(lang) {
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.code())), "{name}");
            for part in
                ["<header", "<main id=\"contenuto\"", "<footer", "<title>", "href=\"#contenuto\"", "role=\"status\""]
            {
                assert_eq!(page.matches(part).count(), 1, "{part} in {name}");
            }
            let levels = headings(&page);
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?} in {name}");
            for table in page.split("<table").skip(1) {
                assert!(table.contains("<caption"), "a table without a caption in {name}");
            }
        }
    }
}

#[test]
fn no_page_of_the_desk_runs_or_styles_by_itself_and_each_form_carries_the_word_of_the_session() {
    for lang in Lang::ALL {
        for (name, page) in crate::desk::samples(lang) {
            assert_eq!(page.matches("<script").count(), page.matches("<script src=").count(), "{name}");
            for wish in [" style=\"", "<style", " onclick", " onchange", "@import", "javascript:"] {
                assert!(!page.contains(wish), "{wish} in {name}");
            }
            for form in page.split("<form").skip(1) {
                let (form, _) = form.split_once("</form>").unwrap_or((form, ""));
                let is_open = ["/desk/entra", "/desk/avvio/", "/desk/invito/"].iter().any(|path| form.contains(path));
                if form.contains("method=\"post\"") && !is_open {
                    assert!(form.contains("name=\"_csrf\""), "a form without the word in {name}: {form}");
                }
            }
        }
    }
}

#[test]
fn every_field_of_the_desk_has_a_label_and_no_page_shows_a_key() {
    for lang in Lang::ALL {
        for (name, page) in crate::desk::samples(lang) {
            let fields = ["<input ", "<select ", "<textarea "].into_iter().flat_map(|tag| page.split(tag).skip(1));
            for field in fields {
                let field = field.split('>').next().unwrap_or_default();
                if ["type=\"hidden\"", "type=\"submit\"", "aria-label=", "aria-labelledby="]
                    .iter()
                    .any(|t| field.contains(t))
                {
                    continue;
                }
                let id = field.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let labelled = id.is_some_and(|id| page.contains(&format!("for=\"{id}\"")));
                assert!(labelled, "a field without a label in {name}: {field}");
            }
            for part in [
                "desk", "archive", "curation", "composer", "keeping", "people", "returned", "sources", "settings",
                "login", "acts", "web",
            ] {
                for key in [format!(">{part}."), format!("\"{part}."), format!("> {part}.")] {
                    assert!(!page.contains(&key), "{key} in {name}");
                }
            }
        }
    }
}
