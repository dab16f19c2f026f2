"""The wheel carries everything and runs without the checkout; the files around it hold together."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from app import __version__
from app.files import project_folder

ROOT = Path(__file__).parent.parent
SHIPPED = ("templates", "static", "app/store/migrations")


def run(*words: str, **more: str) -> str:
    """Outside the checkout and without the environment's own settings."""
    return subprocess.run(
        words, check=True, capture_output=True, text=True, timeout=120, cwd=ROOT.anchor,
        env=clean_environment() | more,
    ).stdout  # fmt: skip


def clean_environment() -> dict[str, str]:
    unwanted = ("READYBOARD_", "PYTHON", "COVERAGE", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout. hatchling is in the test environment: nothing is downloaded."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT))
    [built] = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel. The libraries are those of the test
    environment, lent by a .pth file; a checkout installed there as editable comes after."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False, symlinks=True)
    [site] = home.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
        "--prefix", str(home), "--ignore-installed", str(wheel))  # fmt: skip
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "lent.pth").write_text(f"{lent}\n")
    return home / "bin"


def test_the_wheel_holds_every_file_that_ships(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in SHIPPED:
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(ROOT).as_posix()
                assert (name if name.startswith("app/") else f"app/{name}") in inside
    assert not [name for name in inside if name.startswith(("tests/", "deploy/"))]
    assert f"readyboard-{__version__}.dist-info/licenses/LICENSE" in inside


def test_the_installed_wheel_serves_its_own_pages(installed: Path, tmp_path: Path) -> None:
    # Its script starts this interpreter's twin, as pip wrote it for the environment running pip.
    python = str(installed / "python")
    assert run(python, "-m", "app", "version") == f"readyboard {__version__}\n"
    where = run(python, "-c", "import app; print(app.__file__)").strip()
    assert Path(where).is_relative_to(installed.parent)
    words = (python, "-m", "app", "serve", "--port", "0", "--data", str(tmp_path))
    server = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=clean_environment()
    )
    try:
        assert server.stdout is not None
        home = next(m[1] for line in server.stdout if (m := re.search(r"(http\S+)/b/main", line)))
        with urlopen(f"{home}/healthz", timeout=10) as answer:
            assert answer.status == 200
        with urlopen(f"{home}/b/main", timeout=10) as answer:
            page = answer.read().decode()
        script = re.search(r'src="(/static/[^"]+)"', page)
        assert script
        with urlopen(home + script[1], timeout=10) as answer:
            assert answer.read() == (ROOT / "static" / Path(script[1]).name).read_bytes()
        with urlopen(f"{home}/openapi.json", timeout=10) as answer:
            assert json.load(answer)["info"]["version"] == __version__
    finally:
        server.terminate()
        server.communicate(timeout=10)


def test_a_checkout_uses_its_own_folders() -> None:
    assert project_folder("templates") == ROOT / "templates"


def test_the_command_is_the_one_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"readyboard": "app.cli:main"}
    assert project["requires-python"] == ">=3.11"


def test_ci_runs_exactly_make_test() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert script.splitlines()[-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_make_passes_on_only_what_was_typed() -> None:
    def says(*words: str) -> str:
        return run("make", "-C", str(ROOT), "-n", "run", *words, HOST="from-the-shell")

    assert " serve --host" not in says()
    assert " serve --host 0.0.0.0 --port 81" in says("HOST=0.0.0.0", "PORT=81")


@pytest.mark.parametrize(
    "script",
    ["deploy/make-venv.sh", "deploy/find-browser.sh", "deploy/find-compiler.sh", ".ci/run"],
)
def test_shell_scripts_parse(script: str) -> None:
    run("sh", "-n", str(ROOT / script))


def make_venv(tools: Path, **scripts: str) -> subprocess.CompletedProcess[str]:
    """Run deploy/make-venv.sh on a machine that has nothing but these programs."""
    for tool in ("sh", "env", "touch"):
        (tools / tool).symlink_to(run("sh", "-c", f"command -v {tool}").strip())
    for name, script in scripts.items():
        program = tools / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return subprocess.run(
        ["sh", str(ROOT / "deploy/make-venv.sh"), str(tools / "venv")],
        capture_output=True, text=True, timeout=20, check=False, env={"PATH": str(tools)},
    )  # fmt: skip


# Has ensurepip once apt-get has been there.
DEBIANS_PYTHON = 'case "$2" in *ensurepip*) [ -e "$0.whole" ] ;; venv) touch "$4" ;; esac'


def test_a_python_without_ensurepip_gets_it_on_debian(tmp_path: Path) -> None:
    installs = f'[ "$1" = update ] || {{ echo "$@"; touch "{tmp_path}/python3.whole"; }}'
    done = make_venv(tmp_path, python3=DEBIANS_PYTHON, apt_get=installs, id="echo 0")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "install -y python3-venv"
    assert (tmp_path / "venv").exists()


def test_where_that_cannot_be_installed_the_line_that_helps_is_told(tmp_path: Path) -> None:
    done = make_venv(tmp_path, python3=DEBIANS_PYTHON, apt_get="exit 1", id="echo 1000")
    assert done.returncode == 1
    assert done.stderr.endswith("\n  apt-get install -y python3-venv\n")
    assert not (tmp_path / "venv").exists()


AS_BUILT = """import sys, sysconfig
sysconfig.get_config_var, sys.executable = {"CONFIG_ARGS": sys.argv[1]}.get, sys.argv[2]
exec(sys.argv[3])"""


def python_built(*options: str, executable: str = "$0", whole: bool = True) -> str:
    """A Python that says it was built with these options; with ensurepip if it is `whole`."""
    real = f"exec '{sys.executable}' -c '{AS_BUILT}' '{' '.join(options)}' \"{executable}\" \"$2\""
    lacking = "" if whole else "*ensurepip*) exit 1 ;;"
    return f'case "$2" in venv) echo "$0" > "$4" ;; {lacking} *sysconfig*) {real} ;; esac'


PLAIN_PYTHON = python_built("--prefix=/opt")


@pytest.mark.parametrize(
    "optimized",
    [
        python_built("--prefix=/opt", "--enable-optimizations"),
        python_built("--enable-shared", executable="/usr/bin/python3.12"),
    ],
)
def test_a_python_built_with_optimizations_is_taken_before_one_without(
    tmp_path: Path, optimized: str
) -> None:
    folder = tmp_path / "with a space"
    folder.mkdir()
    done = make_venv(folder, **{"python3": PLAIN_PYTHON, "python3.12": optimized})
    assert (folder / "venv").read_text() == f"{folder}/python3.12\n"
    assert f"{folder}/python3 was built without optimizations" in done.stdout


@pytest.mark.parametrize(
    "other", ["exit 1", PLAIN_PYTHON, python_built("--enable-optimizations", whole=False)]
)
def test_where_there_is_no_better_one_it_is_taken_all_the_same(tmp_path: Path, other: str) -> None:
    done = make_venv(tmp_path, **{"python3": PLAIN_PYTHON, "python3.12": other})
    assert (tmp_path / "venv").read_text() == f"{tmp_path}/python3\n"
    assert done.stdout == ""


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    done = make_venv(tmp_path, python3="exit 1")
    assert (done.returncode, "Python 3.11 or newer" in done.stderr) == (1, True)


def test_no_package_source_is_written_into_the_project() -> None:
    for file in ("pyproject.toml", "Makefile", "Dockerfile", ".ci/run"):
        assert "index-url" not in (ROOT / file).read_text()
