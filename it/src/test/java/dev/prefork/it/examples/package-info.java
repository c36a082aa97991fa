/** The document's programs, run as their reader runs them. */
package dev.prefork.it.examples;
