//! Reads the arguments, runs the command, prints what went wrong.

use std::process::ExitCode;

fn main() -> ExitCode {
    footbridge::cli::main()
}
