package dev.fencepost.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a command as somebody other than root, which PostgreSQL insists on.
 *
 * <p>Root first tries a user namespace: inside it the process is nobody in particular, outside it is still ours. Where
 * the kernel or a container forbids that, root becomes the user "nobody" instead and gives the files to it.
 */
enum Unprivileged {
    ALREADY(""),
    USER_NAMESPACE("unshare --user"),
    OTHER_USER("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private final String prefix;

    Unprivileged(String prefix) {
        this.prefix = prefix;
    }

    static Unprivileged find() {
        for (Unprivileged way : values()) {
            if (way.works()) {
                return way;
            }
        }
        throw new ServerException("PostgreSQL refuses to run as root, and neither unshare nor setpriv works here:"
                + " run as another user, or set " + Provision.SETTING + " to docker or external");
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private boolean works() {
        String uid = Processes.run(command(List.of("sh", "-c", "id -u || true")));
        return uid.matches("[1-9][0-9]*");
    }

    /** The command line that runs this command without root's rights. It has the process id that it is started with. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(words(prefix));
        whole.addAll(command);
        return whole;
    }

    /** Lets the process that is going to run have its directory. */
    void own(Path directory) {
        if (this == OTHER_USER) {
            String output = Processes.run(List.of("chown", "-R", "65534:65534", directory.toString()));
            if (!output.isEmpty()) {
                throw new ServerException("could not give " + directory + " to the user nobody: " + output);
            }
        }
    }
}
