/**
 * The cluster's own frames on the channel, the same for both roles: {@code {cmd: "NODE_CLUSTER",
 * seq, act | ack, …}}.
 *
 * <p>Source: internal/cluster/{primary,child,utils}.js of Node v12.10 and v20.
 */
package dev.prefork.wire;
