/**
 * How listeners are kept and called: on one thread, in order, and none disturbs the next; and how a
 * process ends whose machinery has broken.
 *
 * <p>{@link dev.prefork.events.EventThread} runs them. {@link dev.prefork.events.Conversation} is
 * what the application says and hears on one channel, {@link dev.prefork.events.Inbox} keeps what
 * nobody hears yet, within bounds. An event that happens once is a {@link
 * dev.prefork.events.OneTimeEvent}, one that may happen again has {@link
 * dev.prefork.events.Listeners}.
 */
package dev.prefork.events;
