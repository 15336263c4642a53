package dev.banyan.dataplane.upstream;

import dev.banyan.dataplane.loop.Loop;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The endpoints of an upstream: as the table lists them, or as a name resolves just now. */
sealed interface Endpoints permits Endpoints.Listed, DnsEndpoints {

    /** Not to be changed by the caller. */
    EndpointHandle[] now();

    /** Who of them is asked first. Not to be changed by the caller. */
    default EndpointHandle[] askedFirst() {
        return now();
    }

    /** Whether all of them are addresses of one name, so that who looks for a connection may look at every one. */
    default boolean ofOneName() {
        return false;
    }

    /** No connection to the endpoint came about, or none in a moment. */
    default void unreachable(EndpointHandle endpoint) {}

    /** Runs on {@code loop} as soon as it is known what there is: at once, but for a name that was never resolved yet. */
    void whenKnown(Loop loop, Runnable task);

    void keepAlive(long nanos);

    /** Ends what {@code successor} does not go on with. */
    void retire(EndpointHandle... successor);

    /** From {@code url} or {@code endpoints}. */
    final class Listed implements Endpoints {
        private final EndpointHandle[] all;

        Listed(List<EndpointHandle> all) {
            this.all = all.toArray(EndpointHandle[]::new);
        }

        @Override
        public EndpointHandle[] now() {
            return all;
        }

        @Override
        public void whenKnown(Loop loop, Runnable task) {
            task.run();
        }

        @Override
        public void keepAlive(long nanos) {
            for (EndpointHandle endpoint : all) {
                endpoint.keepAlive(nanos);
            }
        }

        @Override
        public void retire(EndpointHandle... successor) {
            retireAllBut(successor, all);
        }
    }

    static void retireAllBut(EndpointHandle[] kept, EndpointHandle[] all) {
        List<EndpointHandle> going = Arrays.asList(kept);
        Stream.of(all).filter(endpoint -> !going.contains(endpoint)).forEach(EndpointHandle::retire);
    }

    /** The handle among {@code before} whose connections are made the same way; at most one. */
    static Stream<EndpointHandle> sameAs(EndpointHandle.Wire wire, EndpointHandle... before) {
        return Stream.of(before).filter(endpoint -> Objects.equals(endpoint.wire(), wire));
    }
}
