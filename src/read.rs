//! From paths to raw documents: HTML, copied text, JSON Lines; encodings.
