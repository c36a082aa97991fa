/**
 * Who keeps a number of workers running, as a pure table: events in, actions out. There is no clock
 * here, no thread, no process and no sentence: a driver tells what happened and does what is
 * wanted, and others turn {@link dev.prefork.supervise.Notice} and {@link
 * dev.prefork.supervise.Status} into words.
 *
 * <p>A <em>slot</em> is a numbered place that outlives its workers. One worker fills it, two while
 * one is being replaced. A <em>generation</em> is what workers were started with; a reload begins a
 * new one, and replaces whoever is of another, a slot at a time, the new worker first.
 */
package dev.prefork.supervise;
