/**
 * Real servers that know nothing of Prefork, from the folder servers/, each run as two workers by
 * the command {@code prefork run}.
 */
package dev.prefork.it.servers;
