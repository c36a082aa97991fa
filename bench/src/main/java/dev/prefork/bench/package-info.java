/**
 * Side-by-side measurements: ours and Node, or ours and an older ours, alternately, on one machine,
 * in one run.
 *
 * <p>Only ratios of one run mean anything: the machine is shared. {@code bench/compare NAME} prints
 * a line for each pair and the median of their ratios last.
 */
package dev.prefork.bench;
