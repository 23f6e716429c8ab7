"""The image, as far as it can be tried without building it."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
INSTALL = ROOT / "deploy" / "image" / "install.sh"
MANIFESTS = [*sorted((ROOT / "deploy" / "k8s").glob("*.yaml"))]
MANIFESTS += sorted((ROOT / "deploy" / "flink").glob("*.yaml"))


def tool(name):
    """A program of the `test` extra."""
    found = shutil.which(name, path=Path(sys.executable).parent) or shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}: pip install 'beam-ocr[test]'")
    return found


def output_of(command):
    """The exit code of a command, and all that it says."""
    together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, check=False, **together)
    return done.returncode, done.stdout


def instructions():
    """The instructions of the Dockerfile, in order: name and the rest."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            yield name, " ".join(rest.split())


def values(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def pinned(package):
    pins = (ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8")
    return re.search(rf"^{package}==(.+)$", pins, re.MULTILINE)[1]


def version():
    return re.search(r'version="(.+)"', (ROOT / "setup.py").read_text(encoding="utf-8"))[1]


def let_through(path):
    """Whether Docker is given a path of the tree, by the last line of .dockerignore that fits."""
    given = True
    paths = [Path(path), *Path(path).parents]
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            anywhere = pattern.removeprefix("**/")
            names = [one.name if anywhere != pattern else str(one) for one in paths]
            if any(fnmatch(name, anywhere) for name in names):
                given = line.startswith("!")
    return given


def test_the_dockerfile_is_clean():
    assert output_of([tool("hadolint"), DOCKERFILE]) == (0, "")


def test_the_script_is_clean():
    assert output_of([tool("shellcheck"), INSTALL]) == (0, "")


def test_beam_and_python_are_those_that_are_pinned():
    beam, launcher, python = values("FROM")[:3]
    assert beam.split()[0] == f"apache/beam_python3.11_sdk:{pinned('apache-beam')}"
    assert "/python311-template-launcher-base:" in launcher
    assert python.startswith("python:3.11-")
    assert 'python_requires=">=3.11"' in (ROOT / "setup.py").read_text(encoding="utf-8")


def test_every_part_of_it_has_a_version():
    for image in values("FROM"):
        name = image.split()[0]
        assert name == "base" or re.search(r":[^:]*\d", name), name


def test_it_is_not_run_by_root_unless_that_is_asked_for():
    assert values("USER") == ["$RUN_AS"]
    [user] = [rest for rest in values("ARG") if rest.startswith("RUN_AS")]
    assert user == "RUN_AS=10001"


def containers(manifest):
    """What a manifest says of each container and of its pod."""
    stack = list(yaml.safe_load_all(manifest.read_text(encoding="utf-8")))
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            pod = node.get("securityContext", {})
            for container in node.get("containers", []):
                yield container, pod
            stack += node.values()
        elif isinstance(node, list):
            stack += node


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_manifests_name_this_image_and_its_user(manifest):
    for container, pod in containers(manifest):
        if container["image"].startswith("beam-ocr"):
            assert container["image"] in {f"beam-ocr:{version()}", f"beam-ocr:{version()}-cuda"}
            user = container.get("securityContext", {}).get("runAsUser", pod.get("runAsUser"))
            assert user in {10001, None}


def test_all_that_is_copied_is_there_and_let_through():
    of_the_tree = [rest.split() for rest in values("COPY") if not rest.startswith("--from")]
    assert of_the_tree
    for *sources, _ in of_the_tree:
        for source in sources:
            assert (ROOT / source).exists()
            assert source == "." or let_through(source)
    copied = re.findall(r'"\$root/([\w./]+)"', INSTALL.read_text(encoding="utf-8"))
    assert {"setup.py", "ocr_core", "pipelines"} <= set(copied)
    script = str(INSTALL.relative_to(ROOT))
    for name in [*copied, script, "deploy/constraints.txt"]:
        assert (ROOT / name).exists()
        assert let_through(name), name
    for name in ["tests/data", ".git", "out", "ocr_core/__pycache__", "deploy/flink/pom.xml"]:
        assert not let_through(name), name


def test_weights_are_given_to_it():
    weights = list((ROOT / "ocr_core" / "weights").glob("*.safetensors"))
    assert len(weights) >= 2
    assert all(let_through(str(path.relative_to(ROOT))) for path in weights)


def test_it_is_built_by_the_script_and_starts_as_beam_wants():
    assert values("RUN")[0].startswith("/src/deploy/image/install.sh /opt/beam-ocr")
    assert values("ENTRYPOINT") == ['["/opt/apache/beam/boot"]']
    [environment] = values("ENV")
    assert "RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1" in environment
    assert "PATH=/opt/beam-ocr/bin:" in environment
    assert "FLEX_TEMPLATE_PYTHON_PY_FILE=/template/main.py" in environment


def test_there_is_no_third_variant(tmp_path):
    refused = output_of([INSTALL, tmp_path / "venv", "rocm"])
    assert refused == (2, "no such variant: rocm (cpu or cuda)\n")
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("variant", ["cpu", "cuda"])
def test_the_script_installs_what_is_pinned_and_looks_at_it(tmp_path, variant):
    """With a stand-in for Python: what is fetched is gigabytes."""
    log = tmp_path / "log"
    stand_in = tmp_path / "bin" / "python3"
    stand_in.parent.mkdir()
    stand_in.write_text(
        "#!/usr/bin/env bash\n"
        f'echo "$*" >> {log}\n'
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n'
        'if [ "$2" = venv ]; then cp "$0" "$3/bin/beam-ocr"; fi\n'
    )
    stand_in.chmod(0o755)
    environment = {"PATH": f"{stand_in.parent}:/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    subprocess.run([INSTALL, tmp_path / "venv", variant], check=True, env=environment)
    _, *steps, check, shows_version, loads = log.read_text().splitlines()
    torch, rest = (steps[:1], steps[1]) if variant == "cpu" else ([], steps[0])
    assert all(f"torch=={pinned('torch')}" in step and "--no-deps" in step for step in torch)
    assert f"--constraint {ROOT / 'deploy' / 'constraints.txt'}" in rest
    assert rest.endswith("[gcp,s3]")
    assert check.endswith(" check")
    assert shows_version == "--version"
    assert "ocr_core.load" in loads
    assert not list(tmp_path.glob("tmp.*"))
