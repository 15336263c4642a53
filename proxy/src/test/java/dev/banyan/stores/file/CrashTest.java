package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.processes.ChildJvm;
import dev.banyan.routing.Share;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @EnumSource(value = ChangingProcess.Halt.class, mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
    void a_crash_at_any_step_of_a_write_loses_nothing_that_was_acknowledged(ChangingProcess.Halt halt)
            throws Exception {
        long acknowledged = 0;
        try (ChildJvm child = ChildJvm.start(ChangingProcess.class, data.toString(), halt.name(), "5")) {
            for (String number = child.next(ChangingProcess.ACKNOWLEDGED);
                    number != null;
                    number = child.next(ChangingProcess.ACKNOWLEDGED)) {
                acknowledged = Long.parseLong(number);
            }
            child.waitFor();
        }

        assertThat(acknowledged).isEqualTo(4);
        assertServes(acknowledged);
    }

    @Test
    void a_kill_between_changes_loses_nothing_that_was_acknowledged() throws Exception {
        long acknowledged = 0;
        try (ChildJvm child = ChildJvm.start(ChangingProcess.class, data.toString(), "NEVER", "0")) {
            while (acknowledged < 200) {
                acknowledged = Long.parseLong(String.valueOf(child.next(ChangingProcess.ACKNOWLEDGED)));
            }
            child.kill();
        }

        assertServes(acknowledged);
    }

    /** That one, or one that was stored but not acknowledged any more. */
    private void assertServes(long acknowledged) throws Exception {
        try (FileRevisionStore store = FileRevisionStore.open(data);
                Publisher publisher = Publisher.start(store, table -> {}, Clock.systemUTC())) {
            long number = publisher.current().number();
            assertThat(number).isGreaterThanOrEqualTo(acknowledged);
            assertThat(publisher.current().table().routes())
                    .hasEntrySatisfying("t", route -> assertThat(route.canary()).isEqualTo(new Share((int) number)));
            assertThat(publisher.find(acknowledged)).isPresent();
        }
    }

    @Test
    void a_second_process_is_refused_and_told_who_has_the_directory() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChangingProcess.class, data.toString(), "NEVER", "0")) {
            child.next(ChangingProcess.ACKNOWLEDGED);

            assertThatThrownBy(() -> FileRevisionStore.open(data))
                    .isInstanceOf(DataDirectoryInUseException.class)
                    .hasMessageContaining("in use by process " + child.pid())
                    .hasMessageContaining("fix: ");
            child.kill();
        }
        FileRevisionStore.open(data).close();
    }

    @Test
    void a_second_opener_in_the_same_process_is_refused_and_does_not_free_the_lock() throws Exception {
        try (FileRevisionStore store = FileRevisionStore.open(data)) {
            assertThatThrownBy(() -> FileRevisionStore.open(data)).isInstanceOf(DataDirectoryInUseException.class);

            try (ChildJvm child = ChildJvm.start(ChangingProcess.class, data.toString(), "NEVER", "0")) {
                assertThat(child.next(ChangingProcess.ACKNOWLEDGED)).isNull();
            }
            assertThat(store.newest()).isZero();
        }
    }
}
