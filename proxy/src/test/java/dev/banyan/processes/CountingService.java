package dev.banyan.processes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service as a process of its own, to be killed: notes every write in a file before it answers, so that what it did is known also
 * when it is gone. Ends with its standard input.
 */
final class CountingService {
    static final String LISTENING = "listening on ";
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private CountingService() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments the file for the writes
     */
    public static void main(String[] arguments) throws IOException {
        Path writes = Path.of(arguments[0]);
        ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newCachedThreadPool();
        threads.execute(() -> accept(server, threads, writes));
        System.out.println(LISTENING + server.getLocalPort());
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static void accept(ServerSocket server, ExecutorService threads, Path writes) {
        while (true) {
            try {
                Socket connection = server.accept();
                threads.execute(() -> serve(connection, writes));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void serve(Socket connection, Path writes) {
        try (connection) {
            InputStream in = connection.getInputStream();
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                if (!head.startsWith("GET ")) {
                    String id = head.replaceAll("(?s).*X-Write-Id: (\\S+).*", "$1");
                    Files.write(writes, List.of(id), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                connection.getOutputStream().write(OK);
            }
        } catch (IOException e) {
            // The proxy has closed it.
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
