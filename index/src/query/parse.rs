//! From lexemes to the syntax tree. Tight to loose: field, NEAR, NOT, AND (also by mere standing side by side), OR.

use crate::query::ast::{Ast, Place};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::lexer::{Fault, Kind, Lexeme, lex};
use crate::query::{DEEPEST, LONGEST, MOST_LEAVES};
use std::ops::Range;

/// Reads a query. Pure; linear in its length; an empty text is the query that finds everything.
pub fn parse(text: &str) -> Result<Ast, QueryError> {
    parse_unchecked(text).map_err(|fault| match fault.instead {
        Some((range, by)) => {
            let error = QueryError::replacing(fault.kind, text, range, &by);
            QueryError::new(error.kind, text, fault.span, error.suggestion)
        }
        None => QueryError::new(fault.kind, text, fault.span, None),
    })
}

/// The same without a suggestion.
pub(crate) fn parse_unchecked(text: &str) -> Result<Ast, Fault> {
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        return Err(Fault::new(QueryErrorKind::TooLong, at..text.len()));
    }
    let lexemes = lex(text)?;
    let mut parser = Parser { text, lexemes: &lexemes, at: 0, depth: 0, leaves: 0 };
    if lexemes.is_empty() {
        return Ok(Ast::And(Vec::new()));
    }
    let ast = parser.or()?;
    match parser.peek() {
        None => Ok(ast),
        // only a closing parenthesis ends an expression early
        Some(stray) => {
            Err(Fault::new(QueryErrorKind::StrayParenthesis, stray.span.clone()).instead(stray.span.clone(), " "))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
    depth: usize,
    leaves: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Lexeme> {
        self.lexemes.get(self.at)
    }

    fn next_if(&mut self, wanted: &Kind) -> Option<&'a Lexeme> {
        let lexeme = self.peek().filter(|l| l.kind == *wanted)?;
        self.at += 1;
        Some(lexeme)
    }

    fn or(&mut self) -> Result<Ast, Fault> {
        let mut parts = vec![self.and()?];
        while let Some(operator) = self.next_if(&Kind::Or) {
            self.operand_after(operator)?;
            parts.push(self.and()?);
        }
        Ok(single(parts, Ast::Or))
    }

    fn and(&mut self) -> Result<Ast, Fault> {
        let mut parts = vec![self.not()?];
        loop {
            if let Some(operator) = self.next_if(&Kind::And) {
                self.operand_after(operator)?;
            } else if self.peek().is_none_or(|l| matches!(l.kind, Kind::Or | Kind::Close)) {
                return Ok(single(parts, Ast::And));
            }
            parts.push(self.not()?);
        }
    }

    fn not(&mut self) -> Result<Ast, Fault> {
        let Some(operator) = self.next_if(&Kind::Not) else { return self.near() };
        self.operand_after(operator)?;
        self.deeper(operator.span.clone(), |p| Ok(Ast::Not(Box::new(p.not()?))))
    }

    fn near(&mut self) -> Result<Ast, Fault> {
        let start = self.peek().map_or(0, |l| l.span.start);
        let mut left = self.field()?;
        let mut steps = 0;
        while let Some(Lexeme { kind: Kind::Near(distance), span }) = self.peek() {
            self.at += 1;
            self.operand_after(&self.lexemes[self.at - 1])?;
            let end =
                self.at.checked_sub(2).and_then(|before| self.lexemes.get(before)).map_or(span.start, |l| l.span.end);
            let before = start..end;
            if !is_near_operand(&left) && !matches!(left, Ast::Near { .. }) {
                return Err(Fault::new(QueryErrorKind::NearOperand, before));
            }
            let from = self.peek().map_or(self.text.len(), |l| l.span.start);
            let right = self.field()?;
            if !is_near_operand(&right) {
                let to = self.lexemes[self.at - 1].span.end;
                return Err(Fault::new(QueryErrorKind::NearOperand, from..to));
            }
            // every step makes the tree deeper by one, as a parenthesis would
            self.depth += 1;
            steps += 1;
            self.check_depth(span.clone())?;
            left = Ast::Near { left: Box::new(left), right: Box::new(right), distance: *distance };
        }
        self.depth -= steps;
        Ok(left)
    }

    fn field(&mut self) -> Result<Ast, Fault> {
        let Some(lexeme) = self.peek() else { return Err(self.missing()) };
        match lexeme.kind {
            Kind::Field(field) => {
                self.at += 1;
                self.operand_of(lexeme)?;
                self.deeper(lexeme.span.clone(), |p| Ok(Ast::In(field, Box::new(p.primary()?))))
            }
            Kind::Watch => {
                self.at += 1;
                self.operand_of(lexeme)?;
                match self.primary()? {
                    Ast::Word(name, place) | Ast::Phrase(name, place) => Ok(Ast::Watch(name, place)),
                    _ => Err(empty(self.text, lexeme)),
                }
            }
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Result<Ast, Fault> {
        let Some(lexeme) = self.peek() else { return Err(self.missing()) };
        let place = || Place(lexeme.span.clone());
        let leaf = match &lexeme.kind {
            Kind::Word(word) => Ast::Word(word.clone(), place()),
            Kind::Phrase(phrase) => Ast::Phrase(phrase.clone(), place()),
            Kind::Prefix(prefix) => Ast::Prefix(prefix.clone(), place()),
            Kind::Date(dates) => Ast::Date(*dates, place()),
            Kind::Open => return self.group(lexeme),
            Kind::Close => {
                let fault = Fault::new(QueryErrorKind::StrayParenthesis, lexeme.span.clone());
                return Err(fault.instead(lexeme.span.clone(), " "));
            }
            Kind::And | Kind::Or | Kind::Near(_) => return Err(lone(self.text, lexeme)),
            Kind::Not | Kind::Field(_) | Kind::Watch => return Err(empty(self.text, lexeme)),
        };
        self.at += 1;
        self.leaves += 1;
        if self.leaves > MOST_LEAVES {
            return Err(Fault::new(QueryErrorKind::TooMany, lexeme.span.clone()));
        }
        Ok(leaf)
    }

    fn group(&mut self, open: &'a Lexeme) -> Result<Ast, Fault> {
        self.at += 1;
        if let Some(close) = self.next_if(&Kind::Close) {
            let span = open.span.start..close.span.end;
            return Err(Fault::new(QueryErrorKind::EmptyParentheses, span.clone()).instead(span, " "));
        }
        let end = self.text.len();
        let unclosed = || Fault::new(QueryErrorKind::OpenParenthesis, open.span.clone()).instead(end..end, ")");
        if self.peek().is_none() {
            return Err(unclosed());
        }
        let inside = self.deeper(open.span.clone(), Self::or)?;
        self.next_if(&Kind::Close).map(|_| inside).ok_or_else(unclosed)
    }

    fn deeper(
        &mut self,
        span: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<Ast, Fault>,
    ) -> Result<Ast, Fault> {
        self.depth += 1;
        self.check_depth(span)?;
        let ast = inner(self);
        self.depth -= 1;
        ast
    }

    fn check_depth(&self, span: Range<usize>) -> Result<(), Fault> {
        if self.depth > DEEPEST { Err(Fault::new(QueryErrorKind::TooDeep, span)) } else { Ok(()) }
    }

    /// Whether something that can be an operand follows this operator.
    fn operand_after(&self, operator: &Lexeme) -> Result<(), Fault> {
        match self.peek().map(|l| &l.kind) {
            None | Some(Kind::Close | Kind::And | Kind::Or | Kind::Near(_)) => Err(lone(self.text, operator)),
            _ => Ok(()),
        }
    }

    /// Whether a word, a phrase or a group follows this field.
    fn operand_of(&self, field: &Lexeme) -> Result<(), Fault> {
        match self.peek().map(|l| &l.kind) {
            Some(Kind::Word(_) | Kind::Phrase(_) | Kind::Prefix(_) | Kind::Open) => Ok(()),
            _ => Err(empty(self.text, field)),
        }
    }

    fn missing(&self) -> Fault {
        match self.lexemes.last() {
            Some(last) => lone(self.text, last),
            None => Fault::new(QueryErrorKind::LoneOperator { operator: String::new() }, 0..0),
        }
    }
}

fn lone(text: &str, operator: &Lexeme) -> Fault {
    let written = text[operator.span.clone()].to_owned();
    Fault::new(QueryErrorKind::LoneOperator { operator: written }, operator.span.clone())
        .instead(operator.span.clone(), " ")
}

fn empty(text: &str, field: &Lexeme) -> Fault {
    let name = text[field.span.clone()].trim_end_matches(':').to_owned();
    Fault::new(QueryErrorKind::EmptyField { name }, field.span.clone()).instead(field.span.clone(), " ")
}

fn is_near_operand(ast: &Ast) -> bool {
    match ast {
        Ast::Word(..) | Ast::Phrase(..) | Ast::Prefix(..) => true,
        Ast::Or(parts) => parts.iter().all(is_near_operand),
        _ => false,
    }
}

fn single(mut parts: Vec<Ast>, many: fn(Vec<Ast>) -> Ast) -> Ast {
    if parts.len() == 1 { parts.swap_remove(0) } else { many(parts) }
}

#[cfg(test)]
mod tests;
