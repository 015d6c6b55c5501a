//! Given names, folded: what tells *Maresio Luca Neri* (a town and a person) from *Bellariva sul Lago* (a town). Names
//! that are common words or common surnames as well are left out.

/// Sorted.
#[rustfmt::skip]
pub(super) const GIVEN_NAMES: &[&str] = &[
    "ada", "adele", "adriana", "adriano", "agata", "agnese", "agostino", "aicha", "alberta", "alberto", "aldo",
    "alessandra", "alessandro", "alessia", "alessio", "alfio", "alfredo", "alice", "amalia", "amedeo", "amelia",
    "amina", "andrea", "angela", "angelica", "angelo", "anita", "anna", "annalisa", "annamaria", "antonella",
    "antonia", "antonietta", "antonio", "arianna", "armando", "arturo", "aurora", "barbara", "beatrice", "benedetta",
    "benedetto", "bianca", "bruna", "bruno", "camilla", "carla", "carlo", "carlotta", "carmela", "carmelo", "carmen",
    "carolina", "caterina", "cecilia", "cesare", "chiara", "cinzia", "claudia", "claudio", "corrado", "cosimo",
    "cristian", "cristiana", "cristiano", "cristina", "daniela", "daniele", "daria", "dario", "davide", "debora",
    "denise", "diego", "dina", "domenica", "domenico", "donatella", "donato", "edoardo", "elena", "eleonora", "elia",
    "elio", "elisa", "elisabetta", "eloisa", "emanuela", "emanuele", "emilia", "emiliano", "emilio", "emma", "enrica",
    "enrico", "enzo", "erica", "erika", "ernesto", "ettore", "eugenio", "eva", "fabiana", "fabio", "fabrizia",
    "fabrizio", "fatima", "federica", "federico", "ferdinando", "fernanda", "fernando", "filippo", "fiorella",
    "flavia", "flavio", "franca", "francesca", "francesco", "franco", "fulvio", "gabriele", "gabriella", "gaetano",
    "gennaro", "giacomo", "giada", "gianfranco", "gianluca", "gianmarco", "gianna", "gianni", "gianpaolo", "gino",
    "giorgia", "giorgio", "giovanna", "giovanni", "giulia", "giuliana", "giuliano", "giulio", "giuseppe",
    "giuseppina", "giusy", "graziella", "greta", "guido", "gustavo", "hamid", "hassan", "ida", "ignazio", "ilaria",
    "ines", "irene", "irma", "isabella", "ivan", "ivana", "ivano", "ivo", "jacopo", "karim", "katia", "laura", "lea",
    "leila", "leonardo", "licia", "lidia", "liliana", "linda", "livia", "livio", "loredana", "lorenza", "lorenzo",
    "luca", "lucia", "luciana", "luciano", "lucio", "ludovica", "luigi", "luigia", "luisa", "maddalena", "manuela",
    "marcella", "marcello", "marco", "margherita", "maria", "mariangela", "marianna", "marina", "mario", "marisa",
    "marta", "martina", "massimiliano", "massimo", "matilde", "matteo", "mattia", "maurizio", "mauro", "melissa",
    "michela", "michele", "milena", "mirella", "mirko", "mohamed", "monica", "nadia", "nazario", "nicola", "nicole",
    "nicoletta", "nicolo", "nina", "noemi", "olga", "omar", "oreste", "orietta", "oscar", "ottavio", "paola", "paolo",
    "pasquale", "patrizia", "patrizio", "piera", "pierluigi", "piero", "pietro", "pina", "pino", "raffaele",
    "raffaella", "renata", "renato", "renzo", "riccardo", "rita", "roberta", "roberto", "rocco", "rosa", "rosalia",
    "rosanna", "rosaria", "rosario", "rossana", "rossella", "ruggero", "sabina", "sabrina", "salvatore", "samuele",
    "sandra", "sandro", "sara", "savino", "serena", "sergio", "silvana", "silvano", "silvia", "silvio", "simona",
    "simone", "sofia", "sonia", "stefania", "stefano", "susanna", "sveva", "tania", "tatiana", "teresa", "tiziana",
    "tiziano", "tommaso", "ugo", "umberto", "valentina", "valentino", "valeria", "valerio", "vanessa", "veronica",
    "vincenza", "vincenzo", "vito", "vittorio", "viviana", "walter", "yussef", "zoe",
];

/// Whether a folded word is a given name.
pub(super) fn is_given(word: &str) -> bool {
    GIVEN_NAMES.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_names_are_sorted() {
        let wrong = super::GIVEN_NAMES.windows(2).find(|pair| pair[0] > pair[1]);
        assert_eq!(wrong, None);
    }
}
