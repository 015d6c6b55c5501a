//! *Parola esatta* or *tutte le forme*: what a watch of a single word finds is one sign in its query.
//!
//! `grado` finds *gradi* too, `"Grado"` the place alone. People do not think of quotes, so the form asks. Names want the
//! exact word, themes all its forms; a query of several words says it by itself.

/// How a query of a single word is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// *Parola esatta*: `"Grado"`.
    Exact,
    /// *Tutte le forme*: `grado`.
    All,
}

/// How a query is meant, if it is a single word.
pub fn form_of(query: &str) -> Option<Form> {
    let query = query.trim();
    match query.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(word) => is_word(word.trim()).then_some(Form::Exact),
        None => is_word(query).then_some(Form::All),
    }
}

/// The query meant that way; one of several words stays as it is.
pub fn in_form(query: &str, form: Form) -> String {
    let word = query.trim().trim_matches('"').trim();
    match (form_of(query), form) {
        (None, _) => query.to_owned(),
        (Some(_), Form::Exact) => format!("\"{word}\""),
        (Some(_), Form::All) => word.to_owned(),
    }
}

/// Whether a query is one word that looks like a name and is taken in all its forms.
pub fn may_be_a_name(query: &str) -> bool {
    form_of(query) == Some(Form::All) && query.trim().chars().next().is_some_and(char::is_uppercase)
}

fn is_word(text: &str) -> bool {
    let is_operator = matches!(text, "AND" | "OR" | "NOT");
    !text.is_empty() && !is_operator && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_word_is_exact_by_its_quotes() {
        for (query, form, exact, all) in [
            ("Grado", Some(Form::All), "\"Grado\"", "Grado"),
            (" \"Grado\" ", Some(Form::Exact), "\"Grado\"", "Grado"),
            ("città", Some(Form::All), "\"città\"", "città"),
            ("po'", Some(Form::All), "\"po'\"", "po'"),
            ("\"ponte vecchio\"", None, "\"ponte vecchio\"", "\"ponte vecchio\""),
            ("ponte lago", None, "ponte lago", "ponte lago"),
            ("pont*", None, "pont*", "pont*"),
            ("titolo:ponte", None, "titolo:ponte", "titolo:ponte"),
            ("AND", None, "AND", "AND"),
            ("", None, "", ""),
        ] {
            assert_eq!(form_of(query), form, "{query}");
            assert_eq!(in_form(query, Form::Exact), exact, "{query}");
            assert_eq!(in_form(query, Form::All), all, "{query}");
        }
        assert!(may_be_a_name("Grado") && !may_be_a_name("grado") && !may_be_a_name("\"Grado\""));
    }
}
