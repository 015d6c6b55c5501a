//! The English lists of the rules of election time.

use super::words::Words;

#[rustfmt::skip]
pub(super) const WORDS: Words = Words {
    titles: &[
        "mayor", "deputy mayor", "vice mayor", "councillor", "councillors", "alderman", "minister", "deputy minister",
        "undersecretary", "senator", "governor", "prime minister",
    ],
    titles_if_named: &["deputy", "mp", "mep", "candidate", "commissioner", "councilor"],
    spheres: &["regional", "provincial", "municipal"],
    chairs: &["president", "chair", "chairman", "chairwoman", "vice president"],
    bodies: &[
        "town council", "city council", "municipal council", "regional council", "provincial council", "region",
        "province", "republic", "council of ministers", "senate", "council",
    ],
    not_titles: &[],
    parties: &["party", "league", "group", "movement", "greens", "labour"],
    former: &["former", "ex", "late"],
    links: &["of", "for", "the", "and", "in", "charge", "regional", "municipal", "dr", "mr", "mrs", "ms"],
    articles: &["the", "a"],
    definite: &[],
    having: &["has", "had"],
    callings: &[
        "dr", "doctor", "professor", "prof", "mr", "mrs", "ms", "miss", "teacher", "engineer", "architect", "father",
        "sister", "bishop", "captain", "colonel", "chief", "director", "manager", "author", "writer", "poet",
        "painter", "sculptor", "photographer", "musician", "singer", "coach", "athlete", "champion", "nurse",
        "archaeologist", "historian", "student", "volunteer", "family", "brothers", "judge", "curator", "president",
    ],
    places: &[
        "via", "viale", "piazza", "piazzale", "largo", "corso", "lungolago", "lungomare", "ponte", "parco", "villa",
        "palazzo", "scuola", "street", "road", "square", "bridge", "park", "school", "prize", "award", "trophy", "cup",
        "tournament", "foundation", "company", "firm", "hotel", "restaurant", "hall", "theatre", "library", "hospital",
    ],
    place_links: &[
        "primary", "middle", "high", "secondary", "public", "don", "san", "santa", "mayor", "president", "sindaco",
        "the",
    ],
    dedications: &["named", "dedicat", "memory", "memorial", "remember", "tribute", "centenary", "biograph", "tomb"],
    births: &["born"],
    town: &["council", "administration", "municipality", "majority"],
    speech: &[
        "said", "says", "states", "stated", "declares", "declared", "announces", "announced", "adds", "added",
        "explains", "explained", "comments", "commented", "stresses", "stressed", "concludes", "concluded",
        "remarked", "points", "according", "promised", "promises", "thanks", "thanked", "words",
    ],
    showing: &[
        "opens", "opened", "inaugurates", "inaugurated", "cuts", "presents", "presented", "hands", "visits",
        "visited", "meets", "met", "welcomes", "welcomed", "greets", "celebrates", "celebrated", "launches",
        "launched", "attends", "attended", "unveils", "unveiled", "wants", "wanted",
    ],
    first_person: &[
        "we", "our", "ours", "ourselves", "i am", "i m", "i have", "i ve", "i will", "i ll", "i would",
        "i want", "i thank", "i believe", "i think", "i hope", "i know", "myself",
    ],
    first_person_doubt: &["my", "mine", "me"],
    we_endings: &[],
    not_we: &[],
    names_with_our: &["lady", "father", "saviour", "lord"],
    praise: &[
        "great achievement", "great achievements", "great result", "great results", "great success", "historic day",
        "historic result", "historic achievement", "extraordinary result", "extraordinary achievement",
        "outstanding result", "promise kept", "promises kept", "kept our promise", "flagship achievement",
        "jewel in the crown", "proud", "pride", "great satisfaction", "as promised", "thanks to the administration",
        "thanks to the commitment",
    ],
    praise_doubt: &[
        "at last", "finally", "extraordinary", "exceptional", "excellence", "excellent", "outstanding", "wonderful",
        "magnificent", "beautiful", "prestigious", "unprecedented", "visionary", "cutting edge", "world class",
        "state of the art", "ambitious", "innovative", "delighted", "thrilled",
    ],
    plain: &[
        ("extraordinary", &["maintenance", "session", "meeting", "opening", "closure", "council", "measures", "works"]),
        ("exceptional", &["circumstances", "event", "weather", "heat", "closure", "opening"]),
        ("excellence", &["centre", "center", "hub", "championship"]),
    ],
};
