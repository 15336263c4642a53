package dev.banyan.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What keeps a start from using its data directory, in words that say what to do. The system's own name a file, and no more. */
final class DataDirectoryFailure {
    private static final String ELSEWHERE = "name a directory that this process may write to, by --data DIR";

    /** Without a file's name where a write failed, not an opening (write(2)). */
    private static final List<String> OF_DISKS =
            List.of("No space left on device", "Disk quota exceeded", "Read-only file system", "Input/output error");

    private DataDirectoryFailure() {}

    /** The failure itself if it is not about the directory, or says already what to do. */
    static IOException told(Path data, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("; fix: ")) {
            return failure;
        }
        if (failure instanceof FileSystemException system) {
            return told(data, system);
        }
        return OF_DISKS.stream()
                .filter(message::contains)
                .findFirst()
                .map(reason -> problem(data, reason, failure))
                .orElse(failure);
    }

    private static IOException told(Path data, FileSystemException failure) {
        String file = String.valueOf(failure.getFile());
        if (!isWithin(data, file)) {
            return failure;
        }
        boolean noDirectory = Files.exists(data) && !Files.isDirectory(data)
                || failure instanceof FileAlreadyExistsException
                || "Not a directory".equals(failure.getReason());
        if (noDirectory) {
            return problem(data, "it is no directory, or lies in none", failure);
        }
        String reason = failure instanceof AccessDeniedException
                ? "permission denied"
                : failure.getReason() == null ? failure.toString() : failure.getReason();
        return problem(data, file + ": " + reason, failure);
    }

    /** The file is in the directory, or one that the directory would be made in. */
    private static boolean isWithin(Path data, String file) {
        Path directory = data.toAbsolutePath();
        Path named = Path.of(file).toAbsolutePath();
        return named.startsWith(directory) || directory.startsWith(named);
    }

    private static IOException problem(Path data, String reason, IOException cause) {
        String fix = reason.contains("space") || reason.contains("quota") ? "free some of its disk, or " : "";
        return new IOException("data: " + data + " cannot be used (" + reason + "); fix: " + fix + ELSEWHERE, cause);
    }
}
