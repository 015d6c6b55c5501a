//! Faults and attacks by class: each a small feed made for the test.
