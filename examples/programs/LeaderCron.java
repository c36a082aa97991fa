import dev.prefork.*;

// What is to be done again and again by one worker alone; another one goes on when it dies.

void main() {
    if (Cluster.isPrimary()) {
        Cluster.keep(2);
    } else {
        var timer = Executors.newSingleThreadScheduledExecutor();
        Runnable tick = () -> IO.println("tick " + ProcessHandle.current().pid());
        Cluster.worker().onLeader(() -> timer.scheduleAtFixedRate(tick, 0, 200, TimeUnit.MILLISECONDS));
    }
}
