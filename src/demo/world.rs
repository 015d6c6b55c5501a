//! Being written.
use std::sync::Arc;
#[derive(Clone)] pub struct World(#[expect(dead_code)] Arc<()>);
impl World { pub fn load() -> anyhow::Result<Self> { Ok(Self(Arc::new(()))) } pub fn hosts(&self) -> Vec<String> { vec![] } }
pub fn release(_: &str) -> Option<&'static str> { None }
