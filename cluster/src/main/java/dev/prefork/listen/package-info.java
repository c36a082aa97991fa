/**
 * The ports that workers share: listening sockets, accepting, and the lanes on which connections
 * reach workers. Knows slots and the fillers of slots, never the application's workers.
 *
 * <pre>
 *   ListenHandles ── one for each address ──▶ ListenHandle ── who has a part in it, and for which slots it is kept
 *                                                  │
 *                             RoundRobin (accepts, hands on as Chooser or a Balancing says) or Shared (the workers accept)
 *                                                  │
 *                                                Lane ── one for each filler of a slot that listens
 * </pre>
 *
 * <p>All of it belongs to the loop's thread.
 */
package dev.prefork.listen;
