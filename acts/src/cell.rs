//! Cells of tables that leave the house: what an office program would take for a formula stays text.
//!
//! A spreadsheet runs what begins with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, *CSV injection*). The
//! apostrophe before it is what spreadsheets themselves write for "this is text".

/// The cell, as text.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell, harmless, as it stands in a line whose cells are parted by semicolons (quoted as RFC 4180 does).
pub fn between_semicolons(cell: &str) -> String {
    let cell = harmless(cell);
    if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
