/**
 * Node's cluster module for the JVM: one primary process, N worker JVMs, shared server ports,
 * messages between them.
 *
 * <p>The document's first example, word for word:
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
 * <p>Listeners run on one thread, {@code cluster-events}, in the order of the events, one at a
 * time. All methods are safe for any thread.
 */
package dev.prefork;
