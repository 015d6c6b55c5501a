//! Files as they come in life, and as somebody would make them who means harm. All of them made here.

use super::*;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageReader, Rgb, RgbImage};
use jiff::civil::date;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use salastampa_domain::{Document, Photo};
use salastampa_locale::Lang;
use std::io::Cursor;

/// A picture that is red on its left and blue on its right.
fn pixels(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = pixels(width, height);
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8).expect("a JPEG");
    bytes
}

fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture: Vec<u8> = pixels(width, height).pixels().flat_map(|p| [p[0], p[1], p[2], alpha]).collect();
    PngEncoder::new(&mut bytes).write_image(&picture, width, height, ExtendedColorType::Rgba8).expect("a PNG");
    bytes
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.encode(&pixels(width, height), width, height, ExtendedColorType::Rgb8).expect("a WebP");
    bytes
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("small").to_le_bytes();
    let odd = if content.len() % 2 == 1 { vec![0] } else { Vec::new() };
    [name.as_slice(), &length, content, &odd].concat()
}

/// The same still picture as the only frame of a WebP that says it moves.
fn moving_webp() -> Vec<u8> {
    let still = webp(4, 4);
    let frame = [&[0; 6][..], &[3, 0, 0, 3, 0, 0], &[100, 0, 0, 0], &still[12..]].concat();
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[0x02, 0, 0, 0, 3, 0, 0, 3, 0, 0]),
        chunk(b"ANIM", &[0; 6]),
        chunk(b"ANMF", &frame),
    ]
    .concat();
    chunk(b"RIFF", &body)
}

/// A JPEG with a segment that says how the camera was held, where, and by whom.
fn with_exif(bytes: &[u8], orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let tiff = [
        b"MM\0*\0\0\0\x08\0\x03".to_vec(),
        entry(0x0112, 3, 1, [0, orientation, 0, 0]),
        entry(0x013b, 2, 21, [0, 0, 0, 50]),
        entry(0x8825, 4, 1, [0, 0, 0, 80]),
        vec![0; 4],
        b"Gina Fotografa Segreta".to_vec(),
        vec![0; 8],
        b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS 45.812 9.085".to_vec(),
    ]
    .concat();
    let content = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = u16::try_from(content.len() + 2).expect("small").to_be_bytes();
    [&bytes[..2], &[0xff, 0xe1], &length, &content, &bytes[2..]].concat()
}

