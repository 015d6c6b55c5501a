//! The one way out of the program: resolver and redirect guard, caps, timeouts, identity.
