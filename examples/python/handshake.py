"""How the server starts a plugin and gets hold of it: hashicorp/go-plugin's handshake, in Python."""

import base64
import datetime
import os
import sys
import tempfile
import threading
from concurrent import futures

import grpc

import plugin_pb2 as pb
from quatrain_plugin import PROTOCOL, Connection

COOKIE = ("QUATRAIN_PLUGIN", "8f2c6a0e-plugin-process")
SERVING = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse{status: SERVING}


def serve(plugin):
    """Runs a plugin: all that a program has to do. Returns when the server has ended it, or is gone."""
    if os.environ.get(COOKIE[0]) != COOKIE[1]:
        sys.exit("This program is a plugin of Quatrain's: the server starts it, if it is named in the configuration.")
    parent, ended = os.getppid(), threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(), options=[("grpc.max_receive_message_length", -1)])
    server.add_generic_rpc_handlers((Services(plugin, ended),))
    with tempfile.TemporaryDirectory(dir=os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or None) as folder:
        path = os.path.join(folder, "plugin")
        certificate = listen(server, "unix:" + path)
        server.start()
        print("1", PROTOCOL, "unix", path, "grpc", certificate, sep="|", flush=True)
        while not ended.wait(1) and os.getppid() == parent:
            pass  # a server that was killed says nothing
        server.stop(grace=1).wait()


class Services(grpc.GenericRpcHandler):
    """The methods that the server calls."""

    def __init__(self, plugin, ended):
        self.plugin, self.ended = plugin, ended

    def service(self, call):
        if call.method == "/quatrain.plugin.v1.Plugin/Connect":
            return grpc.stream_stream_rpc_method_handler(self.connect, pb.Batch.FromString, pb.Batch.SerializeToString)
        if call.method == "/grpc.health.v1.Health/Check":
            return grpc.unary_unary_rpc_method_handler(lambda request, context: SERVING)
        if call.method == "/plugin.GRPCController/Shutdown":
            return grpc.unary_unary_rpc_method_handler(self.shutdown)
        return None  # go-plugin offers more, and does without

    def connect(self, batches, context):
        connection = Connection(self.plugin)
        threading.Thread(target=connection.feed, args=(batches,), daemon=True).start()
        threading.Thread(target=self.work, args=(connection,), daemon=True).start()
        yield from connection.frames()

    def work(self, connection):
        try:
            connection.run()
        finally:
            connection.end()
            self.ended.set()

    def shutdown(self, request, context):
        self.ended.set()
        return b""


def listen(server, address):
    """Listens, with TLS for the one client whose certificate the server has named, if it has. Returns the certificate to tell it."""
    client = os.environ.get("PLUGIN_CLIENT_CERT")
    if not client:
        server.add_insecure_port(address)
        return ""
    key, certificate, der = make_certificate()
    server.add_secure_port(address, grpc.ssl_server_credentials([(key, certificate)], client.encode(), True))
    return base64.b64encode(der).rstrip(b"=").decode()


def make_certificate():
    """A key and a certificate, both as PEM, and the certificate as DER. It is its own authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return (
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(pem),
        certificate.public_bytes(serialization.Encoding.DER),
    )