/// A PNG whose head says that it is so large, without pixels.
fn png_head(width: u32, height: u32) -> Vec<u8> {
    let part = |name: &[u8; 4], content: &[u8]| {
        let body = [name.as_slice(), content].concat();
        let length = u32::try_from(content.len()).expect("small").to_be_bytes();
        [&length[..], &body, &crc(&body).to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let data = [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1];
    [b"\x89PNG\r\n\x1a\n".to_vec(), part(b"IHDR", &head), part(b"IDAT", &data), part(b"IEND", &[])].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// An archive: names, how large each says it is when unpacked, and what is in it.
fn archive(files: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let (mut out, mut contents) = (Vec::new(), Vec::new());
    for (name, unpacked, bytes) in files {
        let at = u32::try_from(out.len()).expect("small").to_le_bytes();
        let length = u32::try_from(bytes.len()).expect("small").to_le_bytes();
        let named = u16::try_from(name.len()).expect("short").to_le_bytes();
        let fields =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[0; 4], &length, &unpacked.to_le_bytes(), &named, &[0, 0]].concat();
        out.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), bytes].concat());
        contents.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let n = u16::try_from(files.len()).expect("few").to_le_bytes();
    let (size, at) = (u32::try_from(contents.len()).expect("small"), u32::try_from(out.len()).expect("small"));
    let end = [b"PK\x05\x06\0\0\0\0", &n[..], &n, &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat();
    [out, contents, end].concat()
}

fn docx(more: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let plain: [(&str, u32, &[u8]); 2] = [("[Content_Types].xml", 4, b"<a/>"), ("word/document.xml", 4, b"<b/>")];
    archive(&[&plain[..], more].concat())
}

#[test]
fn what_is_not_taken_says_why() {
    let jpeg_cut = {
        let whole = jpeg(64, 64);
        whole[..whole.len() / 2].to_vec()
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("vuoto.pdf", Vec::new(), "empty"),
        ("logo.svg", b"<?xml version=\"1.0\"?>\n<svg><script>alert(1)</script></svg>".to_vec(), "svg"),
        ("logo.png", b"\xef\xbb\xbf  <SVG onload=alert(1)>".to_vec(), "svg"),
        ("foto.jpg", b"<!doctype html><script>alert(1)</script>".to_vec(), "markup"),
        ("mappa.gif", b"GIF89a/*\x01\0*/=1;alert(1)//".to_vec(), "gif"),
        ("foto.jpg", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "heic"),
        ("video.mp4", b"\0\0\0\x18ftypisom\0\0\0\0".to_vec(), "video"),
        ("scansione.tif", b"II*\0\x08\0\0\0".to_vec(), "other_picture"),
        ("tutto.zip", archive(&[("a.exe", 2, b"MZ")]), "archive"),
        ("lettera.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "old_office"),
        ("lettera.docm", docx(&[("word/vbaProject.bin", 3, b"vba")]), "macros"),
        ("lettera.docx", docx(&[("word/activeX/activeX1.bin", 3, b"axx")]), "macros"),
        (
            "lettera.odt",
            archive(&[("mimetype", 39, b"application/vnd.oasis.opendocument.text"), ("Basic/Standard/M.xml", 1, b"x")]),
            "macros",
        ),
        ("bomba.docx", docx(&[("word/media/a.bin", u32::MAX, b"x"), ("word/media/b.bin", u32::MAX, b"x")]), "bomb"),
        ("tronco.docx", docx(&[])[..40].to_vec(), "broken"),
        ("setup.pdf", b"MZ\x90\0".to_vec(), "program"),
        ("programma.txt", b"\0\x01\x02".to_vec(), "unknown"),
        ("appunti.js", b"alert(1)".to_vec(), "unknown"),
        ("grande.png", png_head(50_000, 50_000), "pixels"),
        ("larga.png", png_head(60_000, 1_000), "pixels"),
        ("tronca.jpg", jpeg_cut, "broken"),
        ("testa.jpg", jpeg(64, 64)[..20].to_vec(), "broken"),
        ("rotta.png", png(20, 20, 255)[..60].to_vec(), "broken"),
        ("mossa.webp", moving_webp(), "animated"),
    ];
    for (name, bytes, why) in cases {
        let refused = take(name, bytes).expect_err(name);
        assert_eq!(refused.key, format!("releases.file.{why}"), "{name}");
        for lang in Lang::ALL {
            let sentence = refused.say(lang);
            assert!(sentence.contains(name) && !sentence.contains('{'), "{sentence}");
        }
    }
    let large = take("enorme.pdf", vec![b' '; LARGEST + 1]).expect_err("too large");
    assert_eq!(large.key, "releases.file.too_large");
}

#[test]
fn what_is_taken_has_the_name_of_what_it_is() {
    let odt = archive(&[("mimetype", 39, b"application/vnd.oasis.opendocument.text"), ("content.xml", 1, b"x")]);
    let cases: Vec<(&str, Vec<u8>, &str, &str, bool)> = vec![
        ("Ordinanza n. 7 è.PDF", b"%PDF-1.7\n".to_vec(), "ordinanza-n-7-e.pdf", "PDF", false),
        ("foto.jpg", b"%PDF-1.7\n".to_vec(), "foto.pdf", "PDF", true),
        ("lettera.docx", docx(&[]), "lettera.docx", "Word", false),
        ("lettera", odt, "lettera.odt", "ODT", true),
        ("dati.csv", b"via;data\nRoma;1/12\n".to_vec(), "dati.csv", "CSV", false),
        ("vecchi.csv", b"citt\xe0;1\r\n".to_vec(), "vecchi.csv", "CSV", false),
        ("voce.mp3", b"ID3\x04\0\0\0\0\0\0".to_vec(), "voce.mp3", "MP3", false),
        ("ponte.JPEG", jpeg(8, 6), "ponte.jpg", "JPEG", false),
        ("ponte.png", jpeg(8, 6), "ponte.jpg", "JPEG", true),
        ("ponte.webp", webp(8, 6), "ponte.jpg", "JPEG", false),
        ("stemma.png", png(8, 6, 100), "stemma.png", "PNG", false),
        ("schermata.png", png(8, 6, 255), "schermata.jpg", "JPEG", false),
    ];
    for (name, bytes, kept, sort, renamed) in cases {
        let taken = take(name, bytes).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        assert_eq!((taken.name.as_str(), taken.sort, taken.renamed), (kept, sort, renamed), "{name}");
    }
}

fn photo(bytes: Vec<u8>) -> [Scaled; 3] {
    match take("foto.jpg", bytes).expect("taken").what {
        What::Photo(sizes) => *sizes,
        What::Document(_) => panic!("no photo"),
    }
}

#[test]
fn a_photo_is_turned_upright_and_tells_nothing_of_its_maker() {
    let held = with_exif(&jpeg(40, 20), 6);
    assert!(held.windows(3).any(|part| part == b"GPS"), "the fixture tells");
    for size in photo(held) {
        assert_eq!((size.width, size.height), (20, 40), "turned by a quarter");
        for told in [b"Exif".as_slice(), b"GPS", b"Segreta"] {
            assert!(!size.bytes.windows(told.len()).any(|part| part == told));
        }
        let read = ImageReader::new(Cursor::new(&size.bytes)).with_guessed_format().expect("a format").decode();
        let read = read.expect("a picture").to_rgb8();
        // what was on the left is above now
        assert!(read.get_pixel(10, 5)[0] > 150 && read.get_pixel(10, 35)[2] > 150);
    }
}

#[test]
fn what_hides_behind_a_picture_is_gone_and_the_sizes_fit() {
    let behind = [jpeg(900, 300), b"<script>alert(1)</script>PK\x03\x04".to_vec()].concat();
    let [full, web, thumb] = photo(behind);
    assert_eq!((full.width, web.width, thumb.width, thumb.height), (900, 900, 400, 133));
    for size in [&full, &web, &thumb] {
        assert!(!size.bytes.windows(7).any(|part| part == b"<script"));
    }
    let again = photo(jpeg(900, 300));
    assert_eq!(full.bytes, again[0].bytes, "the same picture gives the same file");
    let [full, web, _] = photo(png(4_200, 3, 255));
    assert_eq!((full.width, web.width), (4_000, 1_200));
}

#[test]
fn the_colours_of_a_telephone_stay_and_those_of_paper_do_not() {
    let profile = |space: &[u8; 4]| {
        let mut profile = vec![0; 128];
        profile[16..20].copy_from_slice(space);
        profile[36..40].copy_from_slice(b"acsp");
        profile
    };
    let coloured = |profile: Vec<u8>| {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).expect("a profile");
        encoder.write_image(&pixels(8, 8), 8, 8, ExtendedColorType::Rgb8).expect("a JPEG");
        bytes
    };
    let keeps = |bytes: Vec<u8>| photo(bytes)[0].bytes.windows(4).any(|part| part == b"acsp");
    assert!(keeps(coloured(profile(b"RGB "))));
    assert!(!keeps(coloured(profile(b"CMYK"))), "it would not fit the pixels any more");
    assert!(!keeps(coloured([profile(b"RGB "), vec![7; 70 << 10]].concat())), "too large to be honest");
}

#[test]
fn names_are_plain_whatever_they_were() {
    for (name, plain) in [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\lia\\Foto del ponte.jpg", "foto-del-ponte.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "a-set-cookie-x-1.jpg"),
        ("fattura\u{202e}gpj.exe", "fattura-gpj.jpg"),
        ("\"><script>.jpg", "script.jpg"),
        ("Città però più.jpg", "citta-pero-piu.jpg"),
        ("照片.jpg", "foto.jpg"),
        (".htaccess", "foto.jpg"),
        ("CON.jpg", "foto.jpg"),
        ("", "foto.jpg"),
    ] {
        assert_eq!(safe_name(name, "foto", "jpg"), plain, "{name:?}");
        assert!(shown(name).chars().all(|c| !c.is_control() && c != '\u{202e}'), "{name:?}");
    }
    assert!(safe_name(&"a".repeat(500), "foto", "jpg").len() <= 64);
}

