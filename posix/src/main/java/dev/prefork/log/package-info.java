/** What is logged without being in the way of whom it is logged for. */
package dev.prefork.log;
