/**
 * What the table says is done: a {@link dev.prefork.drive.Driver} with one thread asks it and acts
 * on real {@link dev.prefork.drive.Workers}; and the sentences that people are told.
 */
package dev.prefork.drive;
