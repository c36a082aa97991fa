/**
 * What each of several JVMs on one machine may have, so that all of them fit: {@link
 * dev.prefork.budget.MachineMemory} is what there is, {@link dev.prefork.budget.Budget} divides it,
 * {@link dev.prefork.budget.Allotment} is what a worker's JVM is told.
 */
package dev.prefork.budget;
