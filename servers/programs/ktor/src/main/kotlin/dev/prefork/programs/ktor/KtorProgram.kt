package dev.prefork.programs.ktor

import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

/** Ktor on Netty: `java -jar ktor.jar PORT`. */
fun main(args: Array<String>) {
    embeddedServer(Netty, port = args[0].toInt()) {
        routing { get("/") { call.respondText("hello from ktor") } }
    }.start(wait = true)
}
