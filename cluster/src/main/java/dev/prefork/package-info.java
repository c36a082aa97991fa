/**
 * Node's cluster module for the JVM: one primary process, N worker JVMs, shared server ports,
 * messages between them.
 *
 * <p>The document's first example:
 *
 * <pre>{@code
 * if (Cluster.isPrimary()) {
 *     System.out.println("Primary " + ProcessHandle.current().pid() + " is running");
 *     for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
 *         Cluster.fork();
 *     }
 *     Cluster.onExit((worker, exit) -> System.out.println("worker " + worker.process().pid() + " died"));
 * } else {
 *     HttpServer server = HttpServer.create(new InetSocketAddress(8000), 0); // shared between the workers
 *     server.createContext("/", exchange -> { ... });
 *     server.start();
 * }
 * }</pre>
 *
 * <p>Messages: the primary counts the requests of its workers.
 *
 * <pre>{@code
 * worker.onMessage(message -> requests.incrementAndGet());  // in the primary
 * Cluster.worker().send(Map.of("cmd", "notifyRequest"));    // in the worker
 * }</pre>
 *
 * <p>The end of a worker, and another one in its place unless it was asked for:
 *
 * <pre>{@code
 * Cluster.onExit((worker, exit) -> {
 *     System.out.printf("worker %d died (%s)%n", worker.process().pid(), exit);
 *     if (!worker.exitedAfterDisconnect().orElse(false)) {
 *         Cluster.fork();
 *     }
 * });
 * }</pre>
 *
 * <p>A graceful shutdown that takes 2 seconds at most:
 *
 * <pre>{@code
 * worker.disconnect().disconnected().orTimeout(2, SECONDS).exceptionally(late -> {
 *     worker.process().kill();
 *     return null;
 * });
 * }</pre>
 *
 * <p>Where each worker listens:
 *
 * <pre>{@code
 * Cluster.onListening((worker, address) ->
 *         System.out.println("now connected to " + address.address().orElse("*") + ":" + address.port()));
 * }</pre>
 *
 * <p>All examples are programs in {@code dev.prefork.examples}: {@code ./prefork example}.
 *
 * <p>Listeners run on one thread, {@code cluster-events}, in the order of the events, one at a
 * time. All methods are safe for any thread.
 */
package dev.prefork;
