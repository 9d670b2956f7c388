# requires: kubernetes==37.0.1 docker==7.2.0
# Client objects and their models by name, an API server of our own on loopback, a configuration file, errors.
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import docker
from docker.errors import APIError, DockerException, NotFound
from kubernetes import client, config, utils
from kubernetes.client.rest import ApiException
from kubernetes.dynamic.resource import ResourceInstance

POD = {
    "metadata": {"name": "p", "creationTimestamp": "2024-01-02T03:04:05Z"},
    "spec": {"containers": [{"name": "c", "image": "i"}]},
    "status": {"phase": "Running"},
}


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0]
        answers = {
            "/api/v1/namespaces/default/pods": {"kind": "PodList", "items": [POD]},
            "/v1.41/containers/json": [{"Id": "abc", "Names": ["/one"]}],
            "/v1.41/containers/abc/json": {
                "Id": "abc",
                "Name": "/one",
                "Config": {"Labels": {}},
                "State": {"Status": "running"},
            },
        }
        body = json.dumps(
            answers.get(path, {"kind": "Status", "message": "none", "reason": "NotFound", "code": 404})
        ).encode()
        self.send_response(200 if path in answers else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def handler(event, context):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"127.0.0.1:{server.server_port}"
    config.load_kube_config_from_dict(
        {
            "current-context": "x",
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": f"http://{base}"}}],
            "users": [{"name": "u", "user": {"token": "t"}}],
        }
    )
    pods = client.CoreV1Api().list_namespaced_pod("default").items
    made = client.ApiClient().sanitize_for_serialization(
        client.V1Deployment(
            api_version="apps/v1",
            metadata=client.V1ObjectMeta(name="d"),
            spec=client.V1DeploymentSpec(selector={"matchLabels": {}}, template=client.V1PodTemplateSpec()),
        )
    )
    errors = []
    for attempt in (
        lambda: client.CoreV1Api().read_namespaced_secret("s", "default"),
        lambda: client.V1Container(),
        lambda: config.load_incluster_config(),
        lambda: docker.from_env(environment={"DOCKER_HOST": "unix:///tmp/none.sock"}, version="auto"),
        lambda: docker.DockerClient(f"tcp://{base}", version="1.41").containers.get("zzz"),
    ):
        try:
            attempt()
        except (ApiException, ValueError, config.ConfigException, NotFound, APIError, DockerException) as error:
            errors.append(type(error).__name__)
    daemon = docker.DockerClient(f"tcp://{base}", version="1.41")
    return {
        "pods": [
            [pod.metadata.name, str(pod.metadata.creation_timestamp), pod.spec.containers[0].image, pod.status.phase]
            for pod in pods
        ],
        "made": made,
        "containers": [found.name for found in daemon.containers.list()],
        "quantity": str(utils.parse_quantity("1.5Gi")),
        "dynamic": ResourceInstance(None, {"kind": "X", "a": {"b": 1}}).a.b,
        "errors": errors,
    }
