package dev.prefork.servers.springtomcat;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import java.io.IOException;
import java.io.OutputStream;

/** Spring Boot with Tomcat: {@code java -jar spring-tomcat.jar PORT}. */
@RestController
@SpringBootApplication
class SpringTomcat {
    private static final long PID = ProcessHandle.current().pid();

    public static void main(String[] args) {
        SpringApplication.run(SpringTomcat.class, "--server.port=" + args[0]);
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
    String answer(HttpServletRequest request) {
        String remote = request.getRemoteAddr() + ":" + request.getRemotePort();
        return "pid=" + PID + " remote=" + remote + "\n";
    }

    @GetMapping("/stream")
    ResponseEntity<StreamingResponseBody> stream(
            @RequestParam(name = "lines", defaultValue = "10") int lines) {
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_PLAIN)
                .body(out -> writeSlowly(out, lines));
    }

    private static void writeSlowly(OutputStream out, int lines) throws IOException {
        for (int line = 1; line <= lines; line++) {
            if (line > 1) {
                pause();
            }
            out.write(("pid=" + PID + " line=" + line + "\n").getBytes(UTF_8));
            out.flush();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
