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
 * <p>Questions, of types of your own, either way:
 *
 * <pre>{@code
 * worker.ask(new Order(3), Price.class, Duration.ofSeconds(2))                // in the primary
 *         .thenAccept(price -> System.out.println(price));
 * Cluster.worker().onAsk(Order.class, order -> new Price(order.count() * 5)); // in the worker
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
 * <p>The same for all of them: {@code living()} has also those that were told to leave and still
 * serve, which Node's {@code workers()} has not.
 *
 * <pre>{@code
 * Cluster.disconnect().orTimeout(2, SECONDS).exceptionally(late -> {
 *     Cluster.living().values().forEach(worker -> worker.process().kill("SIGKILL"));
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
 * <p>Workers that are kept running, and replaced one after the other by new ones:
 *
 * <pre>{@code
 * Pool pool = Cluster.keep(4);
 * pool.reload().thenRun(() -> System.out.println("all are new"));
 * }</pre>
 *
 * <p>Several primaries in one process, each with workers and ports of its own; and ports that stay
 * open between the workers of a {@link dev.prefork.Slot slot}, which Node does not have:
 *
 * <pre>{@code
 * try (Prefork shop = Prefork.create(ClusterSettings.builder().exec("shop.jar").build())) {
 *     Slot slot = shop.slot(0);
 *     shop.onExit((worker, exit) -> slot.fork(Map.of()));    // connections wait for it meanwhile
 *     slot.fork(Map.of());
 *     ...
 * }
 * }</pre>
 *
 * <table>
 * <caption>The API on one page</caption>
 * <tr><td>{@link dev.prefork.Cluster}</td><td>Node's module: fork, events, disconnect, listen</td></tr>
 * <tr><td>{@link dev.prefork.Prefork}</td><td>the same as an instance, with slots, to be closed</td></tr>
 * <tr><td>{@link dev.prefork.Pool}, {@link dev.prefork.PoolSettings}, {@link dev.prefork.RestartPolicy}, {@link dev.prefork.PoolException}</td><td>workers that are kept running</td></tr>
 * <tr><td>{@link dev.prefork.WorkerStats}, {@link dev.prefork.ListenerStats}</td><td>what was counted</td></tr>
 * <tr><td>{@link dev.prefork.Slot}</td><td>a place for a worker, which outlives it</td></tr>
 * <tr><td>{@link dev.prefork.Worker}</td><td>one worker, on both sides: events, send, disconnect</td></tr>
 * <tr><td>{@link dev.prefork.WorkerProcess}</td><td>its process: pid, streams, kill</td></tr>
 * <tr><td>{@link dev.prefork.ClusterSettings}</td><td>what is started, and how</td></tr>
 * <tr><td>{@link dev.prefork.PortRules}</td><td>which ports are a worker's own</td></tr>
 * <tr><td>{@link dev.prefork.Balancer}</td><td>which worker gets a connection</td></tr>
 * <tr><td>{@link dev.prefork.ListenOptions}</td><td>what a bind of the JDK cannot say</td></tr>
 * <tr><td>{@link dev.prefork.Message}, {@link dev.prefork.Exit}, {@link dev.prefork.ListeningAddress}</td><td>what events bring</td></tr>
 * <tr><td>{@link dev.prefork.RefusedException}, {@link dev.prefork.DisconnectedException}</td><td>why a question has no answer</td></tr>
 * <tr><td>{@link dev.prefork.Subscription}</td><td>a listener, to be removed</td></tr>
 * </table>
 *
 * <p>All examples are programs in {@code dev.prefork.examples}: {@code ./prefork example}.
 *
 * <p>All methods are safe for any thread. Null is refused at the call, whatever it is for, except
 * as a message.
 *
 * <table>
 * <caption>Which code of a program runs on which thread, and whether it may wait there for a future
 * of ours</caption>
 * <tr><td>listeners, of all {@code on…} methods; callbacks of send and disconnect</td>
 *     <td>{@code cluster-events}: one of each primary, one of a worker. In the order of the events,
 *     one at a time</td>
 *     <td>no: it would wait for itself. IllegalStateException, unless the future is done</td></tr>
 * <tr><td>what depends on a future of ours, by thenAccept and so on</td>
 *     <td>the same; if the future is done already, whoever adds it; the executor of those named
 *     …Async</td>
 *     <td>as there</td></tr>
 * <tr><td>a {@link dev.prefork.Balancer}, and the function that gives it</td>
 *     <td>{@code cluster-loop}, seldom {@code cluster-events}</td>
 *     <td>no: IllegalStateException, unless the future is done</td></tr>
 * <tr><td>the supplier of a debugger's port, a {@link dev.prefork.ClassDataSource}</td>
 *     <td>whoever calls fork</td>
 *     <td>as there</td></tr>
 * <tr><td>main, threads of your own, shutdown hooks</td>
 *     <td>themselves</td>
 *     <td>yes</td></tr>
 * </table>
 *
 * <p>Where one may not wait: go on with thenAccept. Not found out, and never over, is a wait for
 * what CompletableFuture.allOf or anyOf has made of our futures, for another thread that waits for
 * one, and for a latch that a later listener opens. A listener that calls System.exit does not come
 * back from it; shutdown hooks that wait for events are told all the same, by another thread {@code
 * cluster-events}.
 *
 * <p>A pool decides on {@code cluster-keeper}, which runs nothing of yours.
 *
 * <p>{@code cluster-events} is no daemon, and keeps the JVM running while there are workers; once
 * main has thrown it does so no longer: the primary ends with code 1 when no thread of your own is
 * left, and its workers leave. A listener of messages that is slow slows their sender; messages
 * that nobody listens to are kept for the first listener, the newest 1,000 or 4 MiB of each worker.
 */
package dev.prefork;
