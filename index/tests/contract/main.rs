//! What every archive must do, whatever is done to it, and three evaluators that must agree. One binary: each further
//! one would be linked anew.

mod agreement;
mod archive;
mod aside;
mod changes;
mod common;
mod damaged;
mod drawn;
mod follower;
mod oracle;
mod related;
mod thrown;
