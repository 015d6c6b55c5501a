//! What a person or a job does to the rows, one verb a file.
