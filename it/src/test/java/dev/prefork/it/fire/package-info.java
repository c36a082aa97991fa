/**
 * Trials by fire: faults under load, with our own command and with others that do the same work,
 * and a storm of random ones. The outcome is docs/reliability.md.
 */
package dev.prefork.it.fire;
