"""Real mail servers on loopback, each in a folder of its own, without root's configuration: Dovecot and Postfix of Debian."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DOVECOT, POSTFIX = shutil.which("dovecot"), shutil.which("postfix")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dovecot(folder: Path) -> Iterator[int]:
    """An IMAP server with one mailbox, `folder/mail`; user support, password secret. Gives its port."""
    port = free_port()
    for name in ("run", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    me = pwd.getpwuid(os.getuid()).pw_name
    # Root's server has users of its own for what listens; anybody else's runs as that person altogether.
    users = ("default_internal_user", "default_login_user", "default_internal_group")
    as_myself = "" if os.getuid() == 0 else "\n".join(f"{each} = {me}" for each in users)
    (folder / "users").write_text("support:{PLAIN}secret::::::\n")
    owner = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("mail")  # root reads nobody's mail
    for each in (folder, folder / "mail", *(folder / "mail").iterdir()):
        os.chown(each, owner.pw_uid, owner.pw_gid)
    config = folder / "dovecot.conf"
    config.write_text(
        f"""
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
{as_myself}
mail_location = maildir:{folder}/mail
mail_uid = {owner.pw_uid}
mail_gid = {owner.pw_gid}
first_valid_uid = 1
first_valid_gid = 1
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}
}}
"""
    )
    process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(config)], stdout=subprocess.DEVNULL)
    try:
        until_open(port, process)
        _until_signed_in(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _until_signed_in(port: int) -> None:
    """Dovecot listens before it can tell who somebody is."""
    ends = time.monotonic() + 60
    while True:
        try:
            with imaplib.IMAP4("127.0.0.1", port, timeout=10) as server:
                server.login("support", "secret")
                return
        except (OSError, imaplib.IMAP4.error):
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def lay(folder: Path, name: str, raw: bytes) -> None:
    """A mail delivered into Dovecot's Maildir."""
    part = folder / "mail" / "tmp" / name
    part.write_bytes(raw)
    part.rename(folder / "mail" / "new" / name)


@contextmanager
def postfix(folder: Path, lmtp_port: int, domain: str) -> Iterator[int]:
    """A mail server that delivers everything for the domain to our LMTP. Gives its SMTP port."""
    port = free_port()
    config, queue, data = folder / "etc", folder / "queue", folder / "data"
    for each in (config, queue, data):
        each.mkdir(parents=True)
    shutil.chown(data, "postfix")
    (config / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
message_size_limit = 50000000
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
"""
    )
    (config / "master.cf").write_text(
        f"""
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
lmtp unix - - n - - lmtp
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
"""
    )
    folder.chmod(0o755)
    control = [str(POSTFIX), "-c", str(config)]
    subprocess.run([*control, "start"], check=True, capture_output=True, timeout=30)
    try:
        until_open(port)
        yield port
    finally:
        subprocess.run([*control, "stop"], check=False, capture_output=True, timeout=30)


def until_open(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port}")
