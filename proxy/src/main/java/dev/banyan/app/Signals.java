package dev.banyan.app;

import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that mean something else than the end. The JDK has them in sun.misc only, whose use is a compiler warning that cannot be
 * turned off: so it is found by name. SIGUSR2 is the JVM's own, and nothing can be made of it.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    /** What tells other servers to open their log files anew; Java ends at both unless they are handled. */
    private static final List<String> RELOAD = List.of("HUP", "USR1");

    private Signals() {}

    /** @param then run on a thread of its own at each of them */
    static void onReload(Runnable then) {
        for (String name : RELOAD) {
            try {
                handle(name, then);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                LOG.warn(
                        "signal cannot be handled here; it ends the process signal=SIG{} cause={}", name, e.toString());
            }
        }
    }

    private static void handle(String name, Runnable then) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object handling = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        LOG.info("got a signal: log files are opened and certificates read anew signal=SIG{}", name);
                        then.run();
                    }
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
    }
}
