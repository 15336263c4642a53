package dev.banyan.app;

import dev.banyan.cli.ServeOptions;
import dev.banyan.settings.SettingSources;
import dev.banyan.settings.SettingSources.SettingFile;
import dev.banyan.settings.Settings;
import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the settings file from disk and all settings from everywhere. */
final class SettingsOnDisk {
    /** Taken where no other is named. */
    private static final Path USUAL_FILE = Path.of("banyan.yaml");

    private final List<Problem> problems = new ArrayList<>();

    private SettingsOnDisk() {}

    static Settings.Reading read(ServeOptions options, Map<String, String> environment) {
        SettingsOnDisk disk = new SettingsOnDisk();
        Settings.Reading reading = Settings.read(
                new SettingSources(options.flags(), environment, file(options).flatMap(disk::read)));
        disk.problems.addAll(reading.problems());
        return new Settings.Reading(reading.settings(), List.copyOf(disk.problems), reading.warnings());
    }

    /** The one that is named, or the usual one if it is there. */
    static Optional<Path> file(ServeOptions options) {
        return options.config().or(() -> Optional.of(USUAL_FILE).filter(Files::exists));
    }

    private Optional<SettingFile> read(Path file) {
        try {
            return Optional.of(new SettingFile(file.toString(), Files.readString(file)));
        } catch (NoSuchFileException e) {
            return unreadable(file, "there is no such file");
        } catch (AccessDeniedException e) {
            return unreadable(file, "there is no permission to read it");
        } catch (MalformedInputException e) {
            return unreadable(file, "it is not text in UTF-8");
        } catch (IOException e) {
            return unreadable(file, Files.isDirectory(file) ? "it is a directory" : "it cannot be read: " + e);
        }
    }

    private Optional<SettingFile> unreadable(Path file, String why) {
        problems.add(Position.NOWHERE.problem(
                "settings file " + file + ": " + why, "name another by --config FILE or BANYAN_CONFIG"));
        return Optional.empty();
    }
}
