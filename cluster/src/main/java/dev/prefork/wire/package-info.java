/**
 * The cluster's own frames on the channel, the same for both roles: {@code {cmd: "NODE_CLUSTER",
 * seq, act | ack, …}}.
 *
 * <p>Each {@link dev.prefork.wire.Act} is a record with its reader and its writer; {@link
 * dev.prefork.wire.ClusterLink} numbers them and brings answers to whoever asked. What is no act is
 * the application's {@link dev.prefork.Message}. Knows neither role: what an act brings about is
 * theirs.
 *
 * <p>Source: internal/cluster/{primary,child,utils}.js of Node v12.10 and v20.
 */
package dev.prefork.wire;
