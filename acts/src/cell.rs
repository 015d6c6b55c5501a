//! Cells of tables that leave the house: what an office program would take for a formula stays text.
//!
//! A spreadsheet runs what begins with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, *CSV injection*). The
//! apostrophe before it is what spreadsheets themselves write for "this is text".

/// The cell, as text.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}
