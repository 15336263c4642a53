package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flag;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever is asked for in whatever order: what is in force is what a few maps say should be. */
class RevisionsModelTest {

    /** What may be asked for. */
    enum Kind {
        SAVE,
        DELETE,
        SET,
        CLEAR,
        FREEZE,
        THAW,
        FREEZE_EVERYTHING,
        THAW_EVERYTHING,
        ROLLBACK,
        ROLLBACK_ONE,
        UNPIN,
        RESTART
    }

    /** @param number a canary in percent, or a revision */
    record Operation(Kind kind, String route, int number) {}

    @Provide
    Arbitrary<List<Operation>> operations() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.of("a", "b"),
                        Arbitraries.integers().between(1, 6))
                .as(Operation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property(tries = 80, shrinking = ShrinkingMode.BOUNDED)
    void what_is_in_force_is_what_the_model_says(@ForAll("operations") List<Operation> operations) {
        try (TestHistory history = TestHistory.empty()) {
            history.files.put("00-platform.yaml", TestHistory.PLATFORM + "upstream modern port=8081\n");
            history.save();
            Model model = new Model();
            for (Operation operation : operations) {
                model.does(operation);
                perform(history, operation);

                assertThat(history.number())
                        .as("%s in %s", operation, operations)
                        .isEqualTo(model.past.size());
                assertSame(history.publisher.current(), model.now);
                assertThat(history.publisher.files().waiting()).hasSameElementsAs(model.waiting());
            }
            assertThePastIsAsItWas(history, model);
        }
    }

    private static void perform(TestHistory history, Operation operation) {
        String route = operation.route();
        String percent = Integer.toString(operation.number());
        switch (operation.kind()) {
            case SAVE ->
                history.save(route + ".yaml", "route " + route + " legacy=rails modern=modern canary=" + percent);
            case DELETE -> {
                history.files.remove(route + ".yaml");
                history.save();
            }
            case SET -> history.canary(route, percent);
            case CLEAR -> history.clear(route);
            case FREEZE -> history.freeze(route);
            case THAW -> history.thaw(route);
            case FREEZE_EVERYTHING -> history.freezeEverything(false);
            case THAW_EVERYTHING -> history.thawEverything();
            case ROLLBACK -> history.rollback(operation.number());
            case ROLLBACK_ONE -> history.rollback(operation.number(), route);
            case UNPIN -> history.unpin();
            case RESTART -> {
                history.restart();
                history.save();
            }
        }
    }

    private static void assertSame(Revision revision, State state) {
        assertThat(revision.table().routes().keySet()).isEqualTo(state.base.keySet());
        for (RouteInForce route : revision.table().routes().values()) {
            int percent = state.canary(route.id());
            assertThat(route.canary()).isEqualTo(new Share(percent * 100));
            assertThat(route.freeze().isPresent())
                    .isEqualTo(state.everythingFrozen || state.frozen.contains(route.id()));
            assertThat(revision.table().flags().of(route.id()).canary().map(Flag::value))
                    .isEqualTo(Optional.ofNullable(state.flags.get(route.id())).map(each -> new Share(each * 100)));
        }
        assertThat(revision.pinnedTo()).isEqualTo(state.pinned);
    }

    private static void assertThePastIsAsItWas(TestHistory history, Model model) {
        List<Revision> past = history.publisher.history(Long.MAX_VALUE, Integer.MAX_VALUE);
        for (Revision revision : past) {
            assertSame(revision, model.past.get((int) revision.number() - 1));
            assertThat(revision.changes())
                    .as("what revision %s says that it changed", revision.number())
                    .isNotEmpty();
        }
        assertThat(past).hasSameSizeAs(model.past);
    }

    /** One revision: canaries of files and of flags in percent. */
    private static final class State {
        SortedMap<String, Integer> base = new TreeMap<>();
        SortedMap<String, Integer> flags = new TreeMap<>();
        SortedSet<String> frozen = new TreeSet<>();
        boolean everythingFrozen;
        Optional<Long> pinned = Optional.empty();

        /** Of a route that is there. */
        int canary(String route) {
            Integer flag = flags.get(route);
            return flag != null ? flag : base.getOrDefault(route, 0);
        }

        State copy() {
            State copy = new State();
            copy.base.putAll(base);
            copy.flags.putAll(flags);
            copy.frozen.addAll(frozen);
            copy.everythingFrozen = everythingFrozen;
            copy.pinned = pinned;
            return copy;
        }

        boolean sameAs(State other) {
            return base.equals(other.base)
                    && flags.equals(other.flags)
                    && frozen.equals(other.frozen)
                    && everythingFrozen == other.everythingFrozen
                    && pinned.equals(other.pinned);
        }
    }

    private static final class Model {
        final SortedMap<String, Integer> disk = new TreeMap<>();
        SortedMap<String, Integer> takenFiles = new TreeMap<>();
        final List<State> past = new ArrayList<>();
        State now = new State();

        Model() {
            past.add(now);
        }

        List<String> waiting() {
            if (now.pinned.isEmpty()) {
                return List.of();
            }
            SortedSet<String> names = new TreeSet<>(disk.keySet());
            names.addAll(takenFiles.keySet());
            return names.stream()
                    .filter(name ->
                            !Optional.ofNullable(disk.get(name)).equals(Optional.ofNullable(takenFiles.get(name))))
                    .map(name -> name + ".yaml")
                    .toList();
        }

        void does(Operation operation) {
            State next = now.copy();
            change(next, operation);
            if (!next.sameAs(now)) {
                now = next;
                past.add(next);
            }
        }

        private void change(State next, Operation operation) {
            String route = operation.route();
            boolean there = next.base.containsKey(route);
            switch (operation.kind()) {
                case SAVE -> {
                    disk.put(route, operation.number());
                    takeFiles(next);
                }
                case DELETE -> {
                    disk.remove(route);
                    takeFiles(next);
                }
                case SET -> {
                    if (there) {
                        next.flags.put(route, operation.number());
                    }
                }
                case CLEAR -> {
                    if (there) {
                        next.flags.remove(route);
                    }
                }
                case FREEZE -> {
                    if (there) {
                        next.frozen.add(route);
                    }
                }
                case THAW -> {
                    if (there) {
                        next.frozen.remove(route);
                    }
                }
                case FREEZE_EVERYTHING -> next.everythingFrozen = true;
                case THAW_EVERYTHING -> next.everythingFrozen = false;
                case ROLLBACK -> rollback(next, operation.number());
                case ROLLBACK_ONE -> rollbackOne(next, operation.number(), route);
                case UNPIN -> {
                    next.pinned = Optional.empty();
                    takeFiles(next);
                }
                case RESTART -> {}
            }
        }

        private void takeFiles(State next) {
            if (next.pinned.isEmpty()) {
                takenFiles = new TreeMap<>(disk);
                next.base = new TreeMap<>(disk);
                next.flags.keySet().retainAll(disk.keySet());
                next.frozen.retainAll(disk.keySet());
            }
        }

        private void rollback(State next, int number) {
            if (number <= past.size()) {
                State old = past.get(number - 1);
                next.base = new TreeMap<>(old.base);
                old.base.keySet().forEach(route -> takeFlag(next, old, route));
                next.pinned = Optional.of((long) number);
            }
        }

        private void rollbackOne(State next, int number, String route) {
            if (number <= past.size() && past.get(number - 1).base.containsKey(route)) {
                State old = past.get(number - 1);
                next.base.put(route, old.base.get(route));
                takeFlag(next, old, route);
                next.pinned = Optional.of((long) number);
            }
        }

        private static void takeFlag(State next, State old, String route) {
            next.flags.remove(route);
            if (old.flags.containsKey(route)) {
                next.flags.put(route, old.flags.get(route));
            }
        }
    }
}
