package dev.banyan.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    @TempDir
    private Path directory;

    private final LogFiles files = new LogFiles();

    @AfterEach
    void close() {
        files.close();
    }

    private static void write(LogFile file, String text) throws IOException {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_renamed_file_is_left_and_a_new_one_begun_without_a_signal() throws IOException {
        Path path = directory.resolve("access.log");
        try (LogFile file = files.open(path)) {
            write(file, "one\n");

            Files.move(path, directory.resolve("access.log.1"));
            await().until(() -> Files.exists(path));
            write(file, "two\n");

            assertThat(directory.resolve("access.log.1")).hasContent("one\n");
            assertThat(path).hasContent("two\n");
        }
    }

    @Test
    void a_file_that_took_the_place_of_the_old_one_is_gone_on_with() throws IOException {
        Path path = directory.resolve("access.log");
        try (LogFile file = files.open(path)) {
            Path other = Files.writeString(directory.resolve("other"), "there already\n");

            Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> {
                write(file, "x\n");
                return Files.readString(path).contains("x\n");
            });

            assertThat(Files.readString(path)).startsWith("there already\n");
        }
    }

    @Test
    void a_file_that_was_removed_is_made_anew() throws IOException {
        Path path = directory.resolve("access.log");
        try (LogFile file = files.open(path)) {
            Files.delete(path);

            await().until(() -> Files.exists(path));
            write(file, "one\n");

            assertThat(path).hasContent("one\n");
        }
    }

    @Test
    void while_there_can_be_no_new_file_the_old_one_gets_the_lines() throws IOException {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path path = logs.resolve("access.log");
        try (LogFile file = files.open(path)) {
            Path moved = Files.move(logs, directory.resolve("moved"));
            files.reopen();
            await().until(() -> file.reopeningFailed());
            write(file, "one\n");
            assertThat(moved.resolve("access.log")).hasContent("one\n");

            Files.createDirectory(logs);
            await().until(() -> Files.exists(path));
            write(file, "two\n");

            assertThat(path).hasContent("two\n");
        }
    }

    @Test
    void a_named_pipe_that_nobody_reads_holds_up_nobody() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        try (LogFile file = files.open(pipe)) {
            write(file, "one\n");

            assertThat(file.isOpen()).isTrue();
        }
    }
}
