/**
 * What a worker JVM plugs into the JDK's networking, so that an unmodified server shares its ports
 * through the cluster.
 *
 * <p>{@link dev.prefork.net.ClusterSelectorProvider} replaces the JDK's server socket channels, and
 * {@link dev.prefork.net.ClusterAsynchronousChannelProvider} its asynchronous ones. A bind goes to
 * the {@link dev.prefork.net.ListenBroker}, whose answer is a {@link
 * dev.prefork.net.ConnectionSource}; what the source gives becomes a genuine JDK socket channel, in
 * whose path nothing of ours is left. This package knows neither the primary nor the wire. All
 * reflection is in one file, {@code Insides}.
 *
 * <p>Needs {@code --add-exports} and {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 */
package dev.prefork.net;
