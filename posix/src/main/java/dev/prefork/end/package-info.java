/** The end of a process that cannot go on. */
package dev.prefork.end;
