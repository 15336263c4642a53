package dev.banyan.stores.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that does not have the data directory sees what the one that has it stores. */
class FollowedRevisionStoreTest {
    @TempDir
    private Path data;

    @Test
    void it_reads_what_is_there_and_tells_of_what_comes() throws Exception {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        try (FileRevisionStore owner = FileRevisionStore.open(data)) {
            owner.append(TestRevisions.number(1));
            try (FollowedRevisionStore followed = FollowedRevisionStore.of(data)) {
                followed.follow(() -> told.add(followed.newest()));
                assertThat(followed.newest()).isEqualTo(1);
                assertThat(followed.find(1)).isEqualTo(owner.find(1));

                owner.append(TestRevisions.number(2));

                assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
                assertThat(followed.find(2)).isEqualTo(owner.find(2)).isPresent();
            }
        }
    }

    @Test
    void who_does_not_follow_any_more_is_not_told() throws Exception {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        BlockingQueue<Long> other = new LinkedBlockingQueue<>();
        try (FileRevisionStore owner = FileRevisionStore.open(data);
                FollowedRevisionStore followed = FollowedRevisionStore.of(data)) {
            followed.follow(() -> told.add(followed.newest())).close();
            followed.follow(() -> other.add(followed.newest()));

            owner.append(TestRevisions.number(1));

            assertThat(other.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void it_stores_nothing() throws IOException {
        try (FileRevisionStore owner = FileRevisionStore.open(data);
                FollowedRevisionStore followed = FollowedRevisionStore.of(data)) {

            assertThatThrownBy(() -> followed.append(TestRevisions.number(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process");

            assertThat(owner.newest()).isZero();
        }
    }
}
