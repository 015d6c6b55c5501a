//! An old archive in every form in which it may come, and what is no archive at all.

use super::*;
use proptest::prelude::*;
use salastampa_domain::{ForeignText, Timestamp};

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22 18:00").expect("a date")
}

fn all(bytes: &[u8], form: Form, piece: usize) -> Vec<Record> {
    let mut records = Records::new(form);
    let mut found = Vec::new();
    for piece in bytes.chunks(piece) {
        records.feed(piece);
        found.extend(std::iter::from_fn(|| records.next()));
    }
    records.end();
    found.extend(std::iter::from_fn(|| records.next()));
    found
}

/// The records in short: line and cells, or line and reason.
fn short(records: &[Record]) -> Vec<String> {
    let one = |record: &Record| match record {
        Record::Cells { line, cells } => format!("{line}: {:.90}", cells.join("|").replace('\n', "~")),
        Record::Object { line, object } => format!("{line}: {}", object.keys().cloned().collect::<Vec<_>>().join("|")),
        Record::Broken { line, why } => format!("{line}: {why}"),
    };
    records.iter().map(one).collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn a_table_is_cut_alike_in_every_encoding_and_in_every_piece() {
    let text = "Titolo;Testata;Data;Testo\r\n\
        \"Riapre il \"\"molo\"\"; però\";Il Lago;01/03/2019;\"Prima riga\nseconda è qui\"\r\n\
        ;;;\r\n\
        Chiude la città;Il Lago;02/03/2019;breve";
    let expected = [
        "1: Titolo|Testata|Data|Testo",
        "2: Riapre il \"molo\"; però|Il Lago|01/03/2019|Prima riga~seconda è qui",
        "5: Chiude la città|Il Lago|02/03/2019|breve",
    ];
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8"),
        (windows, "windows-1252"),
        (utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), "UTF-16LE"),
        (utf16(text, u16::to_be_bytes), "UTF-16BE"),
    ] {
        let form = Form::detect(&bytes, None, None);
        assert_eq!((form.encoding.name(), form.shape), (encoding, Shape::Table(';')));
        for piece in [1, 2, 3, 7, 64, 4_096] {
            assert_eq!(short(&all(&bytes, form, piece)), expected, "{encoding} in pieces of {piece}");
        }
    }
}

#[test]
fn the_separator_is_the_one_that_makes_known_columns() {
    for (head, expected) in [
        ("titolo;data;testata\n", Shape::Table(';')),
        ("title,date,outlet\n", Shape::Table(',')),
        ("Titolo\tData\tTesto, intero\n", Shape::Table('\t')),
        ("id|titolo|data\n", Shape::Table('|')),
        ("{\"titolo\": \"a\"}\n", Shape::Lines),
        ("sep=,\ntitolo,data\n", Shape::Table(',')),
        ("", Shape::Table(';')),
    ] {
        assert_eq!(Form::detect(head.as_bytes(), None, None).shape, expected, "{head}");
    }
    assert_eq!(Form::detect(b"a;b", None, Some(',')).shape, Shape::Table(','), "what is said is not guessed");
}

#[test]
fn an_open_quote_costs_one_line() {
    let text = "a;b\n\"open;x\nc;d\n";
    let form = Form::detect(text.as_bytes(), None, Some(';'));
    assert_eq!(short(&all(text.as_bytes(), form, 5)), ["1: a|b", "2: an open quote", "3: c|d"]);
    // and a file of nothing else is given up
    let hostile = "x\"y;\"a\n".repeat(1_000);
    assert!(all(hostile.as_bytes(), form, 4_096).len() <= 102);
}

#[test]
fn what_is_too_large_is_refused_and_left_out() {
    let mut text = b"titolo;data\n".to_vec();
    text.extend(vec![b'x'; LARGEST + 100_000]);
    text.extend(b"\nb;c\n");
    let form = Form { encoding: encoding_rs::UTF_8, shape: Shape::Table(';') };
    assert_eq!(short(&all(&text, form, 1 << 18)), ["1: titolo|data", "2: too large", "3: b|c"]);
    let lines = Form { shape: Shape::Lines, ..form };
    let mut text = format!("{{\"a\": \"{}\"}}\n", "x".repeat(LARGEST + 100_000)).into_bytes();
    text.extend(b"{\"b\": 1}\nno\n\n{\"c\": 1}");
    assert_eq!(short(&all(&text, lines, 1 << 18)), ["1: too large", "2: b", "3: no JSON object", "5: c"]);
    let wide = "x;".repeat(10_000) + "\na;b";
    assert_eq!(short(&all(wide.as_bytes(), form, 100)), ["1: too large", "2: a|b"]);
}