#[test]
fn a_photo_leaves_with_its_description_and_its_credit() {
    let with = |alt: &str, credit: &str| {
        let photo = Photo { name: "p.jpg".into(), alt: alt.into(), credit: credit.into(), ..Photo::default() };
        let files = ReleaseFiles { photos: vec![photo], documents: vec![Document::default()] };
        refuse_files(&files, date(2026, 11, 30)).iter().map(|refusal| refusal.rule).collect::<Vec<_>>()
    };
    assert_eq!(with("Il ponte", "Nina Valli"), []);
    assert_eq!(with("", " "), [Rule::PhotoWithoutAlt, Rule::PhotoWithoutCredit]);
}

#[test]
fn a_file_whose_licence_ends_before_the_hour_is_named_with_its_day() {
    let until = |day| Some(date(2026, 11, day));
    let photo = Photo { name: "p.jpg".into(), until: until(30), ..Photo::default() };
    let document = Document { name: "o.pdf".into(), until: until(29), ..Document::default() };
    let files = ReleaseFiles { photos: vec![photo], documents: vec![document] };
    let said = |day| {
        let refused = refuse_licences(&files, date(2026, 11, day));
        refused.iter().map(|refusal| refusal.message.say(Lang::It)).collect::<Vec<_>>()
    };
    assert!(said(29).is_empty(), "the last day counts");
    assert_eq!(
        said(30),
        ["la licenza di «o.pdf» finisce il 29/11/2026 e il comunicato esce il 30/11/2026: togli il file, o scrivi la \
          nuova data se la licenza è stata prolungata"]
    );
    let about = About { office: "Comune", numbered: "n. 1", title: "Apre il ponte", url: "https://c.test/1" };
    let note = readme(about, &files, Lang::It);
    for part in [", fino al 30 novembre 2026", "o.pdf (fino al 29 novembre 2026)"] {
        assert!(note.contains(part), "{part} in {note}");
    }
    assert!(listed(&files, Lang::It).contains("fino al 29 novembre 2026"), "it is seen where versions are compared");
}

