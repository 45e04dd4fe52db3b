"""The files in deploy/ and docs/operating.md name what exists."""

from __future__ import annotations

import re

import pytest
import yaml

from bot import DATA, ROOT, asgi, engine, metrics
from bot.limits import DEFAULT_PER_MINUTE
from bot.notice import MOST_CHARACTERS, Notice
from bot.settings import Settings

DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "operating.md").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
MANIFESTS = [
    entry
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml"))
    for entry in yaml.safe_load_all(path.read_text())
]
NGINX = (DEPLOY / "nginx" / "nginx.conf").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
# Read by what keeps conversations, which may not ask Settings.
ELSEWHERE = {"REDIS_URL"}


def told_settings() -> set[str]:
    [table] = re.findall(r"## Settings.*?(\| setting.*?)\n\n", GUIDE, re.S)
    cells = [line.split("|")[1] for line in table.splitlines()]
    return {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def of_kind(kind: str) -> dict[str, dict]:
    return {e["metadata"]["name"]: e for e in MANIFESTS if e["kind"] == kind}


def container(name: str) -> dict:
    [only] = of_kind("Deployment")[name]["spec"]["template"]["spec"]["containers"]
    return only


def environment() -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container("bot")["env"]}


def test_every_setting_that_the_code_reads_is_told_and_no_other():
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", code))
    # Set by the bot itself.
    read -= {metrics.FOLDER, "RASA_TELEMETRY_ENABLED"}

    assert read | ELSEWHERE == told_settings()


@pytest.mark.parametrize(
    "given", [COMPOSE["services"]["bot-a"]["environment"], environment()]
)
def test_the_settings_of_a_deployment_exist_and_can_be_meant(given):
    settings = Settings.read(given)

    assert set(given) <= told_settings()
    assert settings.host == "0.0.0.0" and settings.trusted_proxies
    assert settings.drain_seconds > 0
    assert str(settings.notice_file) == "/etc/signposting/notice.yml"


def test_compose_names_one_address_for_nginx_and_trusts_no_other():
    services = COMPOSE["services"]
    address = services["nginx"]["networks"]["inside"]["ipv4_address"]

    for bot in ("bot-a", "bot-b"):
        assert services[bot]["environment"]["TRUSTED_PROXIES"] == address
        assert f"server {bot}:{services[bot]['environment']['PORT']} " in NGINX
    assert "ports" not in services["bot-a"] and "ports" not in services["redis"]


def test_what_runs_may_write_nowhere_and_is_not_root():
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["ulimits"] == {"core": 0} and service["user"] != "0", name
    for name, entry in of_kind("Deployment").items():
        pod = entry["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        inside = container(name)["securityContext"]
        assert (
            inside["readOnlyRootFilesystem"] and not inside["allowPrivilegeEscalation"]
        ), name


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
    bot = container("bot")
    for probe in ("livenessProbe", "readinessProbe"):
        assert server.get(bot[probe]["httpGet"]["path"]).status == 200
    [check] = re.findall(
        r"8080(/[\w/]+)", COMPOSE["services"]["bot-a"]["healthcheck"]["test"][3]
    )
    assert server.get(check).status == 200


def test_a_stop_is_given_the_time_it_needs():
    pod = of_kind("Deployment")["bot"]["spec"]["template"]["spec"]
    [ends] = re.findall(
        r"timeout_graceful_shutdown=(\d+)", (ROOT / "bot" / "serve.py").read_text()
    )
    grace = COMPOSE["services"]["bot-a"]["stop_grace_period"]

    assert asgi.ANSWER_SECONDS < int(ends)
    assert (
        int(environment()["DRAIN_SECONDS"]) + int(ends)
        < pod["terminationGracePeriodSeconds"]
    )
    drain = COMPOSE["services"]["bot-a"]["environment"]["DRAIN_SECONDS"]
    assert int(drain) + int(ends) < int(grace.removesuffix("s"))


def test_redis_keeps_nothing_on_a_disk():
    for command in (
        COMPOSE["services"]["redis"]["command"],
        container("redis")["args"],
    ):
        assert "--save  --appendonly no" in " ".join(command)


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
    assert f"uv=={uv}" in DOCKERFILE


def test_the_kustomization_names_every_manifest():
    [own] = [entry for entry in MANIFESTS if entry["kind"] == "Kustomization"]
    files = {path.name for path in (DEPLOY / "kubernetes").glob("*.yml")}

    assert set(own["resources"]) == files - {"kustomization.yml"}


def test_every_notice_file_shows_nothing_and_closes_nothing(tmp_path):
    inside = tmp_path / "notice.yml"
    inside.write_text(of_kind("ConfigMap")["notice"]["data"]["notice.yml"])

    for path in (DATA / "notice.yml", DEPLOY / "notice" / "notice.yml", inside):
        notice = Notice(path)
        assert notice.text == "" and notice.closed is False


@pytest.mark.parametrize(
    "told",
    [
        rf"`RATE_LIMIT` \|.*\| {DEFAULT_PER_MINUTE} \|",
        rf"{MOST_CHARACTERS} characters at most",
        rf"bot takes .*\| {asgi.MOST_BYTES:,} bytes \|",
        rf"longer still.*\| {asgi.MOST_READ:,} bytes \|",
        rf"whole body not sent.*\| {asgi.BODY_SECONDS:.0f} s \|",
        rf"answer as a whole.*\| {asgi.ANSWER_SECONDS:.0f} s \|",
        rf"the model \|.*\| {engine.DEADLINE_SECONDS:.0f} s \|",
    ],
)
def test_a_figure_in_the_guide_is_the_one_in_the_code(told):
    assert re.search(told, GUIDE)


@pytest.mark.parametrize(
    ("directive", "told"),
    [
        ("client_header_timeout 10s;", "headers not sent | nginx | 10 s"),
        ("client_body_timeout 10s;", "body pauses | nginx | 10 s"),
        ("client_max_body_size 1001k;", "nginx | 1,001 KiB"),
        ("rate=20r/s;", "nginx | 20 a second, 200 at once"),
        ("burst=200 ", "nginx | 20 a second, 200 at once"),
        ("limit_conn connections 100;", "connections of one address | nginx | 100"),
        ("proxy_read_timeout 7s;", "7 s, then the other, 10 s in all"),
        ("proxy_next_upstream_timeout 10s;", "7 s, then the other, 10 s in all"),
    ],
)  # fmt: skip
def test_a_figure_in_the_guide_is_the_one_in_the_conf(directive, told):
    assert directive in NGINX and told in GUIDE


def test_every_number_told_to_watch_exists():
    told = set(re.findall(r"`(chat_\w+)`", GUIDE))
    own = {
        found.name + ("_total" if found.type == "counter" else "")
        for part in (metrics.REQUESTS, metrics.SECONDS, metrics.WAITING,
                     metrics.READY, metrics.LOADS)
        for found in part.collect()
    }  # fmt: skip

    assert told == own


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(\.\./([^)]+)\)", GUIDE))))
def test_a_file_that_the_guide_links_exists(path):
    assert (ROOT / path).exists()
