//! What each hostile input costs: processor time and memory, each in a process of its own.
//!
//! `hostile [NAME..]`: runs the inputs whose name holds one of the words, or all; a line each and the worst at the end. The
//! reader works on a stack of 2 MB, an article page on one of 8 MB, as on a visit. Figures are those of Linux.

#[path = "../tests/hostile/cases.rs"]
mod cases;

use cases::{CASES, Case, Way, run};
use std::io::Write;
use std::process::Command;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, number] = arguments.as_slice()
        && flag == "--case"
    {
        drop(out);
        return child(CASES.get(number.parse::<usize>()?).ok_or("no such case")?);
    }
    let chosen = |case: &Case| arguments.is_empty() || arguments.iter().any(|word| case.name.contains(word.as_str()));
    let (mut worst_time, mut worst_memory, mut wrong) = (0, 0, 0);
    for (number, case) in CASES.iter().enumerate().filter(|(_, case)| chosen(case)) {
        let output = Command::new(std::env::current_exe()?).args(["--case", &number.to_string()]).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut figures = text.split_whitespace();
        let end = figures.next().unwrap_or("ABORT").to_owned();
        let mut number = || figures.next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        let (time, memory, input) = (number(), number(), number());
        let is_wrong = end != format!("{:?}", case.end) || time >= 1_000 || memory >= 200 << 10;
        wrong += usize::from(is_wrong);
        (worst_time, worst_memory) = (worst_time.max(time), worst_memory.max(memory));
        let mark = if is_wrong { "  <-" } else { "" };
        writeln!(
            out,
            "{end:8} {time:5} ms {:5} MB of {:5} kB  {:?}: {}{mark}",
            memory >> 10,
            input >> 10,
            case.way,
            case.name
        )?;
    }
    writeln!(out, "worst {worst_time} ms, {} MB; {wrong} of {} not as they must be", worst_memory >> 10, CASES.len())?;
    Ok(())
}

/// Runs one input and prints its end, the processor time in milliseconds, the peak of memory in kB and its size.
fn child(case: &'static Case) -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let bytes = (case.make)();
    let size = bytes.len();
    let before = processor_time()?;
    let stack = if case.way == Way::Page { 8 << 20 } else { 2 << 20 };
    let work = move || run(case.way, &bytes);
    let end = std::thread::Builder::new().stack_size(stack).spawn(work)?.join();
    let end = end.map_or_else(|_| "PANIC".to_owned(), |end| format!("{end:?}"));
    writeln!(out, "{end} {} {} {size}", processor_time()? - before, peak()?)?;
    Ok(())
}

/// User and system time of this process, in milliseconds (proc(5): fields 14 and 15, in ticks of 10 ms).
fn processor_time() -> Result<u64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Ok(ticks * 10)
}

/// The most memory that was resident, in kB.
fn peak() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    Ok(line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0))
}