#[test]
fn the_note_of_the_kit_says_whose_each_photo_is() {
    let photo = Photo {
        name: "ponte.jpg".into(),
        alt: "Il ponte".into(),
        credit: "Foto di Nina Valli".into(),
        licence: salastampa_domain::Licence::CcBy,
        ..Photo::default()
    };
    let document = Document { name: "o.pdf".into(), title: "L'ordinanza".into(), ..Document::default() };
    let files = ReleaseFiles { photos: vec![photo], documents: vec![document] };
    let about = About { office: "Comune", numbered: "n. 1", title: "Apre il ponte", url: "https://c.test/1" };
    expect_test::expect![[r#"
        Comune
        n. 1
        Apre il ponte
        https://c.test/1

        FOTO

        ponte.jpg
        Mostra: Il ponte
        Credito: Foto di Nina Valli
        Licenza: Creative Commons BY 4.0 (https://creativecommons.org/licenses/by/4.0/)

        DOCUMENTI

        o.pdf: L'ordinanza
    "#]]
    .assert_eq(&readme(about, &files, Lang::It).replace("\r\n", "\n"));
    assert_eq!((size_words(999, Lang::It), size_words(3_240_000, Lang::It)), ("1 kB".into(), "3,2 MB".into()));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    /// Whatever a file holds after its first bytes, it is taken or refused with a sentence.
    #[test]
    fn no_bytes_break_the_reader(begin in 0_usize..9, at in 0_usize..2_000, noise in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = match begin {
            0 => jpeg(16, 16),
            1 => png(16, 16, 128),
            2 => webp(16, 16),
            3 => moving_webp(),
            4 => with_exif(&jpeg(16, 16), 9),
            5 => docx(&[]),
            6 => png_head(9, 9),
            7 => b"PK\x03\x04".repeat(9),
            _ => b"%PDF-ID3".to_vec(),
        };
        // a piece of the file is written over
        let at = at % bytes.len();
        let end = bytes.len().min(at + noise.len());
        bytes[at..end].copy_from_slice(&noise[..end - at]);
        if let Err(why) = take("a.jpg", bytes) {
            let said = why.say(Lang::It);
            prop_assert!(!said.contains('{'), "{}", said);
        }
    }
}
