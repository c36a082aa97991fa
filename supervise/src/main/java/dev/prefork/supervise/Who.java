package dev.prefork.supervise;

/**
 * A worker, as people know it.
 *
 * @param slot the place that it fills
 * @param id what the cluster calls it; 0 when there never was a process
 * @param pid 0 when there never was a process
 */
public record Who(int slot, int id, int pid) {
    public boolean wasStarted() {
        return id != 0;
    }
}