#[test]
fn columns_are_known_by_their_names_and_by_what_the_person_says() {
    let names = |list: &str| list.split(',').map(str::to_owned).collect::<Vec<_>>();
    let shown = |columns: &Columns| {
        let field = |(field, at): (&Field, &usize)| format!("{}={}", field.name(), columns.names[*at]);
        columns.places.iter().map(field).collect::<Vec<_>>().join(" ")
    };
    let of = |list: &str, mapped: &[(&str, &str)]| {
        let mapped: Vec<_> = mapped.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        Columns::of(names(list), &mapped)
    };
    let told = |list: &str, mapped: &[(&str, &str)]| shown(&of(list, mapped).expect("a good map"));
    assert_eq!(
        told("ID,Titolo,Data pubblicazione,Fonte", &[]),
        "title=Titolo outlet=Fonte date=Data pubblicazione id=ID"
    );
    assert_eq!(
        told("headline,published_at,Outlet,body,LINK", &[]),
        "title=headline outlet=Outlet date=published_at url=LINK text=body"
    );
    assert_eq!(
        told("titolo,fonte,testata,data", &[]),
        "title=titolo outlet=testata date=data",
        "the likelier name counts"
    );
    assert_eq!(told("T,D,data", &[("title", "T"), ("data", "2")]), "title=T date=D");
    assert_eq!(told("titolo,data,fonte", &[("outlet", "")]), "title=titolo date=data");
    assert_eq!(of("titolo,data", &[("titel", "titolo")]), Err(columns::BadMap::NoField("titel".into())));
    assert_eq!(of("titolo,data", &[("text", "corpo")]), Err(columns::BadMap::NoColumn("corpo".into())));
    assert_eq!(of("titolo,testo", &[]), Err(columns::BadMap::Missing(Field::Date)));
}

#[test]
fn dates_of_old_archives_are_read_and_nonsense_is_not() {
    let columns = Columns::of(vec!["titolo".into(), "data".into(), "ora".into()], &[]).expect("both are there");
    for (date, hour, expected) in [
        ("01/03/2019", "", "2019-03-01T12:00:00+01:00"),
        ("1.3.2019", "18:40", "2019-03-01T18:40:00+01:00"),
        ("2019-03-01 07:15:00", "", "2019-03-01T07:15:00+01:00"),
        ("1° marzo 2019", "", "2019-03-01T12:00:00+01:00"),
        ("venerdì 1 marzo 2019, ore 9.05", "", "2019-03-01T09:05:00+01:00"),
        ("20190301", "", "2019-03-01T12:00:00+01:00"),
        ("2019-03-01T07:15:00Z", "", "2019-03-01T08:15:00+01:00"),
        ("1551420900", "", "2019-03-01T07:15:00+01:00"),
        ("1551420900000", "", "2019-03-01T07:15:00+01:00"),
        ("43525", "", "2019-03-01T12:00:00+01:00"),
        ("43525", "18:40", "2019-03-01T18:40:00+01:00"),
        ("43525,5", "", "2019-03-01T12:00:00+01:00"),
        ("", "", "no date"),
        ("ieri", "", "no date can be read in \"ieri\""),
        ("2 ore fa", "", "no date can be read in \"2 ore fa\""),
        ("31/02/2019", "", "no date can be read in \"31/02/2019\""),
        ("99999", "", "its date \"99999\" lies in the future"),
        ("01/03/2039", "", "its date \"01/03/2039\" lies in the future"),
    ] {
        let cells = vec!["Riapre il molo".to_owned(), date.to_owned(), hour.to_owned()];
        let read = Row::read(Record::Cells { line: 2, cells }, &columns, now());
        let told = read.map_or_else(|(_, why)| why.to_string(), |row| row.at.rfc3339());
        assert_eq!(told, expected, "{date} {hour}");
    }
}

