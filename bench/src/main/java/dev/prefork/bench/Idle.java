package dev.prefork.bench;

/** A program that does nothing, for ever. */
public final class Idle {
    private Idle() {}

    public static void main(String[] args) throws InterruptedException {
        Thread.currentThread().join();
    }
}
