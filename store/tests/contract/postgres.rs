//! A PostgreSQL server for the tests: the one that is named, or a private one in a folder that goes when the tests go.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// Makes a cluster, serves it on a socket in its own folder, and ends when its input closes: when the process of the
/// tests ends, however that comes about.
const SERVE: &str = r#"
set -e
trap '' INT HUP
dir=$(mktemp -d /tmp/salastampa-pg.XXXXXX)
trap 'rm -rf "$dir"' EXIT
"$1/initdb" --pgdata="$dir/data" --username=office --auth=trust --encoding=UTF8 --no-locale --no-sync >"$dir/log" 2>&1
"$1/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" -c port=5432 -c fsync=off \
    -c max_connections=300 >>"$dir/log" 2>&1 </dev/null &
server=$!
for _ in $(seq 1200); do grep -q ready "$dir/data/postmaster.pid" 2>/dev/null && break; sleep 0.05; done
echo "$dir"
cat >/dev/null
kill -QUIT "$server"
wait "$server" || true
"#;

/// The address of a server in which databases can be made, without the name of a database; `None` if there is none.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(find).as_ref()
}

/// A server.
pub(crate) struct Server {
    base: String,
    options: String,
    // open as long as the tests run; its end is the end of a private server
    _alive: Option<ChildStdin>,
}

impl Server {
    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.base, self.options)
    }
}

#[allow(clippy::disallowed_methods, reason = "the tests are told by the environment what the machine has")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether the environment says that a test that needs `what` must run.
pub(crate) fn is_required(what: &str) -> bool {
    variable("SALASTAMPA_TEST_REQUIRE").is_some_and(|all| all.split(',').any(|one| one.trim() == what))
}

fn find() -> Option<Server> {
    if let Some(url) = variable("SALASTAMPA_TEST_POSTGRES") {
        let (address, options) =
            url.split_once('?').map_or((url.as_str(), String::new()), |(a, o)| (a, format!("?{o}")));
        // `postgres://user:password@host:port/database`: the database is left out
        let host = address.find("://").map_or(0, |at| at + 3);
        let base = address[host..].find('/').map_or(address, |end| &address[..host + end]);
        return Some(Server { base: base.to_owned(), options, _alive: None });
    }
    binaries().and_then(|folder| start(&folder))
}

/// The folder with `initdb` and `postgres`: Debian keeps them out of PATH.
fn binaries() -> Option<PathBuf> {
    let has_both = |folder: &Path| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let path = variable("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|v| v.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    debian.reverse();
    std::env::split_paths(&path).chain(debian).find(|folder| has_both(folder))
}

fn start(binaries: &Path) -> Option<Server> {
    // PostgreSQL does not run as root
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let mut command = if is_root {
        let mut other = Command::new("runuser");
        other.args(["-u", "postgres", "--", "sh"]);
        other
    } else {
        Command::new("sh")
    };
    let mut child = command
        .args(["-c", SERVE, "sh"])
        .arg(binaries)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut folder = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut folder).ok()?;
    let folder = folder.trim();
    if folder.is_empty() {
        return None;
    }
    Some(Server {
        base: "postgres://office@localhost:5432".to_owned(),
        options: format!("?host={folder}"),
        _alive: child.stdin.take(),
    })
}
