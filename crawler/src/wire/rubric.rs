//! The categories of agencies in the words of an Italian newspaper.
//!
//! Left out: the finer codes; a press office files by the page on which a story would stand.

/// Of the three letters that Italian agencies share, the letter of ANPA 1312, or the letter of IPTC 7901.
pub(super) fn of_press_category(code: &str) -> Option<String> {
    let word = match code.trim().to_ascii_uppercase().as_str() {
        "CRO" | "A" => "Cronaca",
        "POL" | "P" => "Politica",
        "EST" | "I" => "Esteri",
        "ECO" | "FIN" | "F" => "Economia",
        "SPR" | "SPO" | "S" => "Sport",
        "SPE" | "ACE" | "E" => "Spettacoli",
        "CUL" | "CLT" => "Cultura",
        "SCI" | "TEC" => "Scienza e tecnologia",
        "REG" => "Regioni",
        "AMB" => "Ambiente",
        "SAL" => "Salute",
        _ => return None,
    };
    Some(word.to_owned())
}

/// Of the eight digits of an IPTC subject: the first two name one of seventeen fields.
pub(super) fn of_subject_code(code: &str) -> Option<String> {
    let code = code.rsplit(':').next().unwrap_or_default().trim();
    if code.len() != 8 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let word = match &code[..2] {
        "01" => "Cultura e spettacoli",
        "02" | "03" => "Cronaca",
        "04" => "Economia",
        "05" => "Scuola",
        "06" => "Ambiente",
        "07" => "Salute",
        "08" | "10" | "14" => "Società",
        "09" => "Lavoro",
        "11" => "Politica",
        "12" => "Religione",
        "13" => "Scienza e tecnologia",
        "15" => "Sport",
        "16" => "Esteri",
        "17" => "Meteo",
        _ => return None,
    };
    Some(word.to_owned())
}
