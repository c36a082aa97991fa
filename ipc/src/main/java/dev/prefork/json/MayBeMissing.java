package dev.prefork.json;

/** What reads a type that has a value of its own for what is not there at all. */
interface MayBeMissing {
    Object absent();
}
