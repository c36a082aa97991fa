/**
 * Class data of workers: archives from which their JVMs map the JDK's classes and ours, so that
 * they start sooner. One for each JDK, version of ours and set of options ({@link
 * dev.prefork.classdata.TrainedJvm}), in a folder of the user's ({@link
 * dev.prefork.classdata.ClassDataFolder}); made by a process of its own beside the workers, which
 * gives way to all others ({@link dev.prefork.classdata.Training}).
 */
package dev.prefork.classdata;
