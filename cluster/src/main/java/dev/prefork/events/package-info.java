/** How listeners are kept and called: on one thread, in order, and none disturbs the next. */
package dev.prefork.events;
