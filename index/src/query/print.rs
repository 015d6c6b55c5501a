//! From the syntax tree back to text: `parse(print(ast)) == ast`.

use crate::query::ast::Ast;

/// The query as text, in one canonical spelling: Italian field names, AND by standing side by side.
pub fn print(ast: &Ast) -> String {
    let mut out = String::new();
    write(ast, Level::Or, &mut out);
    out
}

/// How tightly the surroundings bind, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Near,
    Primary,
}

fn level(ast: &Ast) -> Level {
    match ast {
        Ast::Or(_) => Level::Or,
        Ast::And(_) => Level::And,
        Ast::Not(_) => Level::Not,
        // no field stands right before another
        Ast::Near { .. } | Ast::In(..) | Ast::Watch(..) | Ast::Date(..) => Level::Near,
        Ast::Word(..) | Ast::Phrase(..) | Ast::Prefix(..) => Level::Primary,
    }
}

fn write(ast: &Ast, around: Level, out: &mut String) {
    let parentheses = level(ast) < around;
    if parentheses {
        out.push('(');
    }
    match ast {
        Ast::Or(parts) => list(parts, " OR ", Level::And, out),
        Ast::And(parts) => list(parts, " ", Level::Not, out),
        Ast::Not(inner) => {
            out.push_str("NOT ");
            write(inner, Level::Not, out);
        }
        Ast::Near { left, right, distance } => {
            write(left, Level::Near, out);
            out.push_str(&format!(" NEAR/{distance} "));
            write(right, Level::Primary, out);
        }
        Ast::In(field, inner) => {
            out.push_str(field.name());
            out.push(':');
            write(inner, Level::Primary, out);
        }
        Ast::Watch(name, _) => out.push_str(&format!("tema:\"{name}\"")),
        Ast::Word(word, _) => out.push_str(word),
        Ast::Phrase(phrase, _) => out.push_str(&format!("\"{phrase}\"")),
        Ast::Prefix(prefix, _) => out.push_str(&format!("{prefix}*")),
        Ast::Date(dates, _) => out.push_str(&dates.to_string()),
    }
    if parentheses {
        out.push(')');
    }
}

fn list(parts: &[Ast], between: &str, around: Level, out: &mut String) {
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            out.push_str(between);
        }
        // a list inside the same sort of list keeps its own parentheses, or it would melt into it
        write(part, around, out);
    }
}
