/**
 * Node's cluster module for the JVM. Its system calls need {@code
 * --enable-native-access=dev.prefork}; what is sent as a type of the application's is in packages
 * that are opened to it.
 */
module dev.prefork {
    // Of an agent's JVM; where there are times of SQL in messages.
    requires static java.instrument;
    requires static java.sql;

    exports dev.prefork;
    // Which makes the providers that a worker's properties name.
    exports dev.prefork.net to
            java.base;

    uses dev.prefork.net.ListenBroker;

    provides dev.prefork.net.ListenBroker with
            dev.prefork.worker.BrokerService;
}
