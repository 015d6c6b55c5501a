//! Mail as files: one `.eml` a message, named from its Message-ID.
//!
//! The name makes a repeat harmless: the same message sent again writes the same file with the same bytes. A file
//! appears whole or not at all (temp file, fsync, rename), also when the machine dies.

use crate::{Fault, FaultKind, Phase, Reply};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Longer names are cut, and told apart by a hash of the whole.
const NAME_LIMIT: usize = 120;

#[derive(Debug)]
pub(crate) struct FolderConnection(PathBuf);

impl FolderConnection {
    pub(crate) fn open(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(|e| disk(Phase::Connect, folder, &e))?;
        Ok(Self(folder.to_owned()))
    }

    pub(crate) async fn write(&self, bytes: &[u8]) -> Result<Reply, Fault> {
        let Some(id) = message_id(bytes) else {
            return Err(Fault::new(Phase::Dot, FaultKind::Unable("the message has no Message-ID".into())));
        };
        let (folder, name, bytes) = (self.0.clone(), file_name(&id), bytes.to_vec());
        // fsync may take long: not on a thread that serves others
        let written = tokio::task::spawn_blocking(move || {
            let path = folder.join(format!("{name}.eml"));
            put(&folder, &name, &bytes).map(|()| name).map_err(|e| disk(Phase::Dot, &path, &e))
        });
        let name = written.await.unwrap_or_else(|e| Err(Fault::new(Phase::Dot, FaultKind::Disk(e.to_string()))))?;
        Ok(Reply { code: 250, text: format!("written to {name}.eml"), queue_id: Some(name) })
    }
}

fn disk(phase: Phase, path: &Path, error: &io::Error) -> Fault {
    Fault::new(phase, FaultKind::Disk(format!("{}: {error}", path.display())))
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    // the dot hides it from who lists the folder for mail
    let temporary = folder.join(format!(".{name}.part"));
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, folder.join(format!("{name}.eml")))?;
    // the rename itself lasts only when the folder is on the disk; where folders cannot be opened, it must do without
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

/// The Message-ID in the header block, without brackets. Folded headers are read too.
fn message_id(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().take_while(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("message-id") {
            let mut value = value.trim().to_owned();
            while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
                value.push_str(more.trim());
            }
            let id = value.trim_start_matches('<').trim_end_matches('>').to_owned();
            return (!id.is_empty()).then_some(id);
        }
    }
    None
}

/// The Message-ID as a file name: letters, digits and `.-_@+`; anything else as `%` and hexadecimal, so that two
/// different ones never share a file and none leaves the folder.
fn file_name(id: &str) -> String {
    let mut name = String::new();
    for (at, byte) in id.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || b"-_@+".contains(&byte) || (byte == b'.' && at > 0) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02x}"));
        }
    }
    if name.len() > NAME_LIMIT {
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        name.truncate(NAME_LIMIT);
        name.push_str(&format!("~{hash:016x}"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_names_the_file_and_stays_inside_the_folder() {
        for (head, name) in [
            ("Message-ID: <release12.v1.r0.ab@bellariva.test>", Some("release12.v1.r0.ab@bellariva.test")),
            ("Subject: x\r\nMESSAGE-ID:\r\n <a@b.test>", Some("a@b.test")),
            ("Message-ID: <../../etc/passwd>", Some("%2e.%2f..%2fetc%2fpasswd")),
            ("Message-ID: <>", None),
            ("Subject: x\r\n\r\nMessage-ID: <in.the@body>", None),
        ] {
            let bytes = format!("{head}\r\n\r\nbody\r\n");
            assert_eq!(message_id(bytes.as_bytes()).map(|id| file_name(&id)).as_deref(), name, "{head}");
        }
        let long = |last: &str| file_name(&format!("{}{last}", "a".repeat(400)));
        assert_ne!(long("x"), long("y"));
        assert!(long("x").len() < 200);
    }
}
