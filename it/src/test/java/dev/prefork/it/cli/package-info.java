/** The command {@code prefork run}, as users start it. */
package dev.prefork.it.cli;
