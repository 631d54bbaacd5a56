"""Mail as files, and a mail server that refuses."""

import socketserver
import threading
from email import policy
from email.parser import BytesParser

import pytest

FILES = "django.core.mail.backends.filebased.EmailBackend"
BETWEEN = b"-" * 79
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def mail_files(settings, tmp_path):
    """Every mail sent from now on, oldest first, as a function that reads the files."""
    folder = tmp_path / "mail"
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(folder)

    def read():
        parser = BytesParser(policy=policy.default)
        paths = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
        # A file may hold several: those sent in one second by what stood in the same place in memory.
        parts = [part for path in paths for part in path.read_bytes().split(BETWEEN)]
        return [parser.parsebytes(part.lstrip()) for part in parts if part.strip()]

    return read


@pytest.fixture
def mail_server(settings):
    """A mail server that answers every recipient with the reply set on it, and keeps what it is given."""
    with Server(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_HOST_USER = server.server_address[1], ""
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def mail_server_gone(settings):
    """Nobody listens where the mail server should be."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1


class Server(socketserver.ThreadingTCPServer):
    reply = "250 OK"
    daemon_threads = True

    def __init__(self, *args):
        super().__init__(*args)
        self.received = []


class Conversation(socketserver.StreamRequestHandler):
    """RFC 5321, as much as is needed."""

    def handle(self):
        self.say("220 test")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.say(self.server.reply)
            elif verb == b"DATA":
                self.say("354 go on")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 OK")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 OK")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
