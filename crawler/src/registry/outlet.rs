//! One `[[outlet]]`.

use super::entry::{Entry, Mistake};
use salastampa_domain::{Contract, ContractScope, Outlet, OutletId, OutletKind, RightsClass};

const KINDS: [(&str, OutletKind); 7] = [
    ("agency", OutletKind::Agency),
    ("daily", OutletKind::Daily),
    ("local", OutletKind::Local),
    ("radio_tv", OutletKind::RadioTv),
    ("web", OutletKind::Web),
    ("institution", OutletKind::Institution),
    ("funding", OutletKind::Funding),
];

/// The rights classes by their names in the file.
pub(super) const RIGHTS: [(&str, RightsClass); 7] = [
    ("internal", RightsClass::Internal),
    ("link_only", RightsClass::LinkOnly),
    ("extract_only", RightsClass::ExtractOnly),
    ("licensed_extract", RightsClass::LicensedExtract),
    ("licensed_full", RightsClass::LicensedFull),
    ("open", RightsClass::Open),
    ("own", RightsClass::Own),
];

/// Reads one outlet; `None` if what is there makes none.
pub(super) fn read(mut entry: Entry<'_, '_>) -> Option<Outlet> {
    entry.need("id", "dare alla testata un nome breve, per esempio \"il-lago\"");
    entry.need("name", "scrivere il nome come lo conoscono i lettori");
    entry.need("kind", "scrivere che cos'è: agency, daily, local, radio_tv, web, institution o funding");
    let slug = entry.slug("id").map(|f| f.value.to_owned());
    let name = entry.text("name").map(|f| f.value.trim().to_owned());
    let kind = entry.choice("kind", &KINDS);
    let area = entry.text("area").map(|f| f.value.trim().to_owned());
    let tier = entry.number("tier", 1..6);
    let rights = entry.choice("rights", &RIGHTS).unwrap_or_default();
    let home = entry.address("home").map(|f| f.value.to_owned());
    let contract = contract(&mut entry);
    let licensed = matches!(rights, RightsClass::LicensedExtract | RightsClass::LicensedFull);
    if licensed && contract.is_none() {
        entry.need("contract", "con diritti «licensed_…» indicare il contratto: number, until, scope, extract_chars");
    }
    entry.close();
    Some(Outlet {
        id: OutletId(0),
        slug: slug?,
        name: name?,
        kind: kind?,
        area: area.unwrap_or_default(),
        tier: tier.and_then(|t| u8::try_from(t).ok()).unwrap_or(3),
        rights,
        contract,
        home,
    })
}

fn contract(entry: &mut Entry<'_, '_>) -> Option<Contract> {
    let field = entry.table("contract")?;
    let mut inner = Entry::new("contract", field.value, field.at, entry.mistakes);
    for (key, remedy) in [
        ("number", "scrivere il numero del contratto"),
        ("until", "scrivere l'ultimo giorno in cui vale, per esempio 2026-12-31"),
        ("scope", "scrivere fin dove arriva: intranet o public"),
        ("extract_chars", "scrivere la lunghezza massima di un estratto, in caratteri"),
    ] {
        inner.need(key, remedy);
    }
    let number = inner.text("number").map(|f| f.value.to_owned());
    let until = inner.day("until");
    let scope = inner.choice("scope", &[("intranet", ContractScope::Intranet), ("public", ContractScope::Public)]);
    let length = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let extract_chars = inner.number("extract_chars", 1..1_000_001).map(length);
    let max_readers = inner.number("max_readers", 1..1_000_001).map(length);
    if let Some(day) = until
        && day.year() < 2000
    {
        inner.mistakes.push(Mistake::new(field.at, "«until» è troppo lontano nel tempo", "controllare l'anno"));
    }
    inner.close();
    Some(Contract { number: number?, until: until?, scope: scope?, extract_chars: extract_chars?, max_readers })
}
