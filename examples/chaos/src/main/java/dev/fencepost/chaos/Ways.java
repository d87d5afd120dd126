package dev.fencepost.chaos;

import dev.fencepost.chaos.nemesis.Fault;
import dev.fencepost.chaos.nemesis.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Ways between clients and servers, that can be made bad.
 *
 * @param proxies all of them
 * @param worsen what is done to each
 */
record Ways(List<Proxy> proxies, Consumer<Proxy> worsen) {
    /** It has hit something if anything was late or lost because of it. */
    Fault fault(String kind, String target) {
        AtomicLong before = new AtomicLong();
        return new Fault(
                kind,
                target,
                Duration.ZERO,
                () -> {
                    before.set(struck());
                    proxies.forEach(worsen);
                },
                () -> {
                    proxies.forEach(Proxy::clear);
                    return struck() > before.get();
                });
    }

    private long struck() {
        return proxies.stream().mapToLong(Proxy::struck).sum();
    }
}
