"""The files in deploy/ fit each other and the code, and are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot import DATA, ROOT
from bot.counts.counts import STOP_SECONDS
from bot.pages.notice import Notice
from bot.server import guard
from bot.settings import Settings
from tests.test_operating import GUIDE, NGINX, told_settings

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
MANIFESTS = [
    entry
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml"))
    for entry in yaml.safe_load_all(path.read_text())
]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def of_kind(kind: str) -> dict[str, dict]:
    return {e["metadata"]["name"]: e for e in MANIFESTS if e["kind"] == kind}


def pod(name: str) -> dict:
    return of_kind("Deployment")[name]["spec"]["template"]["spec"]


def container(name: str) -> dict:
    """The container of a deployment that is asked from outside."""
    [only] = pod(name)["containers"]
    return only


def sidecar() -> dict:
    [only] = pod("bot")["initContainers"]
    return only


def environment() -> dict[str, str]:
    # The value of COUNTS_URL is in a secret, since it holds a password.
    counts = {"COUNTS_URL": told_counts_url()}
    return counts | {
        entry["name"]: entry["value"]
        for entry in container("bot")["env"]
        if "value" in entry
    }


def told_counts_url() -> str:
    """The database that the comment on the secret `counts` names."""
    text = (DEPLOY / "kubernetes" / "kustomization.yml").read_text()
    [found] = re.findall(r"secret generic counts --from-literal=url=(\S+)", text)
    return found


@pytest.mark.parametrize(
    "given", [COMPOSE["services"]["bot-a"]["environment"], environment()]
)
def test_the_settings_of_a_deployment_exist_and_are_valid(given, tmp_path):
    # The socket's folder is only in the containers.
    socket = tmp_path / Path(given["ENGINE_SOCKETS"]).name
    settings = Settings.read({**given, "ENGINE_SOCKETS": str(socket)})

    assert set(given) <= told_settings()
    assert settings.host == "0.0.0.0" and settings.trusted_proxies
    assert settings.drain_seconds > 0
    assert str(settings.notice_file) == "/etc/signposting/notice.yml"


def test_compose_names_one_address_for_nginx_and_trusts_no_other():
    services = COMPOSE["services"]
    address = services["nginx"]["networks"]["inside"]["ipv4_address"]

    for bot in ("bot-a", "bot-b"):
        assert set(services[bot]["networks"]) == {"inside"}
        assert services[bot]["environment"]["TRUSTED_PROXIES"] == address
        assert f"server {bot}:{services[bot]['environment']['PORT']} " in NGINX
    assert "ports" not in services["bot-a"] and "ports" not in services["redis"]


def test_what_runs_may_write_nowhere_and_is_not_root():
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["ulimits"] == {"core": 0} and service["user"] != "0", name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    for name in of_kind("Deployment"):
        assert pod(name)["securityContext"]["runAsNonRoot"] is True, name
        for inside in (container(name), *pod(name).get("initContainers", [])):
            rights = inside["securityContext"]
            assert rights["readOnlyRootFilesystem"], name
            assert not rights["allowPrivilegeEscalation"], name
            assert rights["capabilities"] == {"drop": ["ALL"]}, name
            assert "memory" in inside["resources"]["limits"], name


def test_what_sees_a_message_may_not_be_swapped_to_a_disk():
    services = COMPOSE["services"]
    for name in ("nginx", "bot-a", "bot-b", "engine-a", "engine-b", "redis"):
        assert services[name]["memswap_limit"] == services[name]["mem_limit"]


def test_an_engine_has_no_network_and_shares_a_socket_with_its_front_alone():
    services = COMPOSE["services"]
    for letter in "ab":
        front, own = services[f"bot-{letter}"], services[f"engine-{letter}"]
        assert own["network_mode"] == "none" and "networks" not in own
        assert own["volumes"] == [f"socket-{letter}:/run/engine"]
        assert own["volumes"][0] in front["volumes"]
        assert own["user"] == front["user"] and own["restart"] == "always"
        assert COMPOSE["volumes"][f"socket-{letter}"]["driver_opts"]["type"] == "tmpfs"
        assert "environment" not in own


def test_a_pod_has_an_engine_that_ends_after_its_front():
    assert sidecar()["restartPolicy"] == "Always"
    shared = {"name": "socket", "mountPath": "/run/engine"}
    assert shared in sidecar()["volumeMounts"]
    assert shared in container("bot")["volumeMounts"]
    assert "env" not in sidecar() and "ports" not in sidecar()
    for given in (environment(), COMPOSE["services"]["bot-a"]["environment"]):
        assert given["ENGINE_SOCKETS"] == "/run/engine/engine.sock"
    assert 'CMD ["/run/engine/engine.sock"]' in DOCKERFILE


def test_the_bot_may_reach_the_redis_and_the_postgresql_that_it_names():
    rules = of_kind("NetworkPolicy")["bot"]["spec"]["egress"]
    open_to = {
        (peer["podSelector"]["matchLabels"]["app"], port["port"])
        for rule in rules
        for peer in rule.get("to", [])
        for port in rule["ports"]
    }
    named = re.findall(
        r"(\w+):(\d+)/", environment()["REDIS_URL"] + " " + told_counts_url()
    )

    assert open_to == {(host, int(port)) for host, port in named}
    assert len(open_to) == 2


def test_the_services_lead_to_ports_that_pods_open():
    deployments = of_kind("Deployment")
    for service in of_kind("Service").values():
        app = service["spec"]["selector"]["app"]
        opened = {port["name"] for port in container(app)["ports"]}
        assert app in deployments
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= opened
    named = re.findall(r"server ([\w-]+):(\d+) ", NGINX)
    services = of_kind("Service")
    for name, port in named:
        assert services[name]["spec"]["ports"][0]["port"] == int(port)


def test_the_bot_opens_the_ports_of_its_settings():
    ports = {p["name"]: str(p["containerPort"]) for p in container("bot")["ports"]}

    assert ports == {
        "http": environment()["PORT"],
        "metrics": environment()["METRICS_PORT"],
    }
    assert f"EXPOSE {ports['http']} {ports['metrics']}" in DOCKERFILE
    for port in container("nginx")["ports"]:
        assert re.search(rf"listen {port['containerPort']} ", NGINX)


def test_the_probes_ask_for_addresses_that_exist(server):
    for probe in ("livenessProbe", "readinessProbe"):
        assert server.get(container("bot")[probe]["httpGet"]["path"]).status == 200


def test_no_probe_starts_a_python():
    # One start costs as much processor time as many answers.
    checks = [each.get("healthcheck") for each in COMPOSE["services"].values()]
    assert [check["test"] for check in checks if check] == [
        ["CMD", "bash", "/app/ready.sh"],
        ["CMD", "bash", "/app/ready.sh"],
    ]
    for name in of_kind("Deployment"):
        for inside in (container(name), *pod(name).get("initContainers", [])):
            for probe in ("livenessProbe", "readinessProbe"):
                asked = inside.get(probe, {}).get("exec", {"command": ["redis-cli"]})
                assert asked["command"][0] == "redis-cli"


def test_a_stop_is_given_the_time_it_needs():
    [ends] = re.findall(
        r"timeout_graceful_shutdown=(\d+)",
        (ROOT / "bot" / "server" / "serve.py").read_text(),
    )
    grace = COMPOSE["services"]["bot-a"]["stop_grace_period"]

    ends = int(ends) + STOP_SECONDS  # for the counts
    assert guard.ANSWER_SECONDS < ends
    assert (
        int(environment()["DRAIN_SECONDS"]) + ends
        < pod("bot")["terminationGracePeriodSeconds"]
    )
    drain = COMPOSE["services"]["bot-a"]["environment"]["DRAIN_SECONDS"]
    assert int(drain) + ends < int(grace.removesuffix("s"))


def test_redis_keeps_nothing_on_a_disk_and_never_lets_go_of_the_signing_key():
    for command in (
        COMPOSE["services"]["redis"]["command"],
        container("redis")["args"],
    ):
        assert "--save  --appendonly no" in " ".join(command)
        # The key is the one entry without an end.
        assert command[command.index("--maxmemory-policy") + 1] == "volatile-ttl"
    assert "volatile-ttl" in GUIDE


def test_every_image_that_is_fetched_is_named_by_its_digest():
    named = [each["image"] for each in COMPOSE["services"].values()]
    named += [container(name)["image"] for name in of_kind("Deployment")]

    for image in named:
        assert image.startswith("signposting-") or re.search(
            r"@sha256:[0-9a-f]{64}$", image
        )


def test_the_images_run_commands_that_exist_in_the_version_of_the_project():
    main = (ROOT / "bot" / "__main__.py").read_text()
    [version] = re.findall(
        r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.M
    )
    [uv] = re.findall(r"UV_VERSION := (.*)", (ROOT / "Makefile").read_text())

    commands = re.findall(r'bot(?:", "| )([a-z-]+)', DOCKERFILE)
    for command in {"serve", "train", "error-page"}:
        assert command in commands and f'"{command}"' in main
    [own] = [entry for entry in MANIFESTS if entry["kind"] == "Kustomization"]
    assert {image["newTag"] for image in own["images"]} == {version}
    built = {f"signposting-{target}" for target in ("front", "engine", "nginx")}
    assert {image["name"] for image in own["images"]} == built
    assert set(re.findall(r"signposting-\w+(?=:\d)", DOCKERFILE)) == built
    assert set(re.findall(r":(\d+\.\d+\.\d+) \.", DOCKERFILE)) == {version}
    assert f"VERSION={version}" in GUIDE
    assert f"uv=={uv}" in DOCKERFILE


def test_the_kustomization_names_every_manifest():
    [own] = [entry for entry in MANIFESTS if entry["kind"] == "Kustomization"]
    files = {path.name for path in (DEPLOY / "kubernetes").glob("*.yml")}

    assert set(own["resources"]) == files - {"kustomization.yml"}


def test_the_names_of_the_site_reach_nginx_from_one_file_that_names_nobody_yet():
    inside = of_kind("ConfigMap")["names"]["data"]["names.conf"]
    outside = (DEPLOY / "names" / "names.conf").read_text()

    assert "include /etc/nginx/names/*.conf;" in NGINX
    mounts = container("nginx")["volumeMounts"]
    assert "/etc/nginx/names" in [mount["mountPath"] for mount in mounts]
    assert "/etc/nginx/names" in str(COMPOSE["services"]["nginx"]["volumes"])
    for text in (inside, outside):
        assert all(line.startswith("#") for line in text.splitlines())


def test_every_notice_file_shows_nothing_and_closes_nothing(tmp_path):
    inside = tmp_path / "notice.yml"
    inside.write_text(of_kind("ConfigMap")["notice"]["data"]["notice.yml"])

    for path in (DATA / "notice.yml", DEPLOY / "notice" / "notice.yml", inside):
        notice = Notice(path)
        assert notice.text == "" and notice.closed is False