#[test]
fn a_row_is_made_of_objects_as_well_as_of_cells() {
    let names = ["titolo", "data", "autori", "testo", "url", "id"].map(str::to_owned).to_vec();
    let columns = Columns::of(names, &[]).expect("both are there");
    let line = r#"{"titolo": "Riapre&nbsp;il <b>molo</b>", "data": "2019-03-01", "autori": ["Ada Corti", "di Piero Lanti"],
        "testo": "<p>Da oggi.</p><p>Si passeggia.</p>", "url": "ftp://x.test/a", "id": 417}"#;
    let records =
        all(line.replace('\n', "").as_bytes(), Form { encoding: encoding_rs::UTF_8, shape: Shape::Lines }, 100);
    let row = Row::read(records[0].clone(), &columns, now()).expect("a good row");
    assert_eq!((row.title.as_str(), row.body.for_analysis()), ("Riapre il molo", "Da oggi.\nSi passeggia."));
    assert_eq!(
        (row.authors.join("+"), row.url.clone(), row.id.as_deref()),
        ("Ada Corti+Piero Lanti".into(), None, Some("417"))
    );
    let plain = Row { body: ForeignText::new(""), ..row };
    assert_eq!(plain.identity().key, "import:417");
}

#[test]
fn a_row_is_known_by_its_number_else_its_address_else_day_and_title() {
    let row = |id: Option<&str>, url: Option<&str>, title: &str, at: &str| Row {
        line: 1,
        title: title.into(),
        outlet: "Il Lago".into(),
        at: Timestamp::parse(at).expect("a date"),
        authors: Vec::new(),
        url: url.map(str::to_owned),
        lead: ForeignText::default(),
        body: ForeignText::default(),
        section: None,
        id: id.map(str::to_owned),
    };
    let by = |row: &Row| row.identity().by;
    let page = Some("http://lago.test/a?utm_source=x");
    assert_eq!(
        row(Some("7"), page, "t", "2019-03-01 07:00").identity().address.as_deref(),
        Some("https://lago.test/a")
    );
    assert_eq!(by(&row(Some("7"), page, "t", "2019-03-01 07:00")), Known::Id);
    assert_eq!(by(&row(None, page, "t", "2019-03-01 07:00")), Known::Address);
    // the home page is no article's address
    let home = row(None, Some("http://lago.test/"), "Riapre il MOLO!", "2019-03-01 07:00");
    assert_eq!(by(&home), Known::Title);
    assert_eq!(home.identity().key, row(None, None, "riapre il molo", "2019-03-01 22:00").identity().key);
    assert_ne!(home.identity().key, row(None, None, "riapre il molo", "2019-03-02 07:00").identity().key);
}

#[test]
fn no_bytes_make_it_fail() {
    for bytes in
        [b"".as_slice(), b"\xFF", b"\xFF\xFE", b"\xFF\xFE\0", b"\"", b"{", b"\r", b"sep=", b"sep=\n", &[0x80; 4_200]]
    {
        for shape in [Shape::Lines, Shape::Table(';'), Form::detect(bytes, None, None).shape] {
            all(bytes, Form { shape, ..Form::detect(bytes, None, None) }, 1);
        }
    }
}

/// Bytes in which quotes, separators and line ends are frequent, cut characters and stray bytes among them.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        b"\"".as_slice(),
        b"\"\"",
        b";",
        b"\n",
        b"\r\n",
        b"\r",
        b"a",
        b"titolo",
        b"{\"a\":1}",
        b"\xC3\xA8",
        b"\xC3",
        b"\xE8",
        b"\0",
        b" ",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_pieces_of_a_file_change_nothing(bytes in hostile(), piece in 1_usize..9, shape in 0..2) {
        let shape = if shape == 0 { Shape::Table(';') } else { Shape::Lines };
        for encoding in [encoding_rs::UTF_8, encoding_rs::WINDOWS_1252, encoding_rs::UTF_16LE] {
            let form = Form { encoding, shape };
            prop_assert_eq!(all(&bytes, form, piece), all(&bytes, form, bytes.len().max(1)));
        }
    }
}
