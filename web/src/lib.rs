//! Desk and newsroom: routes, forms, templates.
